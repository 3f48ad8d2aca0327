"""What an index learns from the articles beside their words: definitions of acronyms.

Kept as one file in each generation, so that it is published, rolled back and checked with it. It
holds the pairs of each article that gives any, so that an update can take out those of an article
that changed or went.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from archive.article import Article
from archive.errors import EngineError
from indexer.analysis import heading_line
from indexer.vietnamese.glossary import defined_pairs

LEARNED = "learned.json"
_LARGEST = 256 << 20

Pairs = list[tuple[str, str]]


class Definitions:
    """The (short, long) pairs that each article defines."""

    def __init__(self, by_article: dict[str, Pairs] | None = None) -> None:
        self._by_article = by_article or {}

    def learn(self, article: Article) -> None:
        """Take in an article in the place of any earlier version."""
        pairs = defined_pairs(_text(article))
        if pairs:
            self._by_article[article.identifier] = sorted(pairs)
        else:
            self.forget(article.identifier)

    def forget(self, identifier: str) -> None:
        """Take out an article's pairs."""
        self._by_article.pop(identifier, None)

    def counts(self) -> Counter[tuple[str, str]]:
        """In how many articles each pair is defined."""
        return Counter(pair for pairs in self._by_article.values() for pair in pairs)

    def save(self, folder: Path) -> None:
        """Write them into a generation that is being built; publishing makes them durable."""
        text = json.dumps(self._by_article, ensure_ascii=False, sort_keys=True)
        path = folder / LEARNED
        beside = folder / f".{LEARNED}.new"
        beside.write_text(text, encoding="utf-8")
        # A hard link to the base's file must not be written through.
        beside.replace(path)


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
        lines += [heading_line(section), *section.paragraphs]
    return "\n".join(lines)
