"""papers/ -> invented papers and their articles, served on 127.0.0.1, a port each; their publishers.toml; the truth.

A paper is a folder: `paper.toml` (who it is, its feeds, the parts of its pages), `page.html` and further templates
(string.Template), and one text file an article: `field: value` lines, a blank line, paragraphs split by blank lines
(one that begins with "<" is markup between them: a teaser, an advertisement). A field that a template names is there in
two ways: `$headline` escaped for HTML, `$headline_json` as a JSON string. `$body` is the paragraphs, `dateline` before
the first and `mark` after the last. A part is left out when its article lacks a field that it names.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from pathlib import Path
from string import Template
from typing import Any

from crawler.demo.feeds import KINDS, Channel, Line
from crawler.demo.server import Request, Response, Server

PAPERS = Path(__file__).parent / "papers"
FIRST_PORT = 8771  #: fixed, so that a second `make demo` finds the URLs of the first


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its paper prints it."""

    path: str
    fields: Mapping[str, str]  #: headline, published (ISO 8601 with offset), …: the head of its file
    paragraphs: tuple[str, ...]

    @property
    def headline(self) -> str:
        return self.fields["headline"]

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(self.fields["published"])

    @property
    def dated(self) -> list[str]:
        """The paragraphs, the dateline before the first."""
        return [" ".join(filter(None, [self.fields.get("dateline"), self.paragraphs[0]])), *self.paragraphs[1:]]

    @property
    def body(self) -> str:
        """What a reader reads below the headline, split by blank lines: the standfirst once, no mark."""
        texts = [text for text in self.dated if not text.startswith("<")]
        standfirst = self.fields.get("standfirst", self.paragraphs[0])
        return "\n\n".join(texts if standfirst == self.paragraphs[0] else [standfirst, *texts])


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a paper lists its articles."""

    kind: str  #: of crawler.demo.feeds.KINDS
    path: str
    links: str = "$base$path"  #: how it links an article
    dates: str = "offset"
    lists: tuple[str, ...] = ()  #: paths of further sitemaps, for an index


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An invented publisher, with what it prints."""

    key: str  #: its folder's name
    name: str
    language: str
    country: str
    feeds: tuple[Feed, ...]
    parts: Mapping[str, str]  #: name -> template of a piece of a page; "paragraph" makes the body
    templates: Mapping[str, str]  #: file name -> template of a page
    articles: tuple[Article, ...]  #: newest first
    twins: Mapping[str, str] = field(default_factory=dict)  #: further path of each article -> its template's name
    timezone: str | None = None
    agency: str | None = None
    charset: str = "utf-8"
    compressed: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """The truth about an article: which story it tells, and how."""

    story: str  #: key of a story in truth.json
    relation: str | None  #: as docs/vocabulary.md defines it; None for a story of one
    agency: str | None  #: of the story
    signs: tuple[str, ...]  #: the evidence of its agency that the page itself shows, in docs/vocabulary.md's words
    article: Article


def papers() -> tuple[Paper, ...]:
    """The bundled papers, in alphabetical order of their keys."""
    return tuple(_paper(folder) for folder in sorted(PAPERS.iterdir()) if folder.is_dir())


def _paper(folder: Path) -> Paper:
    data: dict[str, Any] = tomllib.loads((folder / "paper.toml").read_text("utf-8"))
    data["feeds"] = tuple(Feed(**feed) for feed in data["feeds"])
    articles = [_article(file.read_text("utf-8")) for file in folder.glob("*.txt")]
    articles.sort(key=lambda article: article.published, reverse=True)
    templates = {file.name: file.read_text("utf-8") for file in folder.glob("*.html")}
    return Paper(key=folder.name, articles=tuple(articles), templates=templates, **data)


def _article(text: str) -> Article:
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    paragraphs = tuple(" ".join(paragraph.split()) for paragraph in body.split("\n\n"))
    return Article(fields.pop("path"), fields, paragraphs)


@contextmanager
def serve(ports: Iterable[int] | None = None) -> Iterator[dict[str, Server]]:
    """Serve every paper while the `with` lasts: paper's key -> its server.

    `ports` are taken in the papers' order: FIRST_PORT and up by default, `itertools.count(9000)` for another first one,
    `itertools.repeat(0)` for any free ones. Raises ValueError if they are too few, crawler.demo.server.PortError, which
    names the port, if one cannot be had.
    """
    numbers = iter(count(FIRST_PORT) if ports is None else ports)
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        for paper in papers():
            port = next(numbers, None)
            if port is None:
                raise ValueError(f"no port is left for {paper.key}: every paper needs one")
            servers[paper.key] = stack.enter_context(Server(_answers(paper, servers), port))
        yield servers


def publishers_toml(servers: Mapping[str, Server]) -> str:
    """The publishers.toml that names the served papers."""
    tables = []
    for paper in papers():
        server = servers[paper.key]
        within = {path for feed in paper.feeds for path in feed.lists}
        polled = [feed for feed in paper.feeds if feed.path not in within]
        values = {
            "name": paper.name,
            "language": paper.language,
            "country": paper.country,
            "homepage": server.url("/"),
            "timezone": paper.timezone,
            "agency": paper.agency,
            "feeds": [server.url(feed.path) for feed in polled if "sitemap" not in feed.kind],
            "news_sitemaps": [server.url(feed.path) for feed in polled if "sitemap" in feed.kind],
        }
        # JSON's strings and lists of strings are TOML's too.
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
        tables.append("\n".join([f'["{server.host}"]', *lines, ""]))
    return "\n".join(tables)


