"""One question put to one generation: lowered, relaxed when nothing matches, with its remarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.errors import EngineError
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.queries import MatchAll, Query, Term
from indexer.engine.records import EngineQuery, EngineResult
from indexer.generations.live_index import OpenGeneration
from indexer.search.compile.query_compiler import Lowering, Options, words_of
from indexer.search.completion import PhraseCompleter
from indexer.search.execute.collapsing import GroupedAnswer, grouped
from indexer.search.interpret.acronym_expansion import Acronyms, GlossaryBook
from indexer.search.interpret.diacritic_suggestions import (
    bare_words,
    diacritics_notices,
    readings_of,
)
from indexer.search.interpret.spelling import Corrections
from indexer.search.query.syntax import SyntaxNode
from indexer.search.search_records import (
    AcronymNotice,
    Notice,
    RelaxedNotice,
    SearchRequest,
    SuggestionNotice,
)
from indexer.vietnamese.normalization import canonical, lower_canonical

LARGEST_PAGE = 1000
"""Hits that one page may have."""

DEEPEST_HIT = 10_000_000
"""Results after this one cannot be asked for."""

MOST_NAMED = 12
"""Words of a relaxed query that are looked at when those left out are named."""

RELAXED_SHARE = 0.75
"""The share of words that have to match when no article has all of them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the engine was asked in the end, its answer, and the share of words demanded."""

    request: EngineQuery
    grouped: GroupedAnswer
    share: float
    forms: tuple[AcronymNotice, ...]

    @property
    def answer(self) -> EngineResult:
        """The engine's answer."""
        return self.grouped.answer


@dataclass(frozen=True, slots=True)
class AskedPage:
    """The answer to a question: hits, remarks, other forms searched, and the likeliest reading."""

    grouped: GroupedAnswer
    notices: tuple[Notice, ...] = ()
    other_forms: tuple[str, ...] = ()
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What was learned beside the index: copies to group by, phrases to write readings by."""

    copies: NearDuplicateIndex | None = None
    phrases: PhraseCompleter | None = None

    def written(self, text: str) -> str:
        """Exact forms with the archive's capitals."""
        return self.phrases.capitalize(text.split(" ")) if self.phrases else text


