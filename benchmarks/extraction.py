"""Reading articles, measured: `python benchmarks/extraction.py DATA [--agencies LABELS] [--only CORPUS] [--passes N]`.

DATA is a folder of corpora (scrapinghub, fundus-evaluation, fundus-tests, mediacloud), each with `gold.json` and
`html/<id>.html.gz`; a corpus that is not there is left out. Prints one table for Newsfold and, in the same run, for
trafilatura with its own metadata and those of newspaper4k, readability-lxml and resiliparse that are installed; then
how many pages are kept as articles, and precision and recall of kinds on the pages of `benchmarks/kinds.py`. Metrics
are those of the corpora (see `score_*`). CPU is process time: the libraries take turns over each page, the first pass,
which fills their caches, is told apart, and of the others each page's median counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import html as markup
from trafilatura.settings import Document

sys.path.insert(0, str(Path(__file__).parent.parent))  # a script's own folder is all that Python looks in

from benchmarks import kinds
from crawler import pages, wires
from crawler.items import Image

WARM_UP = b"<html><body><article><h1>A</h1>" + b"<p>Warm-up text of some length, for once.</p>" * 20
KEPT = ("article", "live", "teaser")  #: what validation does not drop, by `kind`


@dataclass(frozen=True)
class Reading:
    """What one extractor made of one page."""

    body: str = ""
    headline: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""  #: YYYY-MM-DD, "" for none
    images: tuple[Image, ...] = ()
    agency: str | None = None
    weak: bool = False  #: the agency is known from the credit of an image alone
    kind: str = ""  #: "" for a page that could not be read


def newsfold(html: bytes, url: str) -> Reading:
    try:
        article = pages.read(html, url)
    except pages.PageError:
        return Reading()
    return Reading(
        article.body,
        article.headline,
        article.description or "",
        article.authors,
        article.date_published.date().isoformat() if article.date_published else "",
        article.images,
        article.agency,
        article.agency_evidence == "image credit",
        article.kind,
    )


def default_trafilatura(html: bytes, url: str) -> Reading:
    document = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if not isinstance(document, Document):
        return Reading()
    authors = tuple(a.strip() for a in (document.author or "").split(";") if a.strip())
    return Reading(document.text or "", document.title or "", document.description or "", authors, document.date or "")


@dataclass(frozen=True)
class Extractor:
    """A library, with the figures besides the body's that it has an answer to: the prefixes of their names."""

    name: str
    version: str
    read: Callable[[bytes, str], Reading]
    answers: tuple[str, ...] = ()

    def measured(self, figure: str) -> bool:
        bodily = figure.startswith(("scrapinghub", "fundus-evaluation", "fundus-tests"))
        return bodily or figure.startswith(self.answers)


def newspaper4k() -> Extractor:
    import newspaper

    config = newspaper.Config()
    config.fetch_images = False  # it would ask the network for their sizes

    def read(html: bytes, url: str) -> Reading:
        article = newspaper.Article(url, config=config)
        try:
            article.download(input_html=html.decode("utf-8", "replace"))
            article.parse()
        except Exception:  # languages it wants a tokenizer for that is not installed, among others
            return Reading()
        day = article.publish_date.date().isoformat() if article.publish_date else ""
        description = article.meta_description or ""
        return Reading(article.text or "", article.title or "", description, tuple(article.authors), day)

    return Extractor("newspaper4k", version("newspaper4k"), read, ("headline", "authors", "date", "mediacloud"))


def readability_lxml() -> Extractor:
    import readability

    def read(html: bytes, url: str) -> Reading:
        try:
            document = readability.Document(html, url=url)
            return Reading(lines(document.summary(html_partial=True)), document.short_title() or "")
        except Exception:  # readability.Unparseable, and what lxml says to a page without text
            return Reading()

    return Extractor("readability", version("readability-lxml"), read, ("headline",))


def lines(html: str) -> str:
    """The text of a piece of HTML, a paragraph, heading or list item a line."""
    root = markup.fromstring(html)
    for element in root.iter(
        "p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "br"
    ):
        element.text, element.tail = f"\n{element.text or ''}", f"\n{element.tail or ''}"
    return "\n".join(line for line in map(str.strip, root.text_content().splitlines()) if line)


