"""Highlights of a query's words in stored texts, and the snippets that show them best."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.records import Article
from indexer.analysis.analyzer import Analyzer, Token
from indexer.search.interpreted_query import FoldedForms
from indexer.search.present.highlight_terms import HighlightTerms
from indexer.search.present.term_scanner import TermScanner
from indexer.search.search_records import Snippet, TextSpan
from indexer.vietnamese.multi_word_terms import may_span
from indexer.vietnamese.syllables import diacritics_agree

SNIPPET_LENGTH = 220
"""Characters of a snippet, about."""

MOST_TEXT = 400_000
"""Characters of an article that are searched for snippets."""

NO_SECTION = -1
"""The section of captions and authors, which no snippet is from if there is another."""

_LETTER = re.compile(r"[^\W_]")


class Highlight(NamedTuple):
    """A word of a text that matches the query.

    Attributes:
        start, end: its span in the text.
        term: the folded form, or prefix, that it matches.
        exact: whether its diacritics match as well.
        form: its own exact form.
        alternative: it matches a short or long form of what was typed.
    """

    start: int
    end: int
    term: str
    exact: bool
    form: str
    alternative: bool = False


class ScannedText(NamedTuple):
    """A text of an article with all its highlights, and its section's number; 0 is none."""

    section: int
    text: str
    highlights: tuple[Highlight, ...]


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


class Highlighter:
    """The highlighter of one query: it finds the query's words in stored texts.

    It remembers the runs of text that it analysed; not to be shared between threads.
    """

    def __init__(self, analyzer: Analyzer, terms: HighlightTerms) -> None:
        self._analyzer = analyzer
        self._terms = terms
        self._phrases = [(phrase, False) for phrase in terms.phrases]
        self._phrases += [(phrase, True) for phrase in terms.alternatives]
        forms = set(terms.words).union(*(phrase for phrase, _ in self._phrases))
        self._scanner = TermScanner(forms, terms.prefixes, terms.patterns)
        # Some terms span several runs, and some letters are beyond the scanner.
        self._by_all_words = not self._scanner.usable or any(map(may_span, terms.words))
        self._tokens_by_run: dict[str, list[Token]] = {}
        self._highlights_by_run: dict[str, list[Highlight]] = {}
        self._exactness: dict[str, bool] = {}

    def highlight(self, text: str) -> Snippet:
        """Split a whole canonical text into highlighted and other spans."""
        return split_at_highlights(text, self.find_highlights(text))

    def find_highlights(self, text: str) -> list[Highlight]:
        """Return the words of a canonical text that match, in order."""
        if not self._phrases and not self._by_all_words:
            return self._find_words(text)
        tokens = self._positioned_tokens(text)
        by_position = {
            position: highlight
            for position, token in tokens.items()
            if (highlight := self._match_word(token))
        }
        for phrase, alternative in self._phrases:
            for start in _phrase_starts(tokens, phrase):
                for position in range(start, start + len(phrase)):
                    token = tokens[position]
                    highlight = Highlight(
                        token.start, token.end, token.folded, True, token.exact, alternative
                    )
                    by_position.setdefault(position, highlight)
        return [by_position[position] for position in sorted(by_position)]

    def _find_words(self, text: str) -> list[Highlight]:
        """Find the highlights of a query without phrases: every word matches by itself."""
        highlights: list[Highlight] = []
        for start, end in self._scanner.candidate_spans(text):
            run = text[start:end]
            in_run = self._highlights_by_run.get(run)
            if in_run is None:
                matches = map(self._match_word, self._tokens_of_run(run))
                in_run = self._highlights_by_run[run] = [match for match in matches if match]
            highlights += [
                Highlight(start + match[0], start + match[1], *match[2:]) for match in in_run
            ]
        return highlights

    def _positioned_tokens(self, text: str) -> dict[int, Token]:
        """Return the words that may match by position; neighbours have neighbouring positions."""
        if self._by_all_words:
            return dict(enumerate(self._analyzer.tokens(text)))
        tokens: dict[int, Token] = {}
        position = previous_end = 0
        for start, end in self._scanner.candidate_spans(text):
            # One word or many in between are all the same.
            position += _LETTER.search(text, previous_end, start) is not None
            for token in self._tokens_of_run(text[start:end]):
                span = start + token.start, start + token.end
                tokens[position] = Token(*span, token.exact, token.folded, token.extras)
                position += 1
            previous_end = end
        return tokens

    def _tokens_of_run(self, run: str) -> list[Token]:
        """Analyse a run without blanks, once for all its occurrences."""
        tokens = self._tokens_by_run.get(run)
        if tokens is None:
            is_word = run.isalnum()
            tokens = [self._analyzer.word_token(run)] if is_word else self._analyzer.tokens(run)
            self._tokens_by_run[run] = tokens
        return tokens

    def _match_word(self, token: Token) -> Highlight | None:
        typed_forms = self._terms.words.get(token.folded)
        if typed_forms is not None:
            exact = self._exactness.get(token.exact)
            if exact is None:
                exact = any(diacritics_agree(form, token.exact) for form in typed_forms)
                self._exactness[token.exact] = exact
            if token.folded in self._terms.strict and not exact:
                return None
            return Highlight(token.start, token.end, token.folded, exact, token.exact)
        for extra in token.extras:
            folded = self._analyzer.folded(extra)
            if folded in self._terms.words:
                return Highlight(token.start, token.end, folded, True, token.exact)
        for prefix in self._terms.prefixes:
            if token.folded.startswith(prefix):
                return Highlight(token.start, token.end, prefix, True, token.exact)
        for pattern in self._terms.patterns:
            if pattern.matches(token):
                agrees = pattern.agrees(token)
                return Highlight(token.start, token.end, pattern.text, agrees, token.exact)
        return None

    def scan(self, article: Article) -> list[ScannedText]:
        """Return the texts of an article that have highlights, captions and authors last."""
        length = 0
        scanned: list[ScannedText] = []
        others = [(NO_SECTION, caption.text) for caption in article.captions]
        others += [(NO_SECTION, author) for author in article.authors]
        for section, text in itertools.chain(_article_texts(article), others):
            length += len(text)
            if length > MOST_TEXT:
                break
            highlights = tuple(self.find_highlights(text))
            if highlights:
                scanned.append(ScannedText(section, text, highlights))
        return scanned

    def best_snippets(
        self, article: Article, scanned: Sequence[ScannedText], count: int = 2
    ) -> list[RankedSnippet]:
        """Return the snippets that show the match best, best first; without one, the opening."""
        spoken = self._sections_of_speakers(article)
        windows = [
            self._best_window(text)
            for text in scanned
            if text.section != NO_SECTION and (not spoken or text.section in spoken)
        ]
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

    def missing_words(self, highlights: Iterable[Highlight]) -> tuple[str, ...]:
        """Return the typed words that none of an article's highlights matches."""
        terms, has_alternative = set[str](), False
        for highlight in highlights:
            terms.add(highlight.term)
            has_alternative |= highlight.alternative
        if has_alternative:
            terms.update(*self._terms.alternatives)
        missing = (
            text
            for text, needed in self._terms.typed_words
            if not any(map(terms.__contains__, needed))
        )
        return tuple(dict.fromkeys(missing))

    def _sections_of_speakers(self, article: Article) -> set[int]:
        """Return the numbers of the sections in which people searched for speak."""
        numbers: set[int] = set()
        for number, section in enumerate(article.sections, 1):
            if self._terms.speakers and section.speaker:
                tokens = dict(enumerate(self._analyzer.tokens(section.speaker.name)))
                if any(True for name in self._terms.speakers for _ in _phrase_starts(tokens, name)):
                    numbers.add(number)
        return numbers

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
        shared = len(neighbours & self._terms.bigrams)
        return distinct + shared + 0.5 * exact + 0.01 * len(highlights)


