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
from indexer.search.readable_phrases import PREPOSITIONS, governing_words
from indexer.search.stored_forms import LEAST_ARTICLES
from indexer.search.term_statistics import TermStatistics

LARGEST_SHARE: Final = 0.5
"""Share of a phrase's articles that one and the same neighbour may have."""

MOST_WORDS: Final = 8
"""Words of the longest phrase that is offered."""

MOST_SEARCHES: Final = 6
"""Phrases of three words or more that are searched to complete one query."""

_NEIGHBOURS: Final = (2, 0.2)
"""Neighbours on each side that are counted: those that the phrase table has most often, and in
this share of the phrase's articles."""

_RARER_NEIGHBOURS: Final = (6, 0.03)
"""The same before the first words of a phrase that few beginnings have."""

_FEW_BEGINNINGS: Final = 20
"""Articles that have a phrase at their beginning: of fewer one cannot tell what stands before."""

_ROUGH_SHARE: Final = 0.35
"""Share of the beginnings of articles that is taken for most of whole ones, for words behind a
phrase; for those before it any share that is counted is."""

_CERTAIN_SHARE: Final = 0.75
"""Share of the beginnings of articles that needs no count of whole ones."""

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

    @property
    def may_stand(self) -> bool:
        """Whether enough articles have it, and no word before it belongs to it."""
        return not self.is_cut and self.documents >= LEAST_ARTICLES


