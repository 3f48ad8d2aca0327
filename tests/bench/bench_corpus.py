"""The articles and queries that engines are measured on, analysed beforehand."""

from __future__ import annotations

import itertools
import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from archive.records import Article, Origin, Section
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.analysis.fields import ZONE_WEIGHTS
from indexer.intake.json_lines import read_records

BATCH = 500
"""Documents that are read at once, so that the time of reading can be left out."""

_VOWELS = ("a", "e", "i", "o", "u", "á", "é", "í", "ó", "ú", "ậ", "ờ", "ướ", "ê", "oà")
_ONSETS = ("b", "c", "d", "đ", "h", "kh", "l", "m", "n", "ng", "ph", "s", "t", "th", "tr", "v")


@dataclass(frozen=True)
class Queries:
    """The words of each query, without diacritics.

    Attributes:
        any: headlines, of which any word may match.
        all: words that all have to match.
        phrase: words that have to follow one another.
    """

    any: tuple[tuple[str, ...], ...]
    all: tuple[tuple[str, ...], ...]
    phrase: tuple[tuple[str, ...], ...]

    def kinds(self) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        """Yield the kinds of query with their names."""
        yield from (("any", self.any), ("all", self.all), ("phrase", self.phrase))

    def limit(self, most: int) -> Queries:
        """Return at most this number of each kind."""
        return Queries(self.any[:most], self.all[:most], self.phrase[:most])


@dataclass(frozen=True)
class Corpus:
    """Analysed articles in a scratch file, repeated with other identifiers when more are wanted.

    Attributes:
        size: articles.
        stored: articles in the file.
    """

    path: Path
    size: int
    stored: int

    def batches(self, part: int = 0, parts: int = 1) -> Iterator[list[Document]]:
        """Yield the batches of one part of several."""
        remaining = self.size
        for number, batch in enumerate(self._repeated()):
            if number % parts == part:
                yield batch[:remaining]
            remaining -= len(batch)
            if remaining <= 0:
                return

    def _repeated(self) -> Iterator[list[Document]]:
        for turn in itertools.count():
            with self.path.open("rb") as file:
                for _ in range(-(-self.stored // BATCH)):
                    # Written by `analyse_articles` a moment ago, in a folder of this run.
                    documents: list[Document] = pickle.load(file)  # noqa: S301
                    yield [replace(d, identifier=f"{d.identifier}-{turn}") for d in documents]

    def resized(self, size: int) -> Corpus:
        """Return the same corpus with another number of articles."""
        return replace(self, size=size)


def analyse_articles(articles: Iterator[Article], scratch: Path, most: int | None) -> Corpus:
    """Analyse articles, at most `most` of them, into a scratch file."""
    analyzer, path, stored = Analyzer(), scratch / "documents", 0
    with path.open("wb") as file:
        chosen = itertools.islice(articles, most)
        while batch := list(itertools.islice(chosen, BATCH)):
            documents = [
                build_document(analyzer, replace(a, identifier=a.external_id)) for a in batch
            ]
            pickle.dump(documents, file, pickle.HIGHEST_PROTOCOL)
            stored += len(documents)
    return Corpus(path, stored, stored)


def read_articles(path: Path) -> Iterator[Article]:
    """Yield the articles of a file of JSON lines."""
    with path.open("rb") as file:
        for record in read_records(file, path.name):
            if isinstance(record.outcome, Article):
                yield record.outcome


def make_up_articles(count: int) -> Iterator[Article]:
    """Yield articles of random syllables, some much commoner than others; always the same."""
    rng = Random(20)
    syllables = [onset + vowel for onset in _ONSETS for vowel in _VOWELS]
    for number in range(count):
        line = [syllables[int(rng.paretovariate(0.6)) % len(syllables)] for _ in range(90)]
        yield Article(
            title=" ".join(line[:8]),
            origin=Origin("made up", "bench", 1),
            external_id=f"m{number}",
            lead=" ".join(line[8:30]),
            sections=(Section((" ".join(line[30:]),)),),
        )


def read_queries(path: Path) -> Queries:
    """Read the queries in a JSON file of lists of texts by kind."""
    typed = json.loads(path.read_text(encoding="utf-8"))
    words = [_folded(typed[kind]) for kind in ("any", "all", "phrase")]
    return Queries(_deduplicated(words[0]), _deduplicated(words[1]), words[2])


def make_up_queries(count: int) -> Queries:
    """Return queries from the titles of made-up articles."""
    titles = _folded([article.title for article in make_up_articles(count)])
    threes, pairs = tuple(t[1:4] for t in titles), tuple(t[2:4] for t in titles)
    return Queries(_deduplicated(titles), _deduplicated(threes), pairs)


def _folded(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    analyzer = Analyzer()
    return tuple(tuple(token.folded for token in analyzer.tokens(text)) for text in texts)


def _deduplicated(queries: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(dict.fromkeys(words)) for words in queries)


@dataclass(frozen=True)
class DocumentTexts:
    """The terms of one document as text, for engines that split it at blanks."""

    folded: str
    exact: str
    pairs: str
    exact_pairs: str


def document_texts(document: Document, analyzer: Analyzer) -> DocumentTexts:
    """Return the fields of a document as text."""
    passages = [passage.words for passage in document.passages if passage.zone in ZONE_WEIGHTS]
    bare = [tuple(map(analyzer.folded, words)) for words in passages]
    return DocumentTexts(
        " ".join(itertools.chain.from_iterable(bare)),
        " ".join(itertools.chain.from_iterable(passages)),
        " ".join(pair for words in bare for pair in _pairs(words)),
        " ".join(pair for words in passages for pair in _pairs(words)),
    )


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return map("_".join, itertools.pairwise(words))
