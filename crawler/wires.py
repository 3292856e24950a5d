"""The table of agencies: what each is called in the languages papers print in, and the hosts that are its own.

Data for `crawler.agencies`, which reads it into look-ups. A *name* is unmistakable and matches in any case, whole
words, with any mix of spaces, hyphens and full stops between them ("Agence France-Presse", "AGENCE FRANCE PRESSE").
A *code* also means other things (PA is a state, PTI a party, Bloomberg a man, 共同 is "joint"): it matches only as
spelt here. Names and codes in scripts written without spaces match inside a run of characters.
An agency's alternatives stand in one string, split by "|". Hosts match with their subdomains.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from crawler import scripts


class Wire(NamedTuple):
    """One agency, or one syndicate whose texts papers print in full."""

    short: str
    names: str = ""
    codes: str = ""
    hosts: str = ""


WIRES = (
    # The four that most of the world's reprints come from.
    Wire(
        "AFP",
        "Agence France Presse|Agence France Press|Agence-France Presse|Agencia France Presse"
        "|Agência France Presse|Agenzia France Presse|AFPBB News|AFPBB|AFP Relaxnews|AFP Factuel"
        "|AFP Fact Check|AFP Beirut|France Presse|Франс Пресс|Франс Прес|Агентство Франс Пресс|АФП"
        "|Γαλλικό Πρακτορείο|وكالة الصحافة الفرنسية|وكالة فرانس برس|فرانس برس|أ ف ب|ا ف ب|أ ف پ"
        "|خبرگزاری فرانسه|فرانس پرس|اے ایف پی|एएफपी|এএফপি|ஏஎஃப்பி|סוכנות הידיעות הצרפתית|เอเอฟพี"
        "|สำนักข่าวเอเอฟพี|法新社|法國新聞社|フランス通信社|AFP時事|AFP通信",
        "AFP|afp|Afp|A F P|AFP통신",
        "afp.com|afpbb.com|afpforum.com|factcheck.afp.com|factuel.afp.com",
    ),
    Wire(
        "Reuters",
        "Reuters|Thomson Reuters|Reuter|Reuters Health|Reuters Life|Reuters Breakingviews"
        "|Thomson Reuters Foundation|Рейтер|Рейтерс|Ройтерс|Ројтерс|Роутерс|Ρόιτερς|رويترز|رویترز|رائٹرز"
        "|รอยเตอร์|รอยเตอร์ส|روئٹرز|रॉयटर्स|रायटर|रॉयटर|रायटर्स|রয়টার্স|রয়টার্স|ராய்ட்டர்ஸ்|ரொய்ட்டர்ஸ்|റോയിട്ടേഴ്സ്|רויטרס"
        "|รอยเตอร์|รอยเตอร์ส|路透社|路透|路透中文|ロイター|ロイター通信|로이터|로이터통신",
        "",
        "reuters.com|thomsonreuters.com|trust.org",
    ),
    Wire(
        "AP",
        "Associated Press|The Associated Press|AP News|APNews|AP Sports|AP Entertainment|AP Business"
        "|AP Exclusive|AP Explainer|Ассошиэйтед Пресс|Асошиэйтед Пресс|Ассошіейтед Пресс|Асошиейтед прес"
        "|Асошіейтед Пресс|أسوشيتد برس|أسوشييتد برس|اسوشيتد برس|أسوشيتدبرس|الأسوشيتد برس|آسوشیتدپرس"
        "|ایسوسی ایٹڈ پریس|एसोसिएटेड प्रेस|অ্যাসোসিয়েটেড প্রেস|সোসিয়েটেড প্রেস|סוכנות AP|เอพี|สำนักข่าวเอพี"
        "|美联社|美聯社|AP通信|ＡＰ通信|AP통신",
        "AP|Ap|A P|أ ب|اے پی|एपी|এপি",
        "apnews.com|ap.org|apimages.com",
    ),
    Wire(
        "dpa",
        "Deutsche Presse Agentur|Deutschen Presse Agentur|Deutsche Presseagentur|Deutschen Presseagentur"
        "|dpa infocom|German Press Agency|Agencia Alemana de Prensa|dpa international|dpa english"
        "|dpa custom content|وكالة الأنباء الألمانية|د ب أ|德新社|德國新聞社|ДПА",
        "dpa|DPA|Dpa|d p a",
        "dpa.com|dpa-international.com|dpa-news.de|dpa-infocom.net",
    ),
    # Britain, Ireland, North America, Australia, New Zealand
    Wire(
        "PA",
        "Press Association|PA Media|PA News Agency|PA News|Press Association Scotland|PA Sport",
        "PA|P A",
        "pa.media",
    ),
    Wire(
        "CP",
        "The Canadian Press|Canadian Press|La Presse canadienne|Presse canadienne",
        "CP",
        "thecanadianpress.com|lapressecanadienne.com",
    ),
    Wire("AAP", "Australian Associated Press|AAP Newswire|AAP News", "AAP", "aap.com.au|aapnews.com.au"),
    Wire("UPI", "United Press International", "UPI", "upi.com"),
    Wire(
        "Bloomberg",
        "Bloomberg News|Bloomberg Opinion|Bloomberg Línea|Bloomberg Businessweek|Блумберг",
        "Bloomberg|BLOOMBERG|بلومبرغ|بلومبرج|彭博|彭博社|ブルームバーグ|블룸버그",
        "bloomberg.com|bloomberg.co.jp|bloomberglinea.com",
    ),
    Wire("Dow Jones", "Dow Jones Newswires|Dow Jones News", "", "dowjones.com"),
    Wire(
        "CNN",
        "CNN Newsource|CNN Wire|CNN Business|CNN Money|CNN Politics|CNN Underscored|CNN en Español|CNN International",
        "CNN",
        "cnn.com|cnn.it|cnn.io|cnnespanol.cnn.com|money.cnn.com",
    ),
    Wire(
        "VOA",
        "Voice of America|VOA News|VOA Africa|Voice of America English News",
        "VOA",
        "voanews.com|polygraph.info|voaafrica.com|voaafrique.com|voanoticias.com|voaindonesia.com|insidevoa.com",
    ),
    Wire(
        "RFE/RL",
        "Radio Free Europe Radio Liberty|Radio Free Europe|RFE RL|RFERL|Радио Свобода|Радіо Свобода",
        "",
        "rferl.org|svoboda.org|radiosvoboda.org|azattyq.org|slobodnaevropa.org|europalibera.org|radiofarda.com",
    ),
    Wire("TNS", "Tribune News Service|Tribune Content Agency|Tribune Media Services|McClatchy Tribune", "TNS"),
    Wire("NYT News Service", "New York Times News Service|N Y Times News Service|NYT News Service"),
    Wire(
        "The Conversation",
        "The Conversation|The Conversation Africa|The Conversation France",
        "",
        "theconversation.com",
    ),
    Wire("Project Syndicate", "Project Syndicate", "", "project-syndicate.org"),
    Wire("ProPublica", "ProPublica", "", "propublica.org"),
    Wire("KFF Health News", "KFF Health News|Kaiser Health News", "KHN", "kffhealthnews.org|khn.org"),
    Wire("IPS", "Inter Press Service", "", "ipsnews.net|ipsnoticias.net"),
    Wire("PR Newswire", "PR Newswire|PRNewswire|PR Newswire Association", "", "prnewswire.com|prnewswire.co.uk"),
    Wire("Business Wire", "BusinessWire", "Business Wire|BUSINESS WIRE", "businesswire.com"),
    Wire("GlobeNewswire", "GlobeNewswire|Globe Newswire", "", "globenewswire.com"),
    # German-speaking countries and the Low Countries
    Wire("dpa-AFX", "dpa AFX", "", "dpa-afx.de"),
    Wire("APA", "Austria Presse Agentur|APA OTS", "APA|apa", "apa.at|ots.at"),
    Wire(
        "Keystone-SDA",
        "Keystone SDA|Keystone ATS|Schweizerische Depeschenagentur|Schweizerischen Depeschenagentur|SDA ATS"
        "|ATS SDA|Agence télégraphique suisse|Agenzia telegrafica svizzera|Nachrichtenagentur SDA",
        "SDA|sda|ATS|ats",
        "keystone-sda.ch|sda.ch",
    ),
    Wire("AWP", "awp Finanznachrichten|AWP Robot", "awp|AWP", "awp.ch"),
    Wire(
        "epd",
        "Evangelischer Pressedienst|Evangelischen Pressedienst|Evangelische Pressedienst",
        "epd|EPD",
        "epd.de",
    ),
    Wire("KNA", "Katholische Nachrichten Agentur|Katholischen Nachrichten Agentur", "KNA|kna", "kna.de"),
    Wire("dts", "dts Nachrichtenagentur|dts Deutsche Textservice", "dts", "dts-nachrichtenagentur.de"),
    Wire("SID", "Sport Informations Dienst|SID Nachrichtenagentur|Sportinformationsdienst", "SID|sid", "sid.de"),
    Wire(
        "Belga",
        "Belga News Agency|Agence Belga|Persagentschap Belga|Belganews",
        "Belga|BELGA|belga",
        "belga.be|belganewsagency.eu",
    ),
    Wire("ANP", "Algemeen Nederlands Persbureau|Persbureau ANP|ANP Nieuws", "ANP", "anp.nl"),
    Wire("BNO", "BNO News", "", "bnonews.com"),
    # Nordic and Baltic countries
    Wire("Ritzau", "Ritzau|Ritzaus Bureau|Ritzau Finans|Ritzau Scanpix", "", "ritzau.com|ritzau.dk"),
    Wire("NTB", "Norsk Telegrambyrå|NTB scanpix|NPK NTB", "NTB|ntb", "ntb.no"),
    Wire("TT", "Tidningarnas Telegrambyrå|TT Nyhetsbyrån|Nyhetsbyrån TT|TT News Agency", "TT", "tt.se"),
    Wire("STT", "Suomen Tietotoimisto|STT Lehtikuva|STT Viestintäpalvelut|Finnish News Agency", "STT", "stt.fi"),
    Wire("LETA", "LETA news agency|Aģentūra LETA", "LETA", "leta.lv"),
    Wire("BNS", "Baltic News Service", "BNS", "bns.lt|bns.ee|bns.lv"),
    Wire("ELTA", "ELTA naujienų agentūra|Naujienų agentūra ELTA", "ELTA", "elta.lt"),
    # Central and South-East Europe, Greece, Turkey
    Wire("IAR", "Informacyjna Agencja Radiowa|Informacyjnej Agencji Radiowej", "IAR", ""),
    Wire("ISBnews", "ISBnews", "", "isbnews.pl"),
    Wire(
        "PAP",
        "Polska Agencja Prasowa|Polskiej Agencji Prasowej|Polish Press Agency|Nauka w Polsce PAP",
        "PAP",
        "pap.pl",
    ),
    Wire(
        "ČTK",
        "Česká tisková kancelář|Czech News Agency|České noviny",
        "ČTK|CTK|čtk|ctk",
        "ctk.cz|ctk.eu|ceskenoviny.cz",
    ),
    Wire("TASR", "Tlačová agentúra Slovenskej republiky", "TASR|tasr", "tasr.sk|teraz.sk"),
    Wire("SITA", "Slovenská tlačová agentúra", "SITA|sita", "sita.sk"),
    Wire("MTI", "Magyar Távirati Iroda|MTI Hungarian News Agency|MTI Hírfelhasználó", "MTI|mti", "mti.hu"),
    Wire("Moldpres", "Moldpres|Молдпрес", "", "moldpres.md"),
    Wire("Agerpres", "Agerpres", "", "agerpres.ro"),
    Wire("Mediafax", "Mediafax", "", "mediafax.ro"),
    Wire("BTA", "Българска телеграфна агенция|Bulgarian News Agency|БТА", "BTA", "bta.bg"),
    Wire("BGNES", "БГНЕС|BGNES", "", "bgnes.com|bgnes.bg"),
    Wire("ATSH", "Agjencia Telegrafike Shqiptare|Albanian Telegraphic Agency", "ATSH", "ata.gov.al"),
    Wire("Tanjug", "Tanjug|Танјуг|Танюг", "", "tanjug.rs"),
    Wire("Beta", "Novinska agencija Beta|Agencija Beta|Beta News Agency", "Beta|BETA|Бета", "beta.rs"),
    Wire("FoNet", "FoNet|ФоНет", "", "fonet.rs"),
    Wire("Hina", "Hrvatska izvještajna novinska agencija|HINA News Agency", "Hina|HINA", "hina.hr"),
    Wire("STA", "Slovenska tiskovna agencija", "STA", "sta.si"),
    Wire("SRNA", "Novinska agencija Srna", "SRNA|Srna|СРНА", "srna.rs"),
    Wire("FENA", "Federalna novinska agencija", "FENA|Fena", "fena.ba"),
    Wire("MIA", "Media Information Agency|Медиумска информативна агенција|МИА", "MIA", "mia.mk"),
    Wire(
        "AMNA",
        "ΑΠΕ ΜΠΕ|Αθηναϊκό Πρακτορείο Ειδήσεων|Αθηναϊκό Μακεδονικό Πρακτορείο Ειδήσεων|ANA MPA"
        "|Athens News Agency|Athens Macedonian News Agency",
        "ΑΠΕ|AMNA",
        "amna.gr|ana-mpa.gr",
    ),
    Wire("KYPE", "ΚΥΠΕ|Κυπριακό Πρακτορείο Ειδήσεων|Cyprus News Agency", "", "cna.org.cy"),
    Wire(
        "Anadolu",
        "Anadolu Agency|Anadolu Ajansı|Anadolu Ajansi|Agence Anadolu|Agencia Anadolu|Анадолу|Agjencia Anadolu"
        "|وكالة الأناضول|الأناضول|阿纳多卢通讯社|Agencija Anadolija|Agencija Anadolu",
        "AA|Anadolu|ANADOLU",
        "aa.com.tr",
    ),
    Wire("DHA", "Demirören Haber Ajansı|Doğan Haber Ajansı", "DHA", "dha.com.tr"),
    Wire("İHA", "İhlas Haber Ajansı|Ihlas News Agency", "İHA", "iha.com.tr"),
    Wire("ANKA", "ANKA Haber Ajansı", "ANKA", "ankahaber.net"),
    # Latin Europe and Latin America
    Wire(
        "EFE",
        "Agencia EFE|Agência EFE|EFE Agencia|EFE Verifica|EFEverde|EFE noticias|EFE News|ЭФЕ|埃菲社|وكالة إفي",
        "EFE|Efe|efe",
        "efe.com|efeverde.com|efeagro.com|efesalud.com",
    ),
    Wire("Servimedia", "Servimedia", "", "servimedia.es"),
    Wire("Europa Press", "Europa Press|Europapress", "EP", "europapress.es|europapress.com"),
    Wire(
        "ANSA",
        "Agenzia ANSA|ANSA it|ANSA news|ANSA English Desk|ANSAmed|安莎社|АНСА",
        "ANSA|Ansa|ansa",
        "ansa.it|ansamed.info|ansa.com.br",
    ),
    Wire("Dire", "Agenzia Dire|Agenzia di stampa Dire", "", "dire.it"),
    Wire("Adnkronos", "Adnkronos|Adn Kronos|AdnKronos Salute", "", "adnkronos.com"),
    Wire("AGI", "Agenzia Giornalistica Italia|Agenzia Italia", "AGI", "agi.it"),
    Wire("askanews", "Askanews", "", "askanews.it"),
    Wire("LaPresse", "Agenzia LaPresse", "LaPresse", "lapresse.it"),
    Wire("Italpress", "Italpress", "", "italpress.com"),
    Wire("Radiocor", "Il Sole 24 Ore Radiocor|Radiocor Plus|Radiocor", "", "radiocor.it"),
    Wire("Lusa", "Agência Lusa|Agencia Lusa", "Lusa|LUSA|lusa", "lusa.pt"),
    Wire("Agência Brasil", "Agência Brasil|Agencia Brasil", "", "agenciabrasil.ebc.com.br"),
    Wire("Estadão Conteúdo", "Estadão Conteúdo|Agência Estado"),
    Wire("Folhapress", "Folhapress", "", "folhapress.com.br"),
    Wire("Télam", "Agencia Télam|Télam", "Telam", "telam.com.ar"),
    Wire("NA", "Noticias Argentinas|Agencia Noticias Argentinas", "", "noticiasargentinas.com"),
    Wire("Notimex", "Notimex|Agencia de Noticias del Estado Mexicano", "", "notimex.gob.mx"),
    Wire("Agencia Reforma", "Agencia Reforma", "", "agenciareforma.com"),
    Wire("Quadratín", "Agencia Quadratín|Quadratín", "", "quadratin.com.mx"),
    Wire("ABI", "Agencia Boliviana de Información", "", "abi.bo"),
    Wire("Andina", "Agencia Andina|Agencia Peruana de Noticias", "", "andina.pe"),
    Wire("Colprensa", "Colprensa", "", "colprensa.com"),
    Wire("Prensa Latina", "Prensa Latina", "", "prensa-latina.cu|plenglish.com"),
    # Russia, Ukraine, the Caucasus, Central Asia
    Wire(
        "TASS",
        "ITAR TASS|ИТАР ТАСС|ТАСС|TASS news agency|Russian News Agency TASS|塔斯社|تاس|タス通信",
        "TASS|Tass",
        "tass.com|tass.ru|itar-tass.com",
    ),
    Wire(
        "RIA Novosti",
        "RIA Novosti|РИА Новости|RIA Nowosti|РИА Новостей|俄新社|俄罗斯新闻社|ريا نوفوستي",
        "РИА|RIA",
        "ria.ru|rian.ru",
    ),
    Wire("Sputnik", "Sputnik News|Sputnik International|وكالة سبوتنيك", "Sputnik", "sputniknews.com|sputnikglobe.com"),
    Wire(
        "Interfax",
        "Interfax|Interfaks|Интерфакс|Interfax Ukraine|Интерфакс Украина|Інтерфакс Україна|Інтерфакс",
        "",
        "interfax.ru|interfax.com|interfax.com.ua",
    ),
    Wire("Ukrinform", "Ukrinform|Укринформ|Укрінформ", "", "ukrinform.ua|ukrinform.net|ukrinform.ru|ukrinform.com"),
    Wire("UNIAN", "UNIAN|УНИАН|УНІАН", "", "unian.ua|unian.net|unian.info"),
    Wire("BelTA", "BelTA|БелТА", "", "belta.by"),
    Wire("Azertac", "Azertac|AZƏRTAC|АЗЕРТАДЖ|AZERTAC", "", "azertag.az"),
    Wire("Armenpress", "Armenpress|Արմենպրես|ԱՐՄԵՆՊՐԵՍ|Арменпресс", "", "armenpress.am"),
    Wire("Kazinform", "Kazinform|Qazinform|Казинформ|Қазинформ", "", "inform.kz"),
    Wire("UzA", "Uzbekistan National News Agency|National News Agency of Uzbekistan", "", "uza.uz"),
    Wire("Kabar", "Kyrgyz National News Agency|Kabar News Agency", "", "kabar.kg"),
    Wire("Montsame", "Montsame|Монцамэ", "", "montsame.mn"),
    # East Asia
    Wire(
        "Xinhua",
        "Xinhua|Xinhuanet|Xinhua News Agency|New China News Agency|Синьхуа|Сіньхуа|شينخوا|شینہوا|शिन्हुआ"
        "|সিনহুয়া|ซินหัว|新华社|新華社|新华网|新華網|新华通讯社|新华通訊社|新華通訊社|신화통신|신화사",
        "",
        "xinhuanet.com|news.cn|xinhua.org",
    ),
    Wire(
        "China News Service",
        "China News Service|中新社|中新网|中新網|中国新闻社|中国新闻网|中國新聞社",
        "",
        "chinanews.com|chinanews.com.cn|ecns.cn",
    ),
    Wire("CNA", "Central News Agency|Focus Taiwan|中央社|中央通訊社", "CNA", "cna.com.tw|focustaiwan.tw"),
    Wire(
        "Kyodo",
        "Kyodo|Kyodo News|Kyodo News Service|共同社|共同通信|共同通信社|교도통신|교도|Киодо|Кёдо",
        "共同",
        "kyodonews.net|kyodonews.jp|nordot.app",
    ),
    Wire("Jiji", "Jiji Press|時事通信|時事通信社|时事社|時事社|지지통신", "Jiji|JIJI|時事", "jiji.com"),
    Wire(
        "Yonhap",
        "Yonhap|Yonhap News|Yonhap News Agency|Ёнхап|Рёнхап"
        "|연합뉴스|韩联社|韓聯社|聯合通訊社|聯合ニュース|韓国聯合ニュース",
        "연합",
        "yna.co.kr|yonhapnews.co.kr|yonhapnewstv.co.kr",
    ),
    Wire("Newsis", "Newsis|뉴시스", "", "newsis.com"),
    Wire("News1", "뉴스1", "", "news1.kr"),
    Wire("KCNA", "Korean Central News Agency|조선중앙통신|朝中社|ЦТАК", "KCNA", "kcna.kp"),
    # South Asia
    Wire(
        "PTI",
        "Press Trust of India|PTI News|PTI Bhasha|PTI Fact Check|पीटीआई|पीटीआइ|पीटीआई भाषा"
        "|प्रेस ट्रस्ट ऑफ इंडिया|পিটিআই|பிடிஐ|പിടിഐ|పీటీఐ|ಪಿಟಿಐ",
        "PTI|Pti|भाषा",
        "ptinews.com",
    ),
    Wire("IANS", "Indo Asian News Service|IANS Life|आईएएनएस|আইএএনএস", "IANS|Ians|ians", "ians.in|ianslive.in"),
    Wire("ANI", "Asian News International|ANI News|एएनआई|এএনআই", "ANI|Ani", "aninews.in"),
    Wire(
        "UNI",
        "United News of India|UNI Varta|यूनीवार्ता|यूएनआई|यूनीवार्ता",
        "UNI|वार्ता",
        "uniindia.com|univarta.com",
    ),
    Wire("APP", "Associated Press of Pakistan|اے پی پی", "APP", "app.com.pk"),
    Wire("BSS", "Bangladesh Sangbad Sangstha|বাসস|বাংলাদেশ সংবাদ সংস্থা", "BSS", "bssnews.net"),
    Wire("UNB", "United News of Bangladesh|ইউএনবি", "UNB", "unb.com.bd"),
    Wire(
        "RSS Nepal",
        "Rastriya Samachar Samiti|राष्ट्रिय समाचार समिति|रासस",
        "",
        "rssnepal.com|nationalnewsagency.com.np",
    ),
    # South-East Asia
    Wire(
        "Bernama",
        "Berita Nasional Malaysia|Malaysian National News Agency",
        "Bernama|BERNAMA|马新社|馬新社",
        "bernama.com",
    ),
    Wire("Antara", "Antara News|Kantor Berita Antara|LKBN Antara|Antaranews", "Antara|ANTARA", "antaranews.com"),
    Wire(
        "VNA",
        "Vietnam News Agency|TTXVN|Thông tấn xã Việt Nam|VietnamPlus|越通社",
        "VNA|VNS",
        "vnanet.vn|vietnamplus.vn",
    ),
    Wire("PNA", "Philippine News Agency|Philippines News Agency", "PNA", "pna.gov.ph"),
    Wire("KPL", "Lao News Agency", "", "kpl.gov.la"),
    Wire("MNA", "Myanmar News Agency|မြန်မာ့သတင်းစဉ်|သတင်းစဉ်"),
    Wire("TNA", "Thai News Agency|สำนักข่าวไทย", "", "tna.mcot.net"),
    # The Middle East and Iran
    Wire("SPA", "Saudi Press Agency|وكالة الأنباء السعودية|واس", "SPA", "spa.gov.sa"),
    Wire("WAM", "Emirates News Agency|وكالة أنباء الإمارات|وام", "WAM", "wam.ae"),
    Wire("MENA", "Middle East News Agency|وكالة أنباء الشرق الأوسط|أ ش أ|أ ش ا", "MENA", "mena.org.eg"),
    Wire("KUNA", "Kuwait News Agency|وكالة الأنباء الكويتية|كونا", "KUNA", "kuna.net.kw"),
    Wire("QNA", "Qatar News Agency|وكالة الأنباء القطرية", "QNA|قنا", "qna.org.qa"),
    Wire("BNA", "Bahrain News Agency|وكالة أنباء البحرين", "BNA", "bna.bh"),
    Wire("ONA", "Oman News Agency|وكالة الأنباء العمانية", "ONA", "omannews.gov.om"),
    Wire("Petra", "Jordan News Agency|وكالة الأنباء الأردنية", "Petra|بترا", "petra.gov.jo"),
    Wire("SANA", "Syrian Arab News Agency|وكالة الأنباء السورية", "SANA|سانا", "sana.sy"),
    Wire("Saba", "وكالة الأنباء اليمنية|سبأ نت|Yemen News Agency", "", "saba.ye|sabanew.net"),
    Wire(
        "WAFA",
        "Palestine News Agency|Palestinian News Agency|وكالة الأنباء الفلسطينية",
        "WAFA|Wafa|وفا",
        "wafa.ps",
    ),
    Wire("NNA", "الوكالة الوطنية للإعلام|National News Agency Lebanon", "NNA", "nna-leb.gov.lb"),
    Wire("INA", "Iraqi News Agency|وكالة الأنباء العراقية|واع", "INA", "ina.iq"),
    Wire("IRNA", "Islamic Republic News Agency|ایرنا|إرنا", "IRNA", "irna.ir"),
    Wire("ISNA", "Iranian Students News Agency|ایسنا", "ISNA", "isna.ir"),
    Wire("Tasnim", "Tasnim News Agency|خبرگزاری تسنیم", "Tasnim|تسنیم", "tasnimnews.com"),
    Wire("Fars", "Fars News Agency|خبرگزاری فارس", "", "farsnews.ir|farsnews.com"),
    Wire("Mehr", "Mehr News Agency|خبرگزاری مهر", "", "mehrnews.com"),
    # Africa
    Wire("NAN", "News Agency of Nigeria", "NAN", "nannews.ng|nan.ng|nannewsnigeria.com"),
    Wire("GNA", "Ghana News Agency", "GNA", "gna.org.gh"),
    Wire("PANA", "Panapress|Panafrican News Agency|Agence panafricaine de presse", "PANA", "panapress.com"),
    Wire("APAnews", "African Press Agency|Agence de presse africaine", "", "apanews.net"),
    Wire(
        "MAP",
        "Maghreb Arabe Presse|Agence Marocaine de Presse|وكالة المغرب العربي للأنباء|و م ع",
        "MAP",
        "mapnews.ma|mapexpress.ma",
    ),
    Wire("TAP", "Tunis Afrique Presse|وكالة تونس أفريقيا للأنباء", "TAP", "tap.info.tn"),
    Wire(
        "APS",
        "Algérie Presse Service|Algeria Press Service|وكالة الأنباء الجزائرية|Agence de presse sénégalaise",
        "APS",
        "aps.dz|aps.sn",
    ),
    Wire("LANA", "Libyan News Agency|وكالة الأنباء الليبية", "LANA", "lana.gov.ly"),
    Wire("SUNA", "Sudan News Agency|سونا", "SUNA", "suna-sd.net"),
    Wire("ENA", "Ethiopian News Agency", "ENA", "ena.et"),
    Wire("KNA Kenya", "Kenya News Agency", "", "kenyanews.go.ke"),
    Wire("ANA", "African News Agency", "ANA", "africannewsagency.com"),
    Wire("SAPA", "South African Press Association", "SAPA|Sapa"),
    Wire("AIP", "Agence ivoirienne de presse", "AIP", "aip.ci"),
    Wire("AIB", "Agence d'information du Burkina", "AIB", "aib.media"),
    Wire("AMAP", "Agence malienne de presse et de publicité|Agence malienne de presse", "AMAP", "amap.ml"),
    Wire("ACP", "Agence congolaise de presse", "ACP", "acpcongo.com|acp.cd"),
    Wire("AMI", "Agence mauritanienne d'information", "", "ami.mr"),
    Wire("SONNA", "Somali National News Agency|Somalia National News Agency", "SONNA", "sonna.so"),
    Wire("BOPA", "Botswana Press Agency", "BOPA"),
    Wire("NAMPA", "Namibia Press Agency", "NAMPA|Nampa", "nampa.org"),
    Wire("New Ziana", "New Ziana", "", "newziana.co.zw"),
    Wire("ANGOP", "Agência Angola Press|Angop", "", "angop.ao"),
    Wire("AIM", "Agência de Informação de Moçambique|Agencia de Informacao de Mocambique", "", "aimnews.org"),
)


# Full-width Latin as in "（ＡＰ）" becomes ASCII, one character for one, so that positions stay.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20}

# Not \w: that would break Devanagari and Thai words at their vowel signs.
_PUNCTUATION = (
    r"\s!-/:-@\[-`{-¿\u0589\u104a\u104b\u1361-\u1368\u17d4-\u17d6\u060c\u061b\u061f\u06d4\u0964\u0965\u200e\u200f\u2010-\u205e\u20a0-\u20bf\u2190-\u27bf"
    r"\u3001-\u3003\u3008-\u3020\u30fb\uff61-\uff65"
)
_WORD = re.compile(rf"[^{_PUNCTUATION}\d]+|\d[^{_PUNCTUATION}]*")  # "AFP5 hours ago" holds the word AFP
_SPACELESS = re.compile(f"[{scripts.UNSPACED}{scripts.HANGUL}]")
_WITHIN_A_NAME = re.compile(r"[\s.\-\u2010-\u2013'’]{0,3}")


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text)).casefold()


_NAMES = {_key(spelling): wire.short for wire in WIRES for spelling in (wire.names or wire.short).split("|")}
_CODES = {" ".join(_WORD.findall(code)): wire.short for wire in WIRES for code in wire.codes.split("|") if code}
HOSTS = {host: wire.short for wire in WIRES for host in wire.hosts.split("|") if host}
_FIRST_WORDS = frozenset(key.split()[0].casefold() for key in [*_NAMES, *_CODES])
_CODES_BEGIN = frozenset(code.split()[0] for code in _CODES)
_NAMES_OF_ONE = frozenset(key for key in _NAMES if " " not in key)
_NAMES_BEGIN = frozenset(tuple(key.split()[:2]) for key in _NAMES if " " in key)
_MOST_WORDS = max(key.count(" ") + 1 for key in [*_NAMES, *_CODES])
_IN_A_RUN = re.compile(
    "|".join(sorted((re.escape(n) for n in [*_NAMES, *_CODES] if _SPACELESS.match(n)), key=len, reverse=True))
)


class Piece(NamedTuple):
    """A word, or an agency's whole name, with what stands between it and the piece before."""

    text: str
    start: int
    end: int
    agency: str | None
    named: bool  #: by an unmistakable name, not a code
    gap: str


