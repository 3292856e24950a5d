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
    r"\b(?:404|403|410|500|502|503)\b|not found|page (?:could not|cannot|can[’']t) be found|no longer (?:available|"
    r"exists)|"
    r"doesn[’']t exist|does not exist|something went wrong|internal server error|service unavailable|bad gateway|"
    r"nicht gefunden|introuvable|no (?:se )?(?:encontrad|encuentra|existe)|não encontrada|non trovata|niet gevonden|"
    r"не найден",
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


def kind(metadata: Metadata, url: str, headline: str, words: int, blocks: Sequence[Block], after: Sequence[str]) -> str:
    """article, live, teaser, listing, wall, error or media.

    `words` counts the body; `after` are the page's text blocks that follow it.
    """
    types = metadata.types
    if metadata.is_live:
        return "live"
    if words >= _SHORT:
        return "listing" if _is_front(url) and not metadata.article else "article"
    seen = " ".join(block.text for block in blocks[:200])[:4000]
    if len(seen) < 2500 and _WALL.search(f"{headline} {seen}"):
        return "wall"
    if _ERROR.search(headline) and words < 60:
        return "error"
    if metadata.article.get("isAccessibleForFree") in (False, "false", "False") or _PAYWALL.search(
        " ".join(after)[:1500]
    ):
        return "teaser"
    if not types.isdisjoint(("VideoObject", "ImageGallery", "PodcastEpisode", "AudioObject")) and words < 60:
        return "media"
    if (metadata.first("og:type") or "").startswith(("video", "music")):
        return "media"
    if not metadata.article and metadata.first("og:type") != "article":
        linked = sum(block.links for block in blocks)
        everything = sum(len(block.text) for block in blocks)
        if _is_front(url) or (words < 60 and len(blocks) > 30 and linked > 0.5 * everything):
            return "listing"
    return "article"


def _is_front(url: str) -> bool:
    return urlsplit(url).path.strip("/") in ("", "index.html", "index.php")
