"""What under a picture is caption, and what is credit.

A credit is told by the element that holds it (class "credit", "copyright", …), else by how captions end:
"(Photo: Reuters)", "/ AFP PHOTO / NAME", "© Name", "Foto: Name/dpa", "＝ＡＰ".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from itertools import islice, takewhile

from crawler import agencies, authors, dates, text
from crawler.blocks import HEADINGS, PICTURES, Block, roles, roles_of, words_of
from crawler.markup import Element

#: Roles of the elements that hold captions and credits.
PICTURE = frozenset(("caption", "credit", "figcaption", "figure"))
#: What is no caption for standing below a picture: a portrait's name, a teaser.
_NO_CAPTION = frozenset(("aside", "byline", "nav", "footer"))
#: Longer ones are no captions.
_LONGEST = 700
#: Longer lines below a picture are prose, if their element does not say otherwise.
_SHORT = 400
_SHORTEST_ALT = 25
_FEWEST = 5  #: words of a caption where only its place tells it
_SHORTEST = 8  #: letters and digits of a caption; of less are signs, numbers and the names of sources
#: A line with more elements in it is no caption; and they are not looked at again for each picture of a long page.
_MANY = 50
#: Elements around a picture among which the one that holds its caption as well is looked for.
_DEEP = 6
#: Words that name a caption where a word for pictures stands with them, or by themselves: a "photo-description", a
#: "legend". A drop cap opens a text, and is often the first thing below a picture.
_BELOW = frozenset(("cap", "legend", "legenda", "desc", "description", "descricao", "descripcion", "descrizione"))
_PICTURED = PICTURES | {"legend", "legenda"}
_DROPPED = frozenset(("drop", "dropcap", "first"))
#: Words in the names of elements that set a text beside a picture, or present something by one.
_BESIDE = frozenset("text txt content body article card teaser item list author avatar profile".split())  # noqa: SIM905
_CENTRED_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_CENTRED = frozenset(("center", "centre", "centered", "aligncenter"))
#: More words behind "Image:" are a caption, if no sign parts them.
_LONGEST_NAME = 6

#: Words before a photographer's name. The second list stands before sources of texts too, so alone it proves nothing.
_PICTURE_LABEL = (
    r"(?:(?:file |handout |stock )?photo(?:graph)?(?:s|ie|graphie|[ -]?credit)?|pictures?|images?|"
    r"(?:(?:archi[vf]|arkiv|archief|symbol|illustrations|illustrasjons|genre|presse|privat|luft)-?)?"
    r"(?:bild(?:er|rechte|quelle|nachweis)?|bilde|fotos?)|"
    r"fotografía|fotografie|foto[ -]?credit|fotoğraf|fotó|fot(?=\.)|"
    r"crédit(?:s)?(?: photo)?|kuva|imagen|imagem|immagine|"
    r"collage|montage|screenshot|фото|снимк[аи]|світлина|коллаж|колаж|скриншот|φωτογραφία|φωτό?|צילום|תצלום|تصوير|الصورة|صورة?|عکس|फ़?ोटो|ছবি|"
    r"فوٹو|تصویر|तस्[बव]ी?ि?र|छायाचित्र|ਫੋਟੋ|તસવીર|ଫଟୋ|படம்|புகைப்படம்|ఫొటో|ఫోటో|ಚಿತ್ರ|ചിത്രം|ඡායාරූප(?:ය)?|ፎቶ|ფოტო|"
    r"լուսանկար(?:ը)?|ဓာတ်ပုံ|រូប(?:ភាព|ថត)|ພາບ|ภาพ|ảnh|사진(?: 출처)?|写真|图源|"
    r"(?:图片|圖片)(?:来源|來源)|[图圖](?=\s?[／/]))"
)
_LABEL = (
    rf"(?:{_PICTURE_LABEL}|credits?|source|quelle|fuente|fonte|bron|kilde|källa|lähde|źródło|zdroj|forrás|kaynak|sumber|"
    r"nguồn|источник|джерело|πηγή|illustration|grafik|graphic|copyright|supplied|courtesy|video|by)"
)
_PERSON = r"[A-ZÀ-Þ][\w.’'-]+(?:\s[A-ZÀ-Þ][\w.’'-]+){1,3}"
#: A bracket, a bar, a sign or a label that opens the credit at the end of a caption; and of each what a caption has,
#: in lower case, that ends so. Few have: to look for it takes a tenth of the time.
_TAILS = tuple(
    (signs, re.compile(rf"^(?P<caption>{caption})(?P<credit>{credit}){end}$", re.DOTALL | flags))
    for signs, caption, credit, end, flags in (
        (
            "([（",
            r".*?\s*[(\[（]\s*",
            rf"(?:(?-i:[A-Z]{{2,9}}\s)?{_LABEL}(?!\w)\.?\s*[:：=/／]?\s*|©|\(c\)\s*)[^()\[\]（）]{{2,120}}?",
            r"\s*[)\]）]\W*",
            re.IGNORECASE,
        ),
        ("©ⓒ(（", r".*?\s*", rf"(?:\b{_PICTURE_LABEL}\s*)?(?:©|ⓒ|[（(][CcＣ][)）]).{{2,120}}", "", re.IGNORECASE),
        ("＝", r".{5,}?＝", r"[^＝\d]{1,15}", "", 0),
        (
            ("photo", "image", "picture"),
            r".*?\s*[(\[]\s*",
            r"(?:(?-i:(?:[A-Z][\w.&’'-]*\s){1,3})(?:file\s)?|(?:file|archive|handout|representati(?:onal|ve))\s)"
            r"(?:photo|image|picture)s?(?:\s?(?:/|:|by\s|courtesy\s)[^()\[\]]{2,80})?",
            r"\s*[)\]]\W*",
            re.IGNORECASE,
        ),
        (("撮影", "提供"), r".{5,}?[、＝=。]\s*", r"[^、。＝=（）()\d\s]{2,20}(?:撮影|提供)", r"\W*", 0),
        (
            ("제공", "촬영", "금지"),
            r".{5,}?\s*[(\[]\s*",
            r"[^()\[\]]{0,30}(?:제공|촬영|DB\s?금지)[^()\[\]]{0,20}",
            r"\s*[)\]]\W*",
            0,
        ),
        (("제공", "촬영"), r".{5,}?[.다]\s+", r"[^.,!?]{1,25}\s?(?:제공|촬영)", r"\W*", 0),
        ("撮提", r".{5,}?[（(]", r"[^（）()\d]{1,20}?", r"(?:さん)?(?:撮影|提供)[)）]\W*", 0),
        (
            ("摄", "攝", "傳真"),
            r".{5,}?[。！？\s（(）)]\s*",
            r"[^。！？（()）]{2,24}(?:[摄攝]|傳真)",
            r"(?:\s*\d{2,4}年\d{1,2}月\d{1,2}日)?\W*",
            0,
        ),
        (
            "供资資截新",
            r".{5,}?[。！？\s（(]\s*",
            r"[^。！？（()）]{0,14}?(?:供[图圖]|[资資]料[图圖]?片?|(?:[视視][频頻])?截[图圖]|新[华華]社[发發])",
            r"\W*",
            0,
        ),
        (
            (*":：/／=", "..."),
            r"(?:.*?[\s|–—•/。.-])?\s*",
            rf"(?:(?-i:[A-Z]{{2,9}}\s)?{_PICTURE_LABEL}\s?/|"
            rf"{_LABEL}(?!\w)\.?\s?(?:by|credits?|courtesy(?: of)?|from)?\s*(?:[:：/／=]|\.{{3}}))\s*.{{2,120}}",
            "",
            re.IGNORECASE,
        ),
        (("fot.",), r".*?(?:[.!?”\"’]|\s[|/–—-])\s+", r"fot\.\s.{2,80}", "", re.IGNORECASE),
        # "… Photo L’Est/Ana ONYX", "… Photo d’archives ALDER /Ana ONYX": the paper and its photographer
        (
            ("photo ", "foto "),
            r"(?:.*?[.!?”\"’»)]|.{10,}?)\s+",
            r"(?:[Pp]hotos?|[Ff]otos?)\s+(?:d[’'](?:archives?|illustration)\s+)?"
            r"(?:[A-ZÀ-Þ][\w’'.-]*\s){0,3}[A-ZÀ-Þ][\w’'.-]*\s?/\s?[A-ZÀ-Þ][\w’'.-]+(?:\s[A-ZÀ-Þ][\w’'.-]+){0,3}",
            "",
            0,
        ),
        ("/", r".*?[.!?”\"’»)]\s+[–—-]\s+", rf"{_PERSON}\s?/\s?[\w .]{{2,30}}", "", 0),
        ("/|", r".*?[.!?”\"’»)]\s+[/|]\s*", rf"{_PERSON}(?:\s?/\s?[\w .]{{2,30}})?", "", 0),
        ("/", r".*?[.!?”\"’)]\s+", r"[^.!?/]{2,40}\s/\s?[A-Z]{2,}(?: PHOTO)?(?:\s*/\s*.{2,60})?", "", 0),
        ("/", r".{10,}?\s", r"[A-Z]{2,7}\s?/\s?[A-Z][^.!?]{2,40}", "", 0),
        ("/", r"(?:.*?[.!?”\"’)]|.{10,}?)\s+/\s*", r"[A-Z]{2,}(?: PHOTO)?(?:\s*/\s*.{2,60})?", "", 0),
        (
            (" by ", "courtesy", "handout"),
            r".*?(?:[.!?”\"’]|\s[|–—-])\s+",
            r"(?:(?:photo|image|picture)s? (?:by|courtesy of)|courtesy of|handout from) .{2,80}",
            "",
            re.IGNORECASE,
        ),
        (("/ph", "/ ph"), r".{5,}?\s?/\s?", r"Ph\.\s?[^.!?]{2,60}(?:\.[^\s.!?]{2,6})?", "", 0),
        (
            "/",
            r".{10,}?\s[-–—]\s",
            rf"(?P<who>{_PERSON})\s?/\s?(?!(?P=who))[A-ZÀ-Þ][\w.]*(?:\s[A-ZÀ-Þ][\w.]*){{0,2}}",
            "",
            0,
        ),
        (
            "—",
            r".*?[.!?”\"’]\s*—\s*",
            r"[A-Z][\w.&’'@-]*(?:[\s/](?:[A-Z][\w.&’'@-]*|by|of|the|and|via|courtesy|photo|file)){0,5}",
            r"\W*",
            0,
        ),
        (
            ("foto", "photo", "bild", "kuva"),
            r".*?[.!?”\"’»)]\s+",
            rf"(?:[Ff]otos?|Photos?|Bild|Kuva)\s+{_PERSON}(?:\s?/\s?[\w .]{{2,30}})?",
            "",
            0,
        ),
        (
            (" for ",),
            r".*?[.!?”\"’]\s+",
            r"(?:[A-Z][\w.’'-]+\s){1,3}[A-Z][\w’'-]+ for (?:the |The )?[A-Z][^.!?]{2,40}",
            "",
            0,
        ),
    )
)
_NAMES = re.compile(r"^(?P<caption>.*[.!?”\"’»)])\s*(?P<credit>[^.!?]{2,60})$", re.DOTALL)
#: A credit in an element of its own, or under a caption.
_LABELLED = re.compile(rf"^{_LABEL}\s?(?:by|credits?|courtesy(?: of)?)?\s*[:：]\s*\S.{{1,80}}$", re.IGNORECASE)
_SIGN = re.compile(r"^(?:©|ⓒ|\(c\))\s*\S.{1,60}$", re.IGNORECASE)
#: The label of a credit that stands in an element of its own.
_LABEL_LEFT = re.compile(rf"(?:\s[|•·–—-]\s?|[|(]|(?<=[.!?…])\s)\s*{_LABEL}\s*[:：]\s*$", re.IGNORECASE)
#: A credit alone: a label and a name.
_ALONE = re.compile(rf"^{_PICTURE_LABEL}\s?(?:by|credits?|courtesy(?: of)?)?\s*[:：]\s*\S.{{1,80}}$", re.IGNORECASE)
_BRACKET = re.compile(
    r"^(?P<caption>.{10,}?|[^\x00-\x7f]{4,}?)\s*[(\[（](?P<credit>[^()\[\]（）]{2,80})[)\]）]\W*$", re.DOTALL
)
#: "The harbour on Tuesday. ANA ONYX (EFE)": the name before an agency in brackets.
_SHOUTED = re.compile(r"^(?P<caption>.*[.!?”\"’»])\s+(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{3,40})$", re.DOTALL)
_SQUARE = re.compile(r"^(?P<caption>.{10,}?)\s*\[(?P<credit>[^\W\d][^\[\]]{1,40}/[^\[\]]{2,40})\]\W*$", re.DOTALL)
#: "… [Ana Onyx]"
_NAMED_IN_SQUARE = re.compile(
    r"^(?P<caption>.{10,}?)\s*\[(?P<credit>[A-ZÀ-ÞΆ-ΏΑ-ΫА-ЯЄІЇ][\w.’'-]+(?:\s[A-ZÀ-ÞΆ-ΏΑ-ΫА-ЯЄІЇ][\w.’'-]*){1,3})\]$",
    re.DOTALL,
)
_SLASHES = re.compile(
    r"^(?P<caption>.+?[.!?”\"’])\s+(?P<credit>[^.!?]{2,60}(?:/|\s\|\s|\svia\s)[^.!?]{2,40})$", re.DOTALL
)
#: Two names at the end, in brackets: "(A. Onyx/Accra Times)".
_TWO_IN_BRACKETS = re.compile(
    r"^(?P<caption>.{20,}[.!?”\"’»])\s*[(\[](?P<credit>[^\W\d][^\d()/]{1,30}/[^\d()/]{2,30})[)\]]\W*$", re.DOTALL
)
_PICTURE_AGENCIES = re.compile(
    r"(?:\b(?:getty|shutterstock|imago|picture alliance|epa|istock|keystone|alamy|afp|reuters|ap photo|dpa|ansa|efe|"
    r"pool|via ap|zuma|unsplash|pixabay|pexels|flickr|wikimedia|scanpix|lehtikuva|pixsell|cropix|profimedia|"
    r"eurokinissi|intime(?: news)?|απε-μπε|east news|inquam photos|lapresse|europa press|maxppp|hans lucas|belgaimage|"
    r"hollandse hoogte|123rf|newspix|nurphoto|abacapress|zumapress|agencja wyborcza|gallo images|"
    r"depositphotos|adobe stock|stock\.adobe\.com)\b|الفرنسية|视觉中国|視覺中國|人民视觉|东方IC|图虫创意)",
    re.IGNORECASE,
)

#: A picture agency before another name: "picture alliance / AP | A. Onyx".
_AGENCY_FIRST = re.compile(rf"^{_PICTURE_AGENCIES.pattern}[^.!?]{{0,30}}[/|]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？”\"»]\s*$")
#: A name, perhaps with a paper or picture agency: "A. Onyx / Agency".
_NAME = re.compile(r"^[A-ZÀ-Þ][\w.’'-]+(?:\s[A-ZÀ-Þ][\w.’'-]+){1,3}(?:\s?[/|-]\s?[\w .&]{2,30}){0,2}$")


_EDGES = " |–—-•"
#: What some templates say before a caption, for those who do not see the picture.
_SPOKEN = re.compile(r"^(?:image|media|photo) caption[,:]?\s+(?=\S)", re.IGNORECASE)
#: "Image source, Getty Images"; "Photo by Ana Onyx", and no more. Not "Fotos de Madrid", which are of a place.
_SOURCE = re.compile(r"^image (?:source|copyright)[,:]?\s+(?P<credit>\S.{1,80})$", re.IGNORECASE)
_TAKEN_BY = re.compile(
    r"^(?P<credit>(?:[Pp]hoto(?:graph)?s? (?:by|par)|[Ff]otos? por|[Ff]oto von(?= \S+ [A-ZÀ-Þ]))"
    r"(?: (?:d[aeio]s?|v[ao]n|for|the|The|[A-ZÀ-Þ][\w.’'-]*)[,/]?){1,8})$"
)


def split(caption: str) -> tuple[str | None, str | None]:
    """A caption as printed -> the caption without its credit, and the credit without its brackets."""
    caption = _SPOKEN.sub("", text.one_line(caption)).strip(_EDGES)
    if len(caption) > _LONGEST:
        return caption, None
    if match := _SOURCE.match(caption) or _TAKEN_BY.match(caption):
        return None, match["credit"]
    if len(caption) <= 80 and not _SENTENCE_END.search(caption) and _is_agency_s(caption):
        return None, caption
    if (match := _BRACKET.match(caption)) and _names_agency(match["credit"]):
        if shouted := _SHOUTED.match(match["caption"].strip()):
            return shouted["caption"], f"{shouted['name']} ({match['credit'].strip()})"
        return match["caption"].strip(), match["credit"].strip()
    lower = caption.lower()
    for signs, pattern in _TAILS:
        if text.holds_any(lower, signs) and (match := pattern.match(caption)):
            return match["caption"].strip(f"{_EDGES}/([（＝,、") or None, match["credit"].strip()
    for pattern in (_SLASHES, _NAMES):
        if (match := pattern.match(caption)) and _names_agency(match["credit"]):
            return match["caption"].strip() or None, match["credit"].strip()
    if match := _TWO_IN_BRACKETS.match(caption) or _SQUARE.match(caption) or _NAMED_IN_SQUARE.match(caption):
        return match["caption"], match["credit"].strip()
    return caption or None, None


def _names_agency(line: str) -> bool:
    if _PICTURE_AGENCIES.search(line) or agencies.name(line):
        return True
    return "/" in line and any(agencies.name(name) for name in line.split("/"))


def _is_agency_s(line: str) -> bool:
    """Whether a line is a credit by its form: "picture alliance/AP | A. Onyx", "Ana Onyx, ASSOCIATED PRESS"."""
    named, _, agency = line.rpartition(", ")
    return bool(_AGENCY_FIRST.match(line) or (_NAME.match(named) and agencies.name(agency)))


def is_credit(line: str) -> bool:
    """Whether a line is the credit of a picture and nothing else: "Image: A. Onyx"."""
    if len(line) > 100 or not (":" in line or "：" in line) or not _ALONE.match(line):
        return False
    named = re.split("[:：]", line, maxsplit=1)[1]
    return len(named.split()) <= _LONGEST_NAME or any(sign in named for sign in "/|,") or bool(agencies.name(named))


def find(blocks: Sequence[Block], around: Collection[Element] = ()) -> frozenset[int]:
    """Indexes of the blocks that are captions or credits: by their element, by repeating the alt text of the picture
    above them, by standing between a picture and a credit, or by their place below one (`holder`). `around` is an
    element with its ancestors, whose roles do not count."""
    found = set()
    held: Element | None = None  # the element of the caption above
    bare = False  # whether the headline stands above, and no picture since
    stands = roles_of(blocks, around)
    for before, block, after, own in zip([None, *blocks[:-1]], blocks, [*blocks[1:], None], stands, strict=True):
        if held is not None:
            if held in block.ancestors:
                found.add(block.index)
                continue
            held = None
        bare = (bare or block.tag == "h1") and block.image is None
        if bare and _is_of_text(block, own):
            continue
        # "Photos: the storm" that is a link and nothing else leads to a gallery.
        if not PICTURE.isdisjoint(own) or (block.links < len(block.text) and is_credit(block.text)):
            found.add(block.index)
        elif block.image is None or len(block.text) > _SHORT or 2 * block.links > len(block.text):
            continue
        elif after is not None and (is_credit(after.text) or (_stand_together(block, after) and _closes(after.text))):
            found.update((block.index, after.index))
        elif before is not None and is_credit(before.text) and _stand_together(before, block):
            found.update((before.index, block.index))
        elif _is_alt(block) or _has_role(block) or split(block.text)[1] is not None:
            found.add(block.index)
        elif own.isdisjoint(_NO_CAPTION):
            held = holder(before, block, after, around)
            found.update(() if held is None else (block.index,))
    return frozenset(found)


def _is_of_text(block: Block, own: Collection[str]) -> bool:
    """Whether a line in an element for credits, below a headline and above any picture, credits the text's authors:
    unless it is the credit of a picture that scripts show."""
    return (
        "credit" in own
        and PICTURE.intersection(own) == {"credit"}
        and not (_SIGN.match(block.text) or is_credit(block.text) or _names_agency(block.text))
    )


def holder(before: Block | None, block: Block, after: Block | None, around: Collection[Element]) -> Element | None:
    """The element that a caption fills, with its picture or without, where its place below one is all that tells it:
    an element is named for pictures or captions, or holds but the two; the line is set in italics in its picture's own
    paragraph; or both are centred and what stands around them is not. None for other lines."""
    if block.image is None or block.tag in HEADINGS or not _SHORTEST <= len(block.key) <= _SHORT:
        return None
    for element in block.ancestors[-2:]:
        if element not in around and _names_caption(element.get("class") or "") and _holds_little(element):
            return element
    shared = next((e for e in islice(block.image.iterancestors(), _DEEP) if e in block.ancestors), None)
    if shared is None:
        return None
    if shared not in around:
        if shared is block.element and _is_in_italics(block):
            return shared
        for element in (shared, shared.getparent()):
            if element is None or element in around or not _holds_little(element):
                break
            if (
                _names_picture(element.get("class") or "")
                or (element.tag in ("p", "center") and _is_centred(element))
                or (element is block.parent and _is_alone_with(element, block))
            ):
                return element
    return block.element if _is_centred_below(before, block, after, shared) else None


@functools.lru_cache(maxsize=4096)
def _names_caption(names: str) -> bool:
    words = frozenset(words_of(names))
    if words.isdisjoint(_BELOW) or not words.isdisjoint(_DROPPED):
        return False
    return not words.isdisjoint(_PICTURED) or "cap" in names.lower().split()


@functools.lru_cache(maxsize=4096)
def _names_picture(names: str) -> bool:
    words = words_of(names)
    return not PICTURES.isdisjoint(words) and _BESIDE.isdisjoint(words)


def _holds_little(element: Element) -> bool:
    """Whether an element holds one picture at most, and no more text than a caption has."""
    return len([*islice(element.iter("img"), 2)]) < 2 and _has_room(element, _SHORT)


def _has_room(element: Element, room: int) -> bool:
    """Whether the text of an element is no longer than this."""
    for piece in element.itertext():
        room -= len(piece.strip())
        if room < 0:
            return False
    return True


def _is_alone_with(element: Element, block: Block) -> bool:
    """Whether a line is all that an element without a name holds besides a picture; and is no name below a portrait,
    nor a day beside a sign."""
    return (
        element.tag == "div"
        and _BESIDE.isdisjoint(words_of(element.get("class") or ""))
        and not block.links
        and text.count_words(block.text) >= _FEWEST
        and _has_room(element, len(block.text))
        and authors.introduced(block.text) is None
        and not dates.is_date(block.text)
    )


def _is_in_italics(block: Block) -> bool:
    """Whether all the text of a paragraph is set in italics, and its picture not among it."""
    element = block.element
    return (
        element.tag == "p"
        and _has_room(element, len(block.text))
        and any(
            text.squash("".join(e.itertext())) == block.key and e.find(".//img") is None
            for e in islice(element.iter("em", "i", "small"), _MANY)
        )
    )


def _is_centred_below(before: Block | None, block: Block, after: Block | None, shared: Element) -> bool:
    """Whether a centred line stands right below the centred element of its picture, and no other beside them is."""
    if block.image is None or not _is_centred(block.element):
        return False
    lone = [*takewhile(lambda e: e is not shared, block.image.iterancestors())]
    return (
        any(map(_is_centred, lone))
        and lone[-1].getnext() in block.ancestors
        and not any(other is not None and _is_centred(other.element) for other in (before, after))
    )


def _is_centred(element: Element) -> bool:
    return (
        element.tag == "center"
        or (element.get("align") or "").lower() == "center"
        or _CENTRED_STYLE.search(element.get("style") or "") is not None
        or not _CENTRED.isdisjoint(words_of(element.get("class") or ""))
    )


def _is_alt(block: Block) -> bool:
    """Whether a line repeats what the picture above it is called in its alt text or title. Short ones are left alone:
    names under portraits, titles of teasers."""
    if block.image is None or len(block.key) < _SHORTEST_ALT or "aside" in block.own_roles:
        return False
    return any(text.squash((block.image.get(k) or "")[:_LONGEST]).startswith(block.key) for k in ("alt", "title"))


def _has_role(block: Block) -> bool:
    """Whether an element within the line is a caption or credit by its class: <em class="image-caption">; or all of the
    line, and is called a picture's: <em class="img_desc">."""
    for element in islice(block.element.iterdescendants("span", "em", "small", "cite", "i"), _MANY):
        names = element.get("class") or ""
        if not PICTURE.isdisjoint(roles(str(element.tag), names)):
            return True
        if names and _names_caption(names) and text.squash("".join(element.itertext())) == block.key:
            return True
    return False