def resiliparse() -> Extractor:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def read(html: bytes, url: str) -> Reading:
        tree = HTMLTree.parse_from_bytes(html, detect_encoding(html) or "utf-8")
        # Bullets and alternative texts are in no corpus: with them its F1 on scrapinghub is .900 instead of .918.
        return Reading(extract_plain_text(tree, main_content=True, list_bullets=False, alt_texts=False))

    return Extractor("resiliparse", version("resiliparse"), read)


def installed() -> tuple[list[Extractor], list[str]]:
    """Newsfold, trafilatura and the other peers, and why those are missing that are."""
    known = ("headline", "authors", "date", "mediacloud")
    found = [
        Extractor("newsfold", version("newsfold"), newsfold, (*known, "captions", "credits")),
        Extractor("trafilatura", version("trafilatura"), default_trafilatura, known),
    ]
    missing = []
    for peer in (newspaper4k, readability_lxml, resiliparse):
        try:
            found.append(peer())
        except ImportError as error:
            missing.append(f"{peer.__name__} is left out: {error}")
    return found, missing


# --- metrics --------------------------------------------------------------------------------------------------------
def shingles(string: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", string)
    if len(tokens) < 4:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3))


def overlap(gold: str, got: str) -> tuple[float, float]:
    """Precision and recall of 4-word shingles."""
    a, b = shingles(gold), shingles(got)
    common = sum((a & b).values())
    return (common / sum(b.values()) if b else 0.0), (common / sum(a.values()) if a else 0.0)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def tokens(string: str) -> list[str]:
    return re.findall(r"\w+", string)


def score_scrapinghub(rows: Sequence[tuple[dict[str, Any], Reading]]) -> dict[str, float]:
    pairs, same = [], []
    for gold, got in rows:
        bodies = [got.body, without_standfirst(got)]
        pairs.append(max((overlap(gold["body"], b) for b in bodies), key=lambda pair: f1(*pair)))
        same.append(any(tokens(gold["body"]) == tokens(b) for b in bodies))
    p, r = (statistics.mean(x) for x in zip(*pairs, strict=True))
    return {
        "scrapinghub body P": p,
        "scrapinghub body R": r,
        "scrapinghub body F1": f1(p, r),
        "scrapinghub identical": statistics.mean(same),
    }


def without_standfirst(got: Reading) -> str:
    """The body from its second paragraph on, if its first is the description: this corpus leaves standfirsts out, but
    not first paragraphs that a page repeats as its description."""
    first, _, rest = got.body.partition("\n\n")
    return rest if got.description and squeeze(first) == squeeze(got.description) else got.body


def references(gold: dict[str, Any], most: int) -> Iterator[list[str]]:
    """Every legal reference: the required paragraphs with any of the optional ones."""
    optional = [i for i, p in enumerate(gold["paragraphs"]) if p["optional"]]
    choices = range(len(optional) + 1) if len(optional) <= most else (0, len(optional))
    for size in choices:
        for kept in combinations(optional, size):
            yield [p["text"] for i, p in enumerate(gold["paragraphs"]) if not p["optional"] or i in kept]


def longest_common(reference: list[str], sentence: list[str]) -> set[int]:
    """Positions in `reference` of one longest common subsequence with `sentence`."""
    table = [[0] * (len(sentence) + 1) for _ in range(len(reference) + 1)]
    for i, a in enumerate(reference):
        row, above = table[i + 1], table[i]
        for j, b in enumerate(sentence):
            row[j + 1] = above[j] + 1 if a == b else max(above[j + 1], row[j])
    found, i, j = set(), len(reference), len(sentence)
    while i and j:
        if reference[i - 1] == sentence[j - 1]:
            found.add(i - 1)
            i, j = i - 1, j - 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return found


def rouge_lsum(reference: list[str], got: list[str]) -> tuple[float, float, float]:
    """ROUGE-LSum without stemming, a paragraph a sentence: union of longest common subsequences (Lin 2004, section
    3.2)."""
    ref, cand = ([re.findall(r"[a-z0-9]+", x.lower()) for x in side] for side in (reference, got))
    sizes = sum(map(len, ref)), sum(map(len, cand))
    if not all(sizes):
        return 0.0, 0.0, 0.0
    left, right = Counter(w for x in ref for w in x), Counter(w for x in cand for w in x)
    hits = 0
    for sentence in ref:
        words = set(sentence)
        union: set[int] = set()
        for other in cand:
            if sentence == other:
                union = set(range(len(sentence)))
                break
            if not words.isdisjoint(other):
                union |= longest_common(sentence, other)
        for i in union:
            word = sentence[i]
            if left[word] > 0 and right[word] > 0:
                hits += 1
                left[word] -= 1
                right[word] -= 1
    p, r = hits / sizes[1], hits / sizes[0]
    return p, r, f1(p, r)


