"""Text statistics: the phrases and the near-duplicate signatures, derived from the same word ids.

Articles are gathered and their words counted a block at a time. Phrase counts do not say which
article they come from: when an article changes or is deleted, the version that was indexed is
read from the store again (which keeps every version) and its phrases are subtracted.

On 35,431 articles this adds 30 % to the processor time of indexing, somewhat more than half of it
for the phrases; an update of one article reads and writes all of it, in .5 s
(`tests/bench/bench_derived.py`).
"""

from __future__ import annotations

from pathlib import Path

from archive.errors import EngineError
from archive.records import Article
from archive.store import Store
from indexer.analysis.documents import Document, build_document
from indexer.derived.near_duplicate_builder import (
    NearDuplicateBuilder,
    digest_prefix,
    load_near_duplicates,
)
from indexer.derived.phrase_counts import MAX_BLOCK_ARTICLES
from indexer.derived.phrase_table_builder import PhraseTableBuilder, load_phrase_counts
from indexer.derived.word_ids import ArticleWordIds, Vocabulary

BLOCK_WORDS = 2_000_000
"""Words that are gathered before they are counted."""


class TextStatistics:
    """Phrase counts and near-duplicate signatures of an archive: one `DerivedDataset`."""

    def __init__(
        self,
        phrases: PhraseTableBuilder | None = None,
        near_duplicates: NearDuplicateBuilder | None = None,
        store: Store | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Extend these statistics, or empty ones; a used vocabulary saves analyzing words again."""
        self._phrases = phrases or PhraseTableBuilder()
        self._near_duplicates = near_duplicates or NearDuplicateBuilder()
        self._store = store
        self._vocabulary = vocabulary or Vocabulary()
        # Gathered and not yet counted: identifier -> (digest prefix, words); words to subtract.
        self._additions: dict[str, tuple[int, ArticleWordIds]] = {}
        self._removals: list[ArticleWordIds] = []
        self._gathered_words = 0

    def add(self, article: Article, document: Document) -> None:
        """Add an article in place of any earlier version.

        Raises:
            EngineError: the earlier version has to be subtracted, but is no longer kept.
        """
        self.remove(article.identifier)
        words = self._vocabulary.article_word_ids(article, document)
        self._additions[article.identifier] = (digest_prefix(article.digest), words)
        self._gather(words)

    def remove(self, identifier: str) -> None:
        """Subtract an article's contribution; an unknown article is no error.

        Raises:
            EngineError: its indexed version is no longer kept.
        """
        if self._additions.pop(identifier, None):
            return
        digest = self._near_duplicates.digest(identifier)
        if digest is None:
            return
        article = self._indexed_version(identifier, digest)
        document = build_document(self._vocabulary.analyzer, article)
        words = self._vocabulary.article_word_ids(article, document)
        self._removals.append(words)
        self._near_duplicates.remove(identifier)
        self._gather(words)

    def merge(self, addition: TextStatistics) -> None:
        """Add the statistics of other articles."""
        self._count()
        addition._count()
        self._phrases.merge(addition._phrases)
        self._near_duplicates.merge(addition._near_duplicates)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the files into a generation under construction; see `DerivedDataset.save`."""
        self._count()
        self._phrases.save(folder, served)
        self._near_duplicates.save(folder, served)

    def _indexed_version(self, identifier: str, digest: int) -> Article:
        """Return the version of an article that was indexed, known by its `digest_prefix`."""
        if self._store is None:
            raise EngineError(f"{identifier} cannot be subtracted; run `tangthu rebuild`")
        for article in self._store.records_of(identifier):
            if digest_prefix(article.digest) == digest:
                return article
        raise EngineError(
            f"the indexed version of {identifier} is no longer kept; run `tangthu rebuild`"
        )

    def _gather(self, words: ArticleWordIds) -> None:
        """Count what was gathered if the block is full."""
        self._gathered_words += len(words.exact_ids)
        articles = max(len(self._additions), len(self._removals))
        if self._gathered_words >= BLOCK_WORDS or articles >= MAX_BLOCK_ARTICLES:
            self._count()

    def _count(self) -> None:
        """Count what was gathered."""
        additions = [words for _, words in self._additions.values()]
        self._phrases.count(additions, self._vocabulary)
        self._phrases.count(self._removals, self._vocabulary, -1)
        digests = {name: digest for name, (digest, _) in self._additions.items()}
        self._near_duplicates.add(digests, additions, self._vocabulary)
        self._additions, self._removals, self._gathered_words = {}, [], 0
        if self._vocabulary.is_full:
            self._vocabulary.clear()


def load_text_statistics(folder: Path, store: Store | None) -> TextStatistics:
    """Load the text statistics of a generation, to be extended.

    Args:
        folder: the generation's.
        store: keeps the articles as they were indexed; without it none can be removed.

    Raises:
        EngineError: a file is damaged.
    """
    return TextStatistics(load_phrase_counts(folder), load_near_duplicates(folder), store)