# A page's lines are looked at four times over, and a site's pages share many. What is asked of is short, 400 characters
# at the most: those who ask see to it.
@functools.lru_cache(maxsize=1024)
def mentions(text: str) -> bool:
    """Whether a text may name an agency: it has a code, or the first two words of a name. Where not, `pieces` finds no
    agency, at ten times the price. True for scripts without spaces, whose words only `pieces` can tell."""
    if not text.isascii():
        text = text.translate(NARROW)
        if _SPACELESS.search(text):
            return True
    words = _WORD.findall(text)
    if not _CODES_BEGIN.isdisjoint(words):
        return True
    words = " ".join(words).casefold().split(" ")
    return not (_NAMES_OF_ONE.isdisjoint(words) and _NAMES_BEGIN.isdisjoint(pairwise(words)))


@functools.lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[Piece, ...]:
    """A short text as words, agencies' names in one piece each. Positions are those of the text."""
    if not text.isascii():
        text = text.translate(NARROW)
    words: list[tuple[int, int]] = []
    spaceless = _SPACELESS.search(text) is not None
    for word in _WORD.finditer(text):
        words.extend(_runs(text, *word.span()) if spaceless else (word.span(),))
    found: list[Piece] = []
    i = 0
    while i < len(words):
        start, end = words[i]
        length, agency, named = 1, None, False
        if text[start:end].casefold() in _FIRST_WORDS:
            length, agency, named = _agency_at(text, words, i)
            end = words[i + length - 1][1]
        gap = text[found[-1].end if found else 0 : start]
        found.append(Piece(text[start:end], start, end, agency, named, gap))
        i += length
    return tuple(found)


def _runs(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """A word as it is, or, in a script without spaces, cut before and after the agencies in it."""
    if not _SPACELESS.search(text, start, end):
        return [(start, end)]
    cuts = {start, end}
    for name in _IN_A_RUN.finditer(text, start, end):
        cuts.update(name.span())
    ordered = sorted(cuts)
    return pairwise(ordered)


def _agency_at(text: str, words: Sequence[tuple[int, int]], i: int) -> tuple[int, str | None, bool]:
    """How many words from the i-th on name an agency, which, and whether by name; (1, None, False) if none."""
    longest = 1
    while (
        longest < _MOST_WORDS
        and i + longest < len(words)
        and _WITHIN_A_NAME.fullmatch(text, words[i + longest - 1][1], words[i + longest][0])
    ):
        longest += 1
    spelt = [text[start:end] for start, end in words[i : i + longest]]
    for length in range(longest, 0, -1):
        exact = " ".join(spelt[:length])
        if agency := _NAMES.get(exact.casefold()):
            return length, agency, True
        if agency := _CODES.get(exact):
            return length, agency, False
    return 1, None, False
