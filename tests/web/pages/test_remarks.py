"""Remarks above the results: few stops of the Tab key and few lines, the rest folded, none lost."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs

from indexer.search.query_notices import (
    AcronymNotice,
    DiacriticsNotice,
    FieldNotice,
    KeystrokesNotice,
    Notice,
    RelaxedNotice,
    RepairNotice,
    SuggestionNotice,
    WildcardNotice,
)
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from tests.factories import ArchiveFactory, article, client_of
from web.addresses.search_params import SearchParams, ValueFilter
from web.addresses.urls import UrlBuilder
from web.pages.remarks import MOST_LINKS, Remarks, remarks

READINGS = (
    DiacriticsNotice(text="hóa", documents=58),
    DiacriticsNotice(text="hòa", documents=40),
)
NOTICES: dict[str, tuple[Notice, ...]] = {
    "none": (),
    "readings": READINGS,
    "a repair": (RepairNotice(text="vinamilk"),),
    "readings, a repair": (*READINGS, RepairNotice(text="cong an tphcm vinamilk")),
    "keystrokes, a short form": (
        KeystrokesNotice(method="telex", read="công an UBND"),
        AcronymNotice(short="UBND", long="ủy ban nhân dân"),
    ),
    "fields": tuple(FieldNotice(value=f"{name}:x", known="title, author") for name in "abcd"),
    "many kinds": (
        *READINGS,
        SuggestionNotice(text="công an"),
        WildcardNotice(),
        FieldNotice(value="site:x", known="title, author, person, publisher, category"),
        RepairNotice(text="cong an"),
        RelaxedNotice(missing=("khunglongbao",), left_out=(), share=50),
    ),
}
SEARCHES = [
    SearchParams("hoa", exact=exact, as_typed=as_typed, match=match, filters=filters)
    for exact, as_typed, match, filters in itertools.product(
        (False, True),
        (False, True),
        (MatchMode.AUTO, MatchMode.PARTIAL),
        [
            tuple(ValueFilter("category", str(name)) for name in range(size))
            for size in (0, 1, 2, 4)
        ],
    )
]


@pytest.fixture(scope="module")
def page(shared_archive_of: ArchiveFactory) -> Iterator[ResultPage]:
    archive = shared_archive_of(article("Thanh Hóa"))
    arranged = archive.search.search(SearchRequest("hoa"))
    with client_of(archive).application.test_request_context("/?lang=en"):
        yield structs.replace(arranged, total_full=114, total_exact=7)


def arrange(page: ResultPage, name: str, params: SearchParams) -> Remarks:
    noticed = structs.replace(page, notices=NOTICES[name])
    return remarks(noticed, params, UrlBuilder(params), len(params.filters))


def stops(arranged: Remarks, params: SearchParams) -> int:
    """Count what stops the Tab key among filters, remarks and totals."""
    sentences = [*arranged.suggestions, *arranged.visible]
    return (
        (1 if arranged.folds_filters else len(params.filters))
        + len(arranged.forms)
        + sum(sentence.count("<a ") for sentence in sentences)
        + sum((arranged.links_as_typed, arranged.needs_fold, arranged.links_meant))
        + (params.as_typed and not arranged.has_fold)
        + (arranged.links_exact and not params.exact)
    )


@pytest.mark.parametrize("name", NOTICES)
def test_few_stops_and_lines_stand_before_the_results(page: ResultPage, name: str) -> None:
    for params in SEARCHES:
        arranged = arrange(page, name, params)
        assert stops(arranged, params) <= MOST_LINKS, params
        assert sum(len(sentence.striptags()) for sentence in arranged.visible) <= 180


@pytest.mark.parametrize("name", NOTICES)
def test_below_a_date_to_mend_nothing_else_stops_the_key(page: ResultPage, name: str) -> None:
    for params in (replace(search, since="mai") for search in SEARCHES):
        arranged = arrange(page, name, params)
        before = (*arranged.dates, *arranged.suggestions, *arranged.visible)
        assert not any("<a " in sentence for sentence in before)
        assert not any((arranged.forms, arranged.links_exact, arranged.links_meant))
        assert sum(len(sentence.striptags()) for sentence in arranged.visible) <= 90
        assert [sentence.striptags() for sentence in arranged.dates] == [
            "“mai” was not understood as a date."
        ]


@pytest.mark.parametrize("since", ["", "mai"])
@pytest.mark.parametrize("name", NOTICES)
def test_no_remark_is_lost(page: ResultPage, name: str, since: str) -> None:
    for params in (replace(search, since=since) for search in SEARCHES):
        arranged = arrange(page, name, params)
        texts = " ".join(
            sentence.striptags()
            for sentence in (*arranged.suggestions, *arranged.visible, *arranged.folded)
        )
        for notice in NOTICES[name]:
            if isinstance(notice, RepairNotice | SuggestionNotice):
                assert f"“{notice.text}”" in texts
            elif isinstance(notice, FieldNotice):
                assert f"“{notice.value}”" in texts
        assert bool(arranged.forms or arranged.folded_forms) == (READINGS[0] in NOTICES[name])


def test_a_suggestion_is_never_words_alone(page: ResultPage) -> None:
    for params in SEARCHES:
        arranged = arrange(page, "many kinds", params)
        for sentence in (*arranged.suggestions, *arranged.folded):
            if "Did you mean" in sentence:
                assert 'href="' in sentence


def test_one_filter_is_never_folded(page: ResultPage) -> None:
    for name, params in itertools.product(NOTICES, SEARCHES):
        assert not (arrange(page, name, params).folds_filters and len(params.filters) < 2)


def test_without_results_nothing_is_folded(page: ResultPage) -> None:
    empty = structs.replace(page, hits=(), notices=NOTICES["many kinds"], total_full=0)
    params = SearchParams("hoa", exact=True, filters=(ValueFilter("category", "a"),) * 3)
    arranged = remarks(empty, params, UrlBuilder(params), 3)
    assert arranged.forms
    assert arranged.suggestions
    assert arranged.links_as_typed
    assert not arranged.folds_filters


@pytest.mark.parametrize(
    ("readings", "full", "offered"),
    [
        ({"công an": 5028, "côong an": 1}, 9000, ["công an"]),  # a slip of one article
        ({"côong an": 1}, 5028, []),
        ({"bảo hiểm xã hội tphcm": 1}, 8, ["bảo hiểm xã hội tphcm"]),  # one of few
        ({"ma túy": 682, "mà tùy": 4}, 683, []),  # all of them, and a rarity
        ({"bò sữa": 26, "bờ sửa": 14}, 40, ["bò sữa", "bờ sửa"]),
        ({"côong an": 1}, 0, ["côong an"]),  # better than nothing
    ],
)
def test_a_reading_that_is_offered_tells_the_results_apart(
    page: ResultPage, readings: dict[str, int], full: int, offered: list[str]
) -> None:
    notices = tuple(DiacriticsNotice(text=text, documents=n) for text, n in readings.items())
    read = structs.replace(page, notices=notices, total_full=full)
    arranged = remarks(read, SearchParams("x"), UrlBuilder(SearchParams("x")), 0)
    assert [form.text for form in arranged.forms] == offered


def test_totals_name_the_first_units_of_a_long_query(page: ResultPage) -> None:
    long = structs.replace(page, meant=tuple(f"đơn vị {number}" for number in range(30)))
    arranged = remarks(long, SearchParams("x"), UrlBuilder(SearchParams("x")), 0)
    assert 1 <= len(arranged.units) < 5
    assert not arranged.are_all_units
    short = structs.replace(page, meant=("x" * 300,))
    assert remarks(short, SearchParams("x"), UrlBuilder(SearchParams("x")), 0).are_all_units


def test_pages_have_the_folds(shared_archive_of: ArchiveFactory) -> None:
    kept = [
        article(f"Công an {number}", publisher="A", category="B", authors=("C",))
        for number in range(3)
    ]
    client = client_of(shared_archive_of(*kept))
    two = "/?q=cong+an&publisher=A&category=B&lang=en"
    assert '<details class="set">' not in client.get(two).text
    three = client.get(f"{two}&author=C").text
    folded = three.partition('<details class="set">')[2].partition("</details>")[0]
    assert sorted(re.findall("<b>(?:<[^>]*>)?(.)<", folded.partition("</summary>")[0])) == [
        "A",
        "B",
        "C",
    ]
    assert "remove all" in folded
