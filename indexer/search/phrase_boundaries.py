"""Phrase boundaries: which completions are whole, by how the articles themselves write them.

A phrase is whole if no one word stands before it or follows it in most of its articles: a form of
accessor variety (Feng et al. 2004). `thủ tướng Vũ` is none, since `phó` mostly stands before it.
The phrase table knows the beginnings of articles alone; it says which neighbours to ask about, and
the index counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.analysis.fields import Field
from indexer.derived.phrase_keys import LONGEST_PHRASE
from indexer.derived.phrase_table import PhraseTable
from indexer.engine.queries import Phrase, Query, Term
from indexer.search.readable_phrases import PREPOSITIONS
from indexer.search.stored_forms import LEAST_ARTICLES
from indexer.search.term_statistics import TermStatistics

LARGEST_SHARE: Final = 0.5
"""Share of a phrase's articles that one and the same neighbour may have."""

MOST_WORDS: Final = 8
"""Words of the longest phrase that is offered."""

_NEIGHBOURS: Final = (2, 0.2)
"""Neighbours on each side that are counted: those that the phrase table has most often, and in
this share of the phrase's articles."""

_MOST_REMEMBERED: Final = 50_000

WordIdsOfPhrase = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WholePhrase:
    """A phrase that may stand alone: the ids of its words and its document frequency."""

    word_ids: WordIdsOfPhrase
    documents: int


@dataclass(frozen=True, slots=True)
class _Neighbourhood:
    """How the articles write a phrase.

    Attributes:
        documents: how many do.
        is_cut: whether a word mostly stands before it that belongs to it.
        is_governed: whether that is a preposition, which belongs to nothing.
        next_id: the word that mostly follows.
    """

    documents: int
    is_cut: bool
    is_governed: bool
    next_id: int | None


class PhraseBoundaries:
    """Whole phrases of one generation; safe to share between threads."""

    def __init__(self, table: PhraseTable) -> None:
        """Remember what was counted, as long as the generation is served."""
        self._table = table
        self._neighbourhoods: dict[WordIdsOfPhrase, _Neighbourhood] = {}

    def whole_phrases(
        self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics, batch: int
    ) -> Iterator[WholePhrase]:
        """Yield the whole ones of some phrases, in their order, each gone on to its end.

        Those that mostly stand behind one preposition (`trên mạng xã hội`) come last.

        Args:
            phrases: the ids of their words.
            statistics: those of the index of the same generation.
            batch: phrases that are counted at once.
        """
        behind_prepositions: list[WholePhrase] = []
        for start in range(0, len(phrases), batch):
            for phrase in self._whole_of(phrases[start : start + batch], statistics):
                if self._neighbourhoods[phrase.word_ids].is_governed:
                    behind_prepositions.append(phrase)
                else:
                    yield phrase
        yield from behind_prepositions

    def _whole_of(
        self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics
    ) -> Iterator[WholePhrase]:
        ends: dict[WordIdsOfPhrase, WholePhrase] = {}
        # Phrase as offered -> as far as it goes on.
        growing = {phrase: phrase for phrase in phrases}
        while growing:
            self._count(list(growing.values()), statistics)
            grown: dict[WordIdsOfPhrase, WordIdsOfPhrase] = {}
            for phrase, longer in growing.items():
                around = self._neighbourhoods[longer]
                if around.is_cut or around.documents < LEAST_ARTICLES:
                    continue
                if around.next_id is None:
                    ends[phrase] = WholePhrase(longer, around.documents)
                elif len(longer) < MOST_WORDS:
                    grown[phrase] = (*longer, around.next_id)
            growing = grown
        yield from (ends[phrase] for phrase in phrases if phrase in ends)

    def _count(self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics) -> None:
        """Count phrases and their commonest neighbours, all by one search."""
        if len(self._neighbourhoods) > _MOST_REMEMBERED:
            self._neighbourhoods = {
                phrase: self._neighbourhoods[phrase]
                for phrase in phrases
                if phrase in self._neighbourhoods
            }
        unknown = [phrase for phrase in phrases if phrase not in self._neighbourhoods]
        sides = [
            (
                self._table.words_before(phrase[: LONGEST_PHRASE - 1], *_NEIGHBOURS),
                self._table.words_after(phrase[1 - LONGEST_PHRASE :], *_NEIGHBOURS),
            )
            for phrase in unknown
        ]
        queries = [
            self._query(ids)
            for phrase, (before, after) in zip(unknown, sides, strict=True)
            for ids in (
                phrase,
                *((word_id, *phrase) for word_id in before),
                *((*phrase, word_id) for word_id in after),
            )
        ]
        counts = iter(statistics.count(queries))
        for phrase, (before, after) in zip(unknown, sides, strict=True):
            documents = next(counts)
            most = LARGEST_SHARE * documents
            left = [word_id for word_id in before if next(counts) > most]
            is_cut = any(self._table.words[word_id] not in PREPOSITIONS for word_id in left)
            following = {word_id: next(counts) for word_id in after}
            next_id = max(following, key=lambda word_id: following[word_id], default=None)
            if next_id is not None and following[next_id] <= most:
                next_id = None
            self._neighbourhoods[phrase] = _Neighbourhood(documents, is_cut, bool(left), next_id)

    def _query(self, word_ids: WordIdsOfPhrase) -> Query:
        words = tuple(self._table.words[word_id] for word_id in word_ids)
        return Phrase(Field.EXACT, words) if len(words) > 1 else Term(Field.EXACT, words[0])
