"""What a page is: an article, a live blog, a paywalled teaser; or none of these (listing, wall, error, media)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.blocks import Block
from crawler.metadata import Metadata

#: A body below this many words can be a teaser, a wall or an error page; above it, it is read as what it says it is.
_SHORT = 120

_WALL = re.compile(
    r"enable (?:javascript|cookies|js)|javascript (?:is )?(?:disabled|required)|verify(?:ing)? (?:that )?you are "
    r"(?:a )?human|"
    r"are you a robot|not a robot|checking your browser|just a moment|unusual (?:traffic|activity)|access (?:to this "
    r"page has been )?denied|"
    r"attention required|captcha|pardon our interruption|request (?:unsuccessful|blocked)|ddos protection|cloudflare|"
    r"we (?:value|care about) your privacy|accept (?:all )?cookies|before you continue|zustimm(?:en|"
    r"ung)[^.]{0,40}(?:cookies|werbung)|"
    r"mit werbung (?:lesen|weiterlesen)|nous respectons votre vie privée|unavailable (?:in|for) (?:your|legal)|451:",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^(?:http )?(?:error|fehler|erreur|errore)?\W*(?:40[0134]|410|50[0-4])\W*(?:$|[|:–-]|error|not found|forbidden|"
    r"gone)|\bnot found$|"
    r"\b(?:page|article|story|content|file) (?:was |is |has )?(?:not (?:be )?(?:found|available)|no longer)|"
    r"page (?:could not|cannot|can[’']t) be found|we can[’']t find|"
    r"(?:page|story|article) (?:you \w+ (?:looking )?(?:for )?)?(?:doesn[’']t|does not) exist|something went wrong|"
    r"internal server error|service unavailable|bad gateway|"
    r"seite (?:wurde )?nicht gefunden|page introuvable|página no (?:se )?(?:encontrada|encuentra|existe)|"
    r"página não encontrada|pagina non trovata|pagina niet gevonden|страница не найдена",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:to|now|today|for)|subscribers? only|already a subscriber|(?:sign|log) in to (?:read|continue)|"
    r"continue reading|to keep reading|"
    r"premium (?:article|content)|jetzt (?:weiterlesen|testen|abonnieren)|weiterlesen mit|nur für abonnenten|"
    r"\bplus-artikel|artikel freischalten|"
    r"réservé (?:à nos|aux) abonnés|(?:article|contenu) réservé|il vous reste|para (?:seguir leyendo|suscriptores)|"
    r"exclusivo para|"
    r"per continuare a leggere|voor abonnees|lees verder|kun for abonnenter|för prenumeranter|читать далее по подписке",
    re.IGNORECASE,
)


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


#: Types of JSON-LD pages that list others.
_LISTS = frozenset(("CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList"))
#: Parts of paths that lists, and films and pictures, stand under.
_LIST_PATHS = _words("""
    tag tags topic topics category categories author authors section sections search archive archives thema themen
    rubrique etiqueta etiquetas temas categoria autor autores tema label labels keyword keywords
""")
_MEDIA_PATHS = _words("""
    video videos gallery galleries photo photos picture-gallery slideshow fotostrecke bildergalerie bilderstrecke
    diaporama galeria galerias fotogaleria foto fotos podcast podcasts audio multimedia mediathek
""")
_LIVE_NAME = re.compile(
    r"\blive(?:blog|ticker)?\b|live[- ]?(?:updates|blog|ticker)|en direct|minuto a minuto|en vivo|ao vivo|diretta|"
    r"онлайн",
    re.IGNORECASE,
)
#: The time that stands over an entry of a live blog.
_CLOCK = re.compile(
    r"^\W*(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s?(?:[ap]\.?m\.?|uhr|h|gmt|bst|e[ds]?t|cet))?\W*$", re.IGNORECASE
)
_LIVE_ENTRIES = 5


def kind(metadata: Metadata, url: str, headline: str, words: int, blocks: Sequence[Block], after: Sequence[str]) -> str:
    """article, live, teaser, listing, wall, error or media.

    `words` counts the body; `after` are the page's text blocks that follow it.
    """
    if metadata.is_live:
        return "live"
    path = urlsplit(url).path.lower().strip("/").split("/")
    told = bool(metadata.article) or metadata.first("og:type") == "article"
    if not told and (_is_front(path) or _is_list(metadata, path)):
        return "listing"
    if _LIVE_NAME.search(headline) and sum(1 for b in blocks if _CLOCK.match(b.text)) >= _LIVE_ENTRIES:
        return "live"
    if words >= _SHORT:
        return "article"
    seen = " ".join(block.text for block in blocks[:200])[:4000]
    # A notice with some length says more than one of these things; an article on captchas need not.
    if len(seen) < 2500 and len({m.group().lower() for m in _WALL.finditer(f"{headline} {seen}")}) > (words >= 60):
        return "wall"
    if words < 60 and not told and _ERROR.search(headline):
        return "error"
    if metadata.article.get("isAccessibleForFree") in (False, "false", "False") or _PAYWALL.search(
        " ".join(after)[:1500]
    ):
        return "teaser"
    if words < 60 and (
        not metadata.types.isdisjoint(("VideoObject", "ImageGallery", "PodcastEpisode", "AudioObject"))
        or not _MEDIA_PATHS.isdisjoint(path[:-1])
    ):
        return "media"
    if (metadata.first("og:type") or "").startswith(("video", "music")):
        return "media"
    if not told and words < 60 and len(blocks) > 30 and not _names_article(path[-1]):
        linked = sum(block.links for block in blocks)
        if linked > 0.5 * sum(len(block.text) for block in blocks):
            return "listing"
    return "article"


def _is_front(path: Sequence[str]) -> bool:
    return list(path) in ([""], ["index.html"], ["index.php"])


def _is_list(metadata: Metadata, path: Sequence[str]) -> bool:
    types = metadata.page.get("@type")
    return not _LISTS.isdisjoint(types if isinstance(types, list) else [types]) or not _LIST_PATHS.isdisjoint(path[:-1])


def _names_article(segment: str) -> bool:
    """Whether the end of a path is an article's: four words and more, or a number of five digits and more."""
    return len(re.findall(r"[^\W\d_]+", segment)) >= 4 or bool(re.search(r"\d{5}", segment))
