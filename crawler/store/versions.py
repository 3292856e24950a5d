"""An article whose page has changed: its earlier texts, and where the new one leaves it. Jobs on one connection.

The row of an article holds its latest version; `versions` those before, one row each. A new version is written in one
transaction with its entry and whatever follows for its story.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from crawler import changes, profiles, similarity, stories, text
from crawler.items import Article, Copy
from crawler.store import articles, candidates, entries, revisits, schema, settling
from crawler.store.candidates import Window
from crawler.store.changefeed import Stamp, next_stamp
from crawler.store.rules import Rules

_BODY: Final = sa.select(schema.articles.c.body).where(schema.articles.c.id == sa.bindparam("article_id"))
#: An article keeps the first of these that it had: a page that calls itself new when it is edited is not.
_FIRST: Final = ("date_published", "date_published_offset", "date_published_precision", "date_published_source")


@dataclass(frozen=True, slots=True)
class Version:
    """A text that an article has or had; times are UTC."""

    version: int
    date_modified: datetime | None
    date_crawled: datetime | None
    headline: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.headline}\n\n{self.body}"


def addressed(connection: sa.Connection, article: Article) -> Article:
    """The article, of whose URL one is stored, under the URL that it is to have: where it was fetched, if the stored
    one came from another entry and has another text. Some sites name one address as canonical on all pages."""
    if article.fetched_url is None or article.fetched_url == article.url:
        return article
    e = schema.entries.c
    known = connection.execute(_KNOWN, {"url": article.url}).one()
    own = connection.execute(sa.select(e.article_id).where(e.id == article.entry_id)).scalar_one_or_none()
    if own == known.id or _evidence_of_versions(articles.text(article, False), known).probability >= stories.JOIN:
        return article
    return replace(article, url=article.fetched_url)


def visit(
    connection: sa.Connection,
    article: Article,
    *,
    now: datetime,
    window: Window,
    is_agency: bool = False,
) -> tuple[Article | None, bool]:
    """Take in what a page says whose article is stored, and settle the entry that led there.

    Returns the article with its place where it is a new version, None where the text is as it was: then nothing else is
    written; and whether the entry is the one that the article came from.
    """
    stamp = next_stamp(connection, now)  # first, as for a new article
    known = connection.execute(_KNOWN, {"url": article.url}).one()
    has_changed = _has_changed(known, article) and not _is_read_otherwise(connection, known, article)
    if has_changed:
        _revise(connection, article, known, stamp, window, is_agency)
    is_own = article.entry_id is not None and _settle_entry(connection, article, known.id, has_changed, now)
    return articles.get(connection, known.id, article) if has_changed else None, is_own


def clean(
    connection: sa.Connection,
    article_id: int,
    texts: Set[int],
    profile: str,
    *,
    now: datetime,
    window: Window,
) -> bool:
    """Take the paragraphs of these hashes (`Profile.turns`) out of an article's body and its description, and give what
    is left its place. No other version: the page is as it was. Returns whether there were any."""
    printed = connection.scalar(_BODY, {"article_id": article_id}) or ""
    if profiles.without(printed, texts) == printed:
        return False  # most: no number in the change feed, for which all writers wait
    stamp = next_stamp(connection, now)
    known = connection.execute(sa.select(schema.articles).where(schema.articles.c.id == article_id)).one_or_none()
    body = profiles.without(known.body, texts) if known else ""
    if known is None or body == known.body:
        return False
    article = Article(body=body, **{name: getattr(known, name) for name in _CLEANED})
    new = articles.text(article, known.is_agency)
    values = {"body": body, "word_count": text.count_words(body), "profile": profile}
    if profiles.is_among(known.description or "", texts):
        values["description"] = None
    _rewrite(connection, article, known, new, values, stamp, window)
    return True


def of(connection: sa.Connection, article_ids: Iterable[int]) -> dict[int, list[Version]]:
    """The earlier versions of articles, first to last; articles that have none are left out."""
    found: dict[int, list[Version]] = {}
    v = schema.versions.c
    query = sa.select(schema.versions).where(v.article_id.in_(list(article_ids))).order_by(v.article_id, v.version)
    for row in connection.execute(query):
        version = Version(row.version, row.date_modified, row.date_crawled, row.headline, row.body)
        found.setdefault(row.article_id, []).append(version)
    return found


def _has_changed(known: Any, article: Article) -> bool:
    """Whether the page has another text; the beginning of a text that is known whole, as a paywall gives it, is none,
    nor is what was fetched before what is known."""
    if article.kind == "teaser" != known.kind:
        return False
    if article.date_crawled and known.date_crawled and article.date_crawled < known.date_crawled:
        return False
    return (article.headline, article.body) != (known.headline, known.body)


def _is_read_otherwise(connection: sa.Connection, known: Any, article: Article) -> bool:
    """Whether the page says what it said, and only the publisher's profile is another: what that left out of the text,
    or took in again, the page prints now as then."""
    if article.profile == known.profile or article.headline != known.headline or article.layout is None:
        return False
    were, are = set(known.body.split("\n\n")), set(article.body.split("\n\n"))
    if not profiles.prints(b64decode(article.layout), were - are):
        return False
    held = schema.layouts.c
    before = connection.execute(sa.select(held.layout).where(held.article_id == known.id)).scalar_one_or_none()
    return are <= were or (before is not None and profiles.prints(before, are - were))


def _revise(
    connection: sa.Connection,
    article: Article,
    known: Any,
    stamp: Stamp,
    window: Window,
    is_agency: bool,
) -> None:
    before = Version(known.version, known.date_modified, known.date_crawled, known.headline, known.body)
    connection.execute(schema.versions.insert(), {"article_id": known.id} | asdict(before))
    spans = changes.compare(before.text, f"{article.headline}\n\n{article.body}")
    article = _dated(article, known)
    named = changes.told(changes.figures(spans)) or "no other figures"
    values = articles.row(article, is_agency) | {"version": known.version + 1}
    if changes.is_update(spans):
        values["date_updated"] = _updated_at(article, known, stamp.changed_at)
    new, edit = articles.text(article, is_agency), f"version {known.version + 1}: {named}"
    _rewrite(connection, article, known, new, values, stamp, window, edit)


def _rewrite(
    connection: sa.Connection,
    article: Article,
    known: Any,
    new: stories.Text,
    values: dict[str, Any],
    stamp: Stamp,
    window: Window,
    edit: str | None = None,
) -> None:
    """Give an article's row other values, and the text that comes with them its place. `edit`: what its page changed;
    None where that is as it was."""
    if not candidates.take(connection, [known.id]):
        candidates.take_from_segment(connection, known.id, candidates.segment_of(known))
    near, is_bounded = candidates.near(connection, new, window)
    copy, leaves = _place(connection, new, near, known, is_bounded, is_edit=edit is not None)
    a = schema.articles
    story_id = copy.story_id
    if story_id is None:
        story_id = settling.found(connection, known.id, article.headline, stamp)
    values |= {
        "story_id": story_id,
        "also_story_ids": list(copy.also_story_ids),
        "evidence": copy.evidence if edit is None else f"{copy.evidence}; {edit}",
        **stamp.columns,
    }
    connection.execute(a.update().where(a.c.id == known.id).values(values))
    candidates.put(connection, known.id, candidates.segment(new.date_published), new.fingerprint)
    for merged in copy.merges:
        settling.merge(connection, merged, story_id, stamp)
    settling.settle_whole(connection, [known.story_id, story_id] if leaves else [story_id], stamp)


def _place(
    connection: sa.Connection,
    new: stories.Text,
    near: Sequence[stories.Candidate],
    known: Any,
    is_bounded: bool,
    *,
    is_edit: bool,
) -> tuple[Copy, bool]:
    """Where the new text belongs, and whether that means leaving a story that others stay in.

    An article stays in its story while its text is like another copy's, whatever else it is like, or after an edit like
    its text before: an edit is no reason to take a story apart. One that stands alone in its story takes it along.
    """
    held = Rules(connection, [new.url])  # what a person decided holds for the new text as well
    near = held.allowed(new.url, near)
    copy = held.imposed(new.url, stories.decide(new, near, is_bounded=is_bounded))
    mine: int = known.story_id
    if copy.story_id == mine or mine in copy.merges:
        return copy, False
    a, s = schema.articles.c, schema.stories.c
    others = connection.execute(sa.select(sa.func.count()).where(a.story_id == mine, a.id != known.id)).scalar_one()
    if not others:
        if copy.story_id is None:
            return replace(copy, story_id=mine), False
        return replace(copy, merges=(*copy.merges, mine)).under_oldest(), False
    story = connection.execute(sa.select(s.canonical_id, s.original_id).where(s.id == mine)).one()
    first = {story.canonical_id, story.original_id} - {known.id, None}
    like = [candidate for candidate in near if candidate.story_id == mine]
    like += candidates.load(connection, first - {candidate.article_id for candidate in like})
    stays = stories.decide(new, like)
    if stays.story_id is None:
        if not (is_edit and (evidence := _evidence_of_versions(new, known)).probability >= stories.JOIN):
            return copy, True
        stays = replace(stays, story_id=mine, evidence=f"its text before; {evidence}")
    also = {*copy.also_story_ids, *([copy.story_id] if copy.story_id is not None else [])} - {mine}
    return replace(stays, also_story_ids=tuple(sorted(also))), False


def _evidence_of_versions(new: stories.Text, known: Any) -> stories.Evidence:
    # As a text of another publisher: what one paper's articles have in common is no evidence, what versions have is.
    # And whole: a stub below the news of the day is a part of what it grew into.
    before = replace(
        new.as_candidate(known.id, known.story_id),
        publisher="",
        url="",
        fingerprint=similarity.sign(known.headline, known.body),
    )
    (evidence,) = stories.compare(new, [before])
    return replace(evidence, part=False)


def _dated(article: Article, known: Any) -> Article:
    """The article with the date of its first version, where that had one; a later one is when it was modified."""
    if known.date_published is None:
        return article
    modified = article.date_modified
    if modified is None and article.date_published and article.date_published > known.date_published:
        modified = article.date_published
    return replace(article, date_modified=modified, **{name: getattr(known, name) for name in _FIRST})


def _updated_at(article: Article, known: Any, now: datetime) -> datetime:
    """Since when the text is what it is: as the page says, if that lies after the last time that it was another."""
    seen = known.date_crawled
    if article.date_modified and (seen is None or article.date_modified > seen):
        return min(article.date_modified, article.date_crawled or now)
    return article.date_crawled or now


def _settle_entry(
    connection: sa.Connection, article: Article, article_id: int, has_changed: bool, now: datetime
) -> bool:
    """The article's own entry was visited again; another one is a duplicate. Returns which it is."""
    assert article.entry_id is not None  # noqa: S101
    e = schema.entries.c
    own = connection.execute(
        sa.select(e.article_id == article_id).where(e.id == article.entry_id, e.state.in_(("fetched", "updated")))
    ).scalar_one_or_none()
    if own:
        validators = (article.etag, article.last_modified)
        revisits.settle(connection, article.entry_id, now, has_changed=has_changed, validators=validators)
    else:
        entries.settle(connection, article.entry_id, "duplicate", now, article_id=article_id)
    return bool(own)


_CLEANED = (
    *("url", "publisher", "headline", "language", "agency", "agency_evidence", "credit_line"),
    *("date_published", "date_published_precision", "date_crawled"),
)
_KNOWN = sa.select(schema.articles).where(schema.articles.c.url == sa.bindparam("url"))
