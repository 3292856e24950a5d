"""What a page is: an article, a live blog, a paywalled teaser; or none of these (listing, wall, error, media).

The order is that of certainty: structured data, then how the page is built (cards of other stories, captions, clock
times over entries, hardly anything), and only on a page that is built so the words of crawler.notices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler import notices, scripts, text, walls
from crawler.blocks import HEADINGS, Block
from crawler.body import Body
from crawler.metadata import Metadata

#: A text of so many words is a whole one, whatever stands around it.
_WHOLE = 400
#: Below this many words a page that is said not to be free shows a part; teasers of five languages had 20 to 180.
_PART = 220
#: Below this many words a text can be what a page says in the article's place.
_NOTICE = 120
#: More characters than this are no notice, in whatever language.
_SAID_MAX = 10_000
#: So many paragraphs in a row are an article's; fewer cards of others are no list.
_RUN = 3
#: A paragraph of so many words is no card's.
_WRITTEN = 60
#: So many paragraphs behind a prompt to pay that are like those before it are text; one may be a word to commenters.
_GOES_ON = 2
#: Characters of what only says that a text is for subscribers, and of a paragraph that is none of a form's.
_BADGE, _PARAGRAPH = 50, 80
#: Below this many words a text can be what stands under a video.
_LEGEND = 80


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


#: Types of JSON-LD pages that list others.
_LISTS = frozenset(("CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList"))
_MEDIA = frozenset(
    ("VideoObject", "ImageGallery", "MediaGallery", "VideoGallery", "PodcastEpisode", "AudioObject", "Clip")
)
#: Parts of paths that lists, and films and pictures, stand under.
_LIST_PATHS = _words("""
    tag tags topic topics category categories author authors section sections search archive archives thema themen
    rubrique rubrik rubriek rubryka etiqueta etiquetas temas categoria autor autores auteur tema label labels keyword
    keywords sujet sujets hashtag profile journalist journalists people contributor contributors
""")
_MEDIA_PATHS = _words("""
    video videos gallery galleries photo photos picture-gallery slideshow slideshows fotostrecke bildergalerie
    bilderstrecke bilder diaporama diaporamas galeria galerias galerie fotogaleria fotogalerie foto fotos podcast
    podcasts audio multimedia mediathek watch reels shorts pictures in-pictures imagenes
