"""A page's figures and structured images -> images with caption and credit apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urljoin

from crawler import captions, furniture, text
from crawler.blocks import Block
from crawler.body import Body
from crawler.characters import printable
from crawler.controls import is_control
from crawler.items import Image
from crawler.markup import Element
from crawler.metadata import Metadata, plain

#: In the path of what is no picture of an article: a placeholder, a sign. Not "silicon" or "lexicon".
_SKIP = re.compile(
    r"placeholder|spacer|1x1|blank\.|pixel\.(?:gif|png)|(?<![a-z])(?:logo|avatar|icon|sprite)s?(?![a-z])"
)
_HOST = re.compile(r"^(?:https?:)?//[^/?#]*")
_MAX_IMAGES = 40
_MOST, _DEEP = 500, 12  #: images of a page, and elements around one, that are looked at
_CELLS = 2  #: of a table that holds a picture and its caption, and no figures
#: Attributes of an <img> that gives what it loads late; its src is a placeholder then.
_LATE = re.compile(r"data-(?:[\w-]*src|original|lazy|url)")
#: How the name of a file tells one cut of a picture from another: "-800x450", "_v16_9_1200", "-4-3-800".
_CROP = re.compile(
    r"[-_]v?(?:16[-_x]9|9[-_x]16|21[-_x]9|4[-_x]3|3[-_x][24]|2[-_x][13]|1[-_x]1)[-_]w?(?P<width>\d{3,4})(?!\d)"
    r"|[-_]?\d+x\d+"
)
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)[wx](?:,|$)")  # behind the comma the next address may stand
#: Lines of players and galleries: durations, counters, consent.
_JUNK = re.compile(
    r"^\W*(?:\d+\s*(?:bilder|fotos?|photos?|images?|pictures|imágenes|immagini|kuvaa)|"
    r"(?:image|photo|bild|foto|imagen|imagem|slide)?\s*\d+\s*(?:of|von|de|di|/)\s*\d+|"
    r"(?:(?:audio|video|podcast)\W*)?[\d:.|\s]*\d\s*(?:min(?:\.|utes?|uten)?|sek\.?|sec\.?|uhr)?)\W*$|"
    r"^\W*(?:hide caption|now playing|view this image|(?:open|view) (?:gallery|slideshow)|slideshow\W*\d+ images?)\W*$|"
    r"^[\d:]{4,8}\s+-\s+|^-\s+source:|\blesezeit\b|\bmin(?:ute)?s? read\b|\bautoplay\b",
    re.IGNORECASE,
)
#: A box that asks for something is no picture's.
_APPEAL = re.compile(r"\bnewsletters?\b|\bsubscri(?:be|bing|ption)\b|\babonn(?:ieren|ez)\b", re.IGNORECASE)
_SPOKEN = re.compile(r"^(?:Credit ?)?Credit(?:\.{3})?(?:(?=[A-ZÀ-Þ][a-zà-þ.])|\s(?=[A-ZÀ-Þ][\w.’'-]*\s\S))")
_TWICE = re.compile(r"(.{4,}?)\s*\(\1\)$")
_PORTRAIT = re.compile(r"^(?:by|von|par|por|di|door)(?:\s+[^.!?]{2,60})?$", re.IGNORECASE)


def lend(tree: Element) -> None:
    """Let the pictures of figures stand by themselves: out of <button> and <noscript>, without which the body is
    chosen, and with the address that stands beside them in a <source> or <noscript>, if they have none."""
    for image in list(islice(tree.iter("img"), _MOST)):
        if next(filter(_is_address, _offers(image)), None) is None:
            picture = next(
                (element for element in islice(image.iterancestors(), _DEEP) if element.tag == "picture"), None
            )
            beside = image.getnext()
            if picture is not None:
                offered = (_sets(source) for source in picture.iter("source"))
                image.set("data-srcset", ", ".join(value for values in offered for value in values))
            elif beside is not None and beside.tag == "noscript" and (other := beside.find(".//img")) is not None:
                image.set("data-src", next(filter(_is_address, _offers(other)), ""))
        if (hidden := _hiding(image)) is not None:
            hidden.addprevious(image)


def _hiding(image: Element) -> Element | None:
    """The outermost element of a figure that hides its picture from who reads it without scripts, and from `read`."""
    hidden = None
    for element in islice(image.iterancestors(), _DEEP):
        if element.tag == "figure":
            # A <noscript> repeats what the figure shows, if it shows anything.
            shows = hidden is not None and hidden.tag == "noscript" and element.find(".//img") is not image
            return None if shows else hidden
        if element.tag in ("button", "noscript"):
            hidden = element
    return None


def read(blocks: Sequence[Block], body: Body | None, metadata: Metadata, url: str) -> tuple[Image, ...]:
    """The images of the article: those with a caption among `blocks` (the article's own, header included), then those
    that structured data leads with.

    What stands twice is given once, in its widest cut.
    """
    found: dict[str, Image] = {}
    for address, caption, credit in (*(_figures(blocks, body, url) if body else ()), *_structured(metadata, url)):
        key = text.squash(caption or "") or _name(address)
        if not key or len(found) >= _MAX_IMAGES:
            continue
        held = key if key in found else next((k for k, i in found.items() if _is_cut(i, address, caption)), None)
        if held is None:
            found[key] = Image(url=address, caption=caption, credit=credit)
            continue
        known = found[held]
        if held == key and not known.credit and credit:
            known = replace(known, credit=credit)
        if known.url is None or (_name(address) == _name(known.url) and _width(address) > _width(known.url)):
            known = replace(known, url=address)
        found[held] = known
    return tuple(found.values())


def _is_cut(image: Image, address: str | None, caption: str | None) -> bool:
    return not (caption and image.caption) and _name(address) == _name(image.url) != ""


def _name(address: str | None) -> str:
    return _CROP.sub("", _file(address))


def _width(address: str | None) -> int:
    """Pixels, as the name of a cut's file tells them beside its ratio; 0 of another."""
    cut = _CROP.search(_file(address))
    return int(cut["width"] or 0) if cut else 0


def _file(address: str | None) -> str:
    return (address or "").split("?")[0].rsplit("/", 1)[-1]


def _figures(blocks: Sequence[Block], body: Body, url: str) -> Iterator[tuple[str | None, str | None, str | None]]:
    groups: dict[Element, list[Block]] = {}
    for block in blocks:
        if block.index in body.pictures:
            groups.setdefault(_figure(block, body.around), []).append(block)
    for figure, printed_lines in groups.items():
        lines = [block for block in printed_lines if _is_of_picture(block, body)]
        if (
            not lines
            or next(figure.iter("blockquote"), None) is not None  # a quotation with its speaker
            or _PORTRAIT.match(lines[0].text)  # a byline with its author's portrait
            or any(len([*islice(table.iter("td", "th"), _CELLS + 1)]) > _CELLS for table in figure.iter("table"))
            or _is_card(figure, lines)
            or any(_APPEAL.search(block.text) for block in printed_lines)
        ):
            continue
        parts = [part for block in lines for part in captions.parts(block)]
        if not any(is_credit for _, is_credit in parts) and (last := captions.closing_credit([t for t, _ in parts])):
            parts[-1] = (last, True)
        elif not any(is_credit for _, is_credit in parts) and captions.opening_credit([t for t, _ in parts]):
            parts[0] = (parts[0][0], True)
        printed = " ".join(dict.fromkeys(line for line, is_credit in parts if not is_credit and line))
        named = " ".join(dict.fromkeys(line for line, is_credit in parts if is_credit)).strip(" |") or None
        caption, credit = captions.split(printed) if printed else (None, None)
        if not named and not credit and caption and figure.tag == "figure":
            named = captions.maker([block for block in printed_lines if block not in lines])
        if not named and not credit and caption and lines[0].image is not None:
            credit = captions.in_title(lines[0].image, caption)
        yield _address(figure, lines[0], url), caption, _tidy(named or credit or "") or None


def _is_card(figure: Element, lines: Sequence[Block]) -> bool:
    """Whether a figure without a picture is nothing but a link, to another article."""
    return next(figure.iter("img", "amp-img"), None) is None and all(b.links >= len(b.text) for b in lines)


def _is_of_picture(block: Block, body: Body) -> bool:
    """Whether a line among the captions is one: no control, counter or headline that the figure also holds."""
    kinds = block.roles(body.around)
    return not (
        "byline" in kinds
        or block.tag in ("h1", "h2", "h3")
        or ("standfirst" in kinds and kinds.isdisjoint(("caption", "credit", "figcaption")))
        or _JUNK.search(block.text)
        or is_control(block.text.lower())
        or (furniture.is_furniture(block.text) and "credit" not in block.own_roles)
    )


def _tidy(credit: str) -> str:
    """A credit without brackets, without words for screen readers that abut ("CreditCreditA. Onyx"), and once where a
    template prints it as a line and in brackets."""
    credit = credit.strip(" |").lstrip("-–— ")
    credit = _SPOKEN.sub("", credit[1:-1].strip() if credit[:1] + credit[-1:] in ("()", "[]") else credit)
    return match[1] if (match := _TWICE.match(credit)) else credit


def _figure(block: Block, around: Collection[Element]) -> Element:
    """The element that holds the caption's picture: <figure>, else the nearest one with an <img>, three levels up
    at most."""
    for element in reversed(block.ancestors):
        if element.tag == "figure":
            return element
    for element in list(reversed(block.ancestors))[:4]:
        if element in around:
            break
        if next(element.iter("img"), None) is not None:
            return element
    return block.element if block.image is None else block.image


def _address(figure: Element, block: Block, url: str) -> str | None:
    for image in (*figure.iter("img", "amp-img"), *([] if block.image is None else [block.image])):
        for value in filter(_is_address, _offers(image)):
            return _join(url, value)
    return None


def _is_address(value: str) -> bool:
    return bool(value) and not value.startswith("data:") and not _SKIP.search(_HOST.sub("", value).lower())


def _offers(image: Element) -> Iterator[str]:
    late = (name for name in map(str, image.keys()) if name.startswith("data-") and _LATE.fullmatch(name))
    yield from ((image.get(name) or "").strip() for name in late)
    yield (image.get("src") or "").strip()
    yield from map(_largest, _sets(image))


def _sets(element: Element) -> list[str]:
    """What an <img> or <source> offers to choose from: srcset, data-srcset, data-lazy-srcset, …"""
    values = (element.get(name) or "" for name in sorted(map(str, element.keys())) if name.endswith("srcset"))
    return [value for value in values if value and not value.startswith("data:")]


def _largest(offered: str) -> str:
    """The address of the largest picture that a srcset offers, by its width or density (HTML, 4.8.4.2.1)."""
    largest, most = offered.partition(",")[0].strip(), 0.0
    for address, given in pairwise(offered.split()):
        if (size := _SIZE.match(given)) and float(size[1]) > most:
            largest, most = _SIZE.sub("", address), float(size[1])
    return largest


def _join(url: str, value: str) -> str | None:
    try:
        return printable(urljoin(url, value)) or None
    except ValueError:
        return None


def _structured(metadata: Metadata, url: str) -> Iterator[tuple[str | None, str | None, str | None]]:
    for image in metadata.resolve(metadata.article.get("image")):
        if isinstance(image, str):
            yield _join(url, image), None, None
        elif isinstance(image, dict):
            address = _string(image.get("url") or image.get("contentUrl") or image.get("@id"))
            caption, credit = captions.split(_string(image.get("caption") or image.get("description")) or "")
            named = _string(
                image.get("creditText") or image.get("copyrightNotice") or image.get("author") or image.get("creator")
            )
            yield (_join(url, address) if address else None), caption, named or credit
    if main := metadata.first("og:image", "twitter:image"):
        yield _join(url, main), None, None


def _string(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("url")
    return plain(value) if isinstance(value, str) else None
