"""The one door to searching: a question goes in, a page of results ready to show comes out."""

from __future__ import annotations

import time
from dataclasses import dataclass

from archive.article import Article
from archive.errors import NoIndexError
from archive.store import Store
from indexer.analysis import Analyzer, Field, heading_line
from indexer.building.live import LiveIndex
from indexer.engine import Answer, Engine, Hit, Request
from indexer.query import Query
from indexer.searching.highlight import Highlighter, Passage, wanted
from indexer.searching.lowering import Lowering, Options
from indexer.searching.parser import Parsed, parse
from indexer.searching.results import (
    Note,
    NoteKind,
    Question,
    ResultHit,
    ResultPage,
    SectionRef,
)
from indexer.searching.typed import Node
from indexer.vietnamese.keystrokes import decode_query

LARGEST_PAGE = 1000
"""Hits that one page may have."""

DEEPEST_HIT = 10_000_000
"""Results after this one cannot be asked for."""

KEYSTROKE_TOLERANCE = 0.5
"""The share of a query's words that may be neither keystrokes nor in the archive."""

RELAXED_SHARE = 0.75
"""The share of words that have to match when no article has all of them."""


@dataclass(frozen=True, slots=True)
class _Understood:
    """A question on its way: what is searched for, its tree, and the remarks so far."""

    query: str
    searched: str
    tree: Node | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class RankedHit:
    """One article of a ranking."""

    identifier: str
    external_id: str
    score: float


class Searcher:
    """Answers questions from the live index and the store; safe to share between threads."""

    def __init__(self, store: Store, live: LiveIndex) -> None:
        self._store = store
        self._live = live
        self._analyzer = Analyzer()

    def search(self, question: Question) -> ResultPage:
        """One page of results; whatever was typed gives an answer or a note.

        Raises:
            EngineError: the index cannot be read.
        """
        started = time.perf_counter()
        try:
            with self._live.engine() as engine:
                understood = self._understand(question, engine)
                answer, notes = self._ask(question, understood, engine)
        except NoIndexError:
            parsed = parse(question.text)
            understood = _Understood(parsed.text, parsed.text, parsed.tree, parsed.notes)
            answer, notes = Answer(0, (), (0,)), ()
        if not answer.complete:
            notes = (*notes, Note(NoteKind.TIME))
        hits = self._hits(answer.hits, understood, question)
        return ResultPage(
            query=understood.query,
            searched=understood.searched,
            notes=(*understood.notes, *notes),
            total=answer.total,
            total_exact=answer.counts[0] if answer.counts else answer.total,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=hits,
            facets=answer.facets,
            page=max(1, question.page),
            pages=-(-answer.total // max(1, question.size)),
        )

    def ranked(self, question: Question) -> list[RankedHit]:
        """The best `size` articles of a question, by name and score alone, best first.

        Raises:
            EngineError: the index cannot be read.
        """
        with self._live.engine() as engine:
            understood = self._understand(question, engine)
            answer, _ = self._ask(question, understood, engine)
        articles = self._store.get_many([hit.identifier for hit in answer.hits])
        return [
            RankedHit(hit.identifier, articles[hit.identifier].external_id, hit.score)
            for hit in answer.hits
            if hit.identifier in articles
        ]

    def highlighter(self, text: str) -> Highlighter:
        """What marks the words of a query in an article."""
        return Highlighter(self._analyzer, wanted(parse(text).tree, self._analyzer))

    def _understand(self, question: Question, engine: Engine) -> _Understood:
        parsed = parse(question.text)
        if not question.as_typed and parsed.tree is not None:
            decoded = self._keystrokes(parsed, engine)
            if decoded is not None:
                return decoded
        return _Understood(parsed.text, parsed.text, parsed.tree, parsed.notes)

    def _keystrokes(self, parsed: Parsed, engine: Engine) -> _Understood | None:
        decoded = decode_query(parsed.text, _Counter(engine, self._analyzer), KEYSTROKE_TOLERANCE)
        if decoded is None:
            return None
        again = parse(decoded.text)
        params = (("method", str(decoded.method)), ("read", again.text))
        note = Note(NoteKind.KEYSTROKES, 0, len(parsed.text), params)
        return _Understood(parsed.text, again.text, again.tree, (*parsed.notes, note))

    def _ask(
        self, question: Question, understood: _Understood, engine: Engine
    ) -> tuple[Answer, tuple[Note, ...]]:
        """The engine's answer; when nothing has all the words, fewer of them will do."""
        shares = (0.0,) if question.any_word else (1.0, RELAXED_SHARE, 0.0)
        answer, used = Answer(0, (), (0,)), 1.0
        for share in shares:
            used = share
            answer = engine.search(self._request(question, understood.tree, engine, share))
            if answer.total or not answer.complete:
                break
        if used == 1.0 or question.any_word or not answer.total:
            return answer, ()
        percent = str(int(used * 100))
        return answer, (Note(NoteKind.RELAXED, params=(("share", percent),)),)

    def _request(
        self, question: Question, tree: Node | None, engine: Engine, share: float
    ) -> Request:
        size = min(max(1, question.size), LARGEST_PAGE)
        offset = min((max(1, question.page) - 1) * size, DEEPEST_HIT)
        return Request(
            query=self._lowered(tree, engine, Options(question.exact, share)),
            filters=question.filters,
            counts=(self._lowered(tree, engine, Options(True, share)),),
            sort=question.sort,
            offset=offset,
            limit=size,
            facets=question.facets,
            budget=question.budget,
        )

    def _lowered(self, tree: Node | None, engine: Engine, options: Options) -> Query:
        return Lowering(self._analyzer, engine, options).lower(tree)

    def _hits(
        self, hits: tuple[Hit, ...], understood: _Understood, question: Question
    ) -> tuple[ResultHit, ...]:
        if not hits:
            return ()
        marked = wanted(understood.tree, self._analyzer, question.exact)
        highlighter = Highlighter(self._analyzer, marked)
        articles = self._store.get_many([hit.identifier for hit in hits])
        return tuple(
            _result(articles[hit.identifier], hit, highlighter)
            for hit in hits
            # One that was deleted since the index was made is left out.
            if hit.identifier in articles
        )


@dataclass(frozen=True, slots=True)
class _Counter:
    """In how many documents a token is: bare tokens by their folded form, others as typed."""

    engine: Engine
    analyzer: Analyzer

    def __call__(self, token: str) -> int:
        """The number of documents."""
        found = self.analyzer.tokens(token)
        if not found:
            return 0
        bare = found[0].exact == found[0].folded
        field, text = (Field.FOLDED, found[0].folded) if bare else (Field.EXACT, found[0].exact)
        return self.engine.frequencies(field, [text])[0]


def _result(article: Article, hit: Hit, highlighter: Highlighter) -> ResultHit:
    passages = highlighter.passages(article)
    return ResultHit(
        identifier=article.identifier,
        external_id=article.external_id,
        title=highlighter.slices(article.title),
        published=article.published,
        publisher=article.publisher,
        url=article.url,
        score=hit.score,
        section=_section(article, passages),
        snippets=tuple(passage.snippet for passage in passages),
    )


def _section(article: Article, passages: list[Passage]) -> SectionRef | None:
    """The section of the best snippet, if it has a heading to name it by."""
    number = passages[0].section if passages and passages[0].worth else 0
    if not number:
        return None
    section = article.sections[number - 1]
    heading = heading_line(section)
    if not heading:
        return None
    return SectionRef(number, heading, section.speaker.name if section.speaker else "")
