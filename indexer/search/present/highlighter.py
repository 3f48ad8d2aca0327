"""The highlighter: it finds a query's words in stored texts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from archive.records import Article
from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.spoken_paragraphs import find_spoken_paragraphs
from indexer.engine.processor_time import is_past, request_deadline
from indexer.search.present.highlight_selection import HighlightSelection
from indexer.search.present.highlight_terms import HighlightRun, HighlightTerms, TypedWord
from indexer.search.present.highlights import (
    LETTER,
    Highlight,
    ScannedText,
    split_at_highlights,
)
from indexer.search.present.joined_tokens import joined_end
from indexer.search.present.snippets import NO_SECTION, RankedSnippet, SnippetCutter, article_texts
from indexer.search.present.term_scanner import TermScanner
from indexer.search.query.interpreted_query import FoldedForms
from indexer.search.search_records import Snippet
from indexer.vietnamese.multi_word_terms import CITY_WORDS, may_span
from indexer.vietnamese.syllables import diacritics_agree

MOST_TEXT = 400_000
"""Characters of an article that are searched for highlights."""


class ScannedArticle(NamedTuple):
    """The highlights of an article: of its title, and of its texts that have any."""

    title: tuple[Highlight, ...]
    texts: tuple[ScannedText, ...]

    @property
    def highlights(self) -> Iterator[Highlight]:
        """All highlights, those of the title first."""
        return itertools.chain(self.title, *(text.highlights for text in self.texts))


class Highlighter:
    """The highlighter of one query: it finds the query's words in stored texts.

    It remembers the runs of text that it analysed; not to be shared between threads. When the
    processor time of the request is up, it finds nothing more.
    """

    def __init__(self, analyzer: Analyzer, terms: HighlightTerms) -> None:
        self._analyzer = analyzer
        self._terms = terms
        self._phrases = [(run, False) for run in terms.phrases]
        alternatives = {run for form in terms.alternatives for run in (form, *_parted(form))}
        self._phrases += [(HighlightRun(form, form), True) for form in sorted(alternatives)]
        self._joined = {form[0] for form in alternatives if len(form) == 1}
        self._phrases += [(spelling, True) for spelling in terms.spellings]
        forms = set(terms.words).union(*(run.folded for run, _ in self._phrases))
        self._scanner = TermScanner(forms, terms.prefixes, terms.patterns)
        # Some terms span several runs, and some letters are beyond the scanner.
        self._by_all_words = not self._scanner.usable or any(map(may_span, terms.words))
        self._tokens_by_run: dict[str, list[Token]] = {}
        self._highlights_by_run: dict[str, list[Highlight]] = {}
        self._exactness: dict[str, bool] = {}
        self._deadline = request_deadline()

    @property
    def is_out_of_time(self) -> bool:
        """Whether the request's processor time is up."""
        return is_past(self._deadline)

    def highlight(self, text: str, selection: HighlightSelection | None = None) -> Snippet:
        """Split a canonical text into highlighted and other spans, as its article selects them."""
        highlights = self.find_highlights(text)
        if selection is None:
            selection = HighlightSelection(self._terms, [(text, highlights)])
        return split_at_highlights(text, selection.select(text, highlights))

    def selection(self, article: Article) -> HighlightSelection:
        """Return the selection of highlights for the texts of an article."""
        texts = [article.shown_title, *(text for _, text in _texts(article))]
        pairs = [(text, self.find_highlights(text)) for text in texts]
        return HighlightSelection(self._terms, pairs)

    def find_highlights(self, text: str) -> list[Highlight]:
        """Return the words of a canonical text that match, in order."""
        if self.is_out_of_time:
            return []
        if not self._phrases and not self._by_all_words:
            return self._find_words(text)
        tokens = self._positioned_tokens(text)
        by_position = {
            position: highlight
            for position, token in tokens.items()
            if (highlight := self._match_word(token, position, tokens))
        }
        joined = self._find_joined(tokens)
        by_position = {**joined, **by_position}
        for run, alternative in self._phrases:
            for start in _phrase_starts(tokens, run.folded):
                if start in joined:
                    continue
                places = range(start, start + len(run.folded))
                if run.forms and not run.fits(tuple(tokens[place].exact for place in places)):
                    continue
                for position, typed in enumerate(run.exact, start):
                    token = tokens[position]
                    exact = diacritics_agree(typed, token.exact)
                    highlight = Highlight(
                        token.start, token.end, token.folded, exact, token.exact, alternative
                    )
                    by_position.setdefault(position, highlight)
        return [by_position[position] for position in sorted(by_position)]

    def _find_joined(self, tokens: Mapping[int, Token]) -> dict[int, Highlight]:
        """Find short forms across punctuation (`TP.HCM`, `Đ.H`) that were searched as well."""
        found: dict[int, Highlight] = {}
        for position, token in tokens.items() if self._joined else ():
            for term in map(self._analyzer.folded, token.extras):
                if term in self._joined:
                    end = joined_end(term, position, tokens)
                    found[position] = Highlight(token.start, end, term, True, token.exact, True)
        return found

    def _find_words(self, text: str) -> list[Highlight]:
        """Find the highlights of a query without phrases: every word matches by itself."""
        highlights: list[Highlight] = []
        for start, end in self._scanner.candidate_spans(text):
            run = text[start:end]
            in_run = self._highlights_by_run.get(run)
            if in_run is None:
                tokens = dict(enumerate(self._tokens_of_run(run)))
                matches = (self._match_word(token, i, tokens) for i, token in tokens.items())
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
            position += LETTER.search(text, previous_end, start) is not None
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

    def _match_word(
        self, token: Token, position: int, tokens: Mapping[int, Token]
    ) -> Highlight | None:
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
                end = joined_end(folded, position, tokens)
                return Highlight(token.start, end, folded, True, token.exact)
        for prefix in self._terms.prefixes:
            if token.folded.startswith(prefix):
                return Highlight(token.start, token.end, prefix, True, token.exact)
        for pattern in self._terms.patterns:
            if pattern.matches(token):
                agrees = pattern.agrees(token)
                return Highlight(token.start, token.end, pattern.text, agrees, token.exact)
        return None

    def scan(self, article: Article) -> ScannedArticle:
        """Return the selected highlights of an article, captions and authors last."""
        texts = [
            ScannedText(section, text, tuple(highlights))
            for section, text in _texts(article)
            if (highlights := self.find_highlights(text))
        ]
        title = self.find_highlights(article.shown_title)
        pairs = [
            (article.shown_title, title),
            *((text, highlights) for _, text, highlights in texts),
        ]
        selection = HighlightSelection(self._terms, pairs)
        selected = (
            scanned._replace(highlights=tuple(selection.select(scanned.text, scanned.highlights)))
            for scanned in texts
        )
        return ScannedArticle(
            tuple(selection.select(article.shown_title, title)),
            tuple(scanned for scanned in selected if scanned.highlights),
        )

    def best_snippets(self, article: Article, scanned: ScannedArticle) -> list[RankedSnippet]:
        """Return the snippets that show the match best, best first; without one, the opening."""
        cutter = SnippetCutter(self._terms.bigrams)
        return cutter.best_snippets(article, self._spoken_texts(article, scanned.texts))

    def _spoken_texts(
        self, article: Article, texts: tuple[ScannedText, ...]
    ) -> tuple[ScannedText, ...]:
        """Return the texts in which the people speak who are searched for; all if none do."""
        if not self._terms.speakers:
            return texts
        numbers = {
            number
            for number, section in enumerate(article.sections, 1)
            if section.speaker and self._is_asked_for(section.speaker.name)
        }
        paragraphs = {
            (number, article.sections[number - 1].paragraphs[index])
            for (number, index), names in find_spoken_paragraphs(article).items()
            if any(map(self._is_asked_for, names))
        }
        spoken = tuple(
            text
            for text in texts
            if text.section in numbers or (text.section, text.text) in paragraphs
        )
        others = tuple(text for text in texts if text.section == NO_SECTION)
        return (*spoken, *others) if numbers or paragraphs else texts

    def _is_asked_for(self, speaker: str) -> bool:
        """Tell whether a speaker's name holds one that is searched for."""
        tokens = dict(enumerate(self._analyzer.tokens(speaker)))
        return any(True for name in self._terms.speakers for _ in _phrase_starts(tokens, name))

    def missing_words(self, highlights: Iterable[Highlight]) -> tuple[str, ...]:
        """Return the typed words that none of an article's highlights matches.

        Where the query's repair is nearer to the article, its words are those that are missing.
        """
        terms, has_alternative = set[str](), False
        for highlight in highlights:
            terms.add(highlight.term)
            has_alternative |= highlight.alternative
        if has_alternative:
            terms.update(*self._terms.alternatives, self._terms.respelt)
        missing = _missing(self._terms.typed_words, terms)
        if missing and self._terms.repaired_words:
            return min(missing, _missing(self._terms.repaired_words, terms), key=len)
        return missing


def _parted(form: FoldedForms) -> list[FoldedForms]:
    """Return the words of a short form that texts write apart: `tphcm` is *TP HCM*."""
    place = next(map(len, filter(form[0].startswith, CITY_WORDS)), 0) if len(form) == 1 else 0
    return [(form[0][:place], form[0][place:])] if 0 < place < len(form[0]) else []


def _missing(words: Iterable[TypedWord], terms: Set[str]) -> tuple[str, ...]:
    missing = (text for text, needed in words if terms.isdisjoint(needed))
    return tuple(dict.fromkeys(missing))


def _texts(article: Article) -> Iterator[tuple[int, str]]:
    """Yield the texts of an article in which words are highlighted, up to a length."""
    others = [(NO_SECTION, caption.text) for caption in article.captions]
    others += [(NO_SECTION, author) for author in article.authors]
    length = 0
    for section, text in itertools.chain(article_texts(article), others):
        yield section, text[: MOST_TEXT - length]
        length += len(text)
        if length >= MOST_TEXT:
            return


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
