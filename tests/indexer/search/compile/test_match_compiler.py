"""Exact, full and folded matches are nested, and full ones are those of a brute-force search."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer, Token
from indexer.engine.queries import Query, Sort
from indexer.engine.records import EngineQuery
from indexer.open_archive import OpenArchive
from indexer.search.compile.match_compiler import MatchCompiler, Strictness
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.query.syntax import (
    AndNode,
    NotNode,
    OrNode,
    PhraseNode,
    SyntaxNode,
    UnitNode,
    WordNode,
)
from indexer.search.query_notices import RelaxedNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.glossary import Glossary
from indexer.vietnamese.syllables import diacritics_agree, folded_form
from tests.factories import ArchiveFactory, article

ANALYZER = Analyzer()
SYLLABLES = ("ma", "mà", "mã", "túy", "tuy", "bò", "bỏ", "bo", "công", "cong", "an", "án")
# Partly marked: `đan` is a word of its own, `đơn` too rare to be more than a part of others.
SYLLABLES += ("đan", "đán", "đơn", "đờn", "đờn", "đờn", "đờn", "đớn", "đớn", "đớn", "đớn")
COUNT = 60


def _make_texts() -> dict[str, tuple[str, ...]]:
    chance = random.Random(7)
    return {
        str(number): tuple(chance.choice(SYLLABLES) for _ in range(chance.randint(3, 9)))
        for number in range(COUNT)
    }


TEXTS = _make_texts()


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(
        *(article("", " ".join(words), external_id=name) for name, words in TEXTS.items())
    )


def search_set(archive: OpenArchive, query: Query) -> set[str]:
    with archive.live_index.open_generation() as generation:
        hits = generation.engine.search(EngineQuery(query, limit=COUNT)).hits
    found = archive.store.get_many([hit.identifier for hit in hits])
    return {stored.external_id for stored in found.values()}


def interpret(
    archive: OpenArchive, typed: str
) -> tuple[SyntaxNode | None, dict[Strictness, Query]]:
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        request = SearchRequest(typed)
        query = Interpreter(request, ANALYZER, statistics, Glossary()).interpret()
        return query.meaning, {
            strictness: MatchCompiler(statistics, strictness).compile(query.meaning)
            for strictness in Strictness
        }


WORDS = st.sampled_from(SYLLABLES)
RUNS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
PARTS = st.one_of(
    RUNS,
    RUNS.map('"{}"'.format),
    WORDS.map("-{}".format),
    RUNS.map('-"{}"'.format),
    WORDS.map("={}".format),
    st.tuples(RUNS, RUNS).map("({0[0]} OR {0[1]})".format),
    st.tuples(WORDS, WORDS).map("({0[0]} OR -{0[1]})".format),
)
QUERIES = st.lists(PARTS, min_size=1, max_size=3).map(" ".join)


@given(typed=QUERIES)
@settings(deadline=None, max_examples=150)
def test_exact_matches_are_full_and_full_ones_folded(archive: OpenArchive, typed: str) -> None:
    _, queries = interpret(archive, typed)
    sets = [search_set(archive, queries[strictness]) for strictness in Strictness]
    for narrower, wider in pairwise(sets):
        assert narrower <= wider


@given(typed=QUERIES)
@example(typed="-đan")
@example(typed="-đơn bò")
@settings(deadline=None, max_examples=150)
def test_full_matches_are_those_of_a_brute_force_search(archive: OpenArchive, typed: str) -> None:
    meaning, queries = interpret(archive, typed)
    expected = {name for name, words in TEXTS.items() if meaning and holds(meaning, words)}
    assert search_set(archive, queries[Strictness.FULL]) == expected


def holds(node: SyntaxNode, words: tuple[str, ...], excluded: bool = False) -> bool:
    """Tell whether a text matches a node fully, by looking at every place in it."""
    if isinstance(node, AndNode):
        return all(holds(child, words, excluded) for child in node.children)
    if isinstance(node, OrNode):
        return any(holds(child, words, excluded) for child in node.children)
    if isinstance(node, NotNode):
        return not holds(node.child, words, excluded=True)
    assert isinstance(node, WordNode | UnitNode | PhraseNode)
    parts = node.words if isinstance(node, UnitNode) else (node,)
    tokens = [token for part in parts for token in part.tokens]
    forms = {tuple(form.split(" ")) for form in getattr(node, "forms", ())}
    runs = zip(*(words[start:] for start in range(len(tokens))), strict=False)
    if getattr(node, "exact", False):
        return any(run == tuple(token.exact for token in tokens) for run in runs)
    # No text here has any of the commonest words, so that each may be written bare.
    bare = None if excluded else tuple(token.folded for token in tokens)
    return any(
        run == bare or (run in forms if forms and not excluded else run_fits(tokens, run, excluded))
        for run in runs
    )


def run_fits(tokens: list[Token], run: tuple[str, ...], excluded: bool) -> bool:
    is_bare = all(token.exact == token.folded for token in tokens)
    if not all(agrees(token, form) for token, form in zip(tokens, run, strict=True)):
        return False
    if is_bare and (excluded or len(tokens) != 2):
        return True
    if len(tokens) == 2:
        return run in common_runs(tokens)
    if excluded and len(tokens) == 1 and common_runs(tokens) != {(tokens[0].exact,)}:
        return True
    return all(
        token.exact == token.folded or (form,) in common_runs([token])
        for token, form in zip(tokens, run, strict=True)
    )


def agrees(token: Token, form: str) -> bool:
    return folded_form(form) == token.folded and diacritics_agree(token.exact, form)


def common_runs(tokens: list[Token]) -> set[tuple[str, ...]]:
    """Return the runs that agree with tokens and are not rare beside the commonest."""
    counts: dict[tuple[str, ...], int] = {}
    for words in TEXTS.values():
        runs = set(zip(*(words[start:] for start in range(len(tokens))), strict=False))
        for run in runs:
            if all(agrees(token, form) for token, form in zip(tokens, run, strict=True)):
                counts[run] = counts.get(run, 0) + 1
    most = max(counts.values(), default=0)
    typed = tuple(token.exact for token in tokens)
    if counts.get(typed, 0) >= 0.3 * most and typed != tuple(token.folded for token in tokens):
        return {typed}
    return {run for run, count in counts.items() if count >= 0.3 * most} | {typed}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    dated = [
        ("Ma túy", "Công an bắt đường dây ma túy và vũ khí của nhóm này.", 1),
        ("Điện thoại", "Máy chạy êm mà pin bền, tuy nhiên giá cao và nặng.", 2),
        ("Quê", "Họ mời về quê. Xe mới đẹp và sạch.", 3),
        ("Phố", "Anh ấy mới về phố và có nhà của mình.", 4),
        ("Khong dau", "cong an bat ma tuy o bien gioi", 5),
        ("Bệnh viện", "Giáo viên và học sinh thăm bệnh viện của tỉnh.", 6),
    ]
    return shared_archive_of(
        *(article(title, text, published=day_of(day)) for title, text, day in dated)
    ).search


def day_of(day: int) -> datetime:
    return datetime(2022, 12, day, tzinfo=UTC)


def titles(searcher: SearchService, typed: str, **options: object) -> list[str]:
    request = SearchRequest(typed, **options)  # type: ignore[arg-type]
    return [hit.title for hit in searcher.search(request).hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ma túy", ["Khong dau", "Ma túy"]),
        ("ma tuy", ["Khong dau", "Ma túy"]),
        ("mới về", ["Phố"]),
        ('"mới về"', ["Phố"]),
        ("giáo viên -viện", []),
        ("giáo viên -viên", []),
        ("giáo viên -viến", ["Bệnh viện"]),
        ("giáo viên -tuy", ["Bệnh viện"]),
        ("công an -án", ["Khong dau", "Ma túy"]),
        ("mới -mời", ["Phố"]),
        ("mới -moi", []),
        ("ma túy OR bệnh viện", ["Bệnh viện", "Khong dau", "Ma túy"]),
    ],
)
def test_newest_first_lists_full_matches_alone(
    searcher: SearchService, typed: str, expected: list[str]
) -> None:
    assert titles(searcher, typed, sort=Sort.NEWEST, match=MatchMode.FULL) == expected


def test_partial_matches_come_on_demand_or_with_a_sentence(searcher: SearchService) -> None:
    wide = titles(searcher, "ma túy", sort=Sort.NEWEST, match=MatchMode.PARTIAL)
    assert wide == ["Khong dau", "Điện thoại", "Ma túy"]
    page = searcher.search(SearchRequest("giáo viên pin", sort=Sort.NEWEST))
    assert page.hits
    assert (page.total_full, page.total) == (0, page.listed)
    assert any(isinstance(notice, RelaxedNotice) for notice in page.notices)
    assert all(hit.missing for hit in page.hits)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_words_that_stand_apart_come_before_a_part_of_them(
    archive_of: ArchiveFactory, sort: Sort
) -> None:
    units = [article(f"Tin {number}", "Cá chết hàng loạt. Dân miền Trung lo.") for number in "12"]
    apart = article("Rời", "Sự thật: cá lội, cây chết, loạt bài, hàng về; miền núi, trung du.")
    part = article("Một phần", "Cá chết hàng loạt ở hồ.")
    search = archive_of(*units, apart, part).search
    page = search.search(SearchRequest("cá chết hàng loạt sự thật miền trung", sort=sort))
    (relaxed,) = (notice for notice in page.notices if isinstance(notice, RelaxedNotice))
    assert [hit.title for hit in page.hits] == ["Rời"]
    assert (page.total_full, page.total_folded, relaxed.apart) == (0, 1, 1)


def test_by_relevance_partial_matches_follow_and_totals_count_full_ones(
    searcher: SearchService,
) -> None:
    page = searcher.search(SearchRequest("ma túy"))
    assert [hit.title for hit in page.hits][-1] == "Điện thoại"
    assert (page.total, page.total_full, page.total_folded, page.listed) == (2, 2, 3, 3)
    exported = [found.title for found in searcher.iterate_articles(SearchRequest("ma túy"))]
    assert set(exported) == {"Ma túy", "Khong dau"}
