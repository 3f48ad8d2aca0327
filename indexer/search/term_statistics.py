"""Statistics of terms, each looked up once for a query, by as few calls of the engine as can be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Query
from indexer.engine.records import TermCount, TermLookup
from indexer.vietnamese.syllables import folded_form

Plan = TypeVar("Plan")

EXACT_FIELDS = (Field.EXACT, Field.EXACT_PAIRS)
"""Fields whose terms are the exact forms of folded words and pairs."""

KnownWords = dict[str, tuple[str, ...]]
"""Folded words, each with those of its edits that an index holds."""

_MOST_KNOWN = 2048
"""Words whose edits are remembered, 5 MB: a query's common words are few."""

MOST_REHEARSALS = 8
"""Times that a plan is made anew with figures that it turned out to need; then each is asked for
as it comes up."""


@dataclass(frozen=True, slots=True)
class _UnknownFigures:
    """Figures that have to be asked for, each once; see `TermLookup`."""

    frequencies: dict[Field, dict[str, None]] = field(default_factory=dict)
    forms: dict[str, None] = field(default_factory=dict)
    counts: dict[Query, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.frequencies or self.forms or self.counts)

    def add(self, others: _UnknownFigures) -> None:
        """Take in further figures."""
        for name, texts in others.frequencies.items():
            self.frequencies.setdefault(name, {}).update(texts)
        self.forms.update(others.forms)
        self.counts.update(others.counts)


