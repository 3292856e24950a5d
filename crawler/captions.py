"""What under a picture is caption, and what is credit.

A credit is told by the element that holds it (class "credit", "copyright", …), else by how captions end:
"(Photo: Reuters)", "/ AFP PHOTO / NAME", "© Name", "Foto: Name/dpa", "＝ＡＰ".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import zip_longest

from crawler import agencies, text
from crawler.blocks import Block, roles
from crawler.markup import Element

#: Roles of the elements that hold captions and credits.
PICTURE = frozenset(("caption", "credit", "figcaption", "figure"))
#: Longer ones are no captions.
_LONGEST = 700

#: Words before a photographer's name. The second list stands before sources of texts too, so alone it proves nothing.
_PICTURE_LABEL = (
    r"(?:photo(?:graph)?(?:s|ie|graphie|[ -]?credit)?|pictures?|images?|bild(?:er|rechte|quelle|nachweis)?|fotos?|"
    r"fotografía|foto[ -]?credit|"
    r"crédit(?:s)?(?: photo)?|kuva|imagen|imagem|immagine|фото|ảnh|사진(?: 출처)?|写真|图源)"
)
_LABEL = (
    rf"(?:{_PICTURE_LABEL}|credits?|source|quelle|fuente|fonte|bron|illustration|grafik|graphic|copyright|video|by)"
)
#: A bracket, a bar, a sign or a label that opens the credit at the end of a caption.
_TAILS = tuple(
    re.compile(rf"^(?P<caption>{caption})(?P<credit>{credit}){end}$", re.DOTALL | flags)
    for caption, credit, end, flags in (
        (
            r".*?\s*[(\[]\s*",
            rf"(?:{_LABEL}\b\s*[:：=]?\s*|©|\(c\)\s*)[^()\[\]]{{2,120}}?",
            r"\s*[)\]]\W*",
            re.IGNORECASE,
        ),
        (r"(?:.*?[.!?”\"’)]|.{10,}?)\s+/\s*", r"[A-Z]{2,}(?: PHOTO)?(?:\s*/\s*.{2,60})?", "", 0),
        (r".*?\s*", r"(?:©|ⓒ|[（(][CcＣ][)）]).{2,120}", "", 0),
        (r".{5,}?＝", r"[^＝\d]{1,15}", "", 0),
        (r".{10,}?\s", r"[A-Z]{2,7}\s?/\s?[A-Z][^.!?]{2,40}", "", 0),
        (
            r"(?:.*?[\s|–—•/-])?\s*",
            rf"{_LABEL}\s?(?:by|credits?|courtesy(?: of)?|from)?\s*[:：/]\s*.{{2,120}}",
            "",
            re.IGNORECASE,
        ),
        (
            r".*?(?:[.!?”\"’]|\s[–—-])\s+",
            r"(?:photo|image|picture)s? (?:by|courtesy of) .{2,80}",
            "",
            re.IGNORECASE,
        ),
    )
)
_NAMES = re.compile(r"^(?P<caption>.*[.!?”\"’»)])\s*(?P<credit>[^.!?]{2,60})$", re.DOTALL)
#: A credit alone: a label and a name.
_ALONE = re.compile(rf"^{_PICTURE_LABEL}\s?(?:by|credits?|courtesy(?: of)?)?\s*[:：]\s*\S.{{1,80}}$", re.IGNORECASE)
_BRACKET = re.compile(r"^(?P<caption>.{10,}?)\s*[(\[](?P<credit>[^()\[\]]{2,80})[)\]]\W*$", re.DOTALL)
_SLASHES = re.compile(
    r"^(?P<caption>.+?[.!?”\"’])\s+(?P<credit>[^.!?]{2,60}(?:/|\s\|\s|\svia\s)[^.!?]{2,40})$", re.DOTALL
)
_PICTURE_AGENCIES = re.compile(
    r"\b(?:getty|shutterstock|imago|picture alliance|epa|istock|keystone|alamy|afp|reuters|ap photo|dpa|ansa|efe|"
    r"pool|via ap|zuma|unsplash|pixabay|flickr|wikimedia)\b",
    re.IGNORECASE,
)

#: A name, perhaps with a paper or picture agency: "A. Onyx / Agency".
_NAME = re.compile(r"^[A-ZÀ-Þ][\w.’'-]+(?:\s[A-ZÀ-Þ][\w.’'-]+){1,3}(?:\s?[/|-]\s?[\w .&]{2,30}){0,2}$")


def split(caption: str) -> tuple[str | None, str | None]:
    """A caption as printed -> the caption without its credit, and the credit without its brackets."""
    caption = text.one_line(caption)
    if len(caption) > _LONGEST:
        return caption, None
    for pattern in _TAILS:
        if match := pattern.match(caption):
            return match["caption"].strip(" |–—-/•([＝") or None, match["credit"].strip()
    for pattern in (_BRACKET, _SLASHES, _NAMES):
        match = pattern.match(caption)
        if match and (_PICTURE_AGENCIES.search(match["credit"]) or agencies.name(match["credit"])):
            return match["caption"].strip() or None, match["credit"].strip()
    return caption or None, None


def is_credit(line: str) -> bool:
    """Whether a line is the credit of a picture and nothing else: "Image: A. Onyx"."""
    return len(line) <= 100 and bool(_ALONE.match(line))


def find(blocks: Sequence[Block], around: Collection[Element] = ()) -> frozenset[int]:
    """Indexes of the blocks that are captions or credits: by their element, or by standing between a picture and a
    credit. `around` is an element with its ancestors, whose roles do not count."""
    found = set()
    for block, follower in zip_longest(blocks, blocks[1:]):
        between = (
            block.image is not None
            and len(block.text) <= 400
            and ((follower is not None and is_credit(follower.text)) or split(block.text)[1] is not None)
        )
        if between or not PICTURE.isdisjoint(block.roles(around)) or is_credit(block.text):
            found.add(block.index)
    return frozenset(found)


def parts(block: Block) -> list[tuple[str, bool]]:
    """The text of a caption block as (text, is credit) pieces: a credit often is a <span> at the end of the caption."""
    if "credit" in block.marks[-1] or is_credit(block.text):
        return [(block.text, True)]
    for element in block.element.iterdescendants("span", "small", "cite", "em", "i", "a", "strong", "b"):
        line = text.one_line(element.text_content())
        sure = element.tag in ("small", "cite") or "credit" in roles(element.tag, element.get("class") or "")
        if sure and line == block.text:
            return [(line, True)]
        if not line or line == block.text:
            continue
        if block.text.endswith(line) and (sure or _can_be_credit(line)):
            return [(block.text[: -len(line)].strip(" |–—-/"), False), (line, True)]
        if sure and block.text.startswith(line):
            return [(block.text[len(line) :].strip(" |–—-/"), False), (line, True)]
    return [(block.text, False)]


def _can_be_credit(line: str) -> bool:
    return len(line) <= 60 and bool(is_credit(line) or _PICTURE_AGENCIES.search(line) or _NAME.match(line))
