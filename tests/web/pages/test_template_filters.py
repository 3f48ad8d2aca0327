"""Dates as readers see them: as precise as they are stated, everywhere, by Vietnam's clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup, escape

from archive.records import Article
from indexer.search.search_records import TextSpan
from indexer.vietnamese.dates import VIETNAM, readable_date
from tests.factories import ArchiveFactory, article, client_of
from web.pages.template_filters import (
    NO_PLACE,
    capture_time,
    counted,
    end_kept,
    event_day,
    event_time,
    highlighted,
    long_date,
    placed,
)
from web.services import SITE
from web.site.site_settings import SiteSettings

DATED = article("Cầu mới", "Xã vừa sửa xong cây cầu cũ.", url="https://bao.vn/a", publisher="Báo A")
PRECISIONS = {
    "year": (datetime(2022, 1, 1, tzinfo=VIETNAM), "2022", "2022"),
    "month": (datetime(2022, 12, 1, tzinfo=VIETNAM), "2022-12", "12/2022"),
    "day": (datetime(2022, 12, 19, tzinfo=VIETNAM), "2022-12-19", "19/12/2022"),
    "": (datetime(2022, 12, 18, 20, 2, tzinfo=UTC), "2022-12-18T20:02:00+00:00", "19/12/2022"),
}


def dated(precision: str) -> Article:
    return replace(DATED, published=PRECISIONS[precision][0], published_precision=precision)


@pytest.fixture(scope="module", params=PRECISIONS)
def precision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory, precision: str) -> FlaskClient:
    return client_of(shared_archive_of(dated(precision)))


def test_pages_show_what_is_stated(client: FlaskClient, precision: str) -> None:
    _, stated, shown = PRECISIONS[precision]
    for path in ("/?q=cầu", f"/article/{DATED.identifier}"):
        page = client.get(path, headers={"Accept-Language": "vi"}).text
        line = re.findall(r'<p class="about">.*?</p>', page)[-1 if "q=" in path else 0]
        assert f'<time datetime="{stated}">' in line
        assert shown in line
        assert re.findall(r"\d\d:\d\d(?=</time>)", line) == (
            ["03:02"] if not precision and "q=" not in path else []
        )


def test_json_holds_what_is_stated(client: FlaskClient, precision: str) -> None:
    stated = PRECISIONS[precision][1]
    (hit,) = client.get("/api/v1/search?q=cầu").json["hits"]  # type: ignore[index]
    assert (hit["published"], hit["published_precision"]) == (stated, precision)
    record = client.get(f"/api/v1/articles/{DATED.identifier}").json
    assert record is not None
    assert record["published"] == stated
    assert record.get("published_precision", "") == precision


def test_feeds_and_files_hold_what_is_stated(client: FlaskClient, precision: str) -> None:
    stated = PRECISIONS[precision][1]
    feed = client.get("/feed.atom?q=cầu").text
    # The format has no place of its own for a date without a time of the day.
    tag = "dc:date" if precision else "published"
    assert f"<{tag}>{stated}</{tag}>" in feed
    assert f'"{stated}"' in client.get("/export.csv?q=cầu").text


@pytest.mark.parametrize(
    ("moment", "precision", "clock", "text"),
    [
        (None, "", False, ""),
        (datetime(2022, 12, 18, 20, 2, tzinfo=UTC), "", False, "19/12/2022"),
        (datetime(2022, 12, 18, 20, 2, tzinfo=UTC), "", True, "19/12/2022 03:02"),
        (datetime(2022, 12, 18, tzinfo=UTC), "day", True, "18/12/2022"),
        (datetime(2022, 12, 1, tzinfo=UTC), "month", True, "12/2022"),
        (datetime(2022, 1, 1, tzinfo=UTC), "year", True, "2022"),
    ],
)
def test_the_command_line_shows_what_is_stated(
    moment: datetime | None, precision: str, clock: bool, text: str
) -> None:
    assert readable_date(moment, precision, clock) == text


def test_what_is_made_once_is_placed_without_changing_values() -> None:
    value = escape("<> drawer & <b>")
    made = Markup('<p id="{}-x">{}</p>').format(NO_PLACE, value)
    assert placed(made, "beside") == f'<p id="beside-x">{value}</p>'
    assert placed(made, '"<') == f'<p id="&#34;&lt;-x">{value}</p>'


def test_events_are_told_by_the_clock_of_the_archive_and_dates_of_articles_by_vietnams(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 1, 31, 20, 30, tzinfo=UTC)
    site = SiteSettings(zone="Europe/Paris")
    monkeypatch.setitem(client.application.extensions, SITE, site)
    with client.application.test_request_context("/?lang=vi"):
        assert capture_time(moment) == "Thứ Bảy, 31/01/2026, 21:30 GMT+1"
        assert event_time(moment) == "Thứ Bảy, 31/01/2026, 21:30"
        assert event_day(moment) == "31/01/2026"
        assert long_date(moment) == "Chủ Nhật, 01/02/2026, 03:30"


def test_a_capture_has_its_zone_and_seconds_where_two_would_read_the_same(
    client: FlaskClient,
) -> None:
    first = datetime(2026, 11, 27, 9, 59, 5, tzinfo=UTC)
    with client.application.test_request_context("/?lang=vi"):
        assert capture_time(first) == "Thứ Sáu, 27/11/2026, 16:59 GMT+7"
        assert capture_time(first, first) == "Thứ Sáu, 27/11/2026, 16:59 GMT+7"
        assert capture_time(first, first.replace(second=40)).endswith("16:59:05 GMT+7")
        assert capture_time(first, first.replace(minute=40)).endswith("16:59 GMT+7")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("về [công an] phường", "về <mark>công an</mark> phường"),
        ("Nhà nước ([NHNN]), nay", 'Nhà nước <span class="joined">(<mark>NHNN</mark>),</span> nay'),
        ("[dịch]-[Covid]", '<span class="joined"><mark>dịch</mark>-<mark>Covid</mark></span>'),
        ("[a] [b]", "<mark>a</mark> <mark>b</mark>"),
        ("<i>[a]</i> &", '<span class="joined">&lt;i&gt;<mark>a</mark>&lt;/i&gt;</span> &amp;'),
        ("<+>a<-> b", "&lt;+&gt;a&lt;-&gt; b"),
        ("", ""),
    ],
)
def test_a_match_is_joined_with_what_stands_beside_it(text: str, markup: str) -> None:
    pieces = re.split(r"\[(.*?)\]", text)
    spans = [TextSpan(piece, place % 2 == 1) for place, piece in enumerate(pieces)]
    assert highlighted(spans) == markup


@pytest.mark.parametrize(
    ("documents", "language", "heard"),
    [(1, "en", "1 article"), (1234, "en", "1,234 articles"), (1234, "vi", "1.234 bài")],
)
def test_a_count_says_to_who_hears_it_what_is_counted(
    client: FlaskClient, documents: int, language: str, heard: str
) -> None:
    with client.application.test_request_context(f"/?lang={language}"):
        markup = counted(documents)
    assert markup.striptags() == heard
    # A blank inside what is taken out of the line would be dropped.
    assert ' <span class="hidden">' in markup


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Sáng nay cho biết …]", "[Sáng nay cho biết\xa0…]"),
        ("rồi đi …", "rồi đi\xa0…"),
        ("… giữa … bài", "… giữa … bài"),
        ("[…]", "[…]"),
        ("", ""),
    ],
)
def test_the_sign_for_what_is_left_out_stands_on_the_line_of_the_last_word(
    text: str, expected: str
) -> None:
    assert end_kept(text) == expected
    assert highlighted([TextSpan(text, False)]) == expected


def test_a_match_at_the_end_keeps_its_sign() -> None:
    spans = [TextSpan("[Bộ ", False), TextSpan("Công an", True), TextSpan(" …]", False)]
    assert highlighted(spans) == "[Bộ <mark>Công an</mark>\xa0…]"
