"""Acronym expansion: short and long forms are synonyms, each searched by the other as well."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.interpreted_query import FoldedForms
from indexer.search.query.syntax import AcronymNode, WordNode
from indexer.search.search_records import AcronymNotice
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.glossary import Entry, Glossary, Match

_MOST_ALTERNATIVES = 3
"""Other forms of the same words that are searched for."""

Span = tuple[int, int]


class AcronymExpander:
    """Finds the short and long forms in one query.

    Attributes:
        notices: one for each expansion so far.
        alternatives: the folded words of both forms of each.
    """

    def __init__(self, glossary: Glossary, analyzer: Analyzer, statistics: TermStatistics) -> None:
        self._glossary = glossary
        self._analyzer = analyzer
        self._statistics = statistics
        self.notices: list[AcronymNotice] = []
        self.alternatives: list[FoldedForms] = []

    def expand(self, words: Sequence[WordNode]) -> list[WordNode | AcronymNode]:
        """Return neighbouring words with those that have another form in an acronym's node."""
        # Capitals tell a short form from a word, so the glossary gets the words as typed.
        typed = [word.text if word.is_plain and len(word.tokens) == 1 else "" for word in words]
        matches = self._matches(typed)
        nodes: list[WordNode | AcronymNode] = list(words)
        for span in _without_overlaps({(match.start, match.end) for match, _ in matches}):
            start, end = span
            chosen = [pair for pair in matches if (pair[0].start, pair[0].end) == span]
            self._report(words[start:end], [match.entry for match, _ in chosen])
            forms = tuple(form for _, form in chosen)
            nodes[start:end] = [AcronymNode(tuple(words[start:end]), forms)]
        return nodes

    def _matches(self, typed: Sequence[str]) -> list[tuple[Match, FoldedForms]]:
        """Return the glossary's matches, each with the other form, if the archive holds it."""
        matches: list[tuple[Match, FoldedForms]] = []
        for match in self._glossary.find(typed):
            synonym = match.entry.long if match.is_short else match.entry.short
            used = sum(earlier.start == match.start for earlier, _ in matches)
            form = self._fold(synonym) if used < _MOST_ALTERNATIVES else ()
            if form and all(self._statistics.document_frequencies(Field.FOLDED, form)):
                matches.append((match, form))
        return matches

    def _report(self, words: Sequence[WordNode], entries: Sequence[Entry]) -> None:
        typed = " ".join(word.text for word in words)
        folded = tuple(word.tokens[0].folded for word in words)
        for entry in entries:
            self.notices.append(AcronymNotice(short=entry.short, long=entry.long))
            for form in (entry.short, entry.long):
                self.alternatives.append(folded if form == typed else self._fold(form))

    def _fold(self, form: str) -> FoldedForms:
        return tuple(token.folded for token in self._analyzer.tokens(form))


def _without_overlaps(spans: set[Span]) -> list[Span]:
    """Choose spans that do not overlap, long ones first; return them from the last to the first."""
    chosen: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= other_start or other_end <= start for other_start, other_end in chosen):
            chosen.append((start, end))
    return sorted(chosen, reverse=True)