def _stand_together(block: Block, after: Block) -> bool:
    """Whether two lines are all the text of an element that holds a picture, or of one beside it."""
    parent = block.element.getparent()
    if parent is None or block.tag not in ("div", "p", "span"):
        return False
    if after.element.getparent() is block.element:  # the first line is text of the element around both
        parent = block.element
    elif parent is not after.element.getparent():
        return False
    element = parent if next(parent.iter("img"), None) is not None else parent.getparent()
    if element is None or next(element.iter("img"), None) is None:
        return False
    return _has_room(element, len(block.text) + len(after.text) + 20)


def _closes(line: str) -> bool:
    """Whether a line can be the credit of the caption above it: a sign, or few words that are no sentence."""
    return bool(_SIGN.match(line)) or (
        len(line) <= 50
        and len(line.split()) <= 6
        and not _SENTENCE_END.search(line)
        and not any(map(str.isdigit, line))
    )


def parts(block: Block) -> list[tuple[str, bool]]:
    """The text of a caption block as (text, is credit) pieces: a credit often is a <span> at the end of the caption."""
    if is_credit(block.text):
        return [(block.text, True)]
    if "credit" in block.own_roles or (_closes(block.text) and "source" in words_of(block.element.get("class") or "")):
        caption, credit = split(block.text)
        if caption and credit and len(caption.split()) >= 5:
            return [(caption, False), (credit, True)]
        return [(block.text, True)]
    inline = block.element.iterdescendants("span", "small", "cite", "em", "i", "a", "strong", "b")
    for element in islice(inline, _MANY):
        line = text.one_line(element.text_content())
        sure = element.tag in ("small", "cite") or "credit" in roles(element.tag, element.get("class") or "")
        if sure and line == block.text and (element.tag not in ("small", "cite") or _closes(line)):
            return [(line, True)]
        if not line or line == block.text:
            continue
        rest = block.text[: -len(line)]
        if block.text.endswith(line) and (sure or _can_be_credit(line) or _abuts(rest, line)):
            return [(_LABEL_LEFT.sub("", rest).strip(" |–—-/"), False), (line.strip(" |–—-/"), True)]
        if sure and block.text.startswith(line):
            return [(block.text[len(line) :].strip(" |–—-/"), False), (line, True)]
    return [(block.text, False)]