def squeeze(string: str) -> str:
    return re.sub(r"\s+", " ", string).strip()


def score_fundus_evaluation(rows: Sequence[tuple[dict[str, Any], Reading]]) -> dict[str, float]:
    rouge = []
    for gold, got in rows:
        paragraphs = [squeeze(p) for p in got.body.splitlines() if p.strip()]
        rouge.append(max((rouge_lsum(ref, paragraphs) for ref in references(gold, 4)), key=lambda s: s[2]))
    means = [*(statistics.mean(x) for x in zip(*rouge, strict=True)), *paragraphs_f1(rows)]
    names = ("ROUGE P", "ROUGE R", "ROUGE F1", "paragraph P", "paragraph R", "paragraph F1")
    return {f"fundus-evaluation {n}": m for n, m in zip(names, means, strict=True)}


def paragraphs_f1(rows: Sequence[tuple[dict[str, Any], Reading]]) -> tuple[float, ...]:
    """Precision, recall and F1 of whole paragraphs against the best legal reference, each a mean over pages."""
    exact = []
    for gold, got in rows:
        paragraphs = Counter(squeeze(p) for p in got.body.splitlines() if p.strip())
        best = (0.0, 0.0, 0.0)
        for ref in references(gold, 8):
            common = sum((Counter(map(squeeze, ref)) & paragraphs).values())
            p, r = common / max(1, sum(paragraphs.values())), common / max(1, len(ref))
            best = max(best, (p, r, f1(p, r)), key=lambda s: s[2])
        exact.append(best)
    return tuple(statistics.mean(x) for x in zip(*exact, strict=True))


def bare(string: str) -> str:
    return re.sub(r"\W+", "", string.lower())


def sections(gold: dict[str, Any]) -> list[str]:
    return [p for s in gold["sections"] for p in (*s["headline"], *s["paragraphs"])]


def alike(one: str, other: str) -> bool:
    a, b = Counter(tokens(one.lower())), Counter(tokens(other.lower()))
    longer = max(sum(a.values()), sum(b.values()))
    return one == other or (longer > 0 and sum((a & b).values()) / longer >= 0.8)


def matched(left: Sequence[str], right: Sequence[str]) -> int:
    """How many of `left` have a partner of their own in `right`."""
    rest = list(right)
    hits = 0
    for item in left:
        partner = next((x for x in rest if alike(item, x)), None)
        if partner is not None:
            rest.remove(partner)
            hits += 1
    return hits


def file_name(url: str) -> str:
    """What the last step of an address calls a file, in whatever format and size by its query."""
    return PurePosixPath(urlsplit(url).path).stem


