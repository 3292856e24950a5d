"""The weights of crawler.body, fitted: `python -m benchmarks.fit_body DATA` prints them, with what they are worth.

DATA is the folder of `benchmarks/extraction.py`; the corpora with annotated bodies are used. A page's blocks are the
rows; a block counts as body when the gold text holds it. The weights are a logistic regression with an L2 penalty,
each page weighing the same. Figures are those of `benchmarks/extraction.py`, for the pages fitted to and for pages of
sites that the fit did not see (FOLDS folds by site): only the second tell what to expect elsewhere. There are two sets
of weights, for pages that are judged with and without trafilatura; the figures are those of each, and of what is done:
without it where little is in doubt.
`--without NAME` leaves a witness out of the fit, `--ablate` does so with each in turn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.etree
import numpy as np
from numpy.typing import NDArray

from benchmarks import extraction
from crawler import blocks, body, furniture, headlines, markup, metadata, surroundings, witnesses
from crawler.blocks import Block

FOLDS = 10
FIRST_PENALTY, SECOND_PENALTY = 3.0, 0.3
CORPORA = ("scrapinghub", "fundus-evaluation", "fundus-tests")
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A page: its blocks with what the witnesses say of them, and what is right."""

    corpus: str
    site: str
    gold: dict[str, Any]
    evidence: witnesses.Evidence
    alone: witnesses.Evidence | None  #: without trafilatura
    headline: str
    title: Block | None
    descriptions: list[str]
    right: Matrix  #: 1 for blocks of the gold text
    weight: Matrix


def cases(data: Path) -> Iterator[Case]:
    for corpus in CORPORA:
        if not (data / corpus / "gold.json").exists():
            continue
        for key, gold in json.loads((data / corpus / "gold.json").read_text(encoding="utf-8")).items():
            name = key.split("/", 1)[1]
            html = gzip.decompress((data / corpus / "html" / f"{name}.html.gz").read_bytes())
            url = gold.get("url") or f"https://{corpus}.invalid/{key}"
            site = urlsplit(url).netloc if corpus == "scrapinghub" else name.split("__")[-1].split("_")[0]
            heard, alone, headline, title, descriptions = questioned(html, url)
            if heard is not None:
                yield Case(
                    corpus, site, gold, heard, alone, headline, title, descriptions, *labels(corpus, gold, heard)
                )


def questioned(
    html: bytes, url: str
) -> tuple[witnesses.Evidence | None, witnesses.Evidence | None, str, Block | None, list[str]]:
    tree = markup.parse(markup.decode(html))
    data, lines = metadata.read(tree, url), blocks.read(tree)
    headline = headlines.choose(headlines.candidates(data, lines, tree.findtext(".//title"), (), None), lines)
    title = headlines.find(lines, headline)
    lxml.etree.strip_elements(tree, *body.BALLAST, with_tail=False)
    said = partial(
        witnesses.question,
        witnesses.look(lines),
        stated=data.string("articleBody") or "",
        descriptions=data.descriptions(),
        title=title,
        live=data.is_live,
    )
    alone = said(None)
    return said(witnesses.main_text(tree)), alone, headline, title, data.descriptions()


def labels(corpus: str, gold: dict[str, Any], evidence: witnesses.Evidence) -> tuple[Matrix, Matrix]:
    """What is body, and what each block weighs: long ones more, those on which the corpora differ nothing (optional
    paragraphs, standfirsts), every page the same, and a page whose gold text is not on it nothing."""
    if corpus == "scrapinghub":
        wanted, free = gold["body"], ""
    elif corpus == "fundus-evaluation":
        wanted, free = ("\n".join(p["text"] for p in gold["paragraphs"] if p["optional"] is o) for o in (False, True))
    else:
        wanted, free = "\n".join([*(gold["summary"] or []), *extraction.sections(gold)]), ""
    lines = evidence.lines
    keys = [line.key for line in lines]
    right, optional = (np.array(witnesses.testimony(keys, words)) for words in (wanted, free))
    extracted, described = (evidence.columns[n] for n in ("extracted", "described"))
    if corpus == "scrapinghub":
        optional = described
    weight = np.array([min(len(line.text), 600) ** 0.5 for line in lines]) * (1 - optional * (1 - right))
    found = "\n".join(line.text for line, r in zip(lines, right, strict=True) if r)
    if extraction.f1(*extraction.overlap(wanted, found)) < 0.5 and not free:
        weight *= 0
    return right, weight * 30 / max(1.0, float((weight * right).sum()), float((weight * extracted).sum()))


def fit(rows: Matrix, right: Matrix, weight: Matrix, penalty: float) -> Matrix:
    """Logistic regression by Newton's method (Hastie, Tibshirani, Friedman, section 4.4.1) with an L2 penalty."""
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (weight * (chance - right)) + penalty * weights
        curvature = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + penalty * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-5:
            break
    return weights


def stacked(sets: Sequence[Case], tables: Sequence[Matrix], penalty: float) -> Matrix:
    return fit(
        np.concatenate(tables),
        np.concatenate([case.right for case in sets]),
        np.concatenate([case.weight for case in sets]),
        penalty,
    )


def table(columns: Mapping[str, Matrix], names: Iterable[str]) -> Matrix:
    return np.column_stack([columns[name] for name in names])


def folds(sets: Sequence[Case], seed: int) -> list[int]:
    """A fold for each page, the same for all pages of a site."""
    sites = sorted({case.site for case in sets})
    order = np.random.default_rng(seed).permutation(len(sites))
    by_site = dict(zip(sites, order % FOLDS, strict=True))
    return [int(by_site[case.site]) for case in sets]


