"""Snippets: the stretches of an article's texts that show best how it matches a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from archive.records import Article
from indexer.search.present.highlights import (
    Highlight,
    ScannedText,
    joined_spans,
    split_stretch,
)
from indexer.search.search_records import Snippet, TextSpan

SNIPPET_LENGTH = 220
"""Characters of a snippet, about."""

LONGEST_UNIT = 60
"""Characters of highlights in a row that are never parted by the end of a snippet."""

NO_SECTION = -1
"""The section of captions and authors, which no snippet is from if there is another."""


@dataclass(frozen=True, slots=True)
class RankedSnippet:
    """A snippet with its score and its source.

    Attributes:
        snippet: the spans to show.
        score: how well it shows the match; 0 for the opening of an article without one.
        section: the number of the section it is from; 0 is none.
        text: the whole text it is from.
        text_highlights: all highlights of that text.
        highlights: those of them that are in the snippet.
    """

    snippet: Snippet
    score: float
    section: int
    text: str = ""
    text_highlights: tuple[Highlight, ...] = ()
    highlights: tuple[Highlight, ...] = ()


class _SnippetWindow(NamedTuple):
    """A stretch of a text from its `first` to its `last` highlight (indices), and its score."""

    score: float
    first: int
    last: int
    section: int
    text: str
    highlights: tuple[Highlight, ...]


class SnippetCutter:
    """Cuts the snippets of one query; neighbours of the query are preferred as neighbours."""

    def __init__(self, bigrams: Set[tuple[str, str]]) -> None:
        self._bigrams = bigrams

    def best_snippets(
        self,
        article: Article,
        scanned: Sequence[ScannedText],
        count: int = 2,
    ) -> list[RankedSnippet]:
        """Return the snippets that show the match best, best first; without one, the opening.

        Args:
            article: the article.
            scanned: those of its texts that snippets may be from, with their highlights.
            count: snippets wanted.
        """
        windows = [self._best_window(text) for text in scanned if text.section != NO_SECTION]
        # Captions and authors are shown only where nothing else matches.
        windows = windows or [
            self._best_window(text._replace(section=0))
            for text in scanned
            if text.section == NO_SECTION
        ]
        if not windows:
            return _opening(article)
        windows.sort(key=lambda window: -window.score)
        return [_snippet_of(window) for window in windows[:count]]

    def _best_window(self, scanned: ScannedText) -> _SnippetWindow:
        """Return the window of a text with the best score."""
        section, text, highlights = scanned
        best = (0.0, 0, 0)
        last = previous_last = -1
        for first, highlight in enumerate(highlights):
            end = highlight.start + SNIPPET_LENGTH
            last = max(last, first)
            while last + 1 < len(highlights) and highlights[last + 1].end <= end:
                last += 1
            if last == previous_last:
                # It holds nothing that the previous window did not.
                continue
            previous_last = last
            score = self._score(highlights[first : last + 1])
            if score > best[0]:
                best = (score, first, last)
        return _SnippetWindow(*best, section, text, highlights)

    def _score(self, highlights: Sequence[Highlight]) -> float:
        """Score a window: distinct terms count most, then their proximity, then diacritics."""
        distinct = len({highlight.term for highlight in highlights})
        exact = sum(highlight.exact for highlight in highlights) / len(highlights)
        neighbours = {
            (first.term, second.term)
            for first, second in zip(highlights, highlights[1:], strict=False)
            if second.start - first.end <= 2
        }
        shared = len(neighbours & self._bigrams)
        return distinct + shared + 0.5 * exact + 0.01 * len(highlights)


def article_texts(article: Article) -> Iterator[tuple[int, str]]:
    """Yield the texts of an article that a snippet may be from, with their section's number."""
    if article.lead:
        yield 0, article.lead
    for number, section in enumerate(article.sections, 1):
        heading = section.heading_line
        if heading:
            yield number, heading
        for paragraph in section.paragraphs:
            yield number, paragraph


def _snippet_of(window: _SnippetWindow) -> RankedSnippet:
    """Cut the snippet around a window."""
    text, highlights = window.text, window.highlights
    start, end = _bounds(text, highlights[window.first].start, highlights[window.last].end)
    near = (
        highlight
        for highlight in highlights
        if highlight.end > start - LONGEST_UNIT and highlight.start < end + LONGEST_UNIT
    )
    start, end = _with_whole_units(start, end, joined_spans(text, near))
    head = (TextSpan("… "),) if start else ()
    tail = (TextSpan(" …"),) if end < len(text) else ()
    snippet = (*head, *split_stretch(text, highlights, start, end), *tail)
    inside = tuple(
        highlight for highlight in highlights if highlight.start >= start and highlight.end <= end
    )
    return RankedSnippet(snippet, window.score, window.section, text, highlights, inside)


def _opening(article: Article) -> list[RankedSnippet]:
    """Cut the first words of an article."""
    for section, text in article_texts(article):
        _, end = _bounds(text, 0, 0)
        tail = (TextSpan(" …"),) if end < len(text) else ()
        return [RankedSnippet((TextSpan(text[:end]), *tail), 0.0, section)]
    return []


def _with_whole_units(start: int, end: int, units: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return a stretch that begins and ends inside no highlighted unit, unless that is long."""
    for first, last in units:
        if last - first <= LONGEST_UNIT:
            start = first if first < start < last else start
            end = last if first < end < last else end
    return start, end


def _bounds(text: str, first: int, last: int) -> tuple[int, int]:
    """Return a stretch around first..last, about SNIPPET_LENGTH long, cut between words."""
    spare = max(0, SNIPPET_LENGTH - (last - first))
    start = max(0, first - spare // 3)
    end = min(len(text), max(last, start + SNIPPET_LENGTH))
    if start:
        blank = text.find(" ", start, first)
        start = blank + 1 if blank >= 0 else first
    if end < len(text):
        blank = text.rfind(" ", last, end)
        end = blank if blank >= 0 else last
    return start, end