""")
#: The time that stands over an entry of a live blog.
_CLOCK = re.compile(
    r"^\W*(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:[:.][0-5]\d)?(?:\s?(?:[ap]\.?m\.?|uhr|h|gmt|utc|bst|i?st|e[ds]?t|p[ds]?t|"
    r"ces?t|msk|мск|น\.))*\W*$",
    re.IGNORECASE,
)
_LIVE_ENTRIES = 5
_SENTENCE_END = re.compile(f"[{scripts.STOPS}][{scripts.CLOSING}]*$")
_UNFINISHED = re.compile(r"(?:…|\.\.\.|\[…\]|\w)[\"'”’»]?$")


@dataclass(frozen=True, slots=True)
class _Build:
    """How a page is built."""

    cards: int  #: headlines that are links, each once
    run: int  #: most paragraphs of prose in a row, without a card between them
    linked: float  #: share of the page's text that is link text
    size: int  #: characters of text that are no links
    follows: float  #: share of the body's paragraphs right behind a card, or with a card in them
    opens: bool  #: whether the body begins with words of its own


def kind(
    metadata: Metadata, url: str, headline: str, words: int, blocks: Sequence[Block], found: Body | None, html: bytes
) -> str:
    """article, live, teaser, listing, wall, error or media.

    `words` counts the body that was `found` among the page's `blocks`; `html` is the page as it came.
    """
    if metadata.is_live:
        return "live"
    parts = urlsplit(url)
    path = parts.path.lower().strip("/").split("/")
    build = _build(blocks, found)
    listing = not _LISTS.isdisjoint(_page_types(metadata))
    told = bool(metadata.article) or (
        not listing and (metadata.first("og:type") == "article" or bool(metadata.first("article:published_time")))
    )
    if not told and (_is_front(path) or _is_list(metadata, path, build, words)):
        return "listing"
    if _is_ticker(headline, path, blocks):
        return "live"
    if words < _NOTICE or build.run < _RUN:
        if not told and _is_account(headline, path):
            return "wall"
        if not told and (notice := _notice(headline, words, blocks, build, html)):
            return notice
        if _is_media(metadata, path, headline, words, blocks, found, told):
            return "media"
        if not told and _lists(headline, path, build, words, found):
            return "listing"
    return "teaser" if _is_part(metadata, words, blocks, found) else "article"


def _build(blocks: Sequence[Block], found: Body | None) -> _Build:
    cards: set[str] = set()
    chosen = {b.index for b in found.blocks} if found else set()
    links = size = run = longest = behind = 0
    after_card = 0
    opens = None
    for block in blocks:
        links += block.links
        size += len(block.text)
        if _is_card(block):
            cards.add(block.key)
            run, behind = 0, 3
        else:
            behind -= 1
        if block.index in chosen:
            after_card += behind >= 0 and block.tag not in HEADINGS
            opens = behind < 0 if opens is None else opens
            if not _is_card(block) and len(block.text) >= (80 if block.text.isascii() else 40):
                run += 1
                longest = max(longest, run)
    return _Build(
        len(cards), longest, links / max(1, size), size - links, after_card / max(1, len(chosen)), bool(opens)
    )


def _is_card(block: Block) -> bool:
    """Whether a block is the headline of another story, or such a headline with what it says."""
    size = len(block.text)
    if block.links < (20 if block.text.isascii() else 10) or size > 500:
        return False
    return block.links >= 0.8 * size or (
        block.links >= 0.2 * size and len(block.element) > 0 and block.element[0].tag == "a"
    )


def _page_types(metadata: Metadata) -> list[str]:
    types = metadata.page.get("@type")
    return [t for t in (types if isinstance(types, list) else [types]) if isinstance(t, str)]


def _is_front(path: Sequence[str]) -> bool:
    return list(path) in ([""], ["index.html"], ["index.php"], ["home"])


def _is_list(metadata: Metadata, path: Sequence[str], build: _Build, words: int) -> bool:
    if build.run >= _RUN and (build.cards < _RUN or words >= _WHOLE):
        return False  # whatever a page is called, and wherever a paper files its articles
    if not _LISTS.isdisjoint(_page_types(metadata)):
        return True
    return not _LIST_PATHS.isdisjoint(path[:-1]) and not (build.run >= _RUN and _names_article(path[-1]))


def _lists(headline: str, path: Sequence[str], build: _Build, words: int, found: Body | None) -> bool:
    """Whether a page that nothing calls an article is made of cards of others."""
    if build.cards < 8:
        return False
    if found and any(not b.links and text.count_words(b.text) >= _WRITTEN for b in found.blocks):
        return False
    named = _names_article(path[-1])
    if build.follows >= 0.5 and not (named and build.opens):
        return True
    if named:
        return False
    return (build.linked > 0.5 and words < 60) or (build.run <= 2 and text.count_words(headline) <= 4)


def _names_article(segment: str) -> bool:
    """Whether the end of a path is an article's: four words and more, or a number of five digits and more."""
    return len(re.findall(r"[^\W\d_]+", segment)) >= 4 or bool(re.search(r"\d{5}", segment))


def _is_ticker(headline: str, path: Sequence[str], blocks: Sequence[Block]) -> bool:
    if not (notices.LIVE.search(headline) or notices.LIVE.search(" ".join(path).replace("-", " "))):
        return False
    entries = 0
    for block, *rest in zip(blocks, blocks[1:], blocks[2:], strict=False):
        # Beside the headlines of other stories stand times too: an entry's own text is no link.
        entries += bool(_CLOCK.match(block.text)) and any(len(b.text) >= 40 and not b.links for b in rest)
    return entries >= _LIVE_ENTRIES


def _own_lines(blocks: Sequence[Block]) -> Iterator[str]:
    """What a page itself says: no menus, no cards and what is printed in them."""
    behind = 0
    for block in blocks:
        if _is_card(block):
            behind = 3
            continue
        behind -= 1
        if behind < 0 and block.links < 0.8 * len(block.text) and block.roles().isdisjoint(("nav", "footer", "aside")):
            yield block.text


def _is_account(headline: str, path: Sequence[str]) -> bool:
    """Whether a page is there to sign in or to register: subscribers' articles lead there."""
    return path[-1].partition(".")[0] in notices.ACCOUNT_PATHS or bool(notices.ACCOUNT_TITLE.match(headline))


def _notice(headline: str, words: int, blocks: Sequence[Block], build: _Build, html: bytes) -> str | None:
    """wall or error: a page that hardly says anything else."""
    lines = list(_own_lines(blocks[:400]))
    said = " ".join(lines)
    # By length first: to look for what a notice says in a megabyte of signs took 6 s.
    if len(said) > _SAID_MAX or (size := text.count_words(said)) > 220:
        return None
    short = size < 90
    title = " ".join([headline, *lines[:2]])[:400]
    # An article about captchas goes on about something else; all that a wall says is about itself.
    beside = [
        line for line in lines if len(line) >= 80 and not (notices.ROBOT.search(line) or notices.CONSENT.search(line))
    ]
    bare = build.cards < 3 and sum(1 for b in blocks if b.links) <= 8 and len(beside) < 2
    if short and (notices.ERROR_TITLE.search(headline) or notices.MISSING.search(title)):
        return "error"
    if bare and (
        walls.is_wall(200, {}, html)
        or notices.ROBOT.search(title)
        or notices.CONSENT.search(title)
        or (notices.ROBOT.search(said) or len({m.group().lower() for m in notices.CONSENT.finditer(said)}) >= 2)
    ):
        return "wall"
    if bare and words < 60 and notices.is_paywall(said) and not notices.is_paywall(headline):
        return None
    return "wall" if short and build.cards < 3 and _is_wall_title(headline) else None