def score_fundus_tests(rows: Sequence[tuple[dict[str, Any], Reading]]) -> dict[str, float]:
    body, exact, heads, people, people_f1, persons_f1, dates = [], [], [], [], [], [], []
    gold_captions = got_captions = hits = gold_credits = got_credits = credit_hits = addresses = address_hits = 0
    for gold, got in rows:
        text = "\n".join(sections(gold))
        options = [text, "\n".join([*(gold["summary"] or []), text])]
        body.append(max(f1(*overlap(o, got.body)) for o in options))
        exact.append(any(tokens(o) == tokens(got.body) for o in options))
        heads.append(bare(gold["title"]) == bare(got.headline))
        a, b = set(gold["authors"]), set(got.authors)
        people.append(a == b)
        if a:
            people_f1.append(2 * len(a & b) / (len(a) + len(b)))
        # The corpus takes over whom the JSON-LD calls author, agencies too; an article names its agency apart.
        if persons := {name for name in a if not any(piece.agency for piece in wires.pieces(name))}:
            persons_f1.append(2 * len(persons & b) / (len(persons) + len(b)))
        dates.append((gold["published"] or "")[:10] == got.published)
        captions = [squeeze(i["caption"]) for i in gold["images"] if i["caption"]]
        mine = [squeeze(i.caption) for i in got.images if i.caption]
        gold_captions, got_captions, hits = (
            gold_captions + len(captions),
            got_captions + len(mine),
            hits + matched(captions, mine),
        )
        files = {file_name(i.url) for i in got.images if i.url}
        wanted = [file_name(i["url"]) for i in gold["images"] if i["caption"] and i["url"]]
        addresses, address_hits = addresses + len(wanted), address_hits + sum(name in files for name in wanted)
        credits = [", ".join(c) if isinstance(c := i["credit"], list) else c for i in gold["images"] if i["credit"]]
        credits, own = (
            list(dict.fromkeys(map(squeeze, credits))),
            list(dict.fromkeys(i.credit for i in got.images if i.credit)),
        )
        gold_credits, got_credits = gold_credits + len(credits), got_credits + len(own)
        credit_hits += sum(1 for c in credits if any(bare(c) in bare(o) for o in own))
    return {
        "fundus-tests body F1": statistics.mean(body),
        "fundus-tests body exact": statistics.mean(exact),
        "headline exact": statistics.mean(heads),
        "authors set": statistics.mean(people),
        "authors F1": statistics.mean(people_f1),
        "authors F1, agencies apart": statistics.mean(persons_f1),
        "date": statistics.mean(dates),
        "captions R": hits / max(1, gold_captions),
        "captions P": hits / max(1, got_captions),
        "captions, address by file R": address_hits / max(1, addresses),
        "credits R (gold inside ours)": credit_hits / max(1, gold_credits),
        "credits P": credit_hits / max(1, got_credits),
    }


def score_mediacloud(rows: Sequence[tuple[dict[str, Any], Reading]]) -> dict[str, float]:
    right = statistics.mean(gold["published"] == got.published for gold, got in rows)
    none = statistics.mean(not got.published for _, got in rows)
    return {"mediacloud right": right, "mediacloud none": none, "mediacloud wrong": 1 - right - none}


def score_agencies(labels: Path, answers: dict[str, Reading]) -> dict[str, float]:
    """An answer is right when it names one of the page's agencies; pages credited to an unnamed one are left out.

    Credits of images are told apart (agency_evidence): the first two figures leave them out.
    """
    rows = [r for r in map(json.loads, labels.read_text(encoding="utf-8").splitlines()) if r["key"] in answers]
    scores: dict[str, float] = {}
    for name, weak in (("agency", False), ("agency with image credits", True)):
        given = named = found = right = 0
        for row in rows:
            if row["unnamed"]:
                continue
            reading, legal = answers[row["key"]], {*row["text_agency"], *row["also_ok"]}
            answer = reading.agency if weak or not reading.weak else None
            given += answer is not None
            named += bool(row["text_agency"])
            right += answer in legal
            found += answer in legal and bool(row["text_agency"])
        scores |= {f"{name} P": right / max(1, given), f"{name} R": found / max(1, named)}
    return scores


SCORES = {
    "scrapinghub": score_scrapinghub,
    "fundus-evaluation": score_fundus_evaluation,
    "fundus-tests": score_fundus_tests,
    "mediacloud": score_mediacloud,
}


Page = tuple[str, dict[str, Any], bytes, str]  #: key, annotations, page, address


def corpus_pages(folder: Path) -> list[Page]:
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return [
        (
            key,
            expected,
            gzip.decompress((folder / "html" / f"{key.split('/', 1)[1]}.html.gz").read_bytes()),
            expected.get("url") or f"https://{folder.name}.invalid/{key}",
        )
        for key, expected in gold.items()
    ]


def in_turns(
    extractors: Sequence[Extractor], made: Sequence[Page], passes: int
) -> tuple[dict[str, list[Reading]], dict[str, list[list[float]]]]:
    """What each library reads, by its name, and its seconds of CPU by pass and page.

    Who begins changes with every page, as the first meets cold caches.
    """
    readings: dict[str, list[Reading]] = {e.name: [] for e in extractors}
    seconds: dict[str, list[list[float]]] = {e.name: [] for e in extractors}
    for number in range(passes):
        for each in seconds.values():
            each.append([])
        for count, (_, _, html, url) in enumerate(made, number):
            first = count % len(extractors)
            for extractor in (*extractors[first:], *extractors[:first]):
                start = time.process_time()
                reading = extractor.read(html, url)
                seconds[extractor.name][-1].append(time.process_time() - start)
                if not number:
                    readings[extractor.name].append(reading)
    return readings, seconds


