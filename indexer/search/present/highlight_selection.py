"""The selection of an article's highlights: what was meant, where the article has it.

A word is highlighted in other forms (*mà* beside *ma túy*) only where the article does not hold
what was meant: a unit in a row, and a word with the diacritics that were typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.search.present.highlight_terms import HighlightRun, HighlightTerms
from indexer.search.present.highlights import Highlight, are_neighbours
from indexer.vietnamese.multi_word_terms import SIGNS
from indexer.vietnamese.normalization import fold


class HighlightSelection:
    """Selects the highlights of one article's texts."""

    def __init__(
        self, terms: HighlightTerms, texts: Sequence[tuple[str, Sequence[Highlight]]]
    ) -> None:
        """Look for what was meant in all texts, each given with all its highlights."""
        self._terms = terms
        self._together = {
            run for run in terms.runs for text, found in texts if any(_fitting(run, text, found))
        }
        self._fitting = {
            highlight.term for _, found in texts for highlight in found if highlight.exact
        }
        has_alternative = any(highlight.alternative for _, found in texts for highlight in found)
        in_runs = {form for run in terms.runs if not run.is_phrase for form in run.folded}
        scattered = {
            form
            for run in terms.runs
            if not (run.is_phrase or run in self._together)
            if not (run.is_optional and has_alternative)
            if not any(_is_repair(other, run) for other in self._together)
            for form in run.folded
        }
        self._loose = terms.alone | scattered
        self._bound = (in_runs | {form for run in terms.phrases for form in run.folded}) - (
            self._loose
        )

    def select(self, text: str, highlights: Sequence[Highlight]) -> list[Highlight]:
        """Return those highlights of a text that show what was meant."""
        kept: set[int] = set()
        for run in self._terms.runs:
            is_together = run in self._together
            if is_together or run.is_phrase:
                for start in _runs(run, text, highlights):
                    words = highlights[start : start + len(run.folded)]
                    if not is_together or run.fits(_forms(words)):
                        kept.update(range(start, start + len(words)))
        return [
            _with_sign(text, highlight)
            for position, highlight in enumerate(highlights)
            if position in kept or highlight.alternative or self._is_meant(highlight)
        ]

    def _is_meant(self, highlight: Highlight) -> bool:
        """Tell whether a word by itself is shown: in the right form, or for want of one."""
        if highlight.term in self._bound:
            return False
        return highlight.exact or highlight.term not in self._fitting


def _is_repair(together: HighlightRun, run: HighlightRun) -> bool:
    """Tell whether a run is another but for one word: a slip is meant by its repair."""
    pairs = zip(together.folded, run.folded, strict=False)
    changed = sum(found != typed for found, typed in pairs)
    return len(together.folded) == len(run.folded) > changed <= 1


def _with_sign(text: str, highlight: Highlight) -> Highlight:
    """Return a highlight with the sign that belongs to its term: `30%`, `C++`."""
    sign = highlight.term[len(highlight.term.rstrip(SIGNS)) :]
    if sign and text.startswith(sign, highlight.end):
        return highlight._replace(end=highlight.end + len(sign))
    return highlight


def _fitting(run: HighlightRun, text: str, highlights: Sequence[Highlight]) -> Iterator[bool]:
    """Yield True for each run of highlights that is what was meant."""
    for start in _runs(run, text, highlights):
        if run.fits(_forms(highlights[start : start + len(run.folded)])):
            yield True


def _runs(run: HighlightRun, text: str, highlights: Sequence[Highlight]) -> Iterator[int]:
    """Yield the indices at which the words of a run follow one another."""
    first = run.folded[0]
    for start in range(len(highlights) - len(run.folded) + 1):
        if highlights[start].term != first:
            continue
        words = highlights[start : start + len(run.folded)]
        if tuple(word.term for word in words) == run.folded and _are_together(run, text, words):
            yield start


def _are_together(run: HighlightRun, text: str, words: Sequence[Highlight]) -> bool:
    """Tell whether words stand in a row, but for a word that may stand before the last one."""
    if are_neighbours(text, words):
        return True
    gap = text[words[-2].end : words[-1].start] if run.between else ""
    return fold(gap).strip(" .") == run.between != "" and are_neighbours(text, words[:-1])


def _forms(highlights: Sequence[Highlight]) -> tuple[str, ...]:
    return tuple(highlight.form for highlight in highlights)
