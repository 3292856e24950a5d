"""publishers.toml -> Publisher: who is crawled, from which feeds, and what holds for all of a publisher's pages.

In: the path of a TOML file with one table a publisher, keyed by its domain; docs/publishers.md explains every key.
Out: `load(path)`, a dict of Publisher by domain in the order of the file, or one PublishersError that lists all
mistakes in it, one a line, each saying where, what, what it got and what it wants.
"""

from __future__ import annotations

import difflib
import re
import reprlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

#: ISO 3166-1 alpha-2, the 249 codes assigned; list: iso3166.tab of the time zone database, 2026.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
    GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 (one code a literal would be 20 lines more to read)
)

#: ISO 639-1, the 183 codes in force: what Article.language holds.
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 (one code a literal would be 20 lines more to read)
)

#: What a selector may pick: the headline, the body, and elements to take out before the body is read.
SELECTORS = ("headline", "body", "remove")

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
#: A host without its port, as a pattern.
HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])"
_HOST = re.compile(HOST)
_HOUR = 3600


class PublishersError(ValueError):
    """The publishers file cannot be used. `str()` gives one line for each mistake in it, in the order of the file.

    `publishers.toml: [example.com]: unknown key 'feed' (did you mean 'feeds'?)`
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The outlet that runs a site, as publishers.toml describes it. Hashable, and small enough to hand to a worker."""

    domain: str  #: the table's key, lower case, without "www."; host:port where the port is not the usual one
    name: str
    language: str | None = None  #: ISO 639-1, of a page that does not tell its own
    languages: tuple[str, ...] = ()  #: ISO 639-1, all that it prints in; `language` alone where the file names none
    country: str | None = None  #: ISO 3166-1 alpha-2, of the newsroom
    homepage: str | None = None  #: absolute http(s) URL
    feeds: tuple[str, ...] = ()  #: absolute http(s) URLs of RSS, Atom, RDF or JSON Feed
    news_sitemaps: tuple[str, ...] = ()  #: absolute http(s) URLs of sitemaps of recent pages, or indexes of such
    timezone: str | None = None  #: IANA name, of times printed without an offset; None is UTC
    agency: str | None = None  #: short name of the wire service that this publisher is: "AFP"
    selectors: Mapping[str, str] = field(default_factory=dict, hash=False)  #: one of SELECTORS -> CSS selector
    delay_seconds: float | None = None  #: pause between two requests to one host, 0 to 3600; None is the setting's
    robots: str = "obey"  #: "obey", or "pages": robots.txt rules pages, not the feeds that a person named here
    enabled: bool = True  #: False: stays in the file, is not polled


class _WrongError(Exception):
    """What is wrong with one value: each argument is a problem, without the place, which the caller knows."""


def load(path: str | Path) -> dict[str, Publisher]:
    """Read a publishers file: every Publisher by its domain, in the order of the file, those not enabled included.

    Reads this file (and the time zone database) and nothing else.

    Raises:
        PublishersError: the file is missing, unreadable, not UTF-8, not TOML, empty, or has wrong tables. Once it
            parses, everything wrong in it is reported at once.
    """
    path = Path(path)
    document = _parse(path)
    errors = [
        f"{path.name}: {_show(key)} stands outside of every table, want it below the domain that it is about"
        for key, value in document.items()
        if not isinstance(value, dict) and not _is_array_of_tables(value)
    ]
    publishers: dict[str, Publisher] = {}
    spellings: dict[str, str] = {}
    for key, table, problem in _tables(document):
        problems = [] if problem is None else [problem]
        domain = ""
        try:
            domain = _domain(key)
            if spellings.setdefault(domain, key) != key:
                problems.append(f"the same publisher as [{_plain(spellings[domain])}], want one table for both")
        except _WrongError as error:
            problems += error.args
        values, wrong = _values(table)
        problems += wrong
        errors += [f"{path.name}: [{_plain(key)}]: {problem}" for problem in problems]
        if not problems:
            publishers[domain] = Publisher(domain=domain, **values)
    if errors:
        raise PublishersError("\n".join(errors))
    if not publishers:
        raise PublishersError(f'{path.name}: no publisher in it, want a table such as ["example.com"]')
    return publishers


def spelt(host: str) -> str:
    """A host, with or without its port, as the key of a table: lower case, without the usual port and "www."."""
    key = host.lower().removesuffix(":443").removesuffix(":80").rstrip(".")
    bare = key.removeprefix("www.")
    return bare if "." in bare else key


