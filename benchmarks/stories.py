"""How well and how fast articles are put into stories: benchmarks/stories.py DATA [--press WORLD] [--shuffle].

With --fit it prints the weights for crawler/stories.py, with --speed how fast texts are signed, and nothing else.

DATA holds dedup/dev.jsonl.gz and pairs/{articles.jsonl.gz,labels.jsonl}, WORLD truth.jsonl, site.json and pages as the
press writes them; its texts are those that crawler.pages reads off the pages.
Causal: in order of time, each article sees those of the ten days before it. The band index is a dict in memory, so
that this measures signature, bands and decision, not the store. --fit prints the weights for crawler/stories.py.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from crawler import pages, publishers
from crawler.similarity import Fingerprint, bands, sign, sign_many, signatures
from crawler.stories import CANDIDATES_MAX, WEIGHTS, Candidate, Evidence, Text, arrange, compare, decide

WINDOW = timedelta(days=10)
KINDS = ("brief", "upd", "merge", "heavy", "trim", "pos", "templ", "follow", "wire")  # the first that fits


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a benchmark, signed."""

    id: str
    publisher: str
    date: datetime
    fingerprint: Fingerprint
    keys: list[int]
    story: str
    kind: str

    @property
    def text(self) -> Text:
        return Text(
            publisher=self.publisher,
            date_published=self.date,
            fingerprint=self.fingerprint,
            url=self.id,
        )

    def candidate(self, number: int, story: int) -> Candidate:
        return Candidate(
            article_id=number,
            story_id=story,
            publisher=self.publisher,
            date_published=self.date,
            fingerprint=self.fingerprint,
            url=self.id,
        )


class Index:
    """Bands of the articles seen, by key."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.articles: defaultdict[int, list[int]] = defaultdict(list)

    def look_up(self, row: Row) -> list[int]:
        shared = Counter(
            number
            for key in row.keys
            for number in self.articles.get(key, ())
            if abs(row.date - self.rows[number].date) <= WINDOW
        )
        return sorted(shared, key=lambda number: (-shared[number], number))[:CANDIDATES_MAX]

    def add(self, number: int) -> None:
        for key in self.rows[number].keys:
            self.articles[key].append(number)


def load(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def rows_of(articles: Iterable[dict[str, Any]]) -> list[Row]:
    """Of a dedup, pairs or press file; in order of (date, id)."""
    rows = []
    for article in articles:
        date = datetime.fromisoformat(article.get("date_published") or article["published"])
        fingerprint = sign(article["headline"], article["body"] if "body" in article else article["text"])
        rows.append(
            Row(
                article.get("id") or article["url"],
                article["publisher"],
                date.astimezone(UTC),
                fingerprint,
                bands(fingerprint),
                article.get("story", ""),
                article.get("kind", ""),
            )
        )
    return sorted(rows, key=lambda row: (row.date, row.id))


def read(world: Path) -> list[Row]:
    """The articles of a world as a crawl has them: what stands on its pages, furniture that was not told apart too."""
    site, known = json.loads((world / "site.json").read_bytes()), publishers.load(world / "publishers.toml")
    truth = {row["url"]: row for row in load(world / "truth.jsonl")}
    found = []
    for paper in site["papers"]:
        host = f"{paper['host']}:{site['port']}"
        for printed in paper["articles"]:
            url = f"http://{host}{printed['path']}"
            html = gzip.decompress((world / "pages" / printed["file"]).read_bytes())
            article = pages.read(html, url, publisher=known.get(host))
            if article.body and article.date_published:
                row = {"id": url, "publisher": host, "headline": article.headline, "body": article.body}
                found.append(row | {"published": article.date_published.isoformat(), "story": truth[url]["story"]})
    return rows_of(found)


def shuffled(rows: Sequence[Row], seed: int, hours: float | None) -> list[int]:
    """The rows' stories where each came up to so many hours late; None: in any order at all."""
    chance = np.random.default_rng(seed).random(len(rows))
    late = [0 if hours is None else row.date.timestamp() / 3600 for row in rows] + chance * (hours or 1)
    order = [int(i) for i in np.argsort(late, kind="stable")]
    found = dict(zip(order, replay([rows[i] for i in order]), strict=True))
    return [found[i] for i in range(len(rows))]


