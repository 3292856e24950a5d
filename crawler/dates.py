"""What a page says of its dates -> one aware datetime with its precision, its offset and where it was found.

`Moment.source` is one of SOURCES, with " (zone assumed)" after it when the page printed a time without an offset, or in
UTC under an address with another day.
"""

from __future__ import annotations

import copy
import email.utils
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import htmldate
import lxml.etree
import lxml.html

from crawler import months, scripts, zones
from crawler.markup import Element
from crawler.metadata import Metadata

#: Where a date can come from, in the order in which they are believed.
SOURCES = (
    "json-ld",
    "meta",
    "microdata",
    "time element",
    "url",
    "feed",
    "inferred from text",
    "inferred from caption",
)
ASSUMED = " (zone assumed)"

#: No page of the web is older, whatever it says.
EARLIEST = date(1995, 1, 1)
_FARTHEST, _LEAST_APART = timedelta(hours=14), timedelta(minutes=15)
#: Clocks of publishers run ahead, and "today" begins 14 hours before UTC's on the date line.
_AHEAD = timedelta(hours=26)

#: Names of zones behind a time of day; a word only where no other follows.
_ZONE = (
    rf"(?:{'|'.join(sorted((zones.OFFSETS.keys() | zones.AMBIGUOUS) - zones.WORDS))})(?:\b|(?=[A-Z][a-z]))|"
    rf"(?:{'|'.join(sorted(zones.WORDS))})\b(?!\s?\w)"
)
_ISO = re.compile(
    r"^\W{0,2}(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:T|\s+|,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|"
    rf"[+-]\s?\d{{1,2}}:?\d{{2}}|[+-]\d{{2}}(?!\d)|{_ZONE})?)?",
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$")
#: "Tue Mar 05 10:00:00 CET 2024": Java's Date.toString, C's ctime with a zone.
_JAVA = re.compile(
    r"^[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d) (?P<zone>[A-Z]{2,5}) "
    r"(?P<year>\d{4})$"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?(?:\.\d+)?$")
_URL = re.compile(
    r"(?<=[/_-])((?:19|20)\d{2})(?:([/_-])(\d{1,2}|[a-z]{3})\2(\d{1,2})|(\d{2})(\d{2}))(?![\w%]|-\d)|"
    r"(?<=[/_-])((?:19|20)\d{2})/(?:[A-Za-z.]+/(?=\d\d/\d\d/))?(\d{2})/?(\d{2})(?=/)"
)

#: A word with the vowel signs of Indian scripts, Thai, Lao, Burmese and Khmer, which are no letters to `re`.
_LETTERS = (
    r"[^\W\d_](?:[^\W\d_]|[\u0610-\u065f\u0900-\u0963\u0970-\u09e3\u09fc-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e"
    r"\u17b4-\u17d3\u200c\u200d]){1,14}"
)
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.|-an?|ta)?[\s/-]+(?:de\s+|of\s+|d[’']|ב(?=[א-ת])|ខែ\s?)?"
    rf"({_LETTERS})(?:\s/\s{_LETTERS})?\.?[,،]?[\s/-]+(?:de\s+|del\s+|พ\.ศ\.\s*|ឆ្នាំ\s?)?((?:19|20)\d{{2}}|25[4-9]\d|1[34]\d\d)(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(rf"(?<!\w)({_LETTERS})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})(?!\d)")
#: Hungarian, Lithuanian, Latvian, Mongolian, Basque, Burmese put the year first: "2024. március 5.", "2024 m. kovo 5
#: d.".
_YEAR_MONTH_DAY = re.compile(
    rf"(?<!\d)((?:19|20)\d{{2}})(?:\.|,|\s+m\.|\.?\s+gada|\s?ခုနှစ်၊?)?\s+({_LETTERS})\.?\s+(?:මස\s+)?(\d{{1,2}})(?!\d|\s?[:.]\d)"
)
#: "2024-yil 5-mart", "2024 ж. 5 наурыз": Uzbek, Kazakh, Kyrgyz.
_YEAR_DAY_MONTH = re.compile(
    rf"(?<!\d)((?:19|20)\d{{2}})[- ]?(?:yil|йил|ж\.|жыл\w*)[.,]{{0,2}}\s+(\d{{1,2}})[- ]({_LETTERS})"
)
#: "2024年3月5日", "5 tháng 3, 2024".
_EASTERN = re.compile(r"((?:19|20)\d{2})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_MONGOLIAN = re.compile(
    r"((?:19|20)\d{2})\s?оны\s(\d{1,2})\s?(?:-?р|дугаар|дүгээр)?\s?сарын\s(\d{1,2})(?!\d)", re.IGNORECASE
)
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?((?:19|20)\d{2})(?!\d)", re.IGNORECASE)
#: "5 มี.ค. 2567", "21 ม.ค.2561".
_THAI = re.compile(r"(?<!\d)(\d{1,2})\s?([\u0e00-\u0e4e]{1,2}\.[คพย])\.?\s?(25[4-9]\d|20\d{2})(?!\d)")
#: Figures alone: year first, or day first with dots. 3/4/2024 means two days to two readers: slashes count where only
#: one of the figures can be the month, or both are alike.
_YEAR_FIRST = re.compile(r"(?<![\d./-])((?:19|20)\d{2})([./-])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})(\.)\s?(\d{1,2})\.\s?((?:19|20)\d{2})(?!\d)")
_SLASHES = re.compile(r"(?<![\d./-])(1[3-9]|2\d|3[01])/(\d{1,2})/((?:19|20)\d{2})(?![\d/])")
_SLASHES_ALIKE = re.compile(r"(?<![\d./-])(0?[1-9]|1[0-2])/(\1)/((?:19|20)\d{2})(?![\d/])")
_SLASHES_MONTH_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})/(1[3-9]|2\d|3[01])/((?:19|20)\d{2})(?![\d/])")
_AMBIGUOUS = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})(?![\d/])")
#: Languages in which the day stands before the month, and countries where English has it so (CLDR's yMd).
_DAY_FIRST_LANGUAGES = frozenset(
    """ar bg bn ca cs da de el es et fi fr gl he hr id it kn lv mk ml mr ms nb nl no pl pt ro ru sk sl sq sr sw ta te th
    tr uk ur uz vi""".split()  # noqa: SIM905
)
_DAY_FIRST_TAGS = frozenset("en-" + country for country in "au gb gh ie in ke ng nz pk sg ug za".split())  # noqa: SIM905
_MONTH_FIRST = frozenset(("es-us", "es-pr", "fr-ca"))  # or either
#: Where the year may stand first, so that a year of two figures could be a day.
_YEAR_FIRST_TAGS = frozenset("af bo dz en-ca en-za eu fa fr-ca hu ja ko lt mn ne si sv ug zh".split())  # noqa: SIM905
_SHORT_YEAR = re.compile(r"(?<![\w./-])(\d{1,2})([./])(\d{1,2})\2(\d{2})(?![\w/-]|\.\d)")
_CENTURY = 70
_EASTERN_LETTER = re.compile(f"[{scripts.EASTERN}]")
#: Zones that are others to readers of other languages, behind a time of day.
_LOCAL_ZONE = re.compile(rf"((?:\d|[AaPp]\.?[Mm]\.?)\s?\(?)({'|'.join(sorted(zones.AMBIGUOUS))})\b")
#: "10:15", "10.15 Uhr MEZ", "18 h 05", "午前11時8分". What is no word but the day's may stand right before it.
_CLOCK = re.compile(
    r"(?<![^\W日일])(?:(午前|午後|上午|下午|오전|오후)\s?)?(\d{1,2})"
    r"(?:(?:[:.]|\s?h\s?)(\d{2})(?::(\d{2}))?|[時时시点點]\s?(\d{1,2})[分분]?)(?!\d)\s*([AaPp]\.?\s?[Mm]\b\.?)?\s*(?:Uhr\s*)?"
    rf"\(?(Z\b|(?:UTC|GMT)\s?[+-]\d{{1,2}}(?::?\d{{2}})?(?!\d)|UTC|GMT|[+-]\d{{2}}:?\d{{2}}|{_ZONE})?"
)
_AFTER_NOON = frozenset(("午後", "下午", "오후"))
_CLOCK_WITHIN, _CLOCK_LENGTH = 25, 25  #: characters from the date to the time of day, and of the latter
_CLOCK_BESIDE = 4  #: the same of one that certainly is the date's
_BESIDE = re.compile(r"[\s,|/·•–—-]*(?:[^\W\d_]{2,12}[.,]{0,2}\s)?")  # from a time of day to the date: "10:15, Tue, "
_TATWEEL = "\u0640"  #: what sets an Arabic word wide
#: Years of Japan's eras and of the Republic of China, and the year before the first of each.
_ERA = re.compile(r"(令和|平成|民[國国])\s?(元|\d{1,3})\s?年")
_BEFORE_ERA = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
#: The patterns, each with the groups of year, month and day.
_PATTERNS = (
    (_DAY_MONTH_YEAR, (3, 2, 1)),
    (_MONTH_DAY_YEAR, (3, 1, 2)),
    (_YEAR_MONTH_DAY, (1, 2, 3)),
    (_YEAR_DAY_MONTH, (1, 3, 2)),
    (_EASTERN, (1, 2, 3)),
    (_MONGOLIAN, (1, 2, 3)),
    (_VIETNAMESE, (3, 2, 1)),
    (_THAI, (3, 2, 1)),
    (_YEAR_FIRST, (1, 3, 4)),
    (_DAY_FIRST, (4, 3, 1)),
    (_SLASHES, (3, 2, 1)),
    (_SLASHES_MONTH_FIRST, (3, 1, 2)),
    (_SLASHES_ALIKE, (3, 1, 2)),
)
#: Words before the date of a change, and before that of publication again.
_CHANGED = re.compile(
    r"(?P<changed>\b(?:updated|modified|revised|edited|aktualisiert|geändert|mis à jour|modifié|actualizad[oa]|"
    r"modificad[oa]|modifica(?:to|ta)?(?= il\b)|atualizad[oa]|aggiornat[oa]|bijgewerkt|gewijzigd|oppdatert|opdateret|"
    r"uppdaterad|päivitetty|zaktualizowano|"
    r"aktualizováno|aktualizované|frissítve|güncelleme|diperbarui|cập nhật|обновлено|"
    r"оновлено|ενημερώθηκε|actualizat|ažurirano|ажурирано|posodobljeno|atnaujinta|atjaunots|uuendatud|обновен[ао]?|"
    r"(?:last|laatste|letztes|latest) update|letzte (?:änderung|aktualisierung)|dernière (?:mise à jour|modification)|"
    r"última (?:actualización|modificación|atualização)|ultim[oa] (?:aggiornamento|modifica|actualizare)|"
    r"ostatnia aktualizacja|poslední aktualizace|posledná aktualizácia|zadnja izmjena|utolsó frissítés|"
    r"τελευταία ενημέρωση)\b|更新|수정)|"
    r"\b(?:published|posted|created|veröffentlicht|erstellt|publié|publicado|pubblicato|gepubliceerd|publisert|"
    r"offentliggjort|publicerad|julkaistu|opublikowano|publikováno|опубликовано|"
    r"publicat|objavljeno|објављено|опубліковано|публикувано|δημοσιεύ\w+|paskelbta|publicēts|avaldatud|publikované|"
    r"uverejnené|közzétéve|megjelent)\b|発行|公開|입력",
    re.IGNORECASE,
)
#: What stands before a date below an article.
_LABEL = re.compile(
    r"^\W*(?:date|datum|data|fecha|dato|дата|tanggal|tarih|päivämäärä|ημερομηνία|التاريخ|तारीख|ngày|日期|日付|날짜|"
    r"published|posted|veröffentlicht|erschienen|publié|publicado|pubblicato|gepubliceerd|publicerad|opublikowano|"
    r"опубликовано)\b(?:\s+(?:on|am|le|el|em|il|op))?\s*[:：]?\s*",
    re.IGNORECASE,
)


