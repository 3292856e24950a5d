"""A page's tree -> what its publisher says of it in structured data: JSON-LD and <meta> (OpenGraph, Dublin Core, …).

Nothing is judged here: each field holds what was found, in order of appearance, as text. Who wins is decided in
crawler.headlines, crawler.dates and crawler.bylines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any

import orjson

from crawler import markup, text
from crawler.markup import Element

#: schema.org types that are an article: NewsArticle, ReportageNewsArticle, BlogPosting, LiveBlogPosting, Report, …
_ARTICLE = ("Article", "Posting", "Report", "Review")
#: Below these keys stand other articles: teasers, entries of a live blog, parts of a series.
_OTHERS = frozenset(
    [
        "itemListElement",
        "hasPart",
        "isPartOf",
        "liveBlogUpdate",
        "relatedLink",
        "mentions",
        "about",
        "citation",
        "review",
        "comment",
        "video",
        "associatedMedia",
    ]
)
_MAX_NODES = 5_000
_MAX_DEPTH = 12

_JUNK = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_COMMENT = re.compile(r"^\s*/\*.*?\*/|(?:^|(?<=[,{\[]))[ \t]*//(?!\s*<!\[CDATA|\s*\]\]>).*$", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,;]*")
_DECODER = json.JSONDecoder(strict=False)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_NESTED = 3  #: lists in one another that are looked into
_CONTROL = re.compile(r"[\x00-\x1f]+")
_MARKUP = re.compile(r"<[^>]{1,300}>")
_BREAK = re.compile(r"[\r\n]+|<(?:br|/p|/h[1-6]|/li|/div)\b[^>]{0,100}>|&lt;(?:br|/p)\b.{0,20}?&gt;", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page's structured data says."""

    article: Mapping[str, Any] = field(default_factory=dict)  #: the JSON-LD node of the page's own article, else empty
    page: Mapping[str, Any] = field(default_factory=dict)  #: the JSON-LD node of the WebPage, else empty
    nodes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: JSON-LD nodes by @id
    types: frozenset[str] = frozenset()  #: every JSON-LD @type on the page
    is_live: bool = False  #: whether one of the page's own JSON-LD nodes is a live blog
    meta: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  #: <meta> name, property or itemprop, lower case -> contents
    canonical: str | None = None  #: href of rel=canonical, as written
    language: str | None = None  #: lang of <html>, as written

    @property
    def is_unfree(self) -> bool:
        """Whether the article is said to be for subscribers."""
        return self.article.get("isAccessibleForFree") in (False, "false", "False", 0, "0")

    def first(self, *names: str) -> str | None:
        """The first content of the first of these meta names that the page has."""
        for name in names:
            for content in self.meta.get(name, ()):
                return content
        return None

    def contents(self, names: str) -> Iterator[str]:
        """The contents of all these meta names, which white space parts, in the order of the names."""
        for name in names.split():
            yield from self.meta.get(name, ())

    def resolve(self, value: Any) -> list[Any]:
        """A JSON-LD value as a list, lists in it flat, values out of their objects ({"@value": …}), references
        ({"@id": …}) replaced by the nodes that they name."""
        return [
            self.nodes.get(v["@id"], v)
            if isinstance(v, dict) and set(v) <= {"@id", "@type"} and isinstance(v.get("@id"), str)
            else v
            for v in islice(_flat(value), 100)
        ]

    def string(self, key: str) -> str | None:
        """A field of the article node, else of the page's, as one line of plain text."""
        return next((line for value in self._strings(key) if (line := plain(value))), None)

    def paragraphs(self, key: str) -> list[str]:
        """The same, parted where its lines end, or its markup parts it."""
        parts = (_BREAK.split(value) for value in self._strings(key))
        return next((lines for some in parts if (lines := [line for part in some if (line := plain(part))])), [])

    def _strings(self, key: str) -> Iterator[str]:
        for value in self.resolve(self.article.get(key) or self.page.get(key)):
            if isinstance(value, dict):
                value = value.get("name")
            elif isinstance(value, int) and not isinstance(value, bool):
                value = str(value)  # a date in seconds, a headline that is a year
            if isinstance(value, str):
                yield value

    def descriptions(self) -> list[str]:
        """What sums the page up: of JSON-LD, then of <meta>."""
        stated = self.string("description")
        return [*([stated] if stated else []), *self.contents("description og:description")]

    def names(self, key: str) -> list[str]:
        """The `name` of every thing under a field of the article node."""
        return list(self._names(self.article.get(key), 0))

    def persons(self, key: str) -> list[str]:
        """The same without what is typed as an organization."""
        things = self.resolve(self.article.get(key))
        return [name for thing in things if not _is_organization(thing) for name in self._names(thing, 0)]

    def _names(self, value: Any, depth: int) -> Iterator[str]:
        for thing in self.resolve(value):
            if isinstance(thing, str):
                if line := plain(thing):
                    yield line
            elif isinstance(thing, dict) and depth < 3:
                name = (
                    thing.get("name") or " ".join(str(thing.get(k) or "") for k in ("givenName", "familyName")).strip()
                )
                if name:
                    yield from self._names(name, depth + 1)


