"""Acronym definitions: the pairs of short and long forms that each article defines."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from archive.errors import DamagedError, EngineError
from archive.files.atomic_files import replace_file
from archive.files.json_records import read_json_record
from archive.records import Article
from indexer.analysis.documents import Document
from indexer.vietnamese.glossary import defined_pairs

DEFINITIONS_FILE = "learned.json"
"""JSON of one object: article identifier -> list of [short form, long form]."""

_LARGEST_FILE = 256 << 20

Definitions = dict[str, list[tuple[str, str]]]


class AcronymDefinitions:
    """The acronym definitions of an archive: (short form, long form) pairs by article."""

    def __init__(self, by_article: Definitions | None = None) -> None:
        self._by_article = by_article or {}

    def add(self, article: Article, document: Document) -> None:
        """Add an article's pairs in place of those of any earlier version."""
        pairs = defined_pairs(_article_text(article))
        if pairs:
            self._by_article[article.identifier] = sorted(pairs)
        else:
            self.remove(article.identifier)

    def remove(self, identifier: str) -> None:
        """Remove an article's pairs; an unknown article is no error."""
        self._by_article.pop(identifier, None)

    def merge(self, addition: AcronymDefinitions) -> None:
        """Add the pairs of other articles."""
        self._by_article |= addition._by_article

    def counts(self) -> Counter[tuple[str, str]]:
        """Return the number of articles that define each pair."""
        return Counter(pair for pairs in self._by_article.values() for pair in pairs)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the pairs into a generation under construction; publishing makes them durable."""
        text = json.dumps(self._by_article, ensure_ascii=False, sort_keys=True)
        replace_file(folder / DEFINITIONS_FILE, text, durable=False)


def load_acronym_definitions(folder: Path) -> AcronymDefinitions:
    """Load the definitions of a generation; a generation without the file has none.

    Raises:
        EngineError: the file is damaged.
    """
    try:
        by_article = read_json_record(folder / DEFINITIONS_FILE, Definitions, _LARGEST_FILE)
    except FileNotFoundError:
        return AcronymDefinitions()
    except (OSError, DamagedError) as error:
        raise EngineError(f"{error}; run `tangthu rebuild`") from error
    return AcronymDefinitions(by_article)


def _article_text(article: Article) -> str:
    """Join the texts of an article, one a line: definitions never cross a line."""
    lines = [article.title, article.lead]
    for section in article.sections:
        lines += [section.heading_line, *section.paragraphs]
    return "\n".join(lines)
