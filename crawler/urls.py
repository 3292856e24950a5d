"""URL -> one spelling per page: `normalize` says which addresses are the same page; `host` and `domain` who serves it.

The spelling is an identity, exported as an article's `url`; what is fetched is always the address as the feed wrote it.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

#: Longer ones are no page's address: RFC 9110 section 4.1 asks servers to take 8,000 octets, sitemaps.org allows 2,048.
MAX_LENGTH = 8_192
#: Of a spelling, and so of an identity in the store: PostgreSQL indexes 2,704 bytes, sitemaps.org allows 2,048.
MAX_SPELLING = 2_600

DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say how a reader came, not what is read. Sources, seen 2026: the lists of ClearURLs, Firefox query
# stripping, AdGuard's TrackParamFilter and miniflux's urlcleaner; the vendors' manuals where named.
_TRACKING_PREFIXES = (
    "utm_",  # Google Analytics: https://support.google.com/analytics/answer/10917952
    "mtm_",  # Matomo: https://matomo.org/faq/tracking-campaigns/
    "hsa_",  # HubSpot ads
    "at_",  # Piano Analytics (AT Internet): at_medium, at_campaign, at_custom1, …
    "ns_",  # comScore: ns_campaign, ns_mchannel, ns_source, …
    "amp_",  # set by AMP viewers: amp_js_v, amp_gsa, …
    "wt_",  # Mapp Intelligence (Webtrekk): wt_mc, wt_zmc
)
_TRACKING = frozenset(
    {
        # click identifiers
        *(
            "fbclid",
            "gclid",
            "gclsrc",
            "gbraid",
            "wbraid",
            "dclid",
            "msclkid",
            "twclid",
            "ttclid",
            "li_fat_id",
            "yclid",
        ),
        *("ysclid", "igshid", "igsh", "epik", "rb_clickid", "irclickid", "s_kwcid", "srsltid", "_openstat"),
        # newsletters: Mailchimp, HubSpot, Marketo, Omeda, Klaviyo, Vero, Drip
        *(
            "mc_cid",
            "mc_eid",
            "_hsenc",
            "_hsmi",
            "__hssc",
            "__hstc",
            "__hsfp",
            "hsctatracking",
            "mkt_tok",
            "oly_enc_id",
        ),
        *("oly_anon_id", "_kx", "vero_id", "vero_conv", "__s"),
        # campaign codes: Piano (xtor), Adobe (cmpid, s_cid, icid), Google's old linker (_ga, _gl), those of newsrooms
        *("xtor", "xtref", "cmp", "cmpid", "cmp_id", "s_cid", "icid", "_ga", "_gl", "ftag", "smid", "smtyp", "emc"),
        *("ocid", "ftcamp", "ito", "ncid", "wpisrc", "campaign_id", "trackingid", "guccounter", "guce_referrer"),
        *("guce_referrer_sig", "usqp", "taid", "sref", "spm", "sr_share", "rss"),
        # Matomo when it was Piwik
        *("pk_campaign", "pk_cpn", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "pk_vid"),
        # sessions
        *("phpsessid", "jsessionid", "sessionid", "aspsessionid"),
    }
)
# Ambiguous names: tracking only when the value is one that names a feed (?ref=rss), else they may select content.
_ORIGIN = frozenset({"ref", "src", "source", "from", "via", "partner", "origin", "traffic_source", "cid"})
_ORIGIN_VALUES = frozenset({"rss", "rss1", "rss2", "rss20", "rssfeed", "rss_feed", "rss-feed", "feed", "feeds", "atom"})
# Parameters that ask for the AMP twin when their value is "amp" (?outputType=amp); ?amp itself does so with any value.
_AMP_SWITCHES = frozenset({"outputtype", "output", "view", "format", "type", "mode", "layout", "variant", "template"})

# Wrappers that carry the page's address in their path: the Google AMP viewer and the AMP caches.
# https://developers.google.com/amp/cache/overview (c: document, v: viewer, wp: web package; s/ says https)
_AMP_VIEWER = re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}")
_AMP_VIEWER_PATH = re.compile(r"/amp/(s/)?([^/].*)")
_AMP_CACHE = re.compile(r"(?:[^/]+\.)?(?:cdn\.ampproject\.org|ampproject\.net|bing-amp\.com)")
_AMP_CACHE_PATH = re.compile(r"/(?:c|v|wp)/(s/)?([^/].*)")
_AMP_SUFFIX = re.compile(r"(?<=[^./])\.amp(?=(?:\.html?)?$)")

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/!$&'()*+,;=:@~"  # RFC 3986 pchar and "/"
_QUERY_SAFE = _PATH_SAFE + "?"
_BAD_HOST = re.compile(
    r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|\"`{}&'()*+,;=!$]"
)  # https://url.spec.whatwg.org/#forbidden-domain-code-point


class InvalidURL(ValueError):  # noqa: N818 - a verdict on the URL, not a mishap
    """What was given is not the address of a page: not http or https, without a host, with a bad port, or too long."""


def normalize(url: str) -> str:
    """The one spelling of the page at `url`, its own spelling too. Raises InvalidURL and nothing else.

    Pages are the same, and get the same spelling, whatever their addresses say about:
    - case of scheme and host, IDNA, a dot after the host, the default port, user and password (no secret is exported);
    - http or https: one page. Spelt https, since publishers serve that; but a host that is an IP address or has no dot
      (localhost) and a port that is not the default keep the scheme: nothing else answers there;
    - percent-encoding and dot segments, as RFC 3986 section 6.2.2 has them;
    - a slash at the end of the path: left out, except for the root, since no paper prints two articles at /a and /a/;
    - the fragment, `#!` too: it never reaches the server, so without JavaScript the same page is fetched for all;
    - tracking parameters and session identifiers, order of parameters (by name; equal names keep theirs), empty ones;
    - AMP: /amp in front or at the end of the path, .amp and amp.html, ?amp=1, ?outputType=amp, the viewer's and caches'
      wrappers; an amp. subdomain is spelt www., where almost every paper with one has its pages.
    Names with and without www. stay different: DNS promises nothing, and a redirect tells.
    """
    while True:
        parts = _split(url)
        scheme, netloc = _origin(parts)
        wrapped, query = _path(parts.path), _query(parts.query)
        path = "/" + "/".join(_without_amp(wrapped.split("/")[1:]))
        inner = _unwrapped(netloc, wrapped) or _unwrapped(netloc, path)
        if inner is None:
            break
        url = inner + (f"?{query}" if query else "")
    spelling = f"{scheme}://{netloc}{path}{'?' + query if query else ''}"
    if len(spelling) > MAX_SPELLING:
        raise InvalidURL(
            f"URL too long: got {len(spelling):,} characters, want at most {MAX_SPELLING:,}: {spelling[:80]!r}…"
        )
    return spelling


@functools.lru_cache(maxsize=1024)  # a page's is asked for six times on its way
def host(url: str) -> str:
    """Host and port of `url`, lower case, without the scheme's default port: what delay, Retry-After and robots.txt are
    kept by. Raises InvalidURL."""
    return _netloc(_split(url))


def without_user(url: str) -> str:
    """The URL without user and password, which a reader's browser would not send unasked either."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def indexable(url: str) -> str:
    """The beginning of what is no address, as far as a database indexes it."""
    return url.encode()[:MAX_SPELLING].decode("utf-8", "ignore")


