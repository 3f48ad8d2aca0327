"""What an index learns from the articles beside their words, kept in files of its generation.

Each part is one file in the generation's folder, so that it is published, rolled back and checked
with it. A part keeps what each article gave, so that an update can take out what an article that
changed or went had given.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Protocol, Self

from archive.atomic_files import replace_file
from archive.errors import EngineError
from archive.records import Article
from archive.store import Store
from indexer.analysis.documents import Document
from indexer.derived.text_datasets import Texts, load_texts, recalling
from indexer.derived.word_ids import Vocabulary
from indexer.vietnamese.glossary import defined_pairs

LEARNED = "learned.json"
_LARGEST = 256 << 20

Pairs = list[tuple[str, str]]


class DerivedDataset(Protocol):
    """One thing that is learned; not to be shared between threads."""

    def learn(self, article: Article, document: Document) -> None:
        """Take in an article in the place of any earlier version; `document` is its analysis."""
        ...

    def forget(self, identifier: str) -> None:
        """Take out what an article gave; one that gave nothing is no error."""
        ...

    def absorb(self, other: Self) -> None:
        """Take in what another part of this kind learned from other articles."""
        ...

    def save(self, folder: Path, served: bool = True) -> None:
        """Write it into a generation that is being built; publishing makes it durable.

        A part of a generation is not served: what only answering needs may be left out.
        """
        ...


class DerivedData:
    """Everything that is learned from articles, learned and kept together."""

    def __init__(self, *parts: DerivedDataset, vocabulary: Vocabulary | None = None) -> None:
        """Learn with these parts, or with all there are; a used vocabulary saves time."""
        self._parts = parts or (Definitions(), Texts(vocabulary=vocabulary))

    def learn(self, article: Article, document: Document) -> None:
        """Take in an article in the place of any earlier version; `document` is its analysis."""
        for part in self._parts:
            part.learn(article, document)

    def forget(self, identifier: str) -> None:
        """Take out what an article gave."""
        for part in self._parts:
            part.forget(identifier)

    def absorb(self, other: DerivedData) -> None:
        """Take in what was learned from other articles, by another process for one."""
        for part, more in zip(self._parts, other._parts, strict=True):
            part.absorb(more)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write it into a generation that is being built; publishing makes it durable.

        A part of a generation is not served: what only answering needs may be left out.
        """
        for part in self._parts:
            part.save(folder, served)


def load_derived_data(folder: Path, store: Store | None = None) -> DerivedData:
    """What a generation learned, to be learned on from.

    Args:
        folder: the generation's.
        store: keeps the articles as they were learned; without it nothing can be forgotten.

    Raises:
        EngineError: a file is damaged.
    """
    recall = recalling(store) if store else None
    return DerivedData(load_definitions(folder), load_texts(folder, recall))


class Definitions:
    """The (short, long) pairs that each article defines."""

    def __init__(self, by_article: dict[str, Pairs] | None = None) -> None:
        self._by_article = by_article or {}

    def learn(self, article: Article, document: Document) -> None:
        """Take in an article in the place of any earlier version."""
        pairs = defined_pairs(_text(article))
        if pairs:
            self._by_article[article.identifier] = sorted(pairs)
        else:
            self.forget(article.identifier)

    def forget(self, identifier: str) -> None:
        """Take out an article's pairs."""
        self._by_article.pop(identifier, None)

    def absorb(self, other: Definitions) -> None:
        """Take in the pairs of other articles."""
        self._by_article |= other._by_article

    def counts(self) -> Counter[tuple[str, str]]:
        """In how many articles each pair is defined."""
        return Counter(pair for pairs in self._by_article.values() for pair in pairs)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write them into a generation that is being built; publishing makes them durable."""
        text = json.dumps(self._by_article, ensure_ascii=False, sort_keys=True)
        # A hard link to the base's file must not be written through.
        replace_file(folder / LEARNED, text, durable=False)


def load_definitions(folder: Path) -> Definitions:
    """The definitions in a generation; none when it has no such file.

    Raises:
        EngineError: the file is damaged.
    """
    path = folder / LEARNED
    try:
        if path.stat().st_size > _LARGEST:
            raise EngineError(f"{path} is too large; run `tangthu rebuild`")
        record = json.loads(path.read_bytes())
        by_article = {
            str(identifier): [(str(short), str(long)) for short, long in pairs]
            for identifier, pairs in record.items()
        }
    except FileNotFoundError:
        return Definitions()
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    return Definitions(by_article)


def _text(article: Article) -> str:
    """The texts of an article, one a line: definitions never cross a line."""
    lines = [article.title, article.lead]
    for section in article.sections:
        lines += [section.heading_line, *section.paragraphs]
    return "\n".join(lines)