class Asking:
    """Asks for one page of one question, or for all of it."""

    def __init__(
        self,
        analyzer: Analyzer,
        opened: OpenGeneration,
        book: GlossaryBook,
        question: SearchRequest,
        beside: Beside | None = None,
    ) -> None:
        """Ask one generation; near-copies are grouped by what was learned beside it."""
        self._analyzer = analyzer
        self._beside = beside or Beside()
        self._engine = opened.engine
        self._question = question
        self._acronyms: Acronyms | None = None
        if not question.as_typed:
            glossary = book.glossary(opened.folder, opened.engine.status().documents)
            self._acronyms = Acronyms(glossary, analyzer, opened.engine)

    def ask(self, tree: SyntaxNode | None) -> AskedPage:
        """The answer; when nothing has all the words, fewer of them will do."""
        readings = self._readings(tree)
        asked = self._relaxing(tree, [query for _, query in readings])
        texts = [text for text, _ in readings]
        counts = asked.answer.counts[1:]
        notices: list[Notice] = [*asked.forms]
        notices += diacritics_notices(texts, counts, self._beside.written)
        relaxed = asked.share < 1 and not self._question.any_word
        if not self._question.as_typed:
            notices += self._corrected(tree, relaxed)
        if relaxed and asked.answer.total:
            notices.append(self._relaxed(tree, asked))
        others = tuple(form for notice in asked.forms for form in (notice.short, notice.long))
        return AskedPage(asked.grouped, tuple(notices), others, texts[0] if texts else "")

    def every(self, tree: SyntaxNode | None, at_once: int) -> Iterator[tuple[str, ...]]:
        """The identifiers of all matching articles in the question's order, a run at a time.

        Raises:
            EngineError: the time budget ran out, so that not all would be told.
        """
        asked = self._relaxing(tree, [])
        request = replace(asked.request, counts=(), facets=(), limit=at_once)
        for offset in range(0, min(asked.answer.total, DEEPEST_HIT), at_once):
            answer = self._engine.search(replace(request, offset=offset))
            if not answer.complete:
                raise EngineError("the time for this question ran out; ask for less at once")
            yield tuple(hit.identifier for hit in answer.hits)

    def _relaxing(self, tree: SyntaxNode | None, readings: list[Query]) -> _Asked:
        """Ask for all the words; for fewer of them while nothing matches."""
        shares = (0.0,) if self._question.any_word else (1.0, RELAXED_SHARE, 0.0)
        for share in shares:
            request, forms = self._request(tree, share, readings)
            found = grouped(self._engine, self._beside.copies, request)
            asked = _Asked(request, found, share, tuple(forms))
            if asked.answer.total or not asked.answer.complete:
                break
        return asked

    def _readings(self, tree: SyntaxNode | None) -> list[tuple[str, Query]]:
        if self._question.as_typed or self._question.exact or self._question.any_word:
            return []
        folded = bare_words(tree, self._analyzer)
        return readings_of(self._engine, folded) if folded else []

    def _request(
        self, tree: SyntaxNode | None, share: float, readings: list[Query]
    ) -> tuple[EngineQuery, list[AcronymNotice]]:
        question = self._question
        size = min(max(1, question.size), LARGEST_PAGE)
        offset = min((max(1, question.page) - 1) * size, DEEPEST_HIT)
        lowering, other = self._lowerings(share)
        unasked = not question.text.strip() and bool(question.filters)
        request = EngineQuery(
            query=MatchAll() if unasked else lowering.lower(tree),
            filters=question.filters,
            counts=(MatchAll() if unasked else other.lower(tree), *readings),
            sort=question.sort,
            offset=offset,
            limit=size,
            facets=question.facets,
            facet_size=question.facet_size,
            budget=question.budget,
        )
        return request, lowering.notices

    def _lowerings(self, share: float) -> tuple[Lowering, Lowering]:
        """What lowers the question, and what lowers its counterpart: exact, or folded."""
        loose = self._question.any_word
        exact = Lowering(self._analyzer, self._engine, Options(True, share, False, loose))
        options = Options(False, share, not self._question.as_typed, loose)
        folded = Lowering(self._analyzer, self._engine, options, self._acronyms)
        return (exact, folded) if self._question.exact else (folded, exact)

    def _corrected(self, tree: SyntaxNode | None, relaxed: bool) -> list[SuggestionNotice]:
        """Did you mean: keystrokes where not all the words were found, else words put right."""
        corrections = Corrections(self._engine, self._analyzer)
        text = corrections.keystrokes(canonical(self._question.text)) if relaxed else ""
        words = " ".join(word.text for word in words_of(tree)) if tree else ""
        if not text or lower_canonical(text) == lower_canonical(words):
            text = corrections.words(tree)
        return [SuggestionNotice(text=text)] if text else []

    def _relaxed(self, tree: SyntaxNode | None, asked: _Asked) -> RelaxedNotice:
        """What is said when not every word had to match."""
        return RelaxedNotice(
            share=int(asked.share * 100),
            missing=tuple(self._missing(tree)),
            left_out=tuple(self._left_out(tree, asked)),
        )

    def _left_out(self, tree: SyntaxNode | None, asked: _Asked) -> list[str]:
        """The words that the best article lacks: of those that hold such a word it is not one."""
        typed = [word.text for word in words_of(tree)] if tree else []
        tokens = [token for word in typed for token in self._analyzer.tokens(word)]
        words = {token.folded: token.exact for token in tokens}
        request = replace(asked.request, counts=(), facets=(), offset=0, limit=1)
        best = self._engine.search(request).hits
        lacking: list[str] = []
        for folded, exact in list(words.items())[:MOST_NAMED]:
            holding = replace(request, filters=(*request.filters, Term(Field.FOLDED, folded)))
            if self._engine.search(holding).hits != best:
                lacking.append(exact)
        return lacking

    def _missing(self, tree: SyntaxNode | None) -> list[str]:
        """The words that the archive does not hold at all."""
        words = [word.text for word in words_of(tree)] if tree else []
        folded = [token for word in words for token in self._analyzer.tokens(word)]
        counts = self._engine.document_frequencies(Field.FOLDED, [token.folded for token in folded])
        gone = (token.exact for token, count in zip(folded, counts, strict=True) if not count)
        return list(dict.fromkeys(gone))