class PhraseBoundaries:
    """Whole phrases of one generation; safe to share between threads."""

    def __init__(self, table: PhraseTable) -> None:
        """Remember what was counted, as long as the generation is served."""
        self._table = table
        self._neighbourhoods: dict[WordIdsOfPhrase, _Neighbourhood] = {}

    def whole_phrases(
        self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics
    ) -> Iterator[WholePhrase]:
        """Yield the whole ones of some phrases, in their order, each gone on to its end.

        Those that mostly stand behind one preposition (`trên mạng xã hội`) come last.

        Args:
            phrases: the ids of their words.
            statistics: those of the index of the same generation.
        """
        behind_prepositions: list[WholePhrase] = []
        searches = MOST_SEARCHES
        for phrase in phrases:
            around, cost = self._neighbourhood(phrase, statistics, searches)
            while around.may_stand and around.next_id is not None and len(phrase) < MOST_WORDS:
                searches -= cost
                phrase = (*phrase, around.next_id)
                around, cost = self._neighbourhood(phrase, statistics, searches)
            searches -= cost
            whole = WholePhrase(phrase, around.documents)
            if around.may_stand and around.next_id is None:
                if not around.is_governed:
                    yield whole
                else:
                    behind_prepositions.append(whole)
        yield from behind_prepositions

    def standing_phrases(
        self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics
    ) -> Iterator[WholePhrase]:
        """Yield the whole ones that are whole without the function words before them as well.

        Args:
            phrases: the ids of their words.
            statistics: those of the index of the same generation.
        """
        for phrase in self.whole_phrases(phrases, statistics):
            words = self._words(phrase.word_ids)
            rest = phrase.word_ids[governing_words(words[:-1]) :]
            alone = self.whole_phrases([rest], statistics)
            if len(rest) in (1, len(words)) or rest in (each.word_ids for each in alone):
                yield phrase

    def _neighbourhood(
        self, phrase: WordIdsOfPhrase, statistics: TermStatistics, most_searches: int
    ) -> tuple[_Neighbourhood, int]:
        """Return how the articles write a phrase, and the phrases that were searched for it.

        If too many would have to be, the beginnings of the articles have to do.
        """
        if phrase in self._neighbourhoods:
            return self._neighbourhoods[phrase], 0
        shares = dict(self._neighbours(phrase, statistics))
        goes_on = [
            longer
            for longer, share in shares.items()
            if longer[:-1] == phrase and share >= _CERTAIN_SHARE
        ]
        if goes_on:
            return self._judge(phrase, LEAST_ARTICLES, goes_on), 0
        counted = [longer for longer, share in shares.items() if share < _CERTAIN_SHARE]
        cost = sum(len(longer) > 2 for longer in (phrase, *counted))
        if cost > most_searches:
            known = self._table.document_frequency(phrase[-LONGEST_PHRASE:])
            # A phrase cut at its left end is false, one cut at its right end only short.
            mostly = [
                longer
                for longer, share in shares.items()
                if share > _ROUGH_SHARE or longer[1:] == phrase
            ]
            return self._judge(phrase, known, mostly), 0
        frequencies = self._document_frequencies([phrase, *counted], statistics)
        documents = frequencies[phrase]
        mostly = [
            longer
            for longer, share in shares.items()
            if share >= _CERTAIN_SHARE or frequencies[longer] > LARGEST_SHARE * documents
        ]
        if len(self._neighbourhoods) >= _MOST_REMEMBERED:
            self._neighbourhoods = {}
        around = self._neighbourhoods[phrase] = self._judge(phrase, documents, mostly)
        return around, cost

    def _judge(
        self, phrase: WordIdsOfPhrase, documents: int, mostly: Sequence[WordIdsOfPhrase]
    ) -> _Neighbourhood:
        """Return how articles write a phrase, by the longer phrases that most of them have."""
        before = {self._table.words[longer[0]] for longer in mostly if longer[1:] == phrase}
        after = [longer[-1] for longer in mostly if longer[:-1] == phrase]
        return _Neighbourhood(
            documents, not before <= PREPOSITIONS, bool(before), next(iter(after), None)
        )

    def _neighbours(
        self, phrase: WordIdsOfPhrase, statistics: TermStatistics
    ) -> Iterator[tuple[WordIdsOfPhrase, float]]:
        """Yield a phrase with each word beside it that may be there mostly, and its share.

        The share is that of the beginnings of articles. Two neighbouring words are in no fewer
        articles than a phrase with both: most neighbours need no search.
        """
        head, tail = phrase[: LONGEST_PHRASE - 1], phrase[1 - LONGEST_PHRASE :]
        sides = [
            ((word_id, *phrase), (word_id, phrase[0]), share)
            for word_id, share in self._words_before(head)
        ]
        sides += [
            ((*phrase, word_id), (phrase[-1], word_id), share)
            for word_id, share in self._table.words_after(tail, *_NEIGHBOURS)
        ]
        pairs = [" ".join(self._table.words[word_id] for word_id in pair) for _, pair, _ in sides]
        known = self._table.document_frequency(phrase)
        for (longer, _, share), documents in zip(
            sides, statistics.document_frequencies(Field.EXACT_PAIRS, pairs), strict=True
        ):
            if documents > LARGEST_SHARE * known:
                yield longer, share

    def _words_before(self, head: WordIdsOfPhrase) -> list[tuple[int, float]]:
        """Return the words before a phrase that may belong to it, and their shares.

        A phrase that few beginnings have is behind the same words as its first ones: `nguồn`
        stands before `tin`, and so before *tin cho biết*.
        """
        before = dict(self._table.words_before(head, *_NEIGHBOURS))
        for size in range(len(head) - 1, 0, -1):
            if before and self._table.document_frequency(head) >= _FEW_BEGINNINGS:
                break
            rarer = dict(self._table.words_before(head[:size], *_RARER_NEIGHBOURS))
            before = {**rarer, **before}
        return list(before.items())

    def _document_frequencies(
        self, phrases: Sequence[WordIdsOfPhrase], statistics: TermStatistics
    ) -> dict[WordIdsOfPhrase, int]:
        """Count the articles that hold phrases; frequencies of terms count deleted ones as well."""
        queries = [self._query_of(self._words(phrase)) for phrase in phrases]
        return dict(zip(phrases, statistics.count(queries), strict=True))

    @staticmethod
    def _query_of(words: tuple[str, ...]) -> Query:
        """Return the query of a phrase: one or two words are a term."""
        if len(words) > 2:
            return Phrase(Field.EXACT, words)
        return Term(Field.EXACT_PAIRS if len(words) == 2 else Field.EXACT, " ".join(words))

    def _words(self, phrase: WordIdsOfPhrase) -> tuple[str, ...]:
        return tuple(self._table.words[word_id] for word_id in phrase)