def costs(seconds: Sequence[Sequence[float]]) -> dict[str, float]:
    """Seconds a page: of the first pass, then of each page's median over the others."""
    settled = [statistics.median(page) for page in zip(*(seconds[1:] or seconds), strict=True)]
    return {
        "first pass, mean": statistics.mean(seconds[0]),
        "later, mean": statistics.mean(settled),
        "later, median page": statistics.median(settled),
    }


def print_costs(seconds: dict[str, list[list[float]]]) -> None:
    figures = {name: costs(each) for name, each in seconds.items()}
    for figure in next(iter(figures.values())):
        print(f"{f'CPU ms, {figure}':34}" + "".join(f"{1000 * each[figure]:14.1f}" for each in figures.values()))
        if "trafilatura" in figures:
            unit = figures["trafilatura"][figure]
            print(
                f"{'  against trafilatura':34}" + "".join(f"{each[figure] / unit:14.2f}" for each in figures.values())
            )


def print_kinds(read: Sequence[Reading]) -> None:
    kept = Counter(reading.kind for reading in read)
    others = ", ".join(f"{kind or 'unreadable'} {count}" for kind, count in sorted(kept.items()) if kind not in KEPT)
    print(f"\nkept as articles: {sum(kept[k] for k in KEPT)} of {len(read)} pages of the corpora ({others or 'all'})")
    made = list(kinds.Press(1).pages(950))
    told = zip((page.kind for page in made), kinds.answers(made), strict=True)
    print(f"\n{f'kinds of {len(made)} made pages':34}{'precision':>14}{'recall':>14}")
    for kind, (precision, recall) in kinds.scores(list(told)).items():
        print(f"{kind:34}{precision:14.3f}{recall:14.3f}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path, help="folder with the corpora")
    arguments.add_argument("--agencies", type=Path, help="labels.jsonl (default: DATA/../agencies/labels.jsonl)")
    arguments.add_argument("--only", choices=sorted(SCORES), action="append", help="corpora to run")
    arguments.add_argument("--no-peer", action="store_true", help="Newsfold alone")
    arguments.add_argument("--passes", type=int, default=4, help="times that each page is read (default: 4)")
    options = arguments.parse_args()
    corpora = {
        name: corpus_pages(options.data / name)
        for name in SCORES
        if (not options.only or name in options.only) and (options.data / name / "gold.json").exists()
    }
    made = [page for each in corpora.values() for page in each]
    if not made:
        print(f"{options.data}: no corpus in it (wanted one of {', '.join(SCORES)})", file=sys.stderr)
        return 2
    logging.disable(logging.ERROR)  # readability prints the trace of each page that it gives up
    warnings.simplefilter("ignore")  # newspaper's, on what it has not got installed
    extractors, missing = installed()
    if options.no_peer:
        extractors, missing = extractors[:1], []
    for extractor in extractors:  # loads models and compiles patterns before anything is timed
        extractor.read(WARM_UP, "https://a.invalid/b")
    readings, seconds = in_turns(extractors, made, max(1, options.passes))
    results: dict[str, dict[str, float]] = {}
    for extractor in extractors:
        rest = iter(readings[extractor.name])
        figures: dict[str, float] = {}
        for corpus, each in corpora.items():
            figures |= SCORES[corpus]([(expected, next(rest)) for _, expected, _, _ in each])
        results[extractor.name] = {name: value for name, value in figures.items() if extractor.measured(name)}
    labels = options.agencies or options.data.parent / "agencies" / "labels.jsonl"
    if labels.exists():
        answers = {key: reading for (key, *_), reading in zip(made, readings["newsfold"], strict=True)}
        results["newsfold"] |= score_agencies(labels, answers)
    versions = ", ".join(f"{e.name} {e.version}" for e in extractors)
    print(f"{len(made)} pages, {date.today()}, {options.passes} passes\n{versions}")  # noqa: DTZ011
    print("\n".join(missing), end="\n" * bool(missing))
    print(f"\n{'':34}" + "".join(f"{name:>14}" for name in results))
    for metric in dict.fromkeys(m for values in results.values() for m in values):
        print(
            f"{metric:34}"
            + "".join(f"{values[metric]:14.3f}" if metric in values else f"{'-':>14}" for values in results.values())
        )
    print_costs(seconds)
    print_kinds(readings["newsfold"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
