"""Which words of a stored text matched: slices for titles and articles, and the best snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.records import Article
from indexer.analysis.analyzer import Analyzer, Token
from indexer.search.compile.query_compiler import agrees
from indexer.search.present.highlight_terms import Wanted
from indexer.search.present.term_scanner import Finder
from indexer.search.search_records import Snippet, TextSpan
from indexer.vietnamese.multi_word_terms import may_span

SNIPPET_LENGTH = 220
"""Characters of a snippet, about."""

MOST_TEXT = 400_000
"""Characters of an article that are looked through for snippets."""

_LETTER = re.compile(r"[^\W_]")


class Mark(NamedTuple):
    """A stretch of text that matched: offsets, the folded term, whether its marks agree too.

    `form` is the exact form of the word; `other` tells that it matched as the short or long form
    of what was typed.
    """

    start: int
    end: int
    term: str
    exact: bool
    form: str
    other: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A snippet, its worth, the number of the section it is from (0: none), and its marks.

    `shown` are those of the marks that are in the snippet, and `text` is what all of them are in.
    """

    snippet: Snippet
    worth: float
    section: int
    text: str = ""
    marks: tuple[Mark, ...] = ()
    shown: tuple[Mark, ...] = ()


class _Window(NamedTuple):
    """A stretch of a text by the numbers of its first and last mark, and what it is worth."""

    worth: float
    first: int
    last: int
    section: int
    text: str
    marks: tuple[Mark, ...]


class Highlighter:
    """Marks the words of one query in stored texts."""

    def __init__(self, analyzer: Analyzer, wanted: Wanted) -> None:
        self._analyzer = analyzer
        self._wanted = wanted
        self._runs = [(run, False) for run in wanted.runs]
        self._runs += [(run, True) for run in wanted.other_forms]
        forms = set(wanted.words).union(*(run for run, _ in self._runs))
        self._finder = Finder(forms, wanted.prefixes)
        # Some terms span several runs, and some letters are beyond the finder.
        self._by_all_words = not self._finder.able or any(map(may_span, wanted.words))
        self._read: dict[str, list[Token]] = {}
        self._marked: dict[str, list[Mark]] = {}
        self._agreed: dict[str, bool] = {}

    def slices(self, text: str) -> Snippet:
        """A whole text, cut into matched and other slices; joined they are the text again."""
        return whole(text, self.marks(text))

    def marks(self, text: str) -> list[Mark]:
        """The matched stretches of a canonical text, in order."""
        if not self._runs and not self._by_all_words:
            return self._alone(text)
        tokens = self._tokens(text)
        found = {at: mark for at, token in tokens.items() if (mark := self._word(token))}
        for run, other in self._runs:
            for at in _starts(tokens, run):
                for offset in range(at, at + len(run)):
                    token = tokens[offset]
                    mark = Mark(token.start, token.end, token.folded, True, token.exact, other)
                    found.setdefault(offset, mark)
        return [found[at] for at in sorted(found)]

    def _alone(self, text: str) -> list[Mark]:
        """The marks where every word counts by itself."""
        found: list[Mark] = []
        for start, end in self._finder.runs(text):
            run = text[start:end]
            marks = self._marked.get(run)
            if marks is None:
                marks = [mark for token in self._tokens_of(run) if (mark := self._word(token))]
                self._marked[run] = marks
            found += [Mark(start + one[0], start + one[1], *one[2:]) for one in marks]
        return found

    def _tokens(self, text: str) -> dict[int, Token]:
        """The words that may be marked; those with following numbers follow one another."""
        if self._by_all_words:
            return dict(enumerate(self._analyzer.tokens(text)))
        found: dict[int, Token] = {}
        at, before = 0, 0
        for start, end in self._finder.runs(text):
            # One word or many in between are all the same.
            at += _LETTER.search(text, before, start) is not None
            for token in self._tokens_of(text[start:end]):
                places = start + token.start, start + token.end
                found[at] = Token(*places, token.exact, token.folded, token.extras)
                at += 1
            before = end
        return found

    def _tokens_of(self, chunk: str) -> list[Token]:
        """The words of one run without blanks."""
        tokens = self._read.get(chunk)
        if tokens is None:
            tokens = self._read[chunk] = self._analyzer.tokens(chunk)
        return tokens

    def passages(self, article: Article, count: int = 2) -> list[Passage]:
        """The snippets that show the match best, best first; the article's beginning if none."""
        found: list[_Window] = []
        looked = 0
        theirs = self._their_sections(article)
        for section, text in _texts(article):
            looked += len(text)
            if looked > MOST_TEXT:
                break
            if not theirs or section in theirs:
                found += self._windows(text, section)
        if not found:
            for text in (*(caption.text for caption in article.captions), *article.authors):
                found += self._windows(text, 0)
        if not found:
            return _beginning(article)
        found.sort(key=lambda window: -window.worth)
        return [_passage(window) for window in found[:count]]

    def _their_sections(self, article: Article) -> set[int]:
        """The numbers of the sections of the people asked for; empty when nobody was."""
        found: set[int] = set()
        for number, section in enumerate(article.sections, 1):
            if self._wanted.people and section.speaker:
                tokens = dict(enumerate(self._analyzer.tokens(section.speaker.name)))
                if any(any(True for _ in _starts(tokens, run)) for run in self._wanted.people):
                    found.add(number)
        return found

    def _word(self, token: Token) -> Mark | None:
        typed = self._wanted.words.get(token.folded)
        if typed is not None:
            exact = self._agreed.get(token.exact)
            if exact is None:
                exact = any(agrees(form, token.exact) for form in typed)
                self._agreed[token.exact] = exact
            if token.folded in self._wanted.strict and not exact:
                return None
            return Mark(token.start, token.end, token.folded, exact, token.exact)
        for extra in token.extras:
            folded = self._analyzer.folded(extra)
            if folded in self._wanted.words:
                return Mark(token.start, token.end, folded, True, token.exact)
        for prefix in self._wanted.prefixes:
            if token.folded.startswith(prefix):
                return Mark(token.start, token.end, prefix, True, token.exact)
        return None

    def _windows(self, text: str, section: int) -> Iterator[_Window]:
        """The best window of a text, if anything in it matched."""
        marks = self.marks(text)
        best: tuple[float, int, int] | None = None
        last = looked = -1
        for first, mark in enumerate(marks):
            last = max(last, first)
            while last + 1 < len(marks) and marks[last + 1].end - mark.start <= SNIPPET_LENGTH:
                last += 1
            if last == looked:
                # It holds nothing that the window before it did not.
                continue
            looked = last
            worth = self._worth(marks[first : last + 1])
            if best is None or worth > best[0]:
                best = (worth, first, last)
        if best is not None:
            yield _Window(*best, section, text, tuple(marks))

    def _worth(self, marks: list[Mark]) -> float:
        """Different words count most, then neighbours as in the query, then marks that agree."""
        different = len({mark.term for mark in marks})
        exact = sum(mark.exact for mark in marks) / len(marks)
        together = {
            (one.term, two.term)
            for one, two in zip(marks, marks[1:], strict=False)
            if two.start - one.end <= 2
        }
        beside = len(together & self._wanted.pairs)
        return different + beside + 0.5 * exact + 0.01 * len(marks)


