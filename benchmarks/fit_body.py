"""The weights of crawler.body, fitted: `python -m benchmarks.fit_body DATA` prints them, with what they are worth.

DATA is the folder of `benchmarks/extraction.py`; the corpora with annotated bodies are used. A page's blocks are the
rows; a block counts as body when the gold text holds it. The weights are a logistic regression with an L2 penalty,
each page weighing the same. Figures are those of `benchmarks/extraction.py`, for the pages fitted to and for pages of
sites that the fit did not see (FOLDS folds by site): only the second tell what to expect elsewhere.
`--without NAME` leaves a witness out of the fit, `--ablate` does so with each in turn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from benchmarks import extraction
from crawler import blocks, body, headlines, markup, metadata, text
from crawler.blocks import Block

FOLDS = 10
CORPORA = ("scrapinghub", "fundus-evaluation", "fundus-tests")
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A page: its blocks with what the witnesses say of them, and what is right."""

    corpus: str
    site: str
    gold: dict[str, Any]
    evidence: body.Evidence
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
            evidence, headline, title, descriptions = witnesses(html, url)
            if evidence.rows:
                yield Case(corpus, site, gold, evidence, headline, title, descriptions, *labels(corpus, gold, evidence))


def witnesses(html: bytes, url: str) -> tuple[body.Evidence, str, Block | None, list[str]]:
    tree = markup.parse(markup.decode(html))
    data, lines = metadata.read(tree, url), blocks.read(tree)
    headline = headlines.choose(data, lines, tree.findtext(".//title"), (), None)
    title = headlines.find(lines, headline)
    evidence = body.witnesses(
        lines,
        extracted=body.main_text(tree, lines),
        stated=data.string("articleBody") or "",
        descriptions=data.descriptions(),
        title=title,
        live="LiveBlogPosting" in data.types,
    )
    return evidence, headline, title, data.descriptions()


def labels(corpus: str, gold: dict[str, Any], evidence: body.Evidence) -> tuple[Matrix, Matrix]:
    """What is body, and what each block weighs: long ones more, optional ones nothing, every page the same."""
    if corpus == "scrapinghub":
        wanted, free = gold["body"], ""
    elif corpus == "fundus-evaluation":
        wanted, free = ("\n".join(p["text"] for p in gold["paragraphs"] if p["optional"] is o) for o in (False, True))
    else:
        wanted, free = "\n".join([*(gold["summary"] or []), *extraction.sections(gold)]), ""
    lines = [evidence.blocks[i] for i in evidence.rows]
    keys = [text.squash(line.text) for line in lines]
    right, optional = (np.array(body.testimony(keys, words)) for words in (wanted, free))
    sizes = np.array([min(len(line.text), 600) ** 0.5 for line in lines]) * (1 - optional * (1 - right))
    extracted = np.array([row["extracted"] for row in evidence.rows.values()])
    return right, sizes * 30 / max(1.0, float((sizes * right).sum()), float((sizes * extracted).sum()))


def rows(case: Case, names: Sequence[str]) -> Matrix:
    return np.array([[row[n] for n in names] for row in case.evidence.rows.values()])


def fit(sets: Sequence[tuple[Matrix, Matrix, Matrix]], penalty: float) -> Matrix:
    """Logistic regression by Newton's method (Hastie, Tibshirani, Friedman, section 4.4.1) with an L2 penalty."""
    x, y, w = (np.concatenate(part) for part in zip(*sets, strict=True))
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (w * (p - y)) + penalty * weights
        step = np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(weights)), gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-5:
            break
    return weights