def maker(blocks: Sequence[Block]) -> str | None:
    """The name in an element for authors among the lines of a <figcaption>: who made the picture."""
    named = (b.text for b in blocks if "byline" in b.own_roles and (_closes(b.text) or is_credit(b.text)))
    return next(named, None)


def closing_credit(lines: Sequence[str]) -> str | None:
    """The last of a picture's lines, where it is too short for a caption and follows one: "Ana Onyx / Accra Times"."""
    if len(lines) < 2 or not _closes(lines[-1]) or len(lines[-2]) < len(lines[-1]):
        return None
    return lines[-1]


def opening_credit(lines: Sequence[str]) -> str | None:
    """The first of a picture's lines, where it is the name of an agency and a caption follows: "Getty Images"."""
    if len(lines) < 2 or not _closes(lines[0]) or len(lines[1]) < len(lines[0]):
        return None
    return lines[0] if _names_agency(lines[0]) else None


def in_title(image: Element, caption: str) -> str | None:
    """What the title of a picture says behind its caption: title="Ana Onyx at the harbour | A. Pyrite/AFP"."""
    title = text.one_line(image.get("title") or "")
    rest = title.removeprefix(caption).strip(" |–—-/()") if title.startswith(caption) else ""
    return rest if 2 <= len(rest) <= 80 else None


def _can_be_credit(line: str) -> bool:
    line = line.strip(" |–—-/()[]")
    return len(line) <= 60 and bool(
        is_credit(line) or _LABELLED.match(line) or _PICTURE_AGENCIES.search(line) or _NAME.match(line)
    )


def _abuts(caption: str, line: str) -> bool:
    """Whether an element's text follows a full stop without a space, as only a template sets it."""
    return caption.endswith((".", "!", "?")) and line[:1].isupper() and _closes(line)
