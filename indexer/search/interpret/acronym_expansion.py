"""Short and long forms find each other: the archive's glossary, and what it adds to a query."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import EngineError
from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.derived.acronym_definitions import AcronymDefinitions, load_acronym_definitions
from indexer.engine.api import Engine
from indexer.engine.queries import Phrase, Query, Term
from indexer.search.compile.rarity import rarities
from indexer.search.search_records import AcronymNotice
from indexer.vietnamese.glossary import (
    BadLine,
    Entry,
    Glossary,
    merge_glossaries,
    parse_glossary,
    shipped_entries,
)

ACRONYM_WEIGHT = 0.7
"""What the other form counts, against 1 for the form that was typed."""

SMALL_ARCHIVE = 100
"""In an archive with fewer articles one definition is enough to be believed."""

_LARGEST_FILE = 4 << 20
_MOST_FORMS = 3


@dataclass(frozen=True, slots=True)
class Addition:
    """Another form for the words from `start` to `end` (indexes), and what is said about it."""

    start: int
    end: int
    query: Query
    notice: AcronymNotice


class GlossaryBook:
    """The glossary of one archive: shipped, learned by the live generation, and the operator's.

    Read again when the generation or the operator's file changes; safe to share.
    """

    def __init__(self, operators: Path) -> None:
        self._operators = operators
        self._lock = threading.Lock()
        self._made_of: tuple[object, ...] = ()
        self._glossary = Glossary()
        self.bad_lines: tuple[BadLine, ...] = ()

    def glossary(self, generation: Path, documents: int) -> Glossary:
        """The glossary for the generation in a folder, which holds so many documents."""
        made_of = (generation, self._state())
        with self._lock:
            if made_of != self._made_of:
                self._glossary = self._made(generation, documents)
                self._made_of = made_of
            return self._glossary

    def _made(self, generation: Path, documents: int) -> Glossary:
        try:
            learned = load_acronym_definitions(generation).counts()
        except EngineError:
            # Searching goes on without what was learned; `tangthu verify` names the damage.
            learned = AcronymDefinitions().counts()
        least = 1 if documents < SMALL_ARCHIVE else 2
        return merge_glossaries(shipped_entries(), learned, self._operator_entries(), least)

    def _operator_entries(self) -> Sequence[Entry]:
        try:
            with self._operators.open("rb") as file:
                text = file.read(_LARGEST_FILE).decode("utf-8", "replace")
        except OSError:
            self.bad_lines = ()
            return ()
        entries, bad_lines = parse_glossary(text)
        self.bad_lines = tuple(bad_lines)
        return entries

    def _state(self) -> tuple[int, int]:
        try:
            state = self._operators.stat()
        except OSError:
            return (0, 0)
        return (state.st_mtime_ns, state.st_size)


class Acronyms:
    """Finds the other forms of words of one query."""

    def __init__(self, glossary: Glossary, analyzer: Analyzer, engine: Engine) -> None:
        self._glossary = glossary
        self._analyzer = analyzer
        self._engine = engine

    def additions(self, tokens: Sequence[Token], typed: Sequence[str]) -> list[Addition]:
        """The other forms, weighted so that no more than a typed form's share can be reached.

        Args:
            tokens: the query's words in a row.
            typed: the same words as they were typed: capitals tell a short form from a word.
        """
        found: list[Addition] = []
        for match in self._glossary.find(typed):
            other = match.entry.long if match.is_short else match.entry.short
            used = sum(one.start == match.start for one in found)
            if used < _MOST_FORMS and self._held(other):
                query = self._query(tokens[match.start : match.end], other)
                notice = AcronymNotice(short=match.entry.short, long=match.entry.long)
                found.append(Addition(match.start, match.end, query, notice))
        return found

    def _held(self, form: str) -> bool:
        """Whether the archive holds every word of a form."""
        words = [token.folded for token in self._analyzer.tokens(form)]
        return bool(words) and all(self._engine.document_frequencies(Field.FOLDED, words))

    def _query(self, typed: Sequence[Token], other: str) -> Query:
        words = tuple(token.folded for token in self._analyzer.tokens(other))
        # Scores are sums of idf: the other form is brought to the scale of the typed one, so
        # that an equally good hit on what was typed always ranks above it.
        scale = self._idf([token.folded for token in typed]) / self._idf(words)
        boost = ACRONYM_WEIGHT * min(1.0, scale)
        if len(words) == 1:
            return Term(Field.FOLDED, words[0], boost)
        return Phrase(Field.FOLDED, words, boost)

    def _idf(self, words: Sequence[str]) -> float:
        return sum(rarities(self._engine, Field.FOLDED, words)) or 1.0