def _flat(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, dict):
        value = value.get("@list") or value.get("@set") or value.get("@value") or value
    if isinstance(value, list):
        for part in value if depth < _NESTED else ():
            yield from _flat(part, depth + 1)
    elif value is not None:
        yield value


def _is_organization(thing: Any) -> bool:
    return isinstance(thing, dict) and any(t.endswith("Organization") for t in _types(thing))


def plain(string: str) -> str:
    """A value of structured data as one line of plain text: markup out, character references resolved (once more)."""
    if "<" in string:
        string = _MARKUP.sub(" ", string)
    if "&" in string and _ENTITY.search(string):
        string = unescape(string)
    return text.one_line(string)


def read(tree: Element, url: str) -> Metadata:
    """The structured data of a page; `url` tells its own article from others that it describes."""
    meta: dict[str, list[str]] = {}
    canonical = None
    scripts = []
    for element in tree.iter("meta", "link", "script"):
        if element.tag == "meta":
            content = element.get("content")
            if content and (line := plain(content)) and not _is_cut(element):
                if element.get("itemprop") is not None and markup.is_of_media(element):
                    continue
                for name in {element.get(k) for k in ("property", "name", "itemprop", "http-equiv")} - {None}:
                    key = name.strip().lower()
                    if key == "name" and (thing := element.getparent()) is not None:
                        key = (thing.get("itemprop") or key).strip().lower()  # of the author, of the publisher
                    if key.endswith(":time"):  # some templates write article:published:time
                        key = f"{key.removesuffix(':time')}_time"
                    meta.setdefault(key, []).append(line)
        elif element.tag == "link":
            if canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                canonical = (element.get("href") or "").strip() or None
        elif "ld+json" in (element.get("type") or "").lower() and element.text:
            scripts.append(element.text)
    nodes = [node for script in scripts for node in _nodes(_load(script))]
    by_id: dict[str, Mapping[str, Any]] = {}
    types: set[str] = set()
    for node, _ in nodes:
        if isinstance(node.get("@id"), str) and len(node) > len(by_id.get(node["@id"], ())):
            by_id[node["@id"]] = node
        types.update(_types(node))
    return Metadata(
        article=_own(nodes, url),
        page=next((node for node, other in nodes if not other and any(t.endswith("Page") for t in _types(node))), {}),
        nodes=by_id,
        types=frozenset(types),
        is_live=any("LiveBlogPosting" in _types(node) for node, other in nodes if not other),
        meta={name: tuple(contents) for name, contents in meta.items()},
        canonical=canonical,
        language=markup.language(tree),
    )


def _is_cut(element: Element) -> bool:
    """Whether a quotation mark that nobody escaped ends an attribute early, and what follows it became the names of
    others: 3 of 130 pages have content="Mill "closes" on Monday"."""
    return any('"' in name or "'" in name for name in element.keys())  # noqa: SIM118


def _types(node: Mapping[str, Any]) -> list[str]:
    value = node.get("@type")
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _load(script: str) -> Any:
    try:
        return orjson.loads(script)
    except ValueError:
        pass
    # Character references may stand for its own signs as well as for those of a string within it.
    return _mended(script) or (_mended(unescape(script)) if "&quot;" in script else [])


def _mended(script: str) -> list[Any]:
    """The documents of a script without common faults: a comment or CDATA around it, comments at the ends of lines, raw
    newlines in strings, an escaped apostrophe, a comma before the closing bracket, several documents."""
    script = _JUNK.sub("", _JUNK.sub("", _COMMENT.sub("", script.lstrip("\ufeff"))))
    script = _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", script)).replace("\\'", "'")
    documents: list[Any] = []
    place = 0
    while (place := _BETWEEN.match(script, place).end()) < len(script):  # type: ignore[union-attr]
        try:
            document, place = _DECODER.raw_decode(script, place)
        except (ValueError, RecursionError):
            break
        documents.append(document)
    return documents


def _nodes(data: Any) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Every object in a JSON-LD document with whether it stands among other articles (a list of teasers)."""
    stack: list[tuple[Any, bool, int]] = [(data, False, 0)]
    count = 0
    while stack and count < _MAX_NODES:
        value, other, depth = stack.pop()
        if isinstance(value, list):
            stack.extend(
                (v, other, depth + 1) for v in reversed(value) if isinstance(v, list | dict) and depth < _MAX_DEPTH
            )
        elif isinstance(value, dict):
            count += 1
            yield value, other
            if depth < _MAX_DEPTH:
                stack.extend(
                    (v, other or k in _OTHERS, depth + 1)
                    for k, v in reversed(value.items())
                    if isinstance(v, list | dict)
                )


def _own(nodes: list[tuple[Mapping[str, Any], bool]], url: str) -> Mapping[str, Any]:
    """The page's own article: the one with its URL, else the fullest that does not stand in a list of others."""
    articles = [(node, other) for node, other in nodes if any(t.endswith(_ARTICLE) for t in _types(node))]
    path = url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]

    def rank(pair: tuple[Mapping[str, Any], bool]) -> tuple[bool, bool, bool, int]:
        node, other = pair
        page = node.get("mainEntityOfPage")
        addresses = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
        mine = bool(path) and any(isinstance(a, str) and path in a for a in addresses)
        return not other, mine, bool(node.get("headline")), len(node)

    return max(articles, key=rank, default=({}, False))[0]