def held_out(sets: Sequence[Case], tables: Sequence[Matrix], fold: Sequence[int], penalty: float) -> list[Matrix]:
    """Log odds of every page's blocks, from a fit to the pages of other folds."""
    odds: list[Matrix] = [np.zeros(0)] * len(sets)
    for out in range(FOLDS):
        rest = [i for i, f in enumerate(fold) if f != out]
        weights = stacked([sets[i] for i in rest], [tables[i] for i in rest], penalty)
        for i, f in enumerate(fold):
            if f == out:
                odds[i] = tables[i] @ weights
    return odds


def hearings(
    sets: Sequence[Case], names: Sequence[str], seed: int
) -> tuple[list[str], list[Matrix], list[Matrix], list[Matrix]]:
    """The witnesses of both hearings and their words: of the first; of the second, which hears what the first says of
    sites that it did not see; log odds of the second, likewise."""
    fold = folds(sets, seed)
    first = [table(case.evidence.columns, names) for case in sets]
    odds = held_out(sets, first, fold, FIRST_PENALTY)
    heard = [witnesses.hearsay(case.evidence, o) for case, o in zip(sets, odds, strict=True)]
    more = list(heard[0])
    second = [np.hstack([a, table(columns, more)]) for a, columns in zip(first, heard, strict=True)]
    return [*names, *more], first, second, held_out(sets, second, fold, SECOND_PENALTY)


def figures(sets: Sequence[Case], odds: Sequence[Matrix]) -> dict[str, float]:
    """The scores of `benchmarks/extraction.py` for what the odds make of the pages; ROUGE is left out: it is slow."""
    scores: dict[str, float] = {}
    for corpus in CORPORA:
        rows = [(c.gold, reading(c, o)) for c, o in zip(sets, odds, strict=True) if c.corpus == corpus]
        if rows and corpus == "scrapinghub":
            scores |= extraction.score_scrapinghub(rows)
        elif rows and corpus == "fundus-evaluation":
            scores["fundus-evaluation paragraph F1"] = extraction.paragraphs_f1(rows)[2]
        elif rows:
            scores |= {k: v for k, v in extraction.score_fundus_tests(rows).items() if "body" in k}
    return scores


def reading(case: Case, odds: Matrix) -> extraction.Reading:
    found = body.judge(case.evidence, odds)
    if found is None:
        return extraction.Reading()
    opening = surroundings.standfirst(case.evidence.looks.blocks, found, case.title, case.descriptions)
    lines = found.blocks if opening is None or opening in found.blocks else (opening, *found.blocks)
    printed = "\n\n".join(furniture.clean([line.text for line in lines], case.headline))
    return extraction.Reading(body=printed, description=opening.text if opening else "")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path, help="folder with the corpora")
    arguments.add_argument("--without", action="append", default=[], help="a witness to leave out")
    arguments.add_argument("--ablate", action="store_true", help="leave out each in turn")
    arguments.add_argument("--seeds", type=int, default=3, help="times that sites are dealt into folds (default 3)")
    options = arguments.parse_args()
    sets = list(cases(options.data))
    alone = [
        replace(case, evidence=case.alone, right=right, weight=weight)
        for case in sets
        if case.alone
        for right, weight in [labels(case.corpus, case.gold, case.alone)]
    ]
    names = [name for name in sets[0].evidence.columns if name not in options.without]
    print(f"{len(sets)} pages of {len({case.site for case in sets})} sites\n")
    for left in [None, *(names if options.ablate else ())]:
        kept = [name for name in names if name != left]
        runs = [results(sets, alone, kept, seed) for seed in range(options.seeds)]
        print(f"unseen sites{f', without {left!r}' if left else ''}")
        for metric in runs[0]:
            values = [run[metric] for run in runs]
            print(f"  {metric:54}{statistics.mean(values):8.4f}  ({min(values):.4f} to {max(values):.4f})")
    for title, pages in (("", sets), ("ALONE_", alone)):
        every, first, second, _ = hearings(pages, names, 0)
        for hearing, columns, tables, penalty in (
            ("FIRST", names, first, FIRST_PENALTY),
            ("SECOND", every, second, SECOND_PENALTY),
        ):
            weights = stacked(pages, tables, penalty)
            print(f"\n{title}{hearing} = {{")
            for name, weight in zip(columns, weights, strict=True):
                print(f'    "{name}": {weight:.2f},')
            print("}")
    return 0


def results(sets: Sequence[Case], alone: Sequence[Case], names: Sequence[str], seed: int) -> dict[str, float]:
    """Figures with trafilatura, without it, and as `body.choose` decides which."""
    odds = hearings(sets, names, seed)[3]
    odds_alone = hearings(alone, names, seed)[3]
    done = {id(case.gold): (case, o) for case, o in zip(sets, odds, strict=True)}
    sure = [(c, o) for c, o in zip(alone, odds_alone, strict=True) if witnesses.doubt(c.evidence, o) <= body.MOST_DOUBT]
    done |= {id(case.gold): (case, o) for case, o in sure}
    ways = {
        "": list(done.values()),
        ", all with trafilatura": list(zip(sets, odds, strict=True)),
        ", all without": list(zip(alone, odds_alone, strict=True)),
    }
    scores = {
        f"{metric}{way}": value
        for way, pages in ways.items()
        for metric, value in figures([case for case, _ in pages], [o for _, o in pages]).items()
    }
    return {"pages judged without trafilatura": len(sure) / len(sets), **scores}


if __name__ == "__main__":
    raise SystemExit(main())
