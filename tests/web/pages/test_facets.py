"""Filters, counts, the histogram and dates: what an address asks, and where the links lead."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

import web
from archive.records import Section, Speaker
from archive.store import Store
from indexer.engine.queries import Sort
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article, client_of, day
from web.addresses.search_params import MOST_FILTERS, SearchParams, ValueFilter
from web.addresses.urls import UrlBuilder
from web.pages.histogram import HIGHEST_BAR, histogram

STYLE = (Path(web.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
BINH, AN = Speaker("Ngô Thanh Bình"), Speaker("Đỗ Văn Ân")
KEPT = (
    article("Tin một", "công an", publisher="Nhân Dân", published=day(2021, 12, 30)),
    article("Tin hai", "công an", publisher="Dân trí", published=day(2022, 1, 2), authors=("Ân",)),
    article("Tin ba", "Công an", publisher="Đời Sống", published=day(2022, 3, 5), authors=("Ân",)),
    article(
        "Tin bốn",
        publisher="Dân trí",
        category="Xã hội",
        published=day(2022, 3, 6),
        authors=("Ân", "An"),
        sections=(Section(("công an",), "a", BINH), Section(("cộng ăn",), "b", AN)),
    ),
    article("Tin năm", "công an", category="Á & <b>"),
    article("Khác", "nhân dân", publisher="Nhân Dân", published=day(2022, 3, 7)),
)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(*KEPT))


def titles(page: str) -> list[str]:
    headings = re.findall(r'<h2><a href="/article/[^"]*">(.*?)</a></h2>', page)
    return [re.sub("<[^>]*>", "", title) for title in headings]


def links(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="(/\?[^"]*)"', page)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("q=cong+an", {"một", "hai", "ba", "bốn", "năm"}),
        ("q=cong+an&publisher=Dân trí", {"hai", "bốn"}),
        ("q=cong+an&publisher=Dân trí&publisher=Đời Sống", {"hai", "ba", "bốn"}),
        ("q=cong+an&not.publisher=Dân trí", {"một", "ba", "năm"}),
        ("q=cong+an&not.publisher=Dân trí&not.publisher=Nhân Dân", {"ba", "năm"}),
        ("q=cong+an&author=Ân", {"hai", "ba", "bốn"}),
        ("q=cong+an&author=Ân&author=An", {"bốn"}),
        ("q=cong+an&author=Ân&not.author=An", {"hai", "ba"}),
        ("q=cong+an&person=Ngô Thanh Bình", {"bốn"}),
        ("q=cong+an&category=Á+%26+<b>", {"năm"}),
        ("q=cong+an&year=2022", {"hai", "ba", "bốn"}),
        ("q=cong+an&month=2022-03", {"ba", "bốn"}),
        ("q=cong+an&month=2022-03&month=2021-12", {"một", "ba", "bốn"}),
        ("q=cong+an&not.year=2022", {"một", "năm"}),
        ("q=cong+an&year=2022&not.month=2022-03", {"hai"}),
        ("q=cong+an&from=2022", {"hai", "ba", "bốn"}),
        ("q=cong+an&to=12/2021", {"một"}),
        ("q=cong+an&from=30/12/2021&to=2022-01", {"một", "hai"}),
        ("q=cong+an&from=nonsense", {"một", "hai", "ba", "bốn", "năm"}),
        ("q=cong+an&publisher=none", set()),
        ("q=cong+an&year=abcd&month=2022", {"một", "hai", "ba", "bốn", "năm"}),
        ("publisher=Dân trí", {"hai", "bốn"}),
        ("from=7/3/2022", {"Khác"}),
        ("q=!!!&publisher=Dân trí", set()),
    ],
)
def test_filters_keep_what_they_say(client: FlaskClient, address: str, expected: set[str]) -> None:
    headings = titles(client.get(f"/?{address}").text)
    assert {title.removeprefix("Tin ") for title in headings} == expected


def test_the_links_of_the_filters_lead_where_they_say(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&sort=oldest").text
    include = f"/?q=cong+an&sort=oldest&publisher={quote('Dân')}+{quote('trí')}"
    assert include in links(page)
    assert include.replace("publisher=", "not.publisher=") in links(page)
    assert 'Dân trí</span> <span class="count">2 <span class="hidden">bài</span></span>' in page
    tags_read_twice = [
        tag for tag in re.findall("<[^>]*aria-label=[^>]*>", page) if " title=" in tag
    ]
    assert tags_read_twice == []
    narrowed = client.get(include).text
    assert titles(narrowed) == ["Tin hai", "Tin bốn"]
    assert "/?q=cong+an&sort=oldest" in links(narrowed)
    assert include not in links(narrowed.partition('class="filters drawer"')[2])


def publishers(page: str) -> list[tuple[str, str]]:
    group = page.partition('id="drawer-publisher"')[2].partition("</section>")[0]
    return re.findall(r'<span lang="vi">(.*?)</span> <span class="count">(\d+) <', group)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", [("Dân trí", "2"), ("Đời Sống", "1"), ("Nhân Dân", "1")]),
        (
            "&publisher=Dân trí",
            [("✓ Dân trí", "2"), ("Đời Sống", "1"), ("Nhân Dân", "1")],
        ),
        (
            "&publisher=Dân trí&publisher=Nhân Dân",
            [("✓ Dân trí", "2"), ("✓ Nhân Dân", "1"), ("Đời Sống", "1")],
        ),
        ("&publisher=Dân trí&month=2022-03", [("✓ Dân trí", "1"), ("Đời Sống", "1")]),
        ("&not.publisher=Dân trí", [("Đời Sống", "1"), ("Nhân Dân", "1")]),
    ],
)
def test_a_column_keeps_the_values_that_could_be_chosen_as_well(
    client: FlaskClient, address: str, expected: list[tuple[str, str]]
) -> None:
    page = client.get(f"/?q=cong+an{address}").text
    assert publishers(page) == expected


def test_a_chosen_value_is_given_up_by_its_link(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&publisher=Dân trí&publisher=Nhân Dân").text
    chosen = re.findall(r'<a class="chosen" href="([^"]*)"', page)
    assert f"/?q=cong+an&amp;publisher={quote('Nhân')}+{quote('Dân')}" in chosen


def test_equal_counts_stand_in_vietnamese_order(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an").text
    group = page.partition('id="drawer-publisher"')[2].partition("</section>")[0]
    names = re.findall('<span lang="vi">(.*?)</span>', group)
    assert names == ["Dân trí", "Đời Sống", "Nhân Dân"]


def test_a_list_of_all_values_stands_in_vietnamese_order(client: FlaskClient) -> None:
    page = client.get("/values/author?q=cong+an").text
    assert re.findall(r"<li><a [^>]*>(.*?)</a>", page) == ["An", "Ân"]
    page = client.get("/values/author?q=cong+an&by=count").text
    assert re.findall(r"<li><a [^>]*>(.*?)</a>", page) == ["Ân", "An"]
    assert "/?q=cong+an&author=An" in links(page)
    assert client.get("/values/author").status_code == 200
    assert client.get("/values/published").status_code == 404


def test_the_histogram_has_every_month_and_links_to_it(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&page=1").text
    chart = page.partition("<figure")[2].partition("</figure>")[0]
    labels = re.findall(r'<a href="([^"]*)" data-time="[^"]*"><title>([^<]*)<', chart)
    assert [(html.unescape(link), name) for link, name in labels] == [
        ("/?q=cong+an&month=2021-12", "tháng 12/2021: 1 bài"),
        ("/?q=cong+an&month=2022-01", "tháng 1/2022: 1 bài"),
        ("/?q=cong+an&month=2022-03", "tháng 3/2022: 2 bài"),
    ]
    assert re.findall(r'y="(?:88|104)">(\d+)</text>', chart) == [
        "12",
        "2021",
        "1",
        "2022",
        "2",
        "3",
    ]
    # Read out are the links with their counts, and no loose numbers beside them.
    outside = re.sub(r'<g class="axis" aria-hidden="true">.*?</g>', "", chart)
    assert all('aria-hidden="true"' in text for text in re.findall(r"<text[^>]*>", outside))
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]*)">.*?<td>(\d+)</td></tr>', chart)
    assert rows == [(link, name.split()[-2]) for link, name in labels]


def test_a_bar_takes_the_place_of_the_year_it_is_in(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&year=2022").text
    assert "/?q=cong+an&month=2022-01" in links(page)
    assert bars(page)[1:] == [
        ("/?q=cong+an&month=2022-01", "2022-01*"),
        ("/?q=cong+an&month=2022-03", "2022-03*"),
    ]


def test_a_long_time_is_shown_by_year(archive_of: ArchiveFactory) -> None:
    articles = (article(f"Tin {year}", published=day(year, 5, 1)) for year in (1999, 2003))
    page = client_of(archive_of(*articles)).get("/?q=tin").text
    assert re.findall(r'y="88">(\d+)</text>', page) == ["1999", "2000", "2001", "2002", "2003"]
    assert "/?q=tin&year=1999" in links(page)
    assert "year=2000" not in page


@pytest.mark.parametrize(
    ("months", "unit", "bars", "size"),
    [
        (["2022-01", "2022-10"], "month", 10, "bars-10"),
        (["2022-01", "2022-12"], "month", 12, "bars-12"),
        (["2021-12", "2022-12"], "quarter", 5, "bars-10"),
        (["2020-01", "2022-12"], "quarter", 12, "bars-12"),
        (["2019-12", "2022-11"], "year", 4, "bars-10"),
        (["2020-01", "2023-01"], "year", 4, "bars-10"),
        (["1990-01", "2023-01"], "year", 34, "bars-60"),
        (["0001-01", "9999-12"], "year", 150, "bars-228"),
    ],
)
def test_a_chart_has_room_for_its_bars(
    client: FlaskClient, months: list[str], unit: str, bars: int, size: str
) -> None:
    with client.application.test_request_context("/"):
        chart = histogram(
            [(month, 1) for month in months], SearchParams(), UrlBuilder(SearchParams())
        )
    assert chart is not None
    assert (chart.unit, len(chart.bars), chart.css_class) == (unit, bars, size)
    assert f".{size} " in STYLE or size == "bars-10"


@pytest.mark.parametrize(
    ("counts", "is_root", "ticks"),
    [
        ([1, 1], False, [1]),
        ([10, 40], False, [20]),
        ([2, 9, 10], False, [5, 10]),
        ([120, 260, 340], False, [100, 200]),
        ([1, 40, 2141, 30], True, [500, 2000]),
        ([3, 4, 134, 5], True, [20, 100]),
        ([3, 40, 488, 5], True, [200]),  # 100 would stand 13 pixels below it
    ],
)
def test_uneven_counts_are_drawn_by_their_square_roots(
    client: FlaskClient, counts: list[int], is_root: bool, ticks: list[int]
) -> None:
    months = [(f"2022-{month:02}", count) for month, count in enumerate(counts, 1)]
    with client.application.test_request_context("/"):
        chart = histogram(months, SearchParams(), UrlBuilder(SearchParams()))
    assert chart is not None
    assert chart.scale.is_root == is_root
    assert [tick.value for tick in chart.scale.ticks()] == ticks
    heights = {bar.documents: bar.height for bar in chart.bars}
    assert heights[max(counts)] == HIGHEST_BAR
    ordered = [heights[count] for count in sorted(counts)]
    assert ordered == sorted(ordered)
    if is_root:
        assert len(set(ordered)) == len(set(counts))


def bars(page: str) -> list[tuple[str, str]]:
    chart = page.partition('<figure class="histogram"')[2].partition("</svg>")[0]
    found = re.findall(
        r'<a href="([^"]*)" data-time="([^"]*)"(?: data-end="[^"]*")?( class="chosen")?', chart
    )
    return [(html.unescape(url), time + ("*" if chosen else "")) for url, time, chosen in found]


def test_two_bars_choose_the_time_between_them(client: FlaskClient) -> None:
    first = dict((time, url) for url, time in bars(client.get("/?q=cong+an").text))
    assert list(first) == ["2021-12", "2022-01", "2022-03"]
    assert first["2022-03"] == "/?q=cong+an&month=2022-03"
    page = client.get(first["2022-03"]).text
    assert bars(page) == [
        ("/?q=cong+an&from=2021-12&to=2022-03", "2021-12"),
        ("/?q=cong+an&from=2022-01&to=2022-03", "2022-01"),
        ("/?q=cong+an", "2022-03*"),
    ]
    between = client.get("/?q=cong+an&from=2022-01&to=2022-03").text
    assert sorted(titles(between)) == ["Tin ba", "Tin bốn", "Tin hai"]


def test_a_longer_time_is_shown_by_quarter(archive_of: ArchiveFactory) -> None:
    dates = (day(2021, 11, 5), day(2021, 12, 5), day(2022, 3, 5), day(2022, 11, 5))
    client = client_of(archive_of(*(article(f"Tin {n}", published=d) for n, d in enumerate(dates))))
    page = client.get("/?q=tin").text
    assert bars(page) == [
        ("/?q=tin&from=2021-10&to=2021-12", "2021-10"),
        ("/?q=tin&from=2022-01&to=2022-03", "2022-01"),
        ("/?q=tin&from=2022-10&to=2022-12", "2022-10"),
    ]
    assert "quý 4/2021: 2 bài" in page
    assert re.findall(r'y="(?:88|104)">(\w+)</text>', page) == (
        ["Q4", "2021", "Q1", "2022", "Q2", "Q3", "Q4"]
    )
    assert re.findall(r'data-time="2021-10" data-end="([^"]*)"', page) == ["2021-12"]
    # Inside a quarter there are months again.
    assert bars(client.get("/?q=tin&from=2021-10&to=2021-12").text) == [
        ("/?q=tin&from=2021-10&to=2021-12&month=2021-11", "2021-11"),
        ("/?q=tin&from=2021-10&to=2021-12&month=2021-12", "2021-12"),
    ]
    # A month that is chosen beside quarters marks its own; another makes a range.
    assert bars(client.get("/?q=tin&month=2021-12").text) == [
        ("/?q=tin&from=2021-10&to=2021-12", "2021-10*"),
        ("/?q=tin&from=2021-12&to=2022-03", "2022-01"),
        ("/?q=tin&from=2021-12&to=2022-12", "2022-10"),
    ]


def test_a_dragged_range_takes_the_place_of_a_chosen_month(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&month=2022-03&publisher=Dân+trí").text
    (address,) = re.findall(r'data-range="([^"]*)"', page)
    assert html.unescape(address) == (
        "/?q=cong+an&from=%7Bfrom%7D&to=%7Bto%7D&publisher=D%C3%A2n+tr%C3%AD"
    )


def test_bars_by_the_share_of_all_articles(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&chart=share").text
    labels = re.findall(r'data-time="2022-03"[^>]*><title>([^<]*)<', page)
    assert labels == ["tháng 3/2022: 2 bài, 66,7 %"]
    heights = re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="(\d+)"/>', page)
    assert heights == ["72", "72", "48"]


@pytest.mark.parametrize("scale", ["linear", "root", "share", "fit", "<x>"])
def test_the_scale_of_the_chart_is_part_of_the_address(client: FlaskClient, scale: str) -> None:
    answer = client.get(f"/?q=cong+an&chart={scale}")
    assert answer.status_code == 200
    carried = [link for link in links(answer.text) if "sort=newest" in link]
    assert all(("chart=" in link) == (scale in ("linear", "root", "share")) for link in carried)


def test_a_long_list_of_values_can_be_searched(client: FlaskClient) -> None:
    page = client.get("/values/publisher?find=dan&q=cong+an").text
    listed = page.partition('<ul class="values"')[2].partition("</ul>")[0]
    assert re.findall(r'">([^<]*)</a>', listed) == ["Dân trí", "Nhân Dân"]
    assert 'name="find" value="dan"' in page
    nothing = client.get("/values/publisher?find=<b>").text
    assert "Không có trong danh sách này" in nothing


def test_what_is_set_is_shown_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&from=2022&not.author=An&month=2022-03").text
    chips = page.partition('<ul class="chips"')[2].partition("</ul>")[0]
    assert re.findall("<b>(.*?)</b>", chips) == ["2022 (01/01/2022)", "03/2022", "An"]
    assert links(chips) == [
        "/?q=cong+an&month=2022-03&not.author=An",
        "/?q=cong+an&from=2022&not.author=An",
        "/?q=cong+an&from=2022&month=2022-03",
        "/?q=cong+an",
    ]
    assert "không" not in chips.lower()


def test_a_date_nobody_can_read_is_named(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&from=<mai>&to=2022").text
    assert "“&lt;mai&gt;”" in page
    assert 'name="from" value="&lt;mai&gt;"' in page
    assert page.count("Không đọc được ngày đã nhập.") == 3
    assert page.count('aria-invalid="true"') == 3  # above the results, in the drawer and beside
    before, _, after = page.partition('<details class="filters drawer"')
    assert before.count('id="mend-error"') == 1
    assert 'aria-describedby="mend-error"' in before
    assert 'id="mend-to"' not in before  # that one can be read, and is sent along
    assert '<input type="hidden" name="to" value="2022">' in before.partition('id="mend-error"')[0]
    assert after.count('id="drawer-from-error"') == after.count('id="beside-from-error"') == 1


def test_an_address_says_the_same_again() -> None:
    state = SearchParams(
        "a&b",
        page=3,
        size=20,
        sort=Sort.OLDEST,
        exact=True,
        as_typed=True,
        since="2022",
        until="hôm qua",
        filters=(ValueFilter("month", "2022-03"), ValueFilter("publisher", "x=y", excluded=True)),
    )
    assert SearchParams.from_args(MultiDict(state.pairs)) == state
    assert SearchParams().pairs == []


def test_hostile_filters_are_bounded() -> None:
    many = MultiDict([("author", f"{number}") for number in range(1000)])
    assert len(SearchParams.from_args(many).filters) == MOST_FILTERS
    args = MultiDict([("author", "x" * 10_000), ("author", " ")])
    (long,) = SearchParams.from_args(args).filters
    assert len(long.value) == 200


@pytest.mark.parametrize(
    ("address", "searches"),
    [
        ("/", 1),
        ("/?q=cong+an", 1),
        ("/?q=cong+an&n=50&author=Ân&not.publisher=Dân+trí", 1),
        ("/?q=cong+an&n=50&publisher=Dân+trí", 1),
        ("/?q=cong+an&month=2022-03", 1),
        # And one for the months of all articles.
        ("/?q=cong+an&chart=share", 2),
    ],
)
def test_one_page_costs_few_engine_calls_and_one_read(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str, searches: int
) -> None:
    # The examples of the first page are drawn once for each state of the archive.
    client.get("/")
    calls: list[str] = []
    search, read = WhooshEngine.search, Store.get_many

    def counted_search(self: WhooshEngine, request: object) -> object:
        calls.append("search")
        return search(self, request)  # type: ignore[arg-type]

    def counted_read(self: Store, identifiers: list[str]) -> object:
        calls.append("get_many")
        return read(self, identifiers)

    monkeypatch.setattr(WhooshEngine, "search", counted_search)
    monkeypatch.setattr(Store, "get_many", counted_read)
    # An address of its own: what another test asked for may have been kept.
    fresh = f"{address}{'&' if '?' in address else '?'}fresh=1"
    assert client.get(fresh).status_code == 200
    assert sorted(calls) == ["get_many", *["search"] * searches]


@pytest.mark.parametrize("text", ["công an", "cộng ăn", "cong an"])
def test_the_totals_are_the_same_from_every_side(client: FlaskClient, text: str) -> None:
    names = ("total_exact", "total_full", "total_folded")
    totals = [
        [
            client.get("/api/v1/search", query_string={"q": text, **asked}).json[name]
            for name in names
        ]
        for asked in ({}, {"exact": "1"}, {"match": "partial"}, {"sort": "newest"})
    ]
    assert all(counts == totals[0] for counts in totals)
    assert totals[0] == sorted(totals[0])


@pytest.fixture(scope="module")
def new_year(shared_archive_of: ArchiveFactory) -> FlaskClient:
    """An archive of articles on either side of midnight in Vietnam, stored in other zones."""
    moments = {
        "before": datetime(2022, 12, 31, 16, 59, tzinfo=UTC),
        "after": datetime(2022, 12, 31, 17, 30, tzinfo=UTC),
        "west": datetime(2022, 12, 31, 10, 30, tzinfo=timezone(timedelta(hours=-8))),
    }
    texts = [article("Pháo hoa", name, published=moment) for name, moment in moments.items()]
    return client_of(shared_archive_of(*texts))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("month=2022-12", 1),
        ("month=2023-01", 2),
        ("year=2022", 1),
        ("year=2023", 2),
        ("q=date:2022-12", 1),
        ("q=date:2023-01", 2),
        ("q=ngày:1/1/2023", 2),
        ("q=date:2023", 2),
        ("from=2022-12-01&to=2022-12-31", 1),
        ("from=2023-01-01", 2),
        ("not.month=2023-01", 1),
    ],
)
def test_filters_chart_and_dates_go_by_one_clock(
    new_year: FlaskClient, address: str, expected: int
) -> None:
    query = address if address.startswith("q=") else f"q=pháo+hoa&{address}"
    assert new_year.get(f"/api/v1/search?{query}").get_json()["total"] == expected


def test_the_bars_of_the_chart_count_what_their_dates_list(new_year: FlaskClient) -> None:
    months = new_year.get("/api/v1/histogram?q=pháo+hoa").get_json()["months"]
    assert {bar["month"]: bar["documents"] for bar in months} == {"2022-12": 1, "2023-01": 2}
    for bar in months:
        answer = new_year.get(f"/api/v1/search?q=date:{bar['month']}").get_json()
        assert answer["total"] == bar["documents"]