def split_at_highlights(text: str, highlights: Sequence[Highlight]) -> Snippet:
    """Split a whole text into highlighted and other spans; joined they are the text again."""
    return _split_stretch(text, highlights, 0, len(text))


def has_phrase(text: str, highlights: Sequence[Highlight], forms: Sequence[str]) -> bool:
    """Tell whether highlighted words that are neighbours in a text have these exact forms."""
    for start in range(len(highlights) - len(forms) + 1):
        words = highlights[start : start + len(forms)]
        if all(word.form == form for word, form in zip(words, forms, strict=True)) and not any(
            _LETTER.search(text, first.end, second.start)
            for first, second in zip(words, words[1:], strict=False)
        ):
            return True
    return False


def _phrase_starts(tokens: dict[int, Token], phrase: FoldedForms) -> Iterator[int]:
    """Yield the positions at which the words of a phrase follow one another."""
    for position, token in tokens.items():
        if token.folded != phrase[0]:
            continue
        following = (tokens.get(position + offset) for offset in range(1, len(phrase)))
        if all(
            word is not None and word.folded == form
            for word, form in zip(following, phrase[1:], strict=True)
        ):
            yield position


def _article_texts(article: Article) -> Iterator[tuple[int, str]]:
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
    head = (TextSpan("… "),) if start else ()
    tail = (TextSpan(" …"),) if end < len(text) else ()
    snippet = (*head, *_split_stretch(text, highlights, start, end), *tail)
    inside = tuple(
        highlight for highlight in highlights if highlight.start >= start and highlight.end <= end
    )
    return RankedSnippet(snippet, window.score, window.section, text, highlights, inside)


def _opening(article: Article) -> list[RankedSnippet]:
    """Cut the first words of an article."""
    for section, text in _article_texts(article):
        _, end = _bounds(text, 0, 0)
        tail = (TextSpan(" …"),) if end < len(text) else ()
        return [RankedSnippet((TextSpan(text[:end]), *tail), 0.0, section)]
    return []


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


def _split_stretch(text: str, highlights: Sequence[Highlight], start: int, end: int) -> Snippet:
    """Split the text from start to end; neighbours with only a blank between become one span."""
    joined: list[tuple[int, int]] = []
    for highlight in highlights:
        if highlight.start < start or highlight.end > end:
            continue
        if joined and text[joined[-1][1] : highlight.start] == " ":
            joined[-1] = (joined[-1][0], highlight.end)
        else:
            joined.append((highlight.start, highlight.end))
    spans: list[TextSpan] = []
    position = start
    for first, last in joined:
        if first > position:
            spans.append(TextSpan(text[position:first]))
        spans.append(TextSpan(text[first:last], True))
        position = last
    if position < end:
        spans.append(TextSpan(text[position:end]))
    return tuple(spans)