class TermStatistics:
    """A cache over one engine for the statistics of one query; not to be shared between threads.

    Attributes:
        documents: the number of documents in the index.
        is_remote: whether each call of the engine costs a round trip.
    """

    def __init__(self, engine: Engine, known_words: KnownWords | None = None) -> None:
        """Ask an engine.

        Args:
            engine: the index.
            known_words: what queries of the same index remember together.
        """
        self._engine = engine
        self._known_words: KnownWords = {} if known_words is None else known_words
        self._frequencies: dict[tuple[Field, str], int] = {}
        self._forms: dict[str, Sequence[TermCount]] = {}
        self._counts: dict[Query, int] = {}
        self._unknown: _UnknownFigures | None = None
        self._has_guessed = False
        status = engine.status()
        self.documents, self.is_remote = status.documents, status.is_remote

    def rehearse(self, make_plan: Callable[[], Plan]) -> Plan:
        """Return a plan that depends on figures, which are looked up many together.

        A plan asks in turn. So for a remote engine it is made with 0 for every figure that is not
        known yet, all of them are looked up by one call, and it is made again, until nothing
        that it asks is unknown. What it asks of the last is what it would ask in turn.

        Args:
            make_plan: makes the plan from the start; it has no other effects.
        """
        for _ in range(MOST_REHEARSALS if self.is_remote else 0):
            self._unknown, self._has_guessed = _UnknownFigures(), False
            try:
                plan = make_plan()
            finally:
                unknown, self._unknown = self._unknown, None
            if not self._has_guessed:
                return plan
            if unknown:
                self._ask(unknown)
        return make_plan()

    @property
    def is_certain(self) -> bool:
        """Whether no figure was unknown so far that a rehearsal took for 0."""
        return not self._has_guessed

    def look_up(
        self,
        frequencies: Mapping[Field, Iterable[str]],
        forms: Iterable[str] = (),
        counts: Iterable[Query] = (),
        *,
        at_once: bool = False,
    ) -> None:
        """Look up terms of several fields by one call; what is known already is left out.

        Args:
            frequencies: field -> terms whose document frequencies will be wanted.
            forms: folded words and pairs whose exact forms will be wanted.
            counts: queries whose numbers of matches will be wanted.
            at_once: also in a rehearsal, with what it lacks so far: without these figures it
                would ask for what nobody needs.
        """
        unknown = self._leave_out_known(frequencies, forms, counts)
        if self._unknown is not None:
            if at_once and unknown:
                unknown.add(self._unknown)
                self._unknown = _UnknownFigures()
            else:
                self._unknown.add(unknown)
                self._has_guessed |= bool(unknown)
                return
        if unknown:
            self._ask(unknown)

    def _leave_out_known(
        self,
        frequencies: Mapping[Field, Iterable[str]],
        forms: Iterable[str],
        counts: Iterable[Query],
    ) -> _UnknownFigures:
        unknown = _UnknownFigures(
            forms=dict.fromkeys(text for text in forms if text not in self._forms),
            counts=dict.fromkeys(query for query in counts if query not in self._counts),
        )
        for name, texts in frequencies.items():
            new = dict.fromkeys(
                text for text in texts if text and (name, text) not in self._frequencies
            )
            if name in EXACT_FIELDS:
                new = self._without_forms(name, new, unknown.forms)
            if new:
                unknown.frequencies[name] = new
        return unknown

    def _without_forms(
        self, name: Field, texts: Iterable[str], forms: Mapping[str, None]
    ) -> dict[str, None]:
        """Return the exact terms that no forms tell of, be they known or to be asked for.

        The forms of a folded text are all that there are.
        """
        new: dict[str, None] = {}
        for text in texts:
            folded = _fold_terms(text)
            if folded in self._forms:
                self._frequencies[name, text] = 0
            elif folded not in forms:
                new[text] = None
        return new

    def _ask(self, unknown: _UnknownFigures) -> None:
        lookup = TermLookup(
            frequencies={name: list(texts) for name, texts in unknown.frequencies.items()},
            forms=list(unknown.forms),
            counts=list(unknown.counts),
        )
        figures = self._engine.look_up(lookup)
        for name, texts in lookup.frequencies.items():
            for text, count in zip(texts, figures.frequencies[name], strict=True):
                self._frequencies[name, text] = count
        for folded, exact in zip(lookup.forms, figures.forms, strict=True):
            self._forms[folded] = exact
            name = Field.EXACT_PAIRS if " " in folded else Field.EXACT
            for form in exact:
                self._frequencies[name, form.text] = form.documents
        self._counts.update(zip(lookup.counts, figures.counts, strict=True))

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of documents that hold each term; 0 for an unknown one."""
        known = self._frequencies
        if not all((field, text) in known for text in texts if text):
            self.look_up({field: texts})
        return [known.get((field, text), 0) if text else 0 for text in texts]

    def known_edits(
        self, words: Sequence[str], edit: Callable[[str], Sequence[str]]
    ) -> list[Sequence[str]]:
        """Return the edits of each folded word that texts hold, remembered beyond this query.

        To tell them costs a remote engine a call: of its index they are all that there are.
        """
        if self.is_remote:
            return list(map(edit, words))
        near = {word: self._known_words.get(word) for word in words}
        new = {word: edit(word) for word, known in near.items() if known is None}
        self.look_up({Field.FOLDED: itertools.chain.from_iterable(new.values())})
        if len(self._known_words) >= _MOST_KNOWN:
            self._known_words.clear()
        for word, edits in new.items():
            counts = self.document_frequencies(Field.FOLDED, edits)
            near[word] = self._known_words[word] = tuple(itertools.compress(edits, counts))
        return [near[word] or () for word in words]

    def document_frequency(self, field: Field, text: str) -> int:
        """Return the number of documents that hold a term."""
        return self.document_frequencies(field, [text])[0]

    def exact_forms(self, folded: str) -> Sequence[TermCount]:
        """Return the exact forms of a folded syllable or bigram, commonest first."""
        if folded not in self._forms:
            self.look_up({}, forms=[folded])
        return self._forms.get(folded, ())

    def commonest_form(self, folded: str) -> str:
        """Return the commonest exact form of a folded syllable or bigram; itself if it has none."""
        forms = self.exact_forms(folded)
        return forms[0].text if forms else folded

    def count(self, queries: Sequence[Query]) -> list[int]:
        """Return the number of documents that match each query, all by one call."""
        self.look_up({}, counts=queries)
        return [self._counts.get(query, 0) for query in queries]

    def idf(self, field: Field, texts: Sequence[str]) -> list[float]:
        """Return the inverse document frequencies of terms, as engines score with them."""
        return [
            inverse_document_frequency(self.documents, count)
            for count in self.document_frequencies(field, texts)
        ]


def inverse_document_frequency(documents: int, frequency: int) -> float:
    """Return log(N / (df + 1)) + 1, which is above 0 (see `indexer.engine.queries`)."""
    return math.log(max(1, documents) / (min(frequency, documents) + 1)) + 1


def _fold_terms(text: str) -> str:
    """Return the folded form of an exact word or pair."""
    return " ".join(map(folded_form, text.split(" ")))