def replay(rows: Sequence[Row]) -> list[int]:
    """The rows' stories, each row decided as it arrives."""
    index, story, members = Index(rows), dict[int, int](), defaultdict[int, list[int]](list)
    for number, row in enumerate(rows):
        copy = decide(row.text, [rows[found].candidate(found, story[found]) for found in index.look_up(row)])
        mine = number if copy.story_id is None else copy.story_id
        for other in copy.merges:
            members[mine] += members.pop(other)
        members[mine].append(number)
        story.update(dict.fromkeys(members[mine], mine))
        index.add(number)
    return [story[number] for number in range(len(rows))]


def pairwise(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float, float, float]:
    """Precision, recall and F1 over all pairs of articles, and B-cubed F1."""
    both, predicted, true = Counter(zip(found, gold, strict=True)), Counter(found), Counter(gold)
    hits, claimed, wanted = (sum(n * (n - 1) for n in counts.values()) for counts in (both, predicted, true))
    b_precision, b_recall = (
        sum(n * n / counts[key[side]] for key, n in both.items()) / len(found)
        for side, counts in ((0, predicted), (1, true))
    )
    return (
        hits / max(1, claimed),
        hits / max(1, wanted),
        2 * hits / max(1, claimed + wanted),
        2 * b_precision * b_recall / (b_precision + b_recall),
    )


def recall_by_kind(rows: Sequence[Row]) -> None:
    """Of the earlier copies of each article's story within the window: the share among its candidates."""
    index, seen = Index(rows), defaultdict[str, list[int]](list)
    wanted, found, sizes = Counter[str](), Counter[str](), []
    for number, row in enumerate(rows):
        candidates = set(index.look_up(row))
        copies = {other for other in seen[row.story] if row.date - rows[other].date <= WINDOW}
        kind = next((kind for kind in KINDS if kind in row.kind), "other")
        wanted[kind] += len(copies)
        found[kind] += len(copies & candidates)
        sizes.append(len(candidates))
        seen[row.story].append(number)
        index.add(number)
    print(f"candidates an article: mean {np.mean(sizes):.1f}, 99 % {np.percentile(sizes, 99):.0f}; recall of pairs:")
    print("  " + ", ".join(f"{kind} {found[kind] / wanted[kind]:.3f}" for kind in KINDS if wanted[kind]))
    print(f"  all {found.total() / wanted.total():.3f}")


def relations(articles: Sequence[dict[str, Any]], rows: Sequence[Row]) -> None:
    """What the generator did to each copy against the relation that it is given beside its original."""
    signed, stories = {row.id: row for row in rows}, defaultdict[str, list[dict[str, Any]]](list)
    told = Counter[tuple[str, str | None]]()
    for article in articles:
        stories[article["story"]].append(article)
    for copies in stories.values():
        originals = [copy for copy in copies if copy["kind"] in ("wire:orig", "follow:orig")]
        if len(originals) != 1:
            continue
        first = signed[originals[0]["id"]].candidate(0, 0)
        first = replace(
            first, is_agency=True, date_published=datetime.min.replace(tzinfo=UTC)
        )  # canonical and original
        for copy in copies:
            if copy is originals[0]:
                continue
            tags = set(copy["kind"].partition(":")[2].split("+"))
            kinds = (("update", {"upd1", "upd2"}), ("cut", {"trim", "brief"}), ("extended", {"merge"}), ("copy", tags))
            made = next(kind for kind, of in kinds if tags & of)
            places = arrange([first, signed[copy["id"]].candidate(1, 0)]).places
            told[made, places[1].relation] += 1
    for made in ("copy", "cut", "extended", "update"):
        of = {relation: count for (kind, relation), count in told.items() if kind == made}
        total = sum(of.values())
        print(f"  {made} ({total}): " + ", ".join(f"{relation} {n / total:.3f}" for relation, n in of.items()))


