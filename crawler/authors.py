"""Bylines and structured authors -> names of persons: no "By", no titles, no agencies, no addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler import agencies, furniture, months, phrases, scripts, text

#: How a label before an author reads, in languages that part words.
LABEL = (
    r"(?:authors?|autor(?:in|en|e|a|es|as|i|ka|ja|zy|s|ius|ė|ica|ice)?|avtor(?:ica|ja|ji)?|"
    r"auteure?s?|autric[ei]|forfatter|författare|kirjoittaja|szerző|"
    r"yazar|penulis|pengarang|wartawan|reporter|tác giả|автор(?:ы|и|ка)?|аутор(?:ка|и)?|"
    r"συντάκτης|συγγραφέας|الكاتبة?|المؤلف|"
    r"נכתב על ידי|लेखक|"
    # words of running text too, if no sign follows
    r"(?:रिपोर्ट|مصنفہ?|تحریر|ผู้เขียน|επιμέλεια)(?=\s?[:：،]))"
)
#: What stands before a name: "By", "Von", "Par", "Commentary by", … in the languages of the publishers.
_BY = re.compile(
    r"^\W*(?:(?:"
    # by
    r"(?:(?:written|writing|reported|reporting|stor(?:y|ies)|text|words|analysis|commentary|opinion|interview|report|"
    r"posted|published|submitted|reviewed|edited|updated|compiled)\s+)?by|"
    r"(?:(?:eine?\s+)?(?:kommentar|analyse|interview|bericht|reportage|kolumne|essay|gastbeitrag|leitartikel|porträt|"
    r"rezension|artikel|geschrieben|verfasst)\s+)?von|aus\s+\S+(?:\s\S+)?\s+berichte[nt]|"
    r"(?:(?:propos\s+recueillis|écrit|rédigé|publié)\s+)?par|(?:(?:escrito|redactado|publicado|texto)\s+)?por|"
    r"(?:(?:scritto|pubblicato|inviato|testo|a\s+cura|articolo)\s+)?d[ia]|dal(?:la)?(?=\s+nostr)|(?:geschreven\s+)?door|"
    r"(?:(?:skrevet|skrive|skriven)\s+)?a[vf]|(?:napisan[ea]\s+)?przez|od|(?:ditulis\s+)?oleh|bởi|"
    r"από\s+τ(?:ον|ην?)|του|της|от|من|द्वारा|"
    # who wrote
    r"napsala?|írta|piše|kirjoittanut|oprac\.|opracował[ay]?|γράφει\s+[οη]|كتبت?|بقلم|כתבת?|מאת|"
    # what it is, and who it is
    r"text|textes?|texto|tekst|testo|teksti|текст|redacción(?=\s?[:.])|da\s+redação,|interview(?=\s*:)|haber(?=\s*:)|"
    r"редактор|"
    rf"{LABEL}"
    r")(?!\w)\s*[:：،]?\s*(?:(?:unser\w*|notre|nuestr[oa]|nostr[oa]|onze|our)\s+[^\W\d_]+\s+)?|"
    r"(?-i:by(?=[A-ZÀ-Þ]))|(?:本报|本報)?(?:记者|記者|作者|撰文)\s*[:：]?\s*(?=\S)|(?:取材・)?文\s*[:：／・＝=]\s*|"
    r"기자\s)",
    re.IGNORECASE,
)
#: With which of these, or a colon, an introduction ends; others are words that begin a line for other reasons too.
_INTRODUCING = frozenset(
    """by von par por di door av af oleh przez berichtet berichten oprac. opracował opracowała opracowały kirjoittanut
    piše بقلم كتب كتبت מאת""".split()  # noqa: SIM905
)
#: Where a name ends: an office, a place, a date, an address follow.
_TAIL = re.compile(
    r"\s*(?:\||•|·|—|–|/\s|\bfor the\b|\bfor\s+(?=[A-Z])|\bin\s+(?=[A-ZÄÖÜ])|\baus\s+(?=[A-ZÄÖÜ])|\bà\s+(?=[A-Z])|<|"
    r"\(|\[|"
    r"\b(?:published|updated|posted|senior|chief|political|staff|special|correspondent|reporter|editor|writer|"
    r"journalist|columnist|redakteur|redacteur|redactora?|periodista|journaliste|giornalista|korrespondent\w*|"
    r"corresponsal|correspondante?|verslaggever|toimittaja|dziennikar\w*|корреспондент|muhabir\w*|wartawan|"
    r"publié|publicado|pubblicato|veröffentlicht|publicerad|publisert|julkaistu|opublikowano|envoyée?s?\s+spécia\w+|"
    r"enviad[oa]s?\s+especia\w+|inviat[oaie]\s+special\w+|follow|twitter|facebook|instagram|linkedin|e-?mail)\b|@\w|"
    r"\d|\b(?:photos?|fotos?|fotograf\w*|bilde?r?)\s?:|\s?(?:記者|记者|기자|(?:责任编辑|責任編輯|责编|编辑|"
    r"編輯)\s?[:：])|(?:\b|(?<=[a-z]))(?-i:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b).*$",
    re.IGNORECASE,
)
#: "and", "with" in lower case only: Dan, Ja and Ve are also names.
_SPLIT = re.compile(
    r"\s*(?:[,;\n|&、，／]|\b(?:and|AND|And|und|UND|et|y|e|en|och|og|i|ja|ve|dan|и|та|with|avec|mit|con|met|med)\b)\s*"
)
_SHOUTED_SPLIT = re.compile(r"\s(?:Y|ET|OG|OCH|E)\s(?=\w{2})")  # in capitals, as the names are
#: A name in capitals before an office or a house that is not: "ANA ONYX Herald Staff Writer".
_SHOUTED = re.compile(r"^((?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+\s){1,2}[A-ZÀ-Þ][A-ZÀ-Þ'’-]+)\s+[A-ZÀ-Þ][a-zß-ÿ].*$")
#: What a reporter's line says besides, in Taiwan: "記者王大明／台北報導".
_REPORTED = re.compile(r"^\S{2,3}報[導道]$|\s*(?:(?<=\S{3})\S{2,3})?報[導道]$")
_ASIDE = re.compile(r"\s*[/|(\[–—•]|\s-\s")
_PLACE_FIRST = re.compile(r"[^\W\d_][\w’'-]*\s[-–—]\s")
_NICKNAME = re.compile(r"\s\([^\W\d_][\w.]{0,11}\)\s(?=[^\W\d_]+$)")  # "Ana (Annie) Onyx"
_ADDRESS = re.compile(r"[^\s|]+@[^\s|]+|https?://\S*|www\.\S+")
#: Degrees and forms of address before a name; those that are also names or words count with their full stop only.
_TITLES = re.compile(
    r"^(?:(?:(?:ao\.|univ\.)?[-\s]*(?:dr|prof|professor|mr|mrs|ms|sir|lic|dott|dra|mme|madame|hon)\b\.?(?:-ing\.?)?|"
    r"(?:mag|dipl|ing|prim|phil|med|jur|rer|nat|h\.\s?c|sr|sra|rev|col|gen|lt|capt|sgt|adv|avv|d-r|д-р|проф|doc|mgr|"
    r"bc|mudr|judr|phdr)\.(?:-ing\.)?|dott\.ssa)\s*)+(?=\S)",
    re.IGNORECASE,
)
#: The same behind a name.
_DEGREES = re.compile(r",?\s+(?:ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|m\.?a|b\.?a|ll\.?m|mba|esq)\.?$", re.IGNORECASE)
#: Desks and roles that stand where a name should.
_DESK = re.compile(
    r"\b(?:editing\s+by|desk|staff|newsroom|editors?|editorial|team|redaktion|redaktionsteam|rédaction|redacci[oó]n|"
    r"redac?[cç][aã]o|redazione|redactie|redaksjonen|redaksi|toimitus|"
    r"correspondents?|reporters?|bureau|news service|tnn|agenc(?:y|ies)|\w*agentur(?:en)?|wires?|admin|administrator|"
    r"webmaster|super ?user|"
    r"unknown|未知|佚名|author|"
    r"veröffentlicht|published|aktualisiert|updated|posted|publié|publicado|guest|contributor|newswire|press release|"
    r"online|web|tv|news|nachrichten|noticias|"
    r"notizie|nyheter|haberler|новости|berita|media|magazine|diario|jornal|journal|herald|tribune|gazette|chronicle|"
    r"zeitung|portal|blog|ag[eê]ncia|agenzia|ministr(?:y|ies)|view\s+(?:more|profile|bio)|"
    r"ver\s+(?:perfil|más)|all\s+articles|times|post|press|\w+\.(?:com|de|net|org|ch|at|fr|it|uk))\b|"
    r"(?:^|(?<=\s))(?:haber\smerkezi|nhóm\s(?:pv|phóng\sviên)|מערכת|ه[يی]ئة\sالتحرير|فريق\sالتحرير|غرفة\sالأخبار|(?:ویب\s)?ڈیسک|"
    r"डेस्क|ब्यूरो|संवाददाता|टीम|प्रतिनिधी|ডেস্ক|প্রতিবেদক|প্রতিনিধি|செய்திப்பிரிவு|డెస్క్|ലേഖകൻ|ഡെസ്ക്|ડેસ્ક|กองบรรณาธิการ|ทีมข่าว|"
    r"編集部|取材班)(?:$|(?=\s))|"
    # A Chinese or Korean house: 新京报, 环球网, 新浪科技, 참고신문.
    r"[\u4e00-\u9fff](?:[报報社网網]|时报|新[闻聞]|快[讯訊]|即[时時]|消息|[电電][视視][台臺]|[广廣]播|[周週]刊|"
    r"[杂雜][志誌]|[传傳]媒|科技|[财財][经經]|客[户戶]端|频道|"
    r"[视視][频頻]|公司|集[团團]|中心|[发發]布|[编編][辑輯]部|研究院|大[学學])$|[가-힣](?:신문|일보|뉴스|방송|통신|"
    r"미디어|편집부)$",
    re.IGNORECASE,
)
#: Desks of Japanese and Korean papers before a name. Not all that ends alike: 阿部, 長谷部 are surnames.
_OFFICE = re.compile(
    r"^[\u4e00-\u9fff]{0,2}(?:(?:社会|政治|経済|運動|スポーツ|国際|外信|文化|学芸|科学|科学医療|生活|くらし|暮らし|地域|地方|報道|"
    r"編集|写真|映像|デジタル)部|(?:사회|정치|경제|국제|문화|체육|스포츠|산업|전국|편집)부)[\s・]+(?=\S)"
)
_EASTERN = re.compile(f"[{scripts.EASTERN}]")
_EASTERN_LONGEST = 8  #: characters without a space; longer is a name with its office, or an institution's
_PARTICLES = frozenset(
    """al bin da das de dei del della den der di do dos du el ibn la le ten ter van von zu""".split()  # noqa: SIM905
)
_DATE_BEFORE = re.compile(r"^[^|]*\d[^|]*?\b(?:by|von|par|por|di)\s+(?=[A-ZÀ-Þ])")
_PLACE = re.compile(r"(?:em|en|aus|in)\s", re.IGNORECASE)  # "Em São Paulo"
_BEHIND = re.compile(r"(?:de|da|do|desde|from|The)\s[A-ZÀ-Þ]")  # a name: "…, de São Paulo", "…, The Courier"
#: Accounts that say nothing of who wrote.
_ACCOUNTS = frozenset(
    ("admin", "administrator", "webmaster", "editor", "author", "user", "super user", "root", "guest", "redaktori")
)
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]$")  # of a name that its full stop is part of: "Ana O."
_EDGES = " .,:;-–—*'\"（）〔〕【】"
_PICTURES = (
    r"(?:(?:photo(?:graph|graphie|grafie)?|picture|image|illustration|graphic|video|foto|fotografía|fotografia|bilder?)s?|"
    r"photography|photos? et vidéos?|fotografien)"
)
#: What stands between a thing and who made it.
OF = r"(?:by|von|par|por|di|door|av|af|oleh)"
#: "Words and photographs by", "Texte et photos:": one person for both.
_BOTH = re.compile(
    r"\b(?:words?|text[eos]?|textes?|story|reporting)\s*(?:and|&|und|et|y|e|en|och|og|/)\s*"
    rf"{_PICTURES}(?:\s+{OF}\b|\s*:)",
    re.IGNORECASE,
)
#: "Photographs by Ana Onyx", with what follows up to the end of the sentence; an initial ends none.
_PICTURED = re.compile(
    rf"(?:\b|(?-i:(?<=[a-zß-ÿ])(?=[A-Z])))(?=[pgivfb]){_PICTURES}\s+{OF}\s+(?-i:(?=[A-ZÀ-Þ]))"
    r"(?:(?!\b(?:words|text|story|reporting)\s)(?:[^.;|]|(?-i:(?<=\b[A-ZÀ-Þ])\.)))*",
    re.IGNORECASE,
)
#: "on Thu, 10/22/2026 - 09:12", "il Gio, 22/10/2026": when, behind who.
_DATE_BEHIND = re.compile(
    r"\s(?:on|am|le|il|el|em|op|den|d\.)\s+(?:[^\W\d_]{2,12}\.?,?\s+)?\d.*$",
)


def names(values: Iterable[str], sites: Iterable[str] = ()) -> tuple[str, ...]:
    """Distinct names of persons in the order given.

    Each value may hold several ("By A. Onyx and B. Pyrite in Accra"). `sites` are the outlet's names, which often
    stand as its own author.
    """
    found: dict[str, str] = {}
    hosts = tuple(site for site in sites if "." in site)
    own = {text.squash(site) for site in sites}
    parted = [site for site in sites if _SPLIT.search(site)]  # "Port & Sea": two names to `split`
    houses = [text.squash(site) for site in sites if " " in site]  # of two words and more: one may be a surname
    for value in values:
        if any(host in address for address in _ADDRESS.findall(value) if "@" not in address for host in hosts):
            continue  # "Example Times (www.example.com)"
        for site in parted:
            value = value.replace(site, " ")
        for name in split(value):
            key = text.squash(name)
            if key and key not in own and not any(house in key for house in houses) and not agencies.name(name):
                found.setdefault(key, name)
    return tuple(found.values())


def desks(values: Iterable[str]) -> tuple[str, ...]:
    """What is left where no person is named: the desk or outlet, as given; not with an agency ("Le Courrier avec AFP"),
    which are no authors."""
    return tuple(
        dict.fromkeys(
            v
            for v in (_ADDRESS.sub("", _BY.sub("", v)).strip(" ,;") for v in values)
            if v and len(v) <= 60 and not phrases.in_byline(v) and v.casefold() not in _ACCOUNTS
        )
    )


def introduced(line: str) -> str | None:
    """What stands behind "By", "Von", "Author:" where a line begins so, to introduce names; None where it does not."""
    match = _BY.match(line)
    head = match.group().strip().casefold() if match else ""
    if match and (head.endswith((":", "：", "،", "＝", "・")) or not _INTRODUCING.isdisjoint(head.split())):
        return line[match.end() :]
    return None


def split(byline: str) -> list[str]:
    """The parts of a byline that could be names."""
    byline = _DATE_BEFORE.sub("", _ADDRESS.sub(" ", text.one_line(byline)))
    byline = _DATE_BEHIND.sub("", _PICTURED.sub("", _BOTH.sub("by ", byline)))
    byline = _BY.sub("", byline)
    if byline.isupper():
        byline = _SHOUTED_SPLIT.sub(", ", byline)
    parts: list[str] = []
    for part in _SPLIT.split(byline):
        house, _, rest = part.partition("/")
        if rest and agencies.name(house):
            part = rest  # "AFP/Ana Onyx"
        part = _before_aside(_NICKNAME.sub(" ", part))
        named = _OFFICE.sub("", _TITLES.sub("", _BY.sub("", part).strip(_EDGES)))
        name = _without_month(_DEGREES.sub("", _TAIL.sub("", _SHOUTED.sub(r"\1", named))).strip(_EDGES), named)
        name = _REPORTED.sub("", _without_verb(name)).strip(_EDGES)
        if _DESK.search(name) or ((" " not in name or part.endswith(" staff")) and _DESK.search(part)):
            if not parts and not _EASTERN.match(name):
                break  # "Redaktion, Frankfurt": what follows a desk is where it sits; "上報快訊／王明": who
            continue
        if furniture.is_furniture(name):
            continue  # "Print", "Share": controls that a template prints beside the author
        if name != named and parts and agencies.name(name.split(" ")[0]):
            continue  # "Ana Onyx, AP Sports Writer"
        if parts and (_BEHIND.match(name) or part.startswith("- ")):
            continue
        if _INITIAL.search(name) and f"{name}." in part:
            name += "."
        if _plausible(name) and not _PLACE.match(name):
            parts.append(name.title() if name.isupper() and len(name) > 4 else name)
    # A single word beside full names is a place or a paper ("Von A. Onyx, Zürich").
    full = [p for p in parts if " " in p]
    return full or parts


def _before_aside(part: str) -> str:
    """What stands before a dash, a bracket, a stroke; but the name behind a place of a word: "Tanta - Ana Onyx"."""
    head, *rest = _ASIDE.split(part, maxsplit=2)
    if rest and _PLACE_FIRST.match(part) and len(rest[0].split()) in (2, 3) and _plausible(rest[0].strip()):
        is_named = not (head.isupper() or agencies.name(head) or _DESK.search(head) or _DESK.search(rest[0]))
        return rest[0] if is_named else head
    return head


def _without_month(name: str, part: str) -> str:
    """The name without a month, if the day followed: "Ana Onyx November 18"."""
    cut = part[len(name) :].lstrip(_EDGES)
    head, _, last = name.rpartition(" ")
    return head.strip(_EDGES) if cut[:1].isdigit() and months.number(last) else name


def _without_verb(name: str) -> str:
    """The name without what goes on in lower case behind it: "Ana Onyx lives" in Alder, "Ana Onyx on" Monday."""
    words = name.split()
    while len(words) > 2 and words[-1].islower() and words[-1] not in _PARTICLES:
        words.pop()
    return " ".join(words)


def _plausible(name: str) -> bool:
    words = name.split()
    is_eastern = _EASTERN.match(name) is not None
    shortest = 2 if is_eastern else 3
    longest = _EASTERN_LONGEST if is_eastern and len(words) == 1 else 60
    return (
        shortest <= len(name) <= longest
        and 1 <= len(words) <= 6
        and any(c.isalpha() for c in name)
        and not name.islower()
        and (not words[0].islower() or words[0] in _PARTICLES)
    )