def truth(servers: Mapping[str, Server]) -> dict[str, Telling]:
    """The served articles' URLs -> what each tells, from truth.json."""
    articles = {f"{paper.key}{article.path}": article for paper in papers() for article in paper.articles}
    tellings = {}
    for story, told in json.loads((PAPERS / "truth.json").read_text("utf-8")).items():
        for place, (relation, signs) in told["articles"].items():
            key, _, path = place.partition("/")
            url = servers[key].url(f"/{path}")
            tellings[url] = Telling(story, relation, told["agency"], tuple(signs), articles[place])
    return tellings


def _answers(paper: Paper, servers: Mapping[str, Server]) -> Callable[[Request], Response]:
    """What the paper's server answers. `servers` is complete by the time that it is asked."""
    pages: dict[str, tuple[Article, str]] = {}
    for article in paper.articles:
        pages[article.path] = article, "page.html"
        for path, template in paper.twins.items():
            pages[Template(path).substitute(path=article.path)] = article, template
    feeds = {feed.path: feed for feed in paper.feeds}
    newest = paper.articles[0].published

    def answer(request: Request) -> Response:
        path = request.path.partition("?")[0]
        bases = {key: server.url("").rstrip("/") for key, server in servers.items()}
        text_html = f"text/html; charset={paper.charset}"
        if request.path in pages or path in pages:
            article, template = pages.get(request.path) or pages[path]
            return _found(request, paper, _page(paper, article, template, bases), text_html, article.published)
        if path in feeds:
            text, media_type = _listing(paper, feeds[path], bases[paper.key])
            return _found(request, paper, text, f"{media_type}; charset={paper.charset}", newest)
        if path == "/robots.txt":
            return _found(request, paper, _robots(paper, bases[paper.key]), "text/plain; charset=utf-8", newest)
        if path == "/":
            return _found(request, paper, _front(paper), text_html, newest)
        return Response(404, b"<!doctype html><title>404</title><h1>Not found</h1>", {"Content-Type": "text/html"})

    return answer


def _found(request: Request, paper: Paper, text: str, content_type: str, modified: datetime) -> Response:
    """200 with validators, or 304 where the request's own still hold (RFC 9110, 13.2.2: the ETag goes first)."""
    body = text.encode(paper.charset)
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True)}
    tags, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if (etag in tags) if tags else (since and modified <= parsedate_to_datetime(since)):
        return Response(304, headers=headers)
    headers["Content-Type"] = content_type
    if paper.compressed and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(body=body, headers=headers)


def _listing(paper: Paper, feed: Feed, base: str) -> tuple[str, str]:
    lines = [
        Line(
            link=Template(feed.links).substitute(base=base, path=article.path),
            key=f"{paper.key},2026:{article.path}",
            headline=article.headline,
            description=article.fields.get("standfirst") or article.paragraphs[0],
            author=article.fields.get("byline", ""),
            published=article.published,
        )
        for article in paper.articles
    ]
    write, media_type = KINDS[feed.kind]
    channel = Channel(paper.name, paper.language, base, feed.path, paper.charset, feed.dates, feed.lists, lines)
    return write(channel), media_type


def _robots(paper: Paper, base: str) -> str:
    sitemaps = [f"Sitemap: {base}{feed.path}\n" for feed in paper.feeds if "sitemap" in feed.kind]
    return "".join(["User-agent: *\nDisallow: /search\n", *sitemaps])


def _front(paper: Paper) -> str:
    """The home page, with the feeds where browsers look for them."""
    feeds = "\n".join(
        f'<link rel="alternate" type="{KINDS[feed.kind][1]}" href="{feed.path}">'
        for feed in paper.feeds
        if "sitemap" not in feed.kind
    )
    links = "\n".join(
        f'<li><a href="{html.escape(article.path)}">{html.escape(article.headline, quote=False)}</a></li>'
        for article in paper.articles
    )
    name = html.escape(paper.name)
    return (
        f'<!doctype html><html lang="{paper.language}"><meta charset="{paper.charset}"><title>{name}</title>\n'
        f"{feeds}\n<h1>{name}</h1>\n<ul>\n{links}\n</ul></html>"
    )


def _page(paper: Paper, article: Article, template: str, bases: Mapping[str, str]) -> str:
    published = article.published
    base = bases[paper.key]
    origin_key, _, origin_path = article.fields.get("origin", paper.key + article.path).partition("/")
    texts = {
        **article.fields,
        "base": base,
        "path": article.path,
        "url": base + article.path,
        "canonical": f"{bases[origin_key]}/{origin_path}",
        "published_naive": f"{published:%Y-%m-%d %H:%M}",
        "published_day": f"{published:%Y-%m-%d}",
    }
    if "image" in texts:
        texts["image"] = f"{base}/images/{texts['image']}"
    values = {name: html.escape(text) for name, text in texts.items()}
    values |= {f"{name}_json": json.dumps(text, ensure_ascii=False) for name, text in texts.items()}
    paragraph = Template(paper.parts["paragraph"])
    printed = article.dated
    printed[-1] = " ".join(filter(None, [printed[-1], texts.get("mark")]))
    values["body"] = "\n".join(
        text if text.startswith("<") else paragraph.substitute(text=html.escape(text, quote=False)) for text in printed
    )
    for name, part in paper.parts.items():
        piece = Template(part)
        if name != "paragraph":
            values[name] = piece.substitute(values) if set(piece.get_identifiers()) <= values.keys() else ""
    return Template(paper.templates[template]).substitute(_Blank(values))


class _Blank(dict[str, str]):
    """A page's fields: what the article lacks is empty."""

    def __missing__(self, key: str) -> str:
        return ""