def whole(text: str, marks: Sequence[Mark]) -> Snippet:
    """A whole text, cut at its marks."""
    return _cut(text, marks, 0, len(text))


def in_a_row(text: str, marks: Sequence[Mark], forms: Sequence[str]) -> bool:
    """Whether marked words of a text that follow one another have these exact forms."""
    for at in range(len(marks) - len(forms) + 1):
        some = marks[at : at + len(forms)]
        if all(mark.form == form for mark, form in zip(some, forms, strict=True)) and not any(
            _LETTER.search(text, one.end, two.start)
            for one, two in zip(some, some[1:], strict=False)
        ):
            return True
    return False


def _starts(tokens: dict[int, Token], run: tuple[str, ...]) -> Iterator[int]:
    """The positions at which the words of a run follow one another."""
    for at, token in tokens.items():
        if token.folded != run[0]:
            continue
        following = (tokens.get(at + offset) for offset in range(1, len(run)))
        if all(
            word is not None and word.folded == form
            for word, form in zip(following, run[1:], strict=True)
        ):
            yield at


def _texts(article: Article) -> Iterator[tuple[int, str]]:
    """The texts of an article in which a snippet may lie, with their section's number."""
    if article.lead:
        yield 0, article.lead
    for number, section in enumerate(article.sections, 1):
        heading = section.heading_line
        if heading:
            yield number, heading
        for paragraph in section.paragraphs:
            yield number, paragraph


def _passage(window: _Window) -> Passage:
    """The snippet around a window."""
    text, marks = window.text, window.marks
    start, end = _bounds(text, marks[window.first].start, marks[window.last].end)
    before = (TextSpan("… "),) if start else ()
    after = (TextSpan(" …"),) if end < len(text) else ()
    snippet = (*before, *_cut(text, marks, start, end), *after)
    shown = tuple(mark for mark in marks if mark.start >= start and mark.end <= end)
    return Passage(snippet, window.worth, window.section, text, marks, shown)


def _beginning(article: Article) -> list[Passage]:
    for section, text in _texts(article):
        _, end = _bounds(text, 0, 0)
        more = (TextSpan(" …"),) if end < len(text) else ()
        return [Passage((TextSpan(text[:end]), *more), 0.0, section)]
    return []


def _bounds(text: str, first: int, last: int) -> tuple[int, int]:
    """The stretch around some matches, about SNIPPET_LENGTH long, cut between words."""
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


def _cut(text: str, marks: Sequence[Mark], start: int, end: int) -> Snippet:
    """The text from start to end; marks that only a blank parts become one slice."""
    pieces: list[TextSpan] = []
    at = start
    merged: list[tuple[int, int]] = []
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        if merged and text[merged[-1][1] : mark.start] == " ":
            merged[-1] = (merged[-1][0], mark.end)
        else:
            merged.append((mark.start, mark.end))
    for first, last in merged:
        if first > at:
            pieces.append(TextSpan(text[at:first]))
        pieces.append(TextSpan(text[first:last], True))
        at = last
    if at < end:
        pieces.append(TextSpan(text[at:end]))
    return tuple(pieces)