#: "Posted by Ana Onyx on …", as blogs have it below their texts.
_SIGNED = re.compile(
    r"^\W*(?:(?:(?:submitted|posted|written|published)\s+)?by|(?:(?:gespeichert|geschrieben|verfasst|eingestellt|"
    r"veröffentlicht)\s+)?von|(?:(?:publié|écrit|rédigé)\s+)?par|(?:(?:publicado|escrito)\s+)?por|di|door|av|af)\s+"
    r"[^\d.!?]{2,50}\s(?:am|on|le|el|em|il|op|den)\s+(?=\w)|"
    r"^\W*(?:this (?:entry|post|article) was (?:posted|published|written)(?: by [^.\d]{2,40}?)?(?: on)?|"
    r"dieser (?:artikel|beitrag|eintrag) wurde am|(?:ce billet|cet article) a été (?:publié|posté) le|"
    r"esta entrada (?:fue publicada|se publicó) (?:en|el))\s+",
    re.IGNORECASE,
)
_SIGNED_LENGTH = 60  #: characters behind the name
_DATE_LENGTH, _LABEL_LENGTH = 80, 20  #: characters of a line of dates, and letters before them
_WORD = 5  #: letters of a word behind a date from which on it is none of the time of day ("Uhr", "EST")
_STOPS = frozenset(".!?")
_OPENING = re.compile(r"\(([^()]{6,30})\)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as a page gives it."""

    when: datetime  #: aware, in the page's own offset; 00:00 UTC of the calendar day when `precision` is "day"
    precision: str  #: "second" (a time of day is given) or "day"
    offset: str | None  #: "+01:00" as the page names it; None where it names none
    source: str  #: one of SOURCES, perhaps with ASSUMED


def zone(name: str | None) -> tzinfo:
    """The zone of an IANA name; UTC for None and for a name that this machine does not know."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def parse(value: str, source: str, local: tzinfo = UTC) -> Moment | None:
    """A date as it stands in structured data (ISO 8601, RFC 5322, epoch seconds, a date in words), or None.

    `local` is the zone of a time without an offset.
    """
    value = value.strip()[:80]
    if match := _ISO.match(value) or _COMPACT.match(value):
        groups = match.groups()
        year, month, day, hour, minute, second = groups[:6]
        return _moment(
            (year, month, day),
            (hour, minute, second),
            groups[-2] if len(groups) == 8 else None,
            groups[-1],
            source,
            local,
        )
    if _EPOCH.match(value):
        seconds = float(value[:10])
        return Moment(datetime.fromtimestamp(seconds, UTC), "second", "+00:00", source)
    if "," in value and (parsed := _rfc5322(value)):
        return Moment(parsed, "second", _offset(parsed), source)
    if match := _JAVA.match(value):  # as an e-mail has it; zones but GMT and those of the USA count as none
        value = f"{match['day']} {match['month']} {match['year']} {match['clock']} {match['zone']}"
        if parsed := _rfc5322(value):
            return Moment(parsed, "second", _offset(parsed), source)
    return next(in_words(value, source, local), None)


def _rfc5322(value: str) -> datetime | None:
    try:
        parsed = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else None


def in_words(string: str, source: str, local: tzinfo = UTC) -> Iterator[Moment]:
    """Every date with a day, a month and a year in running text, with the time of day when it follows.

    Years of the Thai Buddhist era and days of Iran's solar Hijri calendar come out as Gregorian ones.
    """
    string = _ERA.sub(_of_era, _in_ascii_digits(string[:5000]).replace(_TATWEEL, ""))
    found = []
    for pattern, order in _PATTERNS:
        for match in pattern.finditer(string):
            year, month, day = (match[i] for i in order)
            if not (calendar := _gregorian(int(year), month, int(day))):
                continue
            if moment := _moment(calendar, *_clock(string, match.start(), match.end()), source, local):
                found.append((match.start(), moment))
    yield from (moment for _, moment in sorted(found, key=lambda pair: pair[0]))


def _clock(string: str, start: int, end: int) -> tuple[Sequence[str | None], str | None, str | None]:
    """The time of day beside a date in a line: hour, minute, second; half of the day; offset or zone. What stands right
    behind the date, else right before it ("18:12, 5 марта 2024"), else soon behind it."""
    match = _CLOCK.search(string, end, end + _CLOCK_WITHIN + _CLOCK_LENGTH)
    if not match or match.start() > end + _CLOCK_BESIDE:
        before = [*_CLOCK.finditer(string, max(0, start - _CLOCK_LENGTH), start)][-1:]
        match = next((m for m in before if _BESIDE.fullmatch(string, m.end(), start)), match)
    if not match or match.start() > end + _CLOCK_WITHIN:
        return (None, None, None), None, None
    part, hour, minute, second, eastern, half, offset = match.groups()
    if part:
        half = "pm" if part in _AFTER_NOON else "am"
    return (hour, minute or eastern, second), half, offset


def _of_era(match: re.Match[str]) -> str:
    return f"{_BEFORE_ERA[match[1]] + (1 if match[2] == '元' else int(match[2]))}年"


def _in_ascii_digits(string: str) -> str:
    """Digits of any script as those of ASCII, one for one."""
    if string.isascii():
        return string
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in string)


def _gregorian(year: int, month: str, day: int) -> tuple[int, int, int] | None:
    if 1300 <= year < 1500:
        number = months.hijri(month)
        if not number or not 1 <= day <= 31:
            return None
        converted = months.from_hijri(year, number, day)
        return converted.year, converted.month, converted.day
    number = int(month) if month.isdigit() else months.number(month)
    return (year - 543 if year > 2500 else year, number, day) if number else None


def _moment(
    day: Sequence[str | int],
    clock: Sequence[str | None],
    half: str | None,
    offset: str | None,
    source: str,
    local: tzinfo,
) -> Moment | None:
    try:
        year, month, number = (int(part) for part in day)
        if clock[0] is None:
            return Moment(datetime(year, month, number, tzinfo=UTC), "day", None, source)
        hour, minute, second = (int(part or 0) for part in clock)
        if half:
            hour = hour % 12 + (12 if half[0] in "pP" else 0)
        when = datetime(year, month, number, hour, minute, second, tzinfo=local)
        if offset is not None and when.tzname() == offset:
            return Moment(when, "second", _offset(when), source)  # what the publisher's own zone is called
        if offset is None or (fixed := _fixed(offset)) is None:
            return Moment(when, "second", None, source + ASSUMED)
        when = when.replace(tzinfo=fixed)
        return Moment(when, "second", _offset(when), source)
    except (ValueError, OverflowError):
        return None


def _fixed(offset: str) -> tzinfo | None:
    if offset.isalpha() and offset not in ("Z", "UTC", "GMT"):
        minutes = zones.offset(offset)
        return None if minutes is None else timezone(timedelta(minutes=minutes))
    digits = re.sub(r"\D", "", offset)
    if not digits:
        return UTC
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if "-" in offset else delta)


def _offset(when: datetime) -> str:
    text = when.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def from_url(url: str) -> Moment | None:
    """The day that stands in the path: /2016/07/15/, /2016-07-15-, /20160715/, /2016/jul/15/, /2016/POLITICS/07/15/."""
    for match in _URL.finditer(url.split("?")[0].split("#")[0]):
        year, _, month, day, *compact = match.groups()
        year, month, day = (year, month, day) if day else (year, *compact[:2]) if compact[1] else compact[2:]
        number = int(month) if month.isdigit() else months.number(month) or 0
        if moment := _moment((year, number, day), (None,), None, None, "url", UTC):
            return moment
    return None


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# Names of <meta> and itemprop that say when, in the order in which they are believed.
_PUBLISHED = """
    article:published_time og:article:published_time og:published_time datepublished article.published
    parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date published_time publication_date
    date_published cxenseparse:recs:publishtime cxense-parse-publishtime dc.date.issued dcterms.created dc.date.created
    dcterms.date dc.date article_date_original article.created datecreated date.issued citation_publication_date
    rnews:datepublished og:pubdate date displaydate originalpublicationdate bt:pubdate created ptime pub_date
    article:post_date dc.created iso-8601-publish-date video:release_date
"""
_MODIFIED = """
    article:modified_time og:updated_time datemodified og:modified_time lastmod last-modified dc.date.modified
    dcterms.modified article.updated updated_time revision_date
"""


def _values(metadata: Metadata, keys: Sequence[str], names: str) -> Iterator[tuple[str, str]]:
    for key in keys:
        if value := metadata.string(key):
            yield "json-ld", value
    for content in metadata.contents(names):
        yield "meta", content


def _declared(metadata: Metadata, keys: Sequence[str], names: str, local: tzinfo) -> Iterator[Moment]:
    """The moments of these fields. Some templates give one moment twice, as the newsroom's time of day without an
    offset and as UTC: then it is the latter."""
    for source, value in _values(metadata, keys, names):
        if moment := parse(value, source, local):
            if moment.source.endswith(ASSUMED):
                others = (parse(other, kind, local) for kind, other in _values(metadata, keys, names))
                moment = next((o for o in others if o and o.offset and _is_same_moment(moment, o)), moment)
            yield moment


def _is_same_moment(assumed: Moment, known: Moment) -> bool:
    """Whether two moments are one, if the first was written in some zone: a quarter of an hour is the least between
    two, fourteen hours the most from UTC."""
    apart = assumed.when.replace(tzinfo=None) - known.when.astimezone(UTC).replace(tzinfo=None)
    return abs(apart) <= _FARTHEST and apart % _LEAST_APART == timedelta(0)


def candidates(metadata: Metadata, times: Iterable[Element], local: tzinfo) -> Iterator[Moment]:
    """The dates of publication that a page declares, most trusted first. `times` are the <time> elements, <abbr> as
    microformats have them and elements with an itemprop date that belong to the article."""
    yield from _declared(metadata, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED, local)
    elements: list[tuple[bool, bool, int, Moment]] = []
    for element in times:
        role = _role(element)
        if _tells_change(role):
            continue
        source = "microdata" if "datepublished" in role or "datecreated" in role else "time element"
        if moment := _of_element(element, source, local, metadata.language):
            elements.append((source != "microdata", element.get("pubdate") is None, len(elements), moment))
    for *_, moment in sorted(elements, key=lambda entry: entry[:3]):
        yield moment


def revised(times: Iterable[Element], local: tzinfo, language: str | None = None) -> Iterator[Moment]:
    """The dates of elements for a change, which some templates have for the only date that they print."""
    for element in times:
        if _tells_change(_role(element)) and (moment := _of_element(element, "time element", local, language)):
            yield moment


def _role(element: Element) -> str:
    return f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()


def _tells_change(role: str) -> bool:
    # "published updated" is what WordPress's own themes call the date of what was never changed.
    return ("modif" in role or "updat" in role) and "publish" not in role


def _of_element(element: Element, source: str, local: tzinfo, language: str | None) -> Moment | None:
    """The moment that its attributes say, else its words."""
    known = (element.get("datetime"), element.get("content"), element.get("title"))
    other = (value for value in element.values() if _ISO_DAY.match(value))
    for value in (*known, *other):
        if value and (moment := parse(value, source, local)):
            return moment
    printed = spelled_out(element.text_content(), language)
    if not printed:
        return None
    moment = next(_by_label([printed], source, local), None) if _CHANGED.search(printed) else None
    return moment or parse(printed, source, local)


def modified(metadata: Metadata, local: tzinfo) -> Iterator[Moment]:
    """The dates of the last change that a page declares."""
    yield from _declared(metadata, ("dateModified",), _MODIFIED, local)


def believable(moment: Moment, now: datetime | None) -> bool:
    """Whether a page can have been published then: not before 1995, not in the future (when `now` is known)."""
    return moment.when.date() >= EARLIEST and (now is None or moment.when <= now + _AHEAD)


def choose(moments: Iterable[Moment], now: datetime | None) -> Moment | None:
    """The first believable moment; if it has a day only, the time of day comes from a later one of the same day."""
    best = None
    for moment in moments:
        if not believable(moment, now):
            continue
        if best is None:
            best = moment
        elif (
            moment.precision == "second"
            and moment.when.date() == best.when.date()
            and (
                not best.source.startswith("inferred")
                or moment.source.split()[0] in ("json-ld", "meta", "microdata", "time")
            )
        ):
            best = replace(moment)
        if best.precision == "second":
            break
    return best


def in_calendar(moment: Moment, day: date) -> Moment:
    """The moment in the zone of a publisher who calls its day `day`: a stamp in UTC on a page whose address says the
    day before or after tells that the calendar is another's. The zone is the nearest whole hour that fits."""
    if moment.precision == "day" or moment.when.utcoffset() or moment.offset is None or moment.when.date() == day:
        return moment
    for hours in (h for n in range(1, 14) for h in (n, -n) if h >= -8):
        when = moment.when.astimezone(timezone(timedelta(hours=hours)))
        if when.date() == day:
            return Moment(when, moment.precision, None, moment.source + ASSUMED)
    return moment


def spelled_out(line: str, language: str | None) -> str:
    """The line with dates and zones as everybody reads them, where a page in its language (BCP 47) means one thing by
    them: dots for the slashes of 5/3/2024 where nobody writes the month first, four figures for a year of two, an
    offset for IST."""
    if not any(map(str.isdigit, line)):
        return line
    tag = (language or "").lower().replace("_", "-")
    own = tag.partition("-")[0]
    is_day_first = tag not in _MONTH_FIRST and (tag in _DAY_FIRST_TAGS or own in _DAY_FIRST_LANGUAGES)
    line = _in_ascii_digits(line)
    if is_day_first:
        line = _AMBIGUOUS.sub(r"\1.\2.\3", line)
    if tag not in _YEAR_FIRST_TAGS and own not in _YEAR_FIRST_TAGS and (own or not _EASTERN_LETTER.search(line)):
        line = _SHORT_YEAR.sub(partial(_with_century, is_day_first=is_day_first), line)
    return _LOCAL_ZONE.sub(partial(_with_offset, tag=tag), line)


def _with_century(match: re.Match[str], *, is_day_first: bool) -> str:
    """The date in full, if its order is certain: dots have the day first; of slashes the figure above 12 is it."""
    first, mark, second, short = match.groups()
    year = f"{19 if int(short) >= _CENTURY else 20}{short}"
    if int(second) > 12:
        return f"{first}/{second}/{year}" if mark == "/" else match[0]
    return f"{first}.{second}.{year}" if mark == "." or is_day_first or int(first) > 12 else match[0]


def _with_offset(match: re.Match[str], *, tag: str) -> str:
    minutes = zones.offset(match[2], tag)
    return match[0] if minutes is None else match[1] + zones.written(minutes)


def from_feed(when: datetime) -> Moment:
    """The date that the feed gave for the page."""
    return Moment(when, "second", _offset(when), "feed")


def in_header(lines: Iterable[str], local: tzinfo, *, changes: bool = True) -> Iterator[Moment]:
    """Dates printed in the article's own header, as short lines; those of `changes` last, if at all."""
    short = (line for line in lines if len(line) <= 120)
    yield from _by_label(short, "inferred from text", local, changes=changes)


def _by_label(lines: Iterable[str], source: str, local: tzinfo, *, changes: bool = True) -> Iterator[Moment]:
    changed: list[Moment] = []
    for line in lines:
        start, is_change = 0, False
        for match in (*_CHANGED.finditer(line), None):
            part = line[start : match.start() if match else None]
            found = in_words(part, source, local)
            if is_change:
                changed.extend(found)
            else:
                yield from found
            if match:
                start, is_change = match.end(), match["changed"] is not None
    if changes:
        yield from changed


def in_footer(lines: Iterable[str], local: tzinfo) -> Iterator[Moment]:
    """Dates that a label or a name introduces below the article: "Date: 5 March 2024", "By Ana Onyx on 5 March"."""
    for line in lines:
        if label := (is_stamp(line) and _LABEL.match(line)) or _SIGNED.match(line):
            yield from in_words(line[label.end() :][:_SIGNED_LENGTH], "inferred from text", local)


def in_opening(line: str, local: tzinfo) -> Iterator[Moment]:
    """The date that a text opens with in brackets: "(5 March 2024) The council …"."""
    if match := _OPENING.match(line):
        yield from in_words(match[1], "inferred from text", local)


def is_date(line: str) -> bool:
    """Whether a line is a date of our time, or several, with a label, a weekday or a time of day, and nothing else."""
    if len(line) > _DATE_LENGTH or not any(map(str.isdigit, line)):
        return False
    line = _AMBIGUOUS.sub(_day_or_month, _SHORT_YEAR.sub(partial(_with_century, is_day_first=True), line))
    if len(line) > _DATE_LENGTH or not any(m.when.date() >= EARLIEST for m in in_words(line, "inferred from text")):
        return False
    # Figures first: of "10:30 修正 2026-07-15" a day, a word and a year are no date.
    for pattern in (*(pattern for pattern, _ in reversed(_PATTERNS)), _CLOCK):
        line = pattern.sub("\0", line)
    for part in _CHANGED.sub("|", line).split("|"):
        label, *rest = part.split("\0")
        if sum(map(str.isalpha, label)) > _LABEL_LENGTH:
            return False
        if any(len(word) >= _WORD for between in rest for word in between.split()):
            return False
    return True


def _day_or_month(match: re.Match[str]) -> str:
    """5/3/2024 as one of the two days that it may be; where a figure is above 12, as it is."""
    day, month, year = match.groups()
    return f"{day}.{month}.{year}" if int(day) <= 12 and int(month) <= 12 else match[0]


def is_published(line: str) -> bool:
    """Whether a line says when a text was published or changed, and nothing else. A sentence may say it of a report."""
    return line[-1:] not in _STOPS and is_date(line) and _CHANGED.search(line) is not None


def is_stamp(line: str) -> bool:
    """Whether a line is short enough to be a date with a label and nothing else."""
    return len(line) <= 60 and len(line.split()) <= 6


#: Lines that may be dates, of which each comment has one: no more are looked at, since htmldate asks of those without a
#: year in 200 languages, .1 s for each on a slow machine, and a page has READ_SECONDS.
_STAMPS_MAX = 40
_STAMP_PARTS = 4  #: elements within one
_STAMP_LENGTH = 80


def _may_be_date(element: Element) -> bool:
    words = "".join(islice(element.itertext(), 2 * _STAMP_PARTS))
    return len(words) <= _STAMP_LENGTH and any(map(str.isdigit, words)) and any(map(str.isalpha, words))


def guess(container: Element | None, now: datetime | None) -> Moment | None:
    """What htmldate makes of the article's own element, pictures and quotations left out (their addresses hold dates of
    upload, posts that are quoted have their own); the rest of a page holds other articles' dates and today's."""
    if container is None or container.tag in ("html", "body"):
        return None
    page = lxml.html.Element("html")
    page.append(lxml.html.Element("body"))
    page[0].append(copy.deepcopy(container))
    lxml.etree.strip_elements(page, "img", "figure", "source", "iframe", "video", "blockquote", with_tail=False)
    for link in page.iter("a"):
        link.attrib.pop("href", None)
    stamps = [e for e in page.iterdescendants() if e.attrib and len(e) <= _STAMP_PARTS and _may_be_date(e)]
    for element in stamps[_STAMPS_MAX:]:
        element.drop_tree()
    limit = (now + _AHEAD).date() if now else date(2100, 1, 1)
    try:
        found = htmldate.find_date(page, original_date=True, min_date=EARLIEST.isoformat(), max_date=limit.isoformat())
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None
    # A first of the month is what it makes of "July 2016", or of a path with year and month.
    return parse(found, "inferred from text") if found and not found.endswith("-01") else None
