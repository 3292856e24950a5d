"""A page's figures and structured images -> images with caption and credit apart.

A credit is told by the element that holds it (class "credit", "copyright", …), else by how captions end:
"(Photo: Reuters)", "/ AFP PHOTO / NAME", "© Name", "Foto: Name/dpa".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin

from crawler import agencies, text
from crawler.blocks import Block, roles
from crawler.body import PICTURE
from crawler.items import Image
from crawler.markup import Element
from crawler.metadata import Metadata, plain

_LABEL = (
    r"(?:photo(?:graph)?(?:s|ie|graphie)?|pictures?|image[ns]?|bild(?:er|rechte|quelle)?|fotos?|fotografía|foto[ -]?credit|crédit(?:s)?(?: photo)?|"
    r"credits?|source|quelle|fuente|fonte|bron|kuva|illustration|grafik|graphic|copyright|video|imagen|imagem|immagine|фото|by)"
)
#: A bracket, a bar, a sign or a label that opens the credit at the end of a caption.
_TAILS = (
    re.compile(rf"^(?P<caption>.*?)\s*[(\[]\s*(?P<credit>(?:{_LABEL}\b\s*[:：]?\s*|©|\(c\)\s*)[^()\[\]]{{2,120}}?)\s*[)\]]\W*$", re.IGNORECASE | re.DOTALL),
    re.compile(r"^(?P<caption>.*?[.!?”\"’)]|.{10,}?)\s+/\s*(?P<credit>[A-Z]{2,}(?: PHOTO)?(?:\s*/\s*.{2,60})?)$", re.DOTALL),
    re.compile(r"^(?P<caption>.*?)\s*(?P<credit>©.{2,120})$", re.DOTALL),
    re.compile(rf"^(?P<caption>.*?)(?:^|[\s|–—•/-])\s*(?P<credit>{_LABEL}\s?(?:by|credits?|courtesy(?: of)?|from)?\s*[:：/]\s*.{{2,120}})$", re.IGNORECASE | re.DOTALL),
    re.compile(r"^(?P<caption>.*?[.!?”\"’])\s+(?P<credit>(?:photo|image|picture)s? (?:by|courtesy of) .{2,80})$", re.IGNORECASE | re.DOTALL),
)  # fmt: skip
_BRACKET = re.compile(r"^(?P<caption>.{10,}?)\s*[(\[](?P<credit>[^()\[\]]{2,80})[)\]]\W*$", re.DOTALL)
_SLASHES = re.compile(r"^(?P<caption>.+?[.!?”\"’])\s+(?P<credit>[^.!?]{2,60}(?:/|\s\|\s|\svia\s)[^.!?]{2,40})$", re.DOTALL)
_PICTURE_AGENCIES = re.compile(
    r"\b(?:getty|shutterstock|imago|picture alliance|epa|istock|keystone|alamy|afp|reuters|ap photo|dpa|ansa|efe|pool|via ap|zuma|unsplash|pixabay|flickr|wikimedia)\b",
    re.IGNORECASE,
)
_SKIP = re.compile(r"(?:logo|avatar|icon|sprite|pixel|placeholder|spacer|1x1|blank\.)", re.IGNORECASE)
_MAX_IMAGES = 40


def split(caption: str) -> tuple[str | None, str | None]:
    """A caption as printed -> the caption without its credit, and the credit without its brackets."""
    caption = text.one_line(caption)
    for pattern in _TAILS:
        if match := pattern.match(caption):
            return match["caption"].strip(" |–—-/•") or None, match["credit"].strip()
    for pattern in (_BRACKET, _SLASHES):
        match = pattern.match(caption)
        if match and (_PICTURE_AGENCIES.search(match["credit"]) or agencies.name(match["credit"])):
            return match["caption"].strip() or None, match["credit"].strip()
    return caption or None, None


def read(blocks: Sequence[Block], container: Element, metadata: Metadata, url: str) -> tuple[Image, ...]:
    """The images of the article: the one that structured data leads with, and those with a caption inside `container`.

    `blocks` are those of the page. A caption or picture that stands twice is given once.
    """
    found: dict[str, Image] = {}
    for address, caption, credit in (*_figures(blocks, container, url), *_structured(metadata, url)):
        key = text.squash(caption or "") or _name(address)
        if not key or len(found) >= _MAX_IMAGES:
            continue
        known = found.get(key) or next((i for i in found.values() if address and i.url and _name(i.url) == _name(address)), None)
        if known is None:
            found[key] = Image(url=address, caption=caption, credit=credit)
        elif not known.credit and credit and found.get(key):
            found[key] = Image(url=known.url or address, caption=known.caption, credit=credit)
    return tuple(found.values())


def _name(address: str | None) -> str:
    return re.sub(r"[-_]?\d+x\d+", "", (address or "").split("?")[0].rsplit("/", 1)[-1])


def _figures(blocks: Sequence[Block], container: Element, url: str) -> Iterator[tuple[str | None, str | None, str | None]]:
    groups: dict[int, tuple[Element, list[Block]]] = {}
    around = frozenset((container, *container.iterancestors()))
    for block in blocks:
        if container not in block.ancestors or PICTURE.isdisjoint(block.roles(around)):
            continue
        figure = _figure(block, container)
        groups.setdefault(id(figure), (figure, []))[1].append(block)
    for figure, lines in groups.values():
        captions: list[str] = []
        credits: list[str] = []
        for block in lines:
            for part in _parts(block):
                (credits if part[1] else captions).append(part[0])
        caption, credit = split(" ".join(dict.fromkeys(captions))) if captions else (None, None)
        named = " ".join(dict.fromkeys(credits)).strip(" |()[]") or None
        yield _address(figure, url), caption, named or credit


def _parts(block: Block) -> list[tuple[str, bool]]:
    """The text of a caption block as (text, is credit) pieces: a credit often is a <span> inside the caption."""
    if "credit" in block.marks[-1]:
        return [(block.text, True)]
    for element in block.element.iterdescendants("span", "small", "cite", "em", "i", "a"):
        if element.tag in ("small", "cite") or "credit" in roles(element.tag, element.get("class") or ""):
            line = text.one_line(element.text_content())
            if line and block.text.endswith(line) and line != block.text:
                return [(block.text[: -len(line)].strip(" |–—-/"), False), (line, True)]
            if line and block.text.startswith(line) and line != block.text:
                return [(block.text[len(line) :].strip(" |–—-/"), False), (line, True)]
            if line == block.text:
                return [(line, True)]
    return [(block.text, False)]


def _figure(block: Block, container: Element) -> Element:
    """The element that holds the caption's picture: <figure>, else the nearest one with an <img>, three levels up at most."""
    for element in reversed(block.ancestors):
        if element.tag == "figure":
            return element
    for element in list(reversed(block.ancestors))[:4]:
        if element is container:
            break
        if next(element.iter("img"), None) is not None:
            return element
    return block.element


def _address(figure: Element, url: str) -> str | None:
    for image in figure.iter("img"):
        for attribute in ("data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset"):
            value = (image.get(attribute) or "").strip().split(" ")[0].rstrip(",")
            if value and not value.startswith("data:") and not _SKIP.search(value):
                return _join(url, value)
    return None


def _join(url: str, value: str) -> str | None:
    try:
        return urljoin(url, value)
    except ValueError:
        return None


def _structured(metadata: Metadata, url: str) -> Iterator[tuple[str | None, str | None, str | None]]:
    for image in metadata.resolve(metadata.article.get("image")):
        if isinstance(image, str):
            yield _join(url, image), None, None
        elif isinstance(image, dict):
            address = _string(image.get("url") or image.get("contentUrl") or image.get("@id"))
            caption, credit = split(_string(image.get("caption") or image.get("description")) or "")
            named = _string(image.get("creditText") or image.get("copyrightNotice") or image.get("author") or image.get("creator"))
            yield (_join(url, address) if address else None), caption, named or credit
    if main := metadata.first("og:image", "twitter:image"):
        yield _join(url, main), None, None


def _string(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("url")
    return plain(value) if isinstance(value, str) else None
