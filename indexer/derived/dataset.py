"""Derived data: counted from the articles, and served beside the index in files of its generation.

Each dataset has files of its own in the generation's folder, so that they are published, rolled
back and checked with it. It remembers what each article contributed, so that an update can
subtract the contribution of an article that changed or was deleted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

from archive.records import Article
from archive.store import Store
from indexer.analysis.documents import Document
from indexer.derived.acronym_definitions import AcronymDefinitions, load_acronym_definitions
from indexer.derived.text_statistics import TextStatistics, load_text_statistics
from indexer.derived.word_ids import Vocabulary


class DerivedDataset(Protocol):
    """One kind of derived data; not to be shared between threads."""

    def add(self, article: Article, document: Document) -> None:
        """Add an article in place of any earlier version; `document` is its analysis."""

    def remove(self, identifier: str) -> None:
        """Subtract an article's contribution; an unknown article is no error."""

    def merge(self, addition: Self) -> None:
        """Add what another dataset of this kind derived from other articles."""

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the files into a generation under construction; publishing makes them durable.

        Args:
            folder: the generation's, or a checkpoint's.
            served: False for a checkpoint, which is never queried: data that only searching
                needs may be omitted.
        """


class DerivedData:
    """All the datasets that are derived from the same articles, kept together."""

    def __init__(self, *datasets: DerivedDataset, vocabulary: Vocabulary | None = None) -> None:
        """Take these datasets, or an empty one of each kind; a used vocabulary saves time."""
        self._datasets = datasets or (AcronymDefinitions(), TextStatistics(vocabulary=vocabulary))

    def add(self, article: Article, document: Document) -> None:
        """Add an article in place of any earlier version; `document` is its analysis."""
        for dataset in self._datasets:
            dataset.add(article, document)

    def remove(self, identifier: str) -> None:
        """Subtract an article's contribution."""
        for dataset in self._datasets:
            dataset.remove(identifier)

    def merge(self, addition: DerivedData) -> None:
        """Add what was derived from other articles, by another process for example."""
        for dataset, new in zip(self._datasets, addition._datasets, strict=True):
            dataset.merge(new)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write all files into a generation under construction; see `DerivedDataset.save`."""
        for dataset in self._datasets:
            dataset.save(folder, served)


def load_derived_data(folder: Path, store: Store | None = None) -> DerivedData:
    """Load the derived data of a generation, to be extended.

    Args:
        folder: the generation's.
        store: keeps the articles as they were indexed; without it none can be removed.

    Raises:
        EngineError: a file is damaged.
    """
    return DerivedData(load_acronym_definitions(folder), load_text_statistics(folder, store))