def score_pairs(labels: Sequence[dict[str, Any]], story: dict[str, int]) -> str:
    """Precision, recall and F1 of same against different, with a bootstrap interval over the pairs."""
    calls = np.array([(story[row["a"]] == story[row["b"]], row["label"] == "same") for row in labels])
    draws = np.random.default_rng(1).integers(0, len(calls), (2000, len(calls)))
    hits, claimed, wanted = (
        (values[draws].sum(axis=1)) for values in (calls[:, 0] & calls[:, 1], calls[:, 0], calls[:, 1])
    )
    low, high = np.percentile(2 * hits / np.maximum(1, claimed + wanted), [2.5, 97.5])
    hit, claim, want = int((calls[:, 0] & calls[:, 1]).sum()), int(calls[:, 0].sum()), int(calls[:, 1].sum())
    return f"P {hit / claim:.3f} R {hit / want:.3f} F1 {2 * hit / (claim + want):.3f} [{low:.3f}, {high:.3f}]"


# ---------------------------------------------------------------------------------------------------------- the model
def terms(evidence: Evidence) -> list[float]:
    """As between two publishers: what is special to one publisher's own articles is not fitted."""
    plain = replace(evidence, house=False).terms()
    return [plain[name] for name in WEIGHTS]


def pairs_of(rows: Sequence[Row], cold: bool = False) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
    """All pairs of an article and its candidates with their evidence, the true stories known, or, `cold`, none."""
    index, numbers = Index(rows), dict[str, int]()
    pairs, table = [], []
    for number, row in enumerate(rows):
        found = index.look_up(row)
        others = [rows[i].candidate(i, numbers.setdefault(rows[i].story or rows[i].id, len(numbers))) for i in found]
        if cold:
            others = [replace(other, story_id=0, date_published=None) for other in others]
        pairs += [(number, other) for other in found]
        table += [terms(evidence) for evidence in compare(row.text, others)]
        index.add(number)
    return pairs, np.array(table)


def logistic(
    table: NDArray[np.float64], same: NDArray[np.bool_], weight: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    """Weights and bias, the bias last, of the least weighted log loss with an L2 penalty on the weights: Newton's."""
    table = np.column_stack([table, np.ones(len(table))])
    weight = weight / weight.sum()
    penalty = 2 * ridge * np.diag([*np.ones(table.shape[1] - 1), 0])
    beta = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ beta))
        slope = table.T @ (weight * (chance - same)) + penalty @ beta
        curve = (table.T * (weight * chance * (1 - chance))) @ table + penalty
        beta -= np.linalg.solve(curve, slope)
    return beta


