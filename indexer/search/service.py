"""The one door to searching: a question goes in, a page of results ready to show comes out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from msgspec import structs

from archive.errors import NoIndexError
from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.api import Engine
from indexer.engine.records import EngineResult, Hit
from indexer.generations.cache import PerGenerationCache
from indexer.generations.live_index import LiveIndex
from indexer.search.compile.query_compiler import word_has_mark
from indexer.search.completion import KEYSTROKE_TOLERANCE, PhraseCompleter, Suggestion
from indexer.search.execute.collapsing import GroupedAnswer
from indexer.search.execute.execution import Asking, Beside
from indexer.search.execute.more_like_this import similar_articles
from indexer.search.interpret.acronym_expansion import GlossaryBook
from indexer.search.interpret.spelling import Held
from indexer.search.present.highlight_terms import collect_highlight_terms
from indexer.search.present.highlighter import (
    Highlight,
    Highlighter,
    RankedSnippet,
    has_phrase,
    split_at_highlights,
)
from indexer.search.present.sentences import with_message
from indexer.search.query.parser import Parsed, parse
from indexer.search.query.syntax import SyntaxNode
from indexer.search.search_records import (
    KeystrokesNotice,
    NearDuplicate,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
    SectionRef,
    TimeNotice,
)
from indexer.vietnamese.keystrokes import decode_query

EVERY_AT_ONCE = 20_000
"""Hits that the engine is asked for at a time when all of them are wanted."""

_READ_AT_ONCE = 250
"""Articles in memory at a time then."""


@dataclass(frozen=True, slots=True)
class _Understood:
    """A question on its way: what is searched for, its tree, and the remarks so far."""

    query: str
    searched: str
    tree: SyntaxNode | None
    notices: tuple[Notice, ...]
    other_forms: tuple[str, ...] = ()
    reading: str = ""

    @property
    def by_keystrokes(self) -> bool:
        """Whether keystrokes were read."""
        return any(isinstance(notice, KeystrokesNotice) for notice in self.notices)


@dataclass(frozen=True, slots=True)
class RankedHit:
    """One article of a ranking."""

    identifier: str
    external_id: str
    score: float


class SearchService:
    """Answers questions from the live index and the store; safe to share between threads."""

    def __init__(self, store: Store, live: LiveIndex) -> None:
        self._store = store
        self._live = live
        self._analyzer = Analyzer()
        self._book = GlossaryBook(store.home / "glossary.tsv")
        self._phrases = PerGenerationCache(PhraseCompleter)
        self._names: tuple[str, dict[str, str]] = ("", {})
        self._copies = PerGenerationCache(NearDuplicateIndex)

    def search(self, question: SearchRequest) -> ResultPage:
        """One page of results; whatever was typed gives an answer or a note.

        Raises:
            EngineError: the index cannot be read.
        """
        started = time.perf_counter()
        understood, found, generation = self._answered(question, question.grouped)
        answer = found.answer
        hits = self._hits(found, understood, question)
        other = answer.counts[0] if answer.counts else answer.total
        return ResultPage(
            query=understood.query,
            searched=understood.searched,
            notices=tuple(map(with_message, understood.notices)),
            total=answer.total,
            total_exact=answer.total if question.exact else other,
            total_folded=other if question.exact else answer.total,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            facets={facet.column: dict(facet.values) for facet in answer.facets},
            page=max(1, question.page),
            pages=-(-(answer.total - found.hidden) // max(1, question.size)),
            generation=generation,
            hidden=found.hidden,
        )

    def ranked(self, question: SearchRequest) -> list[RankedHit]:
        """The best `size` articles of a question, by name and score alone, best first.

        Raises:
            EngineError: the index cannot be read.
        """
        _, found, generation = self._answered(question)
        hits = found.answer.hits
        names = self._names_in(generation, [hit.identifier for hit in hits])
        return [
            RankedHit(hit.identifier, names[hit.identifier], hit.score)
            for hit in hits
            if hit.identifier in names
        ]

    def _names_in(self, generation: str, identifiers: list[str]) -> dict[str, str]:
        """External identifiers; remembered while one generation answers a run of queries."""
        if self._names[0] != generation:
            self._names = (generation, {})
        names = self._names[1]
        missing = [identifier for identifier in identifiers if identifier not in names]
        for identifier, article in self._store.get_many(missing).items():
            names[identifier] = article.external_id
        return names

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """How an unfinished query may go on, the commonest first; nothing without an index.

        Raises:
            EngineError: the index cannot be read.
        """
        try:
            with self._live.open_generation() as opened:
                phrases = self._phrases.get(opened.folder)
                return phrases.complete(self._analyzer, text, limit) if phrases else ()
        except NoIndexError:
            return ()

    def similar(self, identifier: str, limit: int = 5) -> tuple[Article, ...]:
        """Return articles on the matter of one article, near-duplicates first.

        Without an index there are none.

        Raises:
            EngineError: the index cannot be read.
            NotFoundError: there is no such article.
        """
        article = self._store.get(identifier)
        try:
            with self._live.open_generation() as opened:
                copies = self._copies.get(opened.folder)
                near = copies.near_duplicates(identifier) if copies else []
                names = similar_articles(opened.engine, self._analyzer, article, near, limit)
        except NoIndexError:
            return ()
        articles = self._store.get_many(names)
        return tuple(articles[name] for name in names if name in articles)

    def every(self, question: SearchRequest, at_once: int = EVERY_AT_ONCE) -> Iterator[Article]:
        """All articles of a question in its order, a bounded number in memory at a time.

        They come from one generation, which stays open until the iterator ends or is closed.

        Args:
            question: its page and size are passed over.
            at_once: how many the engine is asked for at a time.

        Raises:
            EngineError: the index cannot be read, or the question's budget ran out.
        """
        try:
            with self._live.open_generation() as opened:
                understood = self._understand(question, opened.engine)
                first = replace(question, page=1, size=1, facets=())
                asking = Asking(self._analyzer, opened, self._book, first)
                for run in asking.every(understood.tree, at_once):
                    yield from self._kept(run)
        except NoIndexError:
            return

    def highlighter(self, text: str) -> Highlighter:
        """What marks the words of a query in an article."""
        return Highlighter(
            self._analyzer, collect_highlight_terms(parse(text).tree, self._analyzer)
        )

    def _kept(self, identifiers: tuple[str, ...]) -> Iterator[Article]:
        """Those of the articles that are still there, in this order."""
        for start in range(0, len(identifiers), _READ_AT_ONCE):
            part = identifiers[start : start + _READ_AT_ONCE]
            articles = self._store.get_many(part)
            yield from (articles[name] for name in part if name in articles)

    def _understand(self, question: SearchRequest, engine: Engine) -> _Understood:
        parsed = parse(question.text)
        if not question.as_typed and parsed.tree is not None:
            decoded = self._keystrokes(parsed, engine)
            if decoded is not None:
                return decoded
        return _Understood(parsed.text, parsed.text, parsed.tree, parsed.notices)

    def _keystrokes(self, parsed: Parsed, engine: Engine) -> _Understood | None:
        decoded = decode_query(parsed.text, Held(engine, self._analyzer), KEYSTROKE_TOLERANCE)
        if decoded is None:
            return None
        again = parse(decoded.text)
        notice = KeystrokesNotice(0, len(parsed.text), method=str(decoded.method), read=again.text)
        return _Understood(parsed.text, again.text, again.tree, (*parsed.notices, notice))

    def _answered(
        self, question: SearchRequest, grouping: bool = False
    ) -> tuple[_Understood, GroupedAnswer, str]:
        """What was understood with all remarks, the answer, and the generation."""
        try:
            with self._live.open_generation() as opened:
                understood = self._understand(question, opened.engine)
                beside = Beside(
                    self._copies.get(opened.folder) if grouping else None,
                    self._phrases.get(opened.folder),
                )
                asking = Asking(self._analyzer, opened, self._book, question, beside)
                asked = asking.ask(understood.tree)
        except NoIndexError:
            parsed = parse(question.text)
            understood = _Understood(parsed.text, parsed.text, parsed.tree, parsed.notices)
            return understood, GroupedAnswer(EngineResult(0, (), (0,))), ""
        notices = (*understood.notices, *asked.notices)
        if not asked.grouped.answer.complete:
            notices = (*notices, TimeNotice())
        understood = replace(
            understood, notices=notices, other_forms=asked.other_forms, reading=asked.reading
        )
        return understood, asked.grouped, opened.name

    def _hits(
        self, found: GroupedAnswer, understood: _Understood, question: SearchRequest
    ) -> tuple[ResultHit, ...]:
        hits = found.answer.hits
        if not hits:
            return ()
        terms = collect_highlight_terms(
            understood.tree, self._analyzer, question.exact, understood.other_forms
        )
        highlighter = Highlighter(self._analyzer, terms)
        behind = {hit.identifier: found.near.get(hit.identifier, ()) for hit in hits}
        articles = self._store.get_many([*behind, *chain.from_iterable(behind.values())])
        near = {
            name: tuple(_near_duplicate(articles[copy]) for copy in copies if copy in articles)
            for name, copies in behind.items()
        }
        return tuple(
            structs.replace(
                _result(articles[hit.identifier], hit, highlighter, understood),
                near=near[hit.identifier],
            )
            for hit in hits
            # One that was deleted since the index was made is left out.
            if hit.identifier in articles
        )


def _near_duplicate(article: Article) -> NearDuplicate:
    return NearDuplicate(article.identifier, article.title, article.publisher, article.published)


def _result(
    article: Article, hit: Hit, highlighter: Highlighter, understood: _Understood
) -> ResultHit:
    snippets = highlighter.best_snippets(article)
    section = _section(article, snippets)
    title = highlighter.find_highlights(article.title)
    why = _why(snippets, title, section, understood)
    if understood.reading and _shows_reading(article.title, title, snippets, understood.reading):
        why = (*why, "reading")
    return ResultHit(
        identifier=article.identifier,
        external_id=article.external_id,
        title=article.title,
        title_spans=split_at_highlights(article.title, title),
        published=article.published,
        publisher=article.publisher,
        url=article.url,
        score=hit.score,
        section=section,
        snippets=tuple(ranked.snippet for ranked in snippets),
        why=why,
    )


def _why(
    snippets: list[RankedSnippet],
    title: list[Highlight],
    section: SectionRef | None,
    understood: _Understood,
) -> tuple[str, ...]:
    """Why an article matched: exact, folded, acronym, keystrokes, section."""
    highlights = [one for snippet in snippets for one in snippet.text_highlights] + title
    typed = [highlight for highlight in highlights if not highlight.alternative]
    marked = word_has_mark(understood.searched)
    reasons = {
        "exact": marked and any(highlight.exact for highlight in typed),
        "folded": any(not (marked and highlight.exact) for highlight in typed),
        "acronym": any(highlight.alternative for highlight in highlights),
        "keystrokes": understood.by_keystrokes,
        "section": section is not None and bool(section.speaker),
    }
    return tuple(name for name, holds in reasons.items() if holds)


def _shows_reading(
    title: str, highlights: list[Highlight], snippets: list[RankedSnippet], reading: str
) -> bool:
    """Tell whether title or snippets have the likeliest diacritics of a bare query."""
    forms = reading.split(" ")
    texts = ((title, highlights), *((snippet.text, snippet.highlights) for snippet in snippets))
    return any(has_phrase(text, words, forms) for text, words in texts)


def _section(article: Article, snippets: list[RankedSnippet]) -> SectionRef | None:
    """The section of the best snippet, if it has a heading to name it by."""
    number = snippets[0].section if snippets and snippets[0].score else 0
    if not number:
        return None
    section = article.sections[number - 1]
    heading = section.heading_line
    if not heading:
        return None
    return SectionRef(
        number, f"s{number}", heading, section.speaker.name if section.speaker else ""
    )
