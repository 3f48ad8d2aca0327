"""What is learned from the words of articles: the phrases they hold, and which are copies.

Articles are gathered and their words counted a block at a time. The phrases do not tell which
article they are from: when an article changes or goes, its version as it was learned is asked for
again (the store keeps every version) and counted out.

On 35,431 articles learning adds 30 % to the processor time of indexing, somewhat more than half
of it for the phrases; an update of one article reads and writes all of it, in .5 s
(`tests/bench/offers.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.errors import EngineError, NotFoundError
from archive.records import Article
from archive.store import Store
from indexer.analysis.documents import Document, build_document
from indexer.derived.near_duplicates import CopyBook, digest_number, load_copies
from indexer.derived.phrase_counts import MOST_ARTICLES
from indexer.derived.phrase_table import PhraseBook, load_phrases
from indexer.derived.word_ids import Vocabulary, Words

BLOCK_WORDS = 2_000_000
"""Words that are gathered before they are counted."""

Recall = Callable[[str, int], Article]
"""Gives an article as it was learned, from its identifier and `digest_number`."""


class Texts:
    """Phrases and signatures, learned together; one of the parts of `Learned`."""

    def __init__(
        self,
        phrases: PhraseBook | None = None,
        copies: CopyBook | None = None,
        recall: Recall | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Learn on; a vocabulary that was used before saves reading common words again."""
        self._phrases = phrases or PhraseBook()
        self._copies = copies or CopyBook()
        self._recall = recall
        self._vocabulary = vocabulary or Vocabulary()
        self._fresh: dict[str, tuple[int, Words]] = {}
        self._gone: list[Words] = []
        self._size = 0

    def learn(self, article: Article, document: Document) -> None:
        """Take in an article in the place of any earlier version."""
        self.forget(article.identifier)
        words = self._vocabulary.words(article, document)
        self._fresh[article.identifier] = (digest_number(article.digest), words)
        self._take(words)

    def forget(self, identifier: str) -> None:
        """Take out what an article gave; one that gave nothing is no error.

        Raises:
            EngineError: it has to be counted out, but its old version is not there.
        """
        if self._fresh.pop(identifier, None):
            return
        digest = self._copies.digest(identifier)
        if digest is None:
            return
        if self._recall is None:
            raise EngineError(f"{identifier} cannot be counted out; run `tangthu rebuild`")
        article = self._recall(identifier, digest)
        document = build_document(self._vocabulary.analyzer, article)
        words = self._vocabulary.words(article, document)
        self._gone.append(words)
        self._copies.remove([identifier])
        self._take(words)

    def absorb(self, other: Texts) -> None:
        """Take in what was learned from other articles."""
        self._count()
        other._count()
        self._phrases.absorb(other._phrases)
        self._copies.absorb(other._copies)

    def save(self, folder: Path, served: bool = True) -> None:
        """Write it into a generation that is being built, or a part of one that is not served."""
        self._count()
        self._phrases.save(folder, served)
        self._copies.save(folder, served)

    def _take(self, words: Words) -> None:
        self._size += len(words.text)
        articles = max(len(self._fresh), len(self._gone))
        if self._size >= BLOCK_WORDS or articles >= MOST_ARTICLES:
            self._count()

    def _count(self) -> None:
        """Count what was gathered."""
        fresh = [words for _, words in self._fresh.values()]
        self._phrases.count(fresh, self._vocabulary, 1)
        self._phrases.count(self._gone, self._vocabulary, -1)
        articles = [(name, digest) for name, (digest, _) in self._fresh.items()]
        self._copies.add(articles, fresh, self._vocabulary)
        self._fresh, self._gone, self._size = {}, [], 0
        if self._vocabulary.full:
            self._vocabulary.clear()


def load_texts(folder: Path, recall: Recall | None) -> Texts:
    """What a generation learned from the words of its articles.

    Raises:
        EngineError: a file is damaged.
    """
    return Texts(load_phrases(folder), load_copies(folder), recall)


def recalling(store: Store) -> Recall:
    """What gives articles as they were learned, from a store, which keeps every version."""

    def recall(identifier: str, digest: int) -> Article:
        try:
            for version in reversed(store.versions(identifier)):
                if digest_number(version.digest) == digest:
                    return store.get(identifier, version.number)
        except NotFoundError:
            pass
        raise EngineError(
            f"the indexed version of {identifier} is no longer kept; run `tangthu rebuild`"
        )

    return recall