def domain(url: str) -> str:
    """`host` without a leading "www.": the key of a publisher that publishers.toml does not name. Raises InvalidURL."""
    return host(url).removeprefix("www.")


def resolve(base: str, link: str) -> str:
    """`link` as a document at `base` means it (RFC 3986 section 5); as written where it cannot be resolved."""
    if link.startswith(("https://", "http://")):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _split(url: str) -> SplitResult:
    if len(url) > MAX_LENGTH:
        raise InvalidURL(f"URL too long: got {len(url):,} characters, want at most {MAX_LENGTH:,}: {url[:80]!r}…")
    try:
        parts = urlsplit(url.strip())
    except ValueError as error:
        raise InvalidURL(f"malformed URL ({error}): got {url[:200]!r}, want http(s)://host/…") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise InvalidURL(f"not a web address: got {url[:200]!r}, want http(s)://host/…")
    return parts


def _netloc(parts: SplitResult) -> str:
    name = unquote(parts.hostname or "").rstrip(".")
    try:
        port = parts.port
        if ":" in name:
            if "%" in name:
                raise ValueError("a zone is for one machine")
            name = f"[{ipaddress.IPv6Address(name)}]"
        else:
            # IDNA 2003, as Scrapy encodes it: what was fetched and what a feed wrote must agree.
            name = (name if name.isascii() else name.encode("idna").decode()).lower().rstrip(".")
            if not name or _BAD_HOST.search(name) or "\\" in parts.netloc:
                raise ValueError("bad host")
    except ValueError as error:
        raise InvalidURL(f"no usable host ({error}): got {parts.geturl()[:200]!r}, want http(s)://host/…") from error
    return name if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"