def _is_wall_title(headline: str) -> bool:
    return text.count_words(headline) <= 8 and bool(notices.CONSENT.search(headline) or notices.ROBOT.search(headline))


def _is_media(
    metadata: Metadata,
    path: Sequence[str],
    headline: str,
    words: int,
    blocks: Sequence[Block],
    found: Body | None,
    told: bool,
) -> bool:
    """A video, a podcast or a gallery with little text of its own."""
    pictures = found.pictures if found else frozenset(b.index for b in blocks if "figure" in b.roles())
    captions = [b.index in pictures for b in found.blocks] if found else []
    legend = words < _LEGEND or sum(captions) > 0.5 * len(captions)
    if not legend and found:
        # What is printed in cards of other stories may be taken for body.
        own = set(_own_lines(blocks))
        legend = sum(text.count_words(b.text) for b in found.blocks if b.text in own) < _LEGEND
    stated = not metadata.types.isdisjoint(_MEDIA) and not metadata.article
    stated = stated or (metadata.first("og:type") or "").startswith(("video", "music"))
    stated = stated or not _MEDIA_PATHS.isdisjoint(path[:-1]) or bool(notices.MEDIA.search(headline) and not told)
    return stated and (legend or (len(pictures) >= 5 and words < _NOTICE))


def _is_part(metadata: Metadata, words: int, blocks: Sequence[Block], found: Body | None) -> bool:
    """Whether the text is the part of an article that is shown before a paywall."""
    if words >= _WHOLE:
        return False
    stated = str(metadata.article.get("wordCount"))
    if metadata.is_unfree and stated.isdigit() and int(stated) > 2 * words:
        return True
    if found is None:
        return metadata.is_unfree
    before, after, prompts = _parted(blocks, found)
    if not (metadata.is_unfree or prompts):
        return False
    shown, rest = (sum(text.count_words(block.text) for block in part) for part in (before, after))
    if metadata.is_unfree and shown + rest < _PART:
        return True
    asks = words < _PART or any(not notices.is_offer(prompt.text) for prompt in prompts)
    return bool(prompts) and asks and rest <= shown


def behind_prompt(blocks: Sequence[Block], found: Body) -> frozenset[str]:
    """What is taken for text of a teaser but is the prompt to pay, or stands behind it: forms, words to commenters."""
    before, after, prompts = _parted(blocks, found)
    return frozenset(block.text for block in (*prompts, *after)) if before else frozenset()


def _parted(blocks: Sequence[Block], found: Body) -> tuple[list[Block], list[Block], list[Block]]:
    """The body's blocks before a prompt to pay, those behind it, and the prompts. Where paragraphs like those before
    follow in the same element, the text goes on: what asks to pay stands amid it."""
    chosen = {b.index for b in found.blocks}
    paths = Counter(b.path for b in found.blocks)
    before: list[Block] = []
    after: list[Block] = []
    prompts: list[Block] = []
    behind = 0
    for block in blocks[found.blocks[0].index : found.blocks[-1].index + 8]:
        # Cards of other stories stand behind the prompt, and some are taken for body.
        if _is_card(block):
            behind = 3
            continue
        behind -= 1
        # "Continue reading" as a link alone points to another story.
        label = block.links >= 0.8 * len(block.text) and len(block.text) < 40
        # "He had to log in to read his letters, the court heard.": a paragraph like the others, and without a link.
        prose = block.index in chosen and paths[block.path] > 1 and not block.links
        if not label and not prose and notices.is_paywall_prompt(block.text):
            if _stands_over(prompts, before, after):
                before, after, prompts = [*before, *after], [], []
            prompts.append(block)
        elif block.index in chosen and behind < 0:
            (after if prompts else before).append(block)
    places = {(block.path, block.parent) for block in before}
    if _stands_over(prompts, before, after) or sum((block.path, block.parent) in places for block in after) >= _GOES_ON:
        return [*before, *after], [], []
    return before, after, prompts


def _stands_over(prompts: Sequence[Block], before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether what asks to pay is a badge above the text ("For subscribers"): no more than the standfirst stands before
    it, and a paragraph behind."""
    return (
        len(before) <= 1
        and all(len(prompt.text) <= _BADGE and not prompt.links for prompt in prompts)
        and any(len(block.text) >= _PARAGRAPH for block in after)
    )
