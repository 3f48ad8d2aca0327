"""Dates as they are stated: every way of writing one, its precision, its zone, and hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake.month_names import month_number, month_of_word
from indexer.intake.stated_dates import (
    DatePrecision,
    date_in_text,
    is_dateline,
    moment,
    read_date,
)

FIVE_PAST_NOON = "2022-12-19T17:02:00+07:00"


@pytest.mark.parametrize(
    "text",
    [
        "Thứ Hai, 17:02, 19/12/2022",
        "Cập nhật 17:02 ngày 19/12/2022",
        "17h02 19-12-2022",
        "17g02, 19 / 12 / 2022",
        "19.12.2022 | 5:02 PM",
        "12/19/2022 5:02:00 PM",
        "5:02 CH, 19/12/2022",
        "5 giờ 02 phút chiều ngày 19/12/2022",
        "5h02 chiều 19.12.2022",
        "ngày 19 tháng 12 năm 2022, 17 giờ 02",
        "17:02, 19 thg 12, 2022",
        "Tháng Mười Hai 19, 2022 17:02",
        "19 Th12, 2022 17:02",
        "December 19, 2022 5:02 PM",
        "Dec. 19th, 2022 at 5:02 p.m.",
        "19. Dezember 2022, 17.02 Uhr",
        "lundi 19 décembre 2022 17:02",
        "19 de diciembre de 2022, 17:02",
        "2022年12月19日 17:02",
        "2022년 12월 19일 17:02",
        "17h2 ngày 19/12/2022",
        "17h2' | 19-12-2022",
        "19 | 12 | 2022 17:02",
        "19 Desember 2022, 17:02",
        "19 Aralık 2022 17:02",
        "19. prosince 2022 17:02",
        "2022 December 19, 17:02",
        "17:02 ngày mười chín tháng mười hai năm hai nghìn không trăm hai mươi hai",
        "19/12/2022 17:02 (GMT+7)",
        "17:02 19/12/2022 (giờ Việt Nam)",
        "2022-12-19 17:02:00 +0700",
        "2022-12-19T17:02:00.000 +07:00",
        "2022-12-19T10:02:00Z",
        "2022-12-19 10:02:00 UTC",
        "2022-12-19 10:02:00 GMT",
        "19/12/2022 10:02 GMT+0",
        "19 Dec 2022 10.02 GMT",
        "Mon, 19 Dec 2022 17:02:00 +0700",
        "Mon, 19 Dec 2022 05:02:00 EST",
        "Mon Dec 19 17:02:00 +0700 2022",
        "Mon Dec 19 10:02:00 UTC 2022",
        "20221219170200",
        "20221219T100200Z",
        "1671444120",
        "1671444120000",
        "1671444120.0",
        "1671444120000000",
        "/Date(1671444120000)/",
        "/Date(1671444120000+0700)/",
        "Mon, 19 Dec 22 10:02:00 GMT",
        "19/12/22 17:02",
        "Thứ hai, 19.12.22 - 17h02",
        "5:02 CH, ngày 19-12-22",
        "2022-12-19 17:02 Asia/Ho_Chi_Minh",
        "Dec 19, 2022, 5:02 AM ET",
        "2022-12-19 02:02 America/Los_Angeles",
    ],
)
def test_a_moment_is_read_however_it_is_written(text: str) -> None:
    stated = read_date(text)
    assert stated is not None
    assert stated.when == datetime.fromisoformat(FIVE_PAST_NOON)
    assert stated.precision is DatePrecision.CLOCK


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("19/12/2022", "2022-12-19", DatePrecision.DAY),
        ("2022.12.19", "2022-12-19", DatePrecision.DAY),
        ("20221219", "2022-12-19", DatePrecision.DAY),
        ("2022-12-19+07:00", "2022-12-19", DatePrecision.DAY),
        ("2022-12-19Z", "2022-12-19", DatePrecision.DAY),
        ("19 December 2022", "2022-12-19", DatePrecision.DAY),
        ("19-Dec-2022", "2022-12-19", DatePrecision.DAY),
        ("2022-Dec-19", "2022-12-19", DatePrecision.DAY),
        ("2022, tháng 12, ngày 19", "2022-12-19", DatePrecision.DAY),
        ("Năm 2022 tháng Mười Hai ngày 19", "2022-12-19", DatePrecision.DAY),
        ("Ngày mười chín tháng 12 năm 2022", "2022-12-19", DatePrecision.DAY),
        ("mùng hai tháng chín năm một nghìn chín trăm bốn lăm", "1945-09-02", DatePrecision.DAY),
        ("December nineteenth, 2022", "2022-12-19", DatePrecision.DAY),
        ("the twenty-first of March 2021", "2021-03-21", DatePrecision.DAY),
        ("19 Tháng Mười Hai, 2022", "2022-12-19", DatePrecision.DAY),
        ("Thứ 7, 10/12/2022", "2022-12-10", DatePrecision.DAY),
        ("1er mars 2020", "2020-03-01", DatePrecision.DAY),
        ("19/12/22", "2022-12-19", DatePrecision.DAY),
        ("19-Dec-22", "2022-12-19", DatePrecision.DAY),
        ("19 December 97", "1997-12-19", DatePrecision.DAY),
        ("19-12-22", "2022-12-19", DatePrecision.DAY),
        ("19. 12. 22", "2022-12-19", DatePrecision.DAY),
        ("ngày 2/9/45", "1945-09-02", DatePrecision.DAY),
        ("12/19/97", "1997-12-19", DatePrecision.DAY),
        ("2022-353", "2022-12-19", DatePrecision.DAY),
        ("2022-W51-1", "2022-12-19", DatePrecision.DAY),
        ("2022W51", "2022-12-19", DatePrecision.MONTH),
        ("2022-12", "2022-12-01", DatePrecision.MONTH),
        ("12/2022", "2022-12-01", DatePrecision.MONTH),
        ("tháng 12/2022", "2022-12-01", DatePrecision.MONTH),
        ("tháng 12 năm 2022", "2022-12-01", DatePrecision.MONTH),
        ("December 2022", "2022-12-01", DatePrecision.MONTH),
        ("2022", "2022-01-01", DatePrecision.YEAR),
        ("năm 2022", "2022-01-01", DatePrecision.YEAR),
    ],
)
def test_a_date_is_as_precise_as_it_is_stated(
    text: str, day: str, precision: DatePrecision
) -> None:
    stated = read_date(text)
    assert stated is not None
    assert (stated.when.date().isoformat(), stated.precision) == (day, precision)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("19/12/2022 12:02 AM", "00:02"),
        ("12:02 SA 19/12/2022", "00:02"),
        ("12:02 CH 19/12/2022", "12:02"),
        ("17:02 PM 19/12/2022", "17:02"),
        ("lúc 5 giờ chiều 19/12/2022", "17:00"),
        ("1h30 trưa 19/12/2022", "13:30"),
        ("11h đêm 19/12/2022", "23:00"),
        ("17h ngày 19/12/2022", "17:00"),
        ("10:30-11:30 19/12/2022", "10:30"),
        ("19/12/2022 - 17:02", "17:02"),
    ],
)
def test_the_words_beside_a_clock_are_heeded(text: str, clock: str) -> None:
    stated = date_in_text(text)
    assert stated is not None
    assert f"{stated.when:%H:%M %z}" == f"{clock} +0700"


@pytest.mark.parametrize("text", ["2022-12-19 24:00", "19/12/2022 24:00:00", "24h00 19/12/2022"])
def test_the_end_of_a_day_is_the_start_of_the_next(text: str) -> None:
    assert moment(text) == datetime.fromisoformat("2022-12-20T00:00:00+07:00")


@pytest.mark.parametrize(("day", "hours"), [("July 5", -4), ("January 5", -5)])
def test_a_place_has_its_summer_clock_in_summer(day: str, hours: int) -> None:
    for zone in ("ET", "America/New_York"):
        when = moment(f"{day}, 2022, 5:02 PM {zone}")
        assert when is not None
        assert when.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        *("", "hôm qua", "3 giờ trước", "31/02/2022", "29/02/2023", "30 tháng 2 năm 2022"),
        *("19/12/2022 25:61", "45/19/2022", "2022-13-40T99:99:00Z", "số 19/12/20222", "32/12/22"),
        *("1970-01-01T00:00:00Z", "1970-01-01 07:00:00 +0700", "19 Anything 22", "/Date(0)/"),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1e9", "1e300", "99999999999999"),
        *("0000", "00/0000", "5 năm 2022", "19 Anything 2022", "9999-12-31 24:00", "2022-366"),
        *("ngày ba mươi hai tháng một năm 2022", "mất ba tháng năm 2022", "2022 second 19"),
        *("bản 1.2.22", "1.2.22.4", "10.5.22.1:80", "tỉ số 19-12-22", "2022-W54", "0000-100"),
    ],
)
def test_what_is_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert read_date(text) is None
    assert moment(text) is None


@pytest.mark.parametrize("text", ["1671444120", "2022", "12/2022", "20221219", "Tin số 2022-12"])
def test_a_bare_number_in_prose_is_no_date(text: str) -> None:
    assert date_in_text(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2022-12-19T17:02:00Z", UTC),
        ("19/12/2022 19:02 GMT+9", timezone(timedelta(hours=9))),
        ("19/12/2022 19:02 GMT-5", timezone(timedelta(hours=-5))),
        ("19/12/2022 19:02 UTC+05:30", timezone(timedelta(hours=5.5))),
        ("19/12/2022 19:02 CEST", timezone(timedelta(hours=2))),
        ("19/12/2022 19:02", timezone(timedelta(hours=7))),
    ],
)
def test_a_moment_keeps_the_zone_it_names(text: str, zone: timezone) -> None:
    stated = read_date(text)
    assert stated is not None
    assert stated.when.utcoffset() == zone.utcoffset(None)
    assert stated.has_zone is not (zone == timezone(timedelta(hours=7)))


@pytest.mark.parametrize(
    ("word", "number"),
    [("dec", 12), ("Sept", 9), ("märz", 3), ("juil", 7), ("févr", 2), ("ju", None), ("mi", None)],
)
def test_months_have_names_in_many_languages(word: str, number: int | None) -> None:
    assert month_of_word(word) == number


def test_months_have_vietnamese_names() -> None:
    names = "giêng hai ba tư năm sáu bảy tám chín mười".split()
    assert [month_number(name) for name in (*names, "Mười  Một", "chạp")] == list(range(1, 13))


@pytest.mark.parametrize("unit", ["ngày mười ", "năm hai ", "twenty-", "2022 tháng ngày "])
def test_a_long_text_of_words_is_bounded(unit: str) -> None:
    assert read_date(unit * 9000) is None


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "1/" * 10_000, "1 " * 10_000, "12:" * 9000, "a" * 20_000]
)
def test_a_long_text_is_bounded(text: str) -> None:
    assert date_in_text(text) is None
    assert date_in_text(text[:150] + " 19/12/2022") is not None or "/" in text or ":" in text


@given(st.text(alphabet="0123456789/.-: +aThgnáDeczZ年月日", max_size=60))
def test_no_text_is_a_crash(text: str) -> None:
    for stated in (read_date(text), date_in_text(text)):
        assert stated is None or stated.when.tzinfo is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Thứ Hai, 19/12/2022, 17:02 (GMT+7)", True),
        ("Cập nhật lúc 17h02 ngày 19/12/2022", True),
        ("T2, 19 tháng 12 năm 2022", True),
        ("Published on Monday, December 19, 2022 at 5:02 PM", True),
        ("Ngày 19/12/2022, cầu mở", False),
        ("19 người", False),
        ("", False),
    ],
)
def test_a_dateline_holds_a_date_and_nothing_else(line: str, expected: bool) -> None:
    assert is_dateline(line) is expected
