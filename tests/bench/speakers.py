"""Measure who is found to speak in running text, on labelled sentences: `make speakers`."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from archive.records import Article
from archive.store import Store
from indexer.vietnamese.statements import find_statements
from tests.bench.quality_sets import load_public_set
from tests.bench.quality_systems import open_filled_archive
from tests.paths import DATA

LABELS = DATA / "speakers.tsv"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence by its place, and the spans of names in its paragraph.

    Attributes:
        part: `development` or `held back`.
        speakers: spans of those who speak.
        others: spans of those who count neither way.
    """

    part: str
    corpus: str
    identifier: str
    section: int
    paragraph: int
    start: int
    end: int
    speakers: tuple[tuple[int, int], ...]
    others: tuple[tuple[int, int], ...]


def read_labels(path: Path = LABELS) -> Iterator[LabelledSentence]:
    """Yield the labelled sentences of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        part, corpus, identifier, *numbers, labels = line.split("\t")
        spans: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
        for label in labels.split():
            start, end = map(int, label.lstrip("?").split("-"))
            spans[label.startswith("?")].append((start, end))
        section, paragraph, first, last = map(int, numbers)
        yield LabelledSentence(
            part,
            corpus,
            identifier,
            section,
            paragraph,
            first,
            last,
            tuple(spans[False]),
            tuple(spans[True]),
        )


def judge(sentence: LabelledSentence, article: Article) -> Counter[str]:
    """Count the speakers of a sentence that are found, missed and wrong."""
    before = sum(len(section.paragraphs) for section in article.sections[: sentence.section])
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    number = before + sentence.paragraph
    text = paragraphs[number]
    names = {
        text[statement.start : statement.end]
        for statement in find_statements(paragraphs, f"{article.title}\n{article.lead}")
        if statement.paragraph == number and sentence.start <= statement.start < sentence.end
    }
    speakers = {text[slice(*span)] for span in sentence.speakers}
    others = {text[slice(*span)] for span in sentence.others}
    found = sum(_is_among(speaker, names) for speaker in speakers)
    wrong = sum(not _is_among(name, speakers | others) for name in names)
    return Counter(found=found, missed=len(speakers) - found, wrong=wrong)


def _is_among(name: str, names: set[str]) -> bool:
    """Tell whether a name is among others, or a part of one from its first or to its last word."""
    return any(
        name == other or name.endswith(f" {other}") or other.endswith(f" {name}") for other in names
    )


def measure(store: Store, sentences: Sequence[LabelledSentence]) -> dict[str, Counter[str]]:
    """Return the counts of each part."""
    counts: dict[str, Counter[str]] = {}
    for sentence in sentences:
        part = counts.setdefault(sentence.part, Counter(sentences=0))
        part["sentences"] += 1
        part.update(judge(sentence, store.get(sentence.identifier)))
    return counts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="speakers", description=__doc__)
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for the archives")
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    totals: dict[str, Counter[str]] = {}
    labels = sorted(read_labels(), key=lambda sentence: sentence.corpus)
    for corpus, sentences in groupby(labels, key=lambda sentence: sentence.corpus):
        chosen = load_public_set(corpus, options.shared.resolve())
        with open_filled_archive(options.scratch / corpus / "home", chosen.corpora) as archive:
            for part, counts in measure(archive.store, list(sentences)).items():
                totals.setdefault(part, Counter()).update(counts)
    print("| sentences | speakers named | precision | recall |\n|---|---:|---:|---:|")
    for part, count in totals.items():
        named = count["found"] + count["missed"]
        precision = count["found"] / max(1, count["found"] + count["wrong"])
        recall = count["found"] / max(1, named)
        print(f"| {count['sentences']}, {part} | {named} | {precision:.3f} | {recall:.3f} |")


if __name__ == "__main__":
    main()