def training(
    rows: Sequence[Row], real: Sequence[Row], labels: Sequence[dict[str, Any]]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Pairs, whether they are the same, and how much each counts.

    The labelled real pairs count four tenths together. The first issues of a template meet no others that would show
    it to be one, so pairs of the template families come a second time, as they look then.
    """
    pairs, table = pairs_of(rows)
    same = np.array([rows[a].story == rows[b].story for a, b in pairs])
    _, cold = pairs_of(rows, cold=True)
    templates = np.array(["templ" in rows[a].kind and "templ" in rows[b].kind for a, b in pairs])
    truth = {frozenset((row["a"], row["b"])): row["label"] == "same" for row in labels if row["label"] != "partial"}
    real_pairs, real_table = pairs_of(real)
    ids = [frozenset((real[a].id, real[b].id)) for a, b in real_pairs]
    known = np.array([pair in truth for pair in ids])
    return (
        np.concatenate([table, cold[templates], real_table[known]]),
        np.concatenate([same, same[templates], [truth[pair] for pair in ids if pair in truth]]).astype(bool),
        np.concatenate(
            [
                np.full(len(table), 0.48 / len(table)),
                np.full(templates.sum(), 0.12 / templates.sum()),
                np.full(known.sum(), 0.4 / known.sum()),
            ]
        ),
    )


# ---------------------------------------------------------------------------------------------------------- the speed
def speed(articles: Sequence[dict[str, Any]]) -> None:
    """Texts to signatures, shingling included, on one core: ours, datasketch (a copied empty MinHash, `update_batch`,
    by xxhash where it is installed) and rensa, where it is installed (RMinHash). Then ours with the sketch: a sample of
    the shingles, figures, names, quotations."""
    texts = [(article["headline"], article["body"]) for article in articles[:1500]]
    hashing = importlib.import_module("xxhash").xxh32_intdigest if importlib.util.find_spec("xxhash") else None
    empty = MinHash(num_perm=128, hashfunc=hashing) if hashing else MinHash(num_perm=128)

    def shingles(body: str) -> list[str]:
        words = body.lower().split()
        return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]

    def by_datasketch(texts: Sequence[tuple[str, str]]) -> None:
        for _, body in texts:
            empty.copy().update_batch([shingle.encode() for shingle in shingles(body)])

    ways: dict[str, Callable[[Sequence[tuple[str, str]]], object]] = {"ours": signatures, "datasketch": by_datasketch}
    if importlib.util.find_spec("rensa"):
        rensa = importlib.import_module("rensa")

        def by_rensa(texts: Sequence[tuple[str, str]]) -> None:
            for _, body in texts:
                minhash = rensa.RMinHash(num_perm=128, seed=1)
                minhash.update(shingles(body))
                minhash.digest()

        ways["rensa"] = by_rensa
    peers = [name for name in ways if name != "ours"]
    ways |= {
        "one by one": lambda texts: [signatures([text]) for text in texts],
        "with the sketch": sign_many,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(7):  # in turn, so that a busy machine slows all
        for name, way in ways.items():
            start = time.process_time()
            way(texts)
            seconds[name].append(time.process_time() - start)
    rates = {name: len(texts) / min(values) for name, values in seconds.items()}
    print("texts to signatures, a second: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
    for name in peers:
        ratios = sorted(theirs / ours for ours, theirs in zip(seconds["ours"], seconds[name], strict=True))
        print(f"  ours against {name}: {statistics.median(ratios):.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--press", type=Path, nargs="*", default=[])
    parser.add_argument("--fit", action="store_true", help="fit the model and print its weights, then stop")
    parser.add_argument("--speed", action="store_true", help="text to signature alone, then stop")
    parser.add_argument("--shuffle", action="store_true", help="also in other orders of arrival, within six hours")
    args = parser.parse_args()
    articles = load(args.data / "dedup/dev.jsonl.gz")
    if args.speed:
        speed(articles)
        return
    rows, real = rows_of(articles), rows_of(load(args.data / "pairs/articles.jsonl.gz"))
    labels = load(args.data / "pairs/labels.jsonl")
    if args.fit:
        beta = logistic(*training(rows, real, labels), ridge=1e-4)
        print(dict(zip([*WEIGHTS, "bias"], beta.round(2).tolist(), strict=True)))
        return
    speed(articles)
    sizes = [len(row.fingerprint.sketch_bytes) for row in rows]
    print(f"sketch bytes: mean {np.mean(sizes):.0f}, most {max(sizes)}; bands {max(len(row.keys) for row in rows)}")
    recall_by_kind(rows)
    relations(articles, rows)
    for world in (None, *args.press):
        part = rows if world is None else read(world)
        start = time.process_time()
        found = replay(part)
        took = (time.process_time() - start) * 1000 / len(part)
        gold = [row.story for row in part]
        p, r, f, b = pairwise(found, gold)
        name = "dedup" if world is None else world.name
        print(f"{name}: pairs P {p:.4f} R {r:.4f} F1 {f:.4f}, B-cubed F1 {b:.4f}; {took:.2f} ms an article")
        for seed in range(3) if args.shuffle else ():
            other = shuffled(part, seed, 6 if world is None else None)
            *_, same, _ = pairwise(other, found)
            p, r, f, b = pairwise(other, gold)
            print(
                f"  {'six hours late' if world is None else 'any order'}, seed {seed}: "
                f"P {p:.4f} R {r:.4f} F1 {f:.4f}, B-cubed {b:.4f}; against in order F1 {same:.4f}"
            )
    story = dict(zip([row.id for row in real], replay(real), strict=True))
    scored = [row for row in labels if row["label"] != "partial"]
    print("real pairs:", score_pairs(scored, story))
    print("  of them sure:", score_pairs([row for row in scored if row["confidence"] == "sure"], story))
    for row in scored:
        if (story[row["a"]] == story[row["b"]]) != (row["label"] == "same"):
            print(f"  wrong: {row['label']} ({row['confidence']}): {row['reason']}")
    partial = [story[row["a"]] == story[row["b"]] for row in labels if row["label"] == "partial"]
    print(f"  partial (not scored): {sum(partial)} of {len(partial)} joined")


if __name__ == "__main__":
    main()