def _parse(path: Path) -> dict[str, Any]:
    try:
        # Editors on Windows put a byte order mark first, which TOML does not allow.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise PublishersError(f"{path}: no such file, want the path of a publishers file") from None
    except OSError as error:
        raise PublishersError(f"{path}: cannot be read ({error.strerror}), want a readable file") from None
    except UnicodeDecodeError as error:
        line, byte = error.object.count(b"\n", 0, error.start) + 1, error.object[error.start]
        raise PublishersError(f"{path.name}: line {line}: got the byte 0x{byte:02x}, want UTF-8") from None
    except RecursionError:
        raise PublishersError(f"{path.name}: brackets nested too deeply, want lists of URLs") from None
    except ValueError as error:  # TOMLDecodeError, or Python's own about an integer of thousands of digits
        message, _, place = str(error).partition(" (at ")
        where = f"{path.name}: {place.rstrip(')')}" if place else path.name
        raise PublishersError(f"{where}: not TOML: {message}") from None


def _tables(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Every publisher's key and table, with what is wrong about the way its header is written."""
    for key, value in document.items():
        if _is_array_of_tables(value):
            for table in value:
                yield key, table, f'got double brackets, write ["{_plain(key)}"]'
        elif isinstance(value, dict):
            yield from _unnested(key, value)


def _unnested(key: str, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """The tables that were meant: TOML reads an unquoted [example.com] as the table "com" in "example"."""
    if "." in key or ":" in key:
        yield key, table, None
        return
    pending = [(key, table)]
    while pending:
        key, table = pending.pop()
        inner = {k: v for k, v in table.items() if isinstance(v, dict) and k != "selectors"}
        own = {k: v for k, v in table.items() if k not in inner}
        if own or not inner:
            yield key, own, f'a key with dots needs quotation marks, write ["{_plain(key)}"]' if "." in key else None
        pending += [(f"{key}.{k}", v) for k, v in reversed(inner.items())]


def _is_array_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(table, dict) for table in value)


def _domain(key: str) -> str:
    if "/" in key:
        host = re.sub(r"^\w*:?//(www\.)?", "", key).split("/")[0]
        raise _WrongError(f"got a URL as the key, want its domain{_hint(host)}")
    domain = spelt(key)
    host, colon, port = domain.rpartition(":") if re.search(r":\d+$", domain) else (domain, "", "")
    if not domain.isascii():
        raise _WrongError(f"got a domain in letters beyond ASCII, want it as in URLs{_hint(_ascii(domain))}")
    if not _HOST.fullmatch(host) or not ("." in host or colon) or (colon and not 0 < int(port[:6]) < 65536):
        raise _WrongError('got a key that is no domain, want one such as "example.com" or "localhost:8000"')
    return domain


def _values(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields of a Publisher that a table gives, and everything that is wrong in it."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    misspelt: set[str] = set()  # one mistake is told once: [x] with `feed` does not lack feeds as well
    for key, value in table.items():
        if key not in _KEYS:
            problems.append(_unknown(key, _KEYS))
            misspelt.add(_nearest(key, _KEYS))
            continue
        try:
            values[key] = _KEYS[key](value)
        except _WrongError as error:
            problems += [f"{key}: {problem}" for problem in error.args]
    if "name" not in table.keys() | misspelt:
        problems.append('no name, want name = "…"')
    if not any(table.get(key) or key in misspelt for key in ("homepage", "feeds", "news_sitemaps")):
        problems.append("no address, want feeds, news_sitemaps or at least a homepage")
    addresses = Counter((*values.get("feeds", ()), *values.get("news_sitemaps", ())))
    problems += [f"got {_show(url)} {count} times, want it once" for url, count in addresses.items() if count > 1]
    language = values.get("language")
    if language and "languages" not in table:
        values["languages"] = (language,)
    if language and language not in values.get("languages", (language,)):
        problems.append(f"language: got {_show(language)}, want one of its languages or no `languages`")
    return values, problems


def _text(value: object, want: str = "text in quotation marks") -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongError(f"got {_show(value)}, want {want}")
    return " ".join(value.split())


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(f"got {_show(value)}, want true or false")
    return value


def _seconds(value: object) -> float:
    # The upper bound catches milliseconds; nan compares false.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _HOUR:
        raise _WrongError(f"got {_show(value)}, want seconds from 0 to {_HOUR}")
    return float(value)


def _robots(value: object) -> str:
    if value not in ("obey", "pages"):
        raise _WrongError(f"got {_show(value)}, want 'obey' or 'pages'")
    return str(value)


def _url(value: object) -> str:
    problem = _WrongError(f"got {_show(value)}, want an absolute http or https URL")
    if not isinstance(value, str) or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise problem
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise problem from None
    where = parts.netloc.rpartition("@")[2]
    if where != parts.netloc:  # which is not shown: it would stand in logs, and in the store
        raise _WrongError(
            f"got a URL with a password, want it in HTTPAUTH_USER, HTTPAUTH_PASS, HTTPAUTH_DOMAIN={where}"
        )
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(f"[{host}]" if ":" in host else _ascii(host)):
        raise problem
    return value


def _urls(value: object) -> tuple[str, ...]:
    return _each(value, _url, "a list of URLs in square brackets")


def _country(value: object) -> str:
    code = _text(value, "an ISO 3166 code of two capital letters")
    if code not in COUNTRIES:
        upper = {"UK": "GB"}.get(code.upper(), code.upper())
        guess = _hint(upper if upper in COUNTRIES else "")
        raise _WrongError(f"got {_show(code)}, want an ISO 3166 code of two capital letters{guess}")
    return code


def _language(value: object) -> str:
    code = _text(value, "an ISO 639-1 code of two small letters")
    if code not in LANGUAGES:
        primary = re.split("[-_]", code.lower())[0]
        guess = _hint(primary if primary in LANGUAGES else "")
        raise _WrongError(f"got {_show(code)}, want an ISO 639-1 code of two small letters{guess}")
    return code


def _languages(value: object) -> tuple[str, ...]:
    return _each(value, _language, "a list of languages in square brackets")


def _timezone(value: object) -> str:
    name = _text(value, "an IANA time zone such as 'Africa/Lagos'")
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError: the name of a folder, such as "Africa"
        guess = _hint(_nearest(name, sorted(available_timezones()), likeness=0.8))
        raise _WrongError(f"got {_show(value)}, want an IANA time zone such as 'Africa/Lagos'{guess}") from None
    return name


def _selectors(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _WrongError(f"got {_show(value)}, want a table of {', '.join(SELECTORS)}")
    problems: list[str] = []
    for key, selector in value.items():
        if key not in SELECTORS:
            problems.append(_unknown(key, SELECTORS))
        elif not isinstance(selector, str):
            problems.append(f"{key}: got {_show(selector)}, want a CSS selector in quotation marks")
        else:
            try:
                # Evaluated once, as some that translate cannot be used: "svg|a" needs a namespace that nobody declares.
                if etree.Element("html").xpath(HTMLTranslator().css_to_xpath(selector)) and key == "remove":
                    problems.append(f"{key}: got {_show(selector)}, which takes off the page itself")
            except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
                problems.append(f"{key}: got {_show(selector)}, want a CSS selector: {_plain(str(error))}")
    if problems:
        raise _WrongError(*problems)
    return dict(value)


def _each(value: object, read: Callable[[object], str], want: str) -> tuple[str, ...]:
    """A list read one by one, so that every wrong value in it is told."""
    if not isinstance(value, list):
        raise _WrongError(f"got {_show(value)}, want {want}")
    values: list[str] = []
    problems: list[str] = []
    for one in value:
        try:
            values.append(read(one))
        except _WrongError as error:
            problems += error.args
    if problems:
        raise _WrongError(*problems)
    return tuple(values)


#: The keys of a table in the order of the documentation, with what reads each: a field of Publisher, or _WrongError.
_KEYS: dict[str, Callable[[object], object]] = {
    "name": _text,
    "language": _language,
    "languages": _languages,
    "country": _country,
    "homepage": _url,
    "feeds": _urls,
    "news_sitemaps": _urls,
    "timezone": _timezone,
    "agency": _text,
    "selectors": _selectors,
    "delay_seconds": _seconds,
    "robots": _robots,
    "enabled": _flag,
}


def _ascii(host: str) -> str:
    """A host as it stands in URLs (IDNA); "" where it has no such form."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _nearest(key: str, known: Iterable[str], likeness: float = 0.6) -> str:
    return next(iter(difflib.get_close_matches(key, list(known), n=1, cutoff=likeness)), "")


def _unknown(key: str, known: Iterable[str]) -> str:
    return f"unknown key {_show(key)}" + (_hint(_nearest(key, known)) or f", want one of {', '.join(known)}")


def _hint(guess: str) -> str:
    return f" (did you mean {_show(guess)}?)" if guess else ""


class _Shortened(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write an integer of more than 4300 digits, which TOML can give in hexadecimal.
        return repr(x) if x.bit_length() <= 64 else "a huge number"


def _show(value: object) -> str:
    """A value on one line, quoted and cut to a bearable length."""
    shortened = _Shortened()
    shortened.maxstring = shortened.maxother = 100
    return shortened.repr(value)


def _plain(text: str) -> str:
    """The same without its quotation marks."""
    return _show(text)[1:-1]
