"""Names of months in the languages of the world's papers -> their numbers, and the solar Hijri calendar of Iran."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

#: How the names begin, as CLDR has them (https://cldr.unicode.org), by rows of languages: English, German, French,
#: Spanish, Catalan, Galician, Portuguese, Italian, Romanian, Dutch, the Nordic languages, Malay, Indonesian, Swahili,
#: Filipino, Zulu, Albanian; Polish, Czech, Slovak, Hungarian, Turkish, Azerbaijani, Uzbek, Estonian, Latvian,
#: Lithuanian, Finnish; those in Cyrillic, Greek, Armenian, Georgian; Hebrew, Arabic (both sets), Urdu, Persian; Hindi,
#: Marathi, Nepali, Bengali, Punjabi, Gujarati, Tamil, Telugu, Kannada, Malayalam, Thai; Burmese, Khmer, Sinhala,
#: Amharic, Lao, Odia, Assamese, Hausa, Somali, Maltese, Pashto. A prefix is enough ("Sept."), the longest that is
#: listed counts ("marra" is no March).
#: Croatian's, but for October: its listopad is November to Poles and Czechs.
_NAMES = (
    """
    siječ jan janv ene gen xan ian jän janar jaanu sty led oca yan sau tammi jaan
    янв јан яну січ сту қаң ιαν հունվ იან ינו ينا جنور ژانو जनव জানু ஜன జన మกร มกร जन॰ जाने જાન્ ಜನವ ജനു
    ਜਨਵ ม.ค
    ဇန် មករា ජනවා ጃንዋ ມັງກອນ ଜାନୁ জানুৱ janai
    """,
    """
    velj feb fév fev febr peb shk veeb lut úno şub vas helmi
    фев февр лют ақп φεβ փետ თებ פבר فبر شبا فرور فورﯾ فوری फर फ़र फेब ফেব பிப் ఫిబ్ กุม феб ફેબ્ ಫೆಬ್
    ഫെബ് ਫ਼ਰ ก.พ
    ဖေဖ កុម្ភ පෙබර ፌብሩ ກຸມພາ ଫେବୃ ফেব্ৰ fabur frar
    """,
    """
    ožuj mar mär mrt maart mac märts bře marz kov maali mrz márc mas
    марта март сак нау бер μαρ μάρ մար მარ מרץ مار آذا मार মার্চ மார் మార్ มีน мар માર્ ಮಾರ್ മാർ ਮਾਰ มี.ค
    မတ် មីនា මාර්ත ማርች ມີນາ ମାର୍ଚ মাৰ্চ maar
    """,
    """
    travanj travnj apr avr abr pri kwi dub nisan bal huhti ápr nis eph
    апр кві кра сәу απρ ապր აპრ אפר أبر ابر إبر نيس اپر آور अप्र এপ্র ஏப் ఏప్ర เมษ एप्रि એપ્ર ಏಪ್ರ ഏപ്ര
    ਅਪ੍ਰ เม.ย
    ဧပြီ មេសា අප් ኤፕሪ ເມສາ ଅପ୍ର এপ্ৰি afiri
    """,
    """
    svib may mai maj mag mei máj maí maio kvě mayıs geg touko mey
    мая май мај тра мам μαΐ μάι մայ მაი מאי ماي أيا ایا مئی مه मई मे মে மே మే พฤษภ મે ಮೇ മേയ് ਮਈ พ.ค
    မေ ឧសភា මැයි ሜይ ພຶດສະພາ ମଇ maay mejj مۍ
    """,
    """
    lipanj lipnj jun juin giu hun qers xuñ juni jún iun kes cze čvn haz bir kesä iyun juu jūn iyn červ
    июн јун юни чер чэр мау ιουν ιούν հունիս ივნ יונ يون حزي جون ژوئن जून জুন ஜூன் జూన్ มิถ जुन જૂન ಜೂನ
    ജൂൺ ਜੂਨ มิ.ย
    ဇွန် មិថុនា ජූනි ጁን ມິຖຸນາ ଜୁନ yuni ġun
    """,
    """
    srpanj srpnj jul juil lug hul kor xul júl iul lip čvc lie tem hei iyul juul jūl iyl červenec červenc
    июл јул юли лип ліп шіл ιουλ ιούλ հուլ ივლ יול يول تمو جولا ژوئی जुल জুল ஜூலை జూలై กรก జులై જુલા
    ಜುಲೈ ജൂലൈ ਜੁਲ ก.ค
    ဇူလိုင် កក្កដា ජූලි ጁላይ ກໍລະກົດ ଜୁଲା yuli luul lulj
    """,
    """
    kolov aug août aou ago gus ágú ogo srp sie ağu agu rugp elo avq avg aga
    авг ауг сер жні там αυγ αύγ օգո აგვ אוג أغس اغس آب اگس اوت अग আগ ஆக ఆగ สิง ऑग ઑગ ಆಗ ഓഗ ਅਗ ส.ค
    ဩဂုတ် ဩဂု សីហា අගෝ ኦገስ ສິງຫາ ଅଗଷ୍ awwi اګست
    """,
    """
    rujan rujn sep set sht septe wrz zář eyl rugs syy sen szept
    сен вер септ қыр σεπ սեպ სექ ספט سبت أيل ستم سپت सित सप्ट সেপ செப் సెప్ กันย сеп सेप् સપ્ટ ಸೆಪ್ സെപ്
    ਸਤੰ ก.ย
    စက်တင် កញ្ញា සැප් ሴፕቴ ກັນຍາ ସେପ୍ ছেপ্ত satum sebt سېپټ سېپتم
    """,
    """
    oct okt out ott tet paź říj eki spa lok
    окт жов кас каст қаз οκτ հոկ ოქტ אוק أكت اكت اکت अक्ट अक्त ऑक्ट অক্ট அக் అక్ట ตุล ઑક્ટ ಅಕ್ಟ ഒക് ਅਕਤ ต.ค
    အောက်တို តុលា ඔක්තෝ ኦክቶ ຕຸລາ ଅକ୍ଟୋ
    """,
    """
    studeni studenog nov nob nën lis kas lap marra noy noi nóv
    ноя нов ное нояб лис ліс қар νοε νοέ նոյ ნოე נוב نوف نوم नव नोव নভে நவ నవ พฤศจ نوا नोभ નવે ನವೆಂ നവം
    ਨਵੰ พ.ย
    နိုဝင် វិច្ឆិកា නොවැ ኖቬም ພະຈິກ ନଭେ নৱে nuwam noof
    """,
    """
    prosin dec dez déc dic des dis dhj pro gru ara jou gruo dek dets
    дек гру снеж сне желт δεκ դեկ დეკ דצמ ديس دسم دسا दिस डिस ডিসে டிச డిసె ธัน дец жел ડિસ ಡಿಸೆಂ ഡിസം
    ਦਸੰ ธ.ค
    ဒီဇင် ធ្នូ දෙසැ ዲሴም ທັນວາ ଡିସେ ডিচে diċ
    """,
)

_MONTH = {unicodedata.normalize("NFC", name): month for month, names in enumerate(_NAMES, 1) for name in names.split()}
_SIZES = sorted({len(name) for name in _MONTH}, reverse=True)

_HIJRI = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
_FARSI = str.maketrans("يىكٱأ", "ییکاا")


def number(word: str) -> int | None:
    """1 to 12 for a month's name or an abbreviation of it, in any case; None for another word."""
    word = word.lower()
    return next((_MONTH[word[:size]] for size in _SIZES if word[:size] in _MONTH), None)


def hijri(word: str) -> int | None:
    """1 to 12 for a month of the solar Hijri year, as Iran's papers print them."""
    word = word.translate(_FARSI)
    return _HIJRI.index(word) + 1 if word in _HIJRI else None


def from_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of a solar Hijri one, for the years 1244 to 1472, in which every fourth or fifth is long.

    The year begins on the day of the March equinox in Tehran; leap years by Birashk's rule, (25 y + 11) mod 33 < 8.
    """
    days = sum(366 if (25 * y + 11) % 33 < 8 else 365 for y in range(1400, year))
    days -= sum(366 if (25 * y + 11) % 33 < 8 else 365 for y in range(year, 1400))
    within = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(2021, 3, 21) + timedelta(days + within + day - 1)