def _origin(parts: SplitResult) -> tuple[str, str]:
    """Scheme and host, as `normalize` spells them."""
    scheme, netloc = parts.scheme, _netloc(parts)
    if "." in netloc and ":" not in netloc and not netloc.rpartition(".")[2].isdigit():
        scheme = "https"
        if netloc.startswith("amp.") and netloc.count(".") > 1:
            netloc = "www." + netloc.removeprefix("amp.").removeprefix("www.")
    return scheme, netloc


def _unwrapped(netloc: str, path: str) -> str | None:
    """The address that an AMP viewer or cache carries in its path."""
    if _AMP_VIEWER.fullmatch(netloc):
        match = _AMP_VIEWER_PATH.fullmatch(path)
    elif _AMP_CACHE.fullmatch(netloc):
        match = _AMP_CACHE_PATH.fullmatch(path)
    else:
        return None
    if match is None:
        return None
    inner = f"{'https' if match[1] else 'http'}://{match[2]}"
    try:
        return inner if "." in host(inner) else None
    except InvalidURL:
        return None


def _escaped(text: str, safe: str) -> str:
    def spell(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else f"%{match[1].upper()}"

    return quote(_ESCAPE.sub(spell, text), safe=safe, errors="replace")


def _path(path: str) -> str:
    path = _SESSION.sub("", _escaped(path, _PATH_SAFE))
    kept: list[str] = []
    for segment in path.removeprefix("/").split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _without_amp(segments: list[str]) -> list[str]:
    """The article's path from its AMP twin's, without the slash at its end."""
    first, last = 0, len(segments)
    while last > first:
        tail = segments[last - 1]
        if ".amp" in tail:
            tail = _AMP_SUFFIX.sub("", tail)
        if tail in ("", "amp", "amp.html", "amp.htm"):
            last -= 1
        elif tail != segments[last - 1]:
            segments[last - 1] = tail
        elif segments[first] == "amp":
            first += 1
        else:
            break
    return segments[first:last]


def _query(query: str) -> str:
    pairs = []
    for pair in _escaped(query, _QUERY_SAFE).split("&"):
        name, equals, value = pair.partition("=")
        # "&amp;" in a feed that escaped twice: the parameter is meant, not "amp;page"
        while name.startswith("amp;"):
            name = name.removeprefix("amp;")
        if not name and not value:
            continue
        key, worth = name.lower(), value.lower()
        if (
            key in _TRACKING
            or key == "amp"
            or key.startswith(_TRACKING_PREFIXES)
            or (key in _AMP_SWITCHES and worth == "amp")
            or (key in _ORIGIN and worth in _ORIGIN_VALUES)
        ):
            continue
        pairs.append((name, equals + value))
    pairs.sort(key=lambda pair: pair[0])
    return "&".join(name + value for name, value in pairs)
