"""Measure OCR: wrong characters of made scans of news, by resolution, noise, skew and size.

    python -m tests.bench.scanned_pages CORPUS.jsonl.xz [--pages 10] [--seed 1] [--only NAME]

Each page is drawn with a font of the system, spoilt as scanners do, put into a PDF document, and
read as `tangthu ocr` reads it. Wrong characters are the edit distance by the length of the truth,
with runs of blanks as one; folded ones are without diacritics and letter case, as search is.
"""

from __future__ import annotations

import argparse
import json
import lzma
import resource
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from textwrap import wrap

import numpy as np
from PIL import Image

from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.ocr.document_recognition import (
    open_scanned,
    recognize_page,
    with_recognized_pages,
)
from indexer.intake.ocr.page_spool import SpooledPage
from indexer.intake.ocr.tesseract import Tesseract, find_tesseract
from indexer.vietnamese.normalization import canonical, fold
from tests.bench.bench_tables import print_line, print_table
from tests.indexer.intake.ocr.scans import GreyPicture, drawn_page, scanned_pdf

_LINE_POINTS = 470
_LETTER_WIDTH = 0.5
_PAGE_POINTS = 700
_SHORTEST = 60


@dataclass(frozen=True, slots=True)
class ScanKind:
    """A kind of scan: dots an inch, size of letters, noise (sigma of 255), skew in degrees."""

    name: str
    resolution: int
    size: float = 12
    noise: float = 0
    skew: float = 0
    quarters: int = 0


KINDS = (
    ScanKind("300 dpi, clean", 300),
    ScanKind("300 dpi, noise 25", 300, noise=25),
    ScanKind("300 dpi, 9 pt, noise 25, skew .5", 300, size=9, noise=25, skew=0.5),
    ScanKind("200 dpi, noise 25", 200, noise=25),
    ScanKind("150 dpi, clean", 150),
    ScanKind("150 dpi, noise 25, skew .5", 150, noise=25, skew=0.5),
    ScanKind("200 dpi, upside down", 200, quarters=2),
)


def pages_of(corpus: Path, count: int, size: float, chance: Random) -> Iterator[list[str]]:
    """Yield the lines of pages, each of the paragraphs of one article."""
    width = int(_LINE_POINTS / (size * _LETTER_WIDTH))
    most = int(_PAGE_POINTS / (size * 1.5))
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["body"] for line in islice(lines, 2000)]
    chance.shuffle(articles)
    for body in articles[:count]:
        paragraphs = body if isinstance(body, list) else body.split("\n")
        texts = [canonical(" ".join(text.split())) for text in paragraphs if len(text) >= _SHORTEST]
        yield [line for text in texts for line in wrap(text, width)][:most]


def scanned(lines: Sequence[str], kind: ScanKind, seed: int) -> bytes:
    """Return a PDF document of one scanned page."""
    drawn = drawn_page(lines, kind.resolution, kind.size)
    picture = Image.frombytes("L", (drawn.width, drawn.height), drawn.pixels)
    if kind.skew:
        picture = picture.rotate(kind.skew, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(picture, dtype=np.float32)
    if kind.noise:
        pixels = pixels + np.random.default_rng(seed).normal(0, kind.noise, pixels.shape)
    spoilt = np.rot90(np.clip(pixels, 0, 255).astype(np.uint8), kind.quarters)
    return scanned_pdf([GreyPicture(spoilt.shape[1], spoilt.shape[0], spoilt.tobytes())])


def read_back(data: bytes, children: ReaderChildren, program: Tesseract) -> tuple[str, int]:
    """Return the text of a scanned page, and the program's certainty."""
    document = open_scanned(data, "scan.pdf", "", children)
    words = recognize_page(document, 1, children, program)
    article = with_recognized_pages(document, {1: SpooledPage(1, program.label, words)}, program)
    texts = [text for section in article.sections for text in section.paragraphs]
    return " ".join(texts), words.confidence


def wrong_share(text: str, truth: str) -> float:
    """Return the edit distance of two texts by the length of the second."""
    signs = np.array([ord(sign) for sign in truth])
    places = np.arange(len(truth) + 1)
    row = places.copy()
    for sign in text:
        changed = np.minimum(row[1:] + 1, row[:-1] + (signs != ord(sign)))
        following = np.concatenate(([row[0] + 1], changed))
        row = np.minimum.accumulate(following - places) + places
    return float(row[-1]) / max(1, len(truth))


def measure(kind: ScanKind, pages: Sequence[Sequence[str]], seed: int) -> list[str]:
    """Return the row of one kind."""
    program, raw, folded, sure = find_tesseract(), list[float](), list[float](), list[int]()
    started = _children_seconds()
    with ReaderChildren() as children:
        for number, lines in enumerate(pages):
            truth = " ".join(lines)
            text, certainty = read_back(scanned(lines, kind, seed + number), children, program)
            raw.append(wrong_share(text, truth))
            folded.append(wrong_share(fold(text), fold(truth)))
            sure.append(certainty)
    seconds = (_children_seconds() - started) / len(pages)
    figures = (statistics.mean(raw), statistics.median(raw), max(raw), statistics.mean(folded))
    rates = [f"{figure:.2%}" for figure in figures]
    return [kind.name, str(len(pages)), *rates, str(min(sure)), f"{seconds:.1f}"]


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--pages", type=int, default=10, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="kinds whose name has this")
    options = parser.parse_args(arguments)
    rows = []
    for place, kind in enumerate(KINDS):
        if options.only in kind.name:
            chance = Random(f"{options.seed} {place}")
            pages = list(pages_of(options.corpus, options.pages, kind.size, chance))
            rows.append(measure(kind, pages, options.seed))
            print_line(" | ".join(rows[-1]))
    heads = ["scan", "pages", "wrong", "median", "most", "folded", "least sure", "processor s"]
    print_table(heads, rows)


if __name__ == "__main__":
    main()
