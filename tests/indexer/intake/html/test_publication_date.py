"""The date of publication of a page: declared, shown, in its address; and in which zone."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html

TITLE = "Cầu mới ở xã Hòa Bình"
PARAGRAPHS = "".join(
    f"<p>Đoạn số {number}: xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét, người dân hai bờ"
    " đi lại dễ hơn trước nhiều lần.</p>"
    for number in range(1, 8)
)
UTC_META = '<meta property="article:published_time" content="2022-12-19T10:02:00+00:00">'


def published(head: str = "", beside: str = "", below: str = "", language: str = "vi") -> str:
    page = (
        f"<!doctype html><html lang='{language}'><head>{head}</head><body><h1>{TITLE}</h1>{beside}"
        f"<div class='news-content'>{PARAGRAPHS}</div>{below}</body></html>"
    )
    when = read_html(page, "a.html").published
    return when.isoformat() if when else ""


@pytest.mark.parametrize(
    "beside",
    [
        "",
        '<time datetime="2022-12-19T10:02:00+00:00"></time>',
        '<time datetime="2022-12-19T10:02:00+00:00">19/12/2022 17:02</time>',
        '<time datetime="2022-12-19T10:02:00+00:00">3 giờ trước</time>',
        '<time datetime="2022-12-19T10:02:00Z">19/12/2022</time>',
        '<time datetime="2022-12-19T10:02:00Z">19 Dec 2022 10:02 GMT</time>',
        '<span class="date">10:02 UTC, 19/12/2022</span>',
    ],
)
@pytest.mark.parametrize("language", ["vi", "en", "de"])
def test_a_moment_in_utc_stays_where_it_is(beside: str, language: str) -> None:
    assert published(UTC_META, beside, language=language) == "2022-12-19T10:02:00+00:00"
    if "datetime" in beside:
        assert published("", beside, language=language) == "2022-12-19T10:02:00+00:00"


def test_only_a_vietnamese_page_may_call_vietnams_clock_utc() -> None:
    dateline = '<span class="date">19/12/2022 10:02</span>'
    assert published(UTC_META, dateline) == "2022-12-19T10:02:00+07:00"
    assert published(UTC_META, dateline, language="en") == "2022-12-19T10:02:00+00:00"
    # Without a word of its language the letters of the title tell it.
    assert published(UTC_META, dateline, language="") == "2022-12-19T10:02:00+07:00"
    dateline = dateline.replace("<span", "<h1>The new bridge</h1><span")
    page = f"<head>{UTC_META}</head>{dateline}<div class='news-content'>{PARAGRAPHS}</div>"
    assert str(read_html(page, "a.html").published) == "2022-12-19 10:02:00+00:00"


@pytest.mark.parametrize(("language", "zone"), [("en", "+00:00"), ("vi", "+07:00")])
def test_one_clock_in_two_zones_is_that_of_utc_but_for_vietnamese_pages(
    language: str, zone: str
) -> None:
    local = linked('{"@type": "NewsArticle", "datePublished": "2022-12-19T10:02:00+07:00"}')
    assert published(UTC_META + local, language=language) == f"2022-12-19T10:02:00{zone}"


def test_an_instant_is_given_on_the_day_that_is_printed() -> None:
    late = UTC_META.replace("10:02", "22:02")
    printed = '<span class="date">20 December 2022</span>'
    assert published(late, printed, language="en") == "2022-12-20T00:02:00+02:00"
    assert published(late, printed.replace("20", "27", 1), language="en").startswith(
        "2022-12-19T22"
    )


def test_the_words_of_a_marked_moment_are_the_day_that_is_printed() -> None:
    late = UTC_META.replace("10:02", "23:01")
    marked = '<time datetime="2022-12-19T23:01:00Z">20 December 2022</time>'
    assert published(late, marked, language="it") == "2022-12-20T00:01:00+01:00"
    earlier = marked.replace("20 December", "19 December", 1)
    assert published(late, earlier, language="en") == "2022-12-19T23:01:00+00:00"


def test_without_a_heading_a_named_date_comes_before_a_vague_one() -> None:
    dateline = "<div class='news-single-timedata'>19.12.2022 - Redaktion</div>"
    page = (
        f"<head><title>{TITLE}</title>{meta('date', '2022-12-26')}</head>"
        f"<body><div class='main'><div class='title'>{TITLE}</div>{dateline}{PARAGRAPHS}</div>"
    )
    when = read_html(page, "a.html").published
    assert when is not None
    assert when.date().isoformat() == "2022-12-19"


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def linked(record: str) -> str:
    return f'<script type="application/ld+json">{record}</script>'


def address(path: str) -> str:
    return f'<link rel="canonical" href="https://example.vn/{path}">'


DAY, MINUTE = "2022-12-19T00:00:00+07:00", "2022-12-19T17:02:00+07:00"
MINUTE_IN_UTC = "2022-12-19T10:02:00+00:00"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("dcterms.created", "2022-12-19"), DAY),
        (meta("publish_date", "19 thg 12, 2022"), DAY),
        (meta("og:article:published_time", "2022-12-19"), DAY),
        (meta("parsely-pub-date", "1671444120"), MINUTE_IN_UTC),
        (meta("date", "Mon, 19 Dec 2022 17:02:00 +0700"), MINUTE),
        (meta("publisher", "2022"), ""),
        (linked('{"@type": "WebPage", "datePublished": "2022-12-19"}'), DAY),
        (linked('{"@type": "NewsArticle", "datePublished": 1671444120000}'), MINUTE_IN_UTC),
        (linked('{"@type": "Comment", "datePublished": "2022-12-20"}'), ""),
        ('<script>var page = {"publishedAt": "2022-12-19 17:02:00"};</script>', MINUTE),
        (address("2022/12/19/cau.html"), DAY),
        (address("tin-19-12-2022/cau.html"), DAY),
        (address("cau-20221219170200.htm"), DAY),
        (address("cau-20221219170200123.htm"), DAY),
        (address("web/20221219170200/http://example.org/cau"), ""),
        (address("cau-1622121917020012.htm"), ""),
        (address("2022/31/12/cau.html"), ""),
        (meta("article:modified_time", "2022-12-19"), DAY),
    ],
)
def test_what_a_page_declares_is_read(head: str, expected: str) -> None:
    assert published(head) == expected


@pytest.mark.parametrize(
    "beside",
    [
        "<span class='when'>19/12/2022 17:02</span>",
        "<small>Erstellt am: 19.12.2022 17:02</small>",
        "<div>Hòa An, 17:02 ngày 19 thg 12, 2022</div>",
        "<time datetime='2022-12-19'>19/12/2022 17:02</time>",
        "<time datetime='19 Dec 2022 17:02'>hôm kia</time>",
        "<abbr class='published' title='2022-12-19T17:02:00+0700'>thứ hai</abbr>",
        "<p><span>17:02</span> <span>19/12/2022</span></p>",
        "<b>19 | 12 | 2022, 17:02</b>",
        "<relative-time datetime='2022-12-19T17:02:00+07:00'>3 năm trước</relative-time>",
        "<p>Cập nhật lúc 10:00 05/01/2023 - Đăng lúc 17:02 19/12/2022</p>",
        "<p>Đăng lúc 17:02 19/12/2022 - Cập nhật lúc 10:00 05/01/2023</p>",
        "<p>Updated 5 January 2023 | Published 19 December 2022 17:02</p>",
        "<time datetime='2023-02-01T08:00:00+07:00'>Đăng lúc 17:02 19/12/2022</time>",
        "<i class='updated'>Cập nhật 20/12/2022 08:00</i><i class='date'>19/12/2022 17:02</i>",
    ],
)
def test_what_a_page_shows_is_read(beside: str) -> None:
    assert published("", beside) == "2022-12-19T17:02:00+07:00"


@pytest.mark.parametrize(
    ("beside", "below"),
    [
        ("<time>19/12/2022</time>", "<div class='comment'><time>20/12/2022 09:00</time></div>"),
        ("<i>19/12/2022</i>", "<aside><span class='date'>20/12/2022 09:00</span></aside>"),
        ("<i>19/12/2022</i>", "<footer>Copyright 2026, 01/01/2026</footer>"),
        ("<div class='updated'>Cập nhật: 19/12/2022</div>", "<footer><i>1/1/2026</i></footer>"),
        ("<span class='date'>19.12.22</span>", "<footer><i>1/1/2026</i></footer>"),
        ("<div class='date'><b>19</b> <b>12</b> <b>2022</b></div>", "<p>20/12/2022</p>"),
        ("<time datetime='2023-02-01'>Publié le 19 décembre 2022</time>", ""),
        ("<time datetime='2022-12-19'>Ngày đăng: 20/12/2022</time>", ""),
        ("<time datetime='2022-12-19'>Cập nhật: 05/01/2023</time>", ""),
    ],
)
def test_the_date_beside_the_heading_is_the_articles(beside: str, below: str) -> None:
    assert published("", beside, below) == "2022-12-19T00:00:00+07:00"


def test_publication_comes_before_a_change_and_a_day_that_says_nothing() -> None:
    change = '<meta property="article:modified_time" content="2022-12-21T09:00:00+07:00">'
    vague = '<meta name="date" content="2022-12-20T09:00:00+07:00">'
    dateline = "<time>19/12/2022</time>"
    assert published(change + vague, dateline) == "2022-12-19T00:00:00+07:00"
    assert published(change + vague) == "2022-12-20T09:00:00+07:00"
    # The same day with its clock says more.
    assert published(vague, dateline.replace("19", "20", 1)) == "2022-12-20T09:00:00+07:00"


def test_a_date_that_is_none_leaves_the_others() -> None:
    head = '<meta name="pubdate" content="31/02/2022"><meta name="publish_date" content="hôm qua">'
    assert published(head) == ""
    assert published(head, "<time>19/12/2022</time>") == "2022-12-19T00:00:00+07:00"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<time>19/12/2022</time>", "2022-12-19T08:00:00+07:00"),
        ("<time>1/3/2021</time>", "2021-03-01T09:00:00+07:00"),
        ("<time>2/3/2021</time>", "2021-03-01T09:00:00+07:00"),
        ("", "2021-03-01T09:00:00+07:00"),
    ],
)
def test_of_two_declared_dates_the_one_that_readers_see_counts(shown: str, expected: str) -> None:
    record = '{"@type": "NewsArticle", "datePublished": "2021-03-01T09:00:00+07:00"}'
    head = linked(record) + meta("article:published_time", "2022-12-19T08:00:00+07:00")
    assert published(head, shown) == expected


def test_a_date_in_an_attribute_is_not_what_readers_see() -> None:
    first = meta("article:published_time", "2021-12-14T15:41:00+01:00")
    head = first + meta("dc.date.issued", "2022-02-04T15:33:00+01:00")
    hidden = "<div><meta itemprop='datePublished' content='2021-12-14T15:41:00+01:00'></div>"
    assert published(head, f"<i>04.02.2022 15:33</i>{hidden}") == "2022-02-04T15:33:00+01:00"
    assert published(head, hidden) == "2021-12-14T15:41:00+01:00"


def test_a_date_right_above_the_title_is_nearer_than_one_far_below() -> None:
    teaser = "<div class='box'><h3>Bài khác</h3><p>06/08/2020 // Tin</p></div>"
    page = (
        f"<body><p>19/12/2022 // Lê An</p><h1>{TITLE}</h1>"
        f"<div class='news-content'>{PARAGRAPHS}</div>{teaser}</body>"
    )
    when = read_html(page, "a.html").published
    assert when is not None
    assert when.date().isoformat() == "2022-12-19"


def test_a_date_from_before_there_were_pages_is_of_what_is_told() -> None:
    assert published("", "<p>Lê An sinh ngày 16/2/1940</p>") == ""


MONTH, YEAR = "2022-12-01T00:00:00+07:00 month", "2022-01-01T00:00:00+07:00 year"


@pytest.mark.parametrize(
    ("beside", "below", "expected"),
    [
        ("<time datetime='2022-12'>Số 12</time>", "", MONTH),
        ("<time datetime='2022'>Số xuân</time>", "", YEAR),
        ("<time>tháng 12/2022</time>", "", MONTH),
        ("<span class='date'>Dec 2022</span>", "", MONTH),
        ("<i itemprop='datePublished' content='2022-12'>Số 12</i>", "", MONTH),
        ("<time datetime='2022-12'>19/12/2022</time>", "", DAY + " day"),
        ("<time datetime='2022-12'>Số 12</time><i>19/12/2022</i>", "", DAY + " day"),
        ("<time datetime='2022-12'>Số 12</time>", "<footer><i>1/5/2021</i></footer>", MONTH),
        # A year alone is none of a date, nor is the frame of the page the article's.
        ("<span class='date'>2022</span>", "", ""),
        ("", "<footer><time datetime='2022'>© 2022</time></footer>", ""),
    ],
)
def test_a_month_alone_is_read_with_its_precision(beside: str, below: str, expected: str) -> None:
    page = f"<h1>{TITLE}</h1>{beside}<div class='news-content'>{PARAGRAPHS}</div>{below}"
    article = read_html(page, "a.html")
    when = article.published.isoformat() if article.published else ""
    assert f"{when} {article.published_precision}".strip() == expected


@pytest.mark.parametrize(
    ("beside", "unread"),
    [
        ("<time datetime='2022-02-31'>hôm qua</time>", ("2022-02-31",)),
        ("<time>31/02/2022</time>", ("31/02/2022",)),
        ("<span class='date'>25:61 32/12/2022</span>", ("25:61 32/12/2022",)),
        ("<time>3 giờ trước</time>", ("3 giờ trước",)),
        ("<time>2 hours ago</time>", ("2 hours ago",)),
        ("<time datetime='PT5M'>5 phút đọc</time>", ()),
        ("<time>31/02/2022</time><i>19/12/2022</i>", ()),
        ("<footer><time>31/02/2022</time></footer>", ()),
    ],
)
def test_a_shown_date_that_is_none_is_named(beside: str, unread: tuple[str, ...]) -> None:
    page = f"<h1>{TITLE}</h1>{beside}<div class='news-content'>{PARAGRAPHS}</div>"
    account = read_html(page, "a.html").account
    assert account
    assert account.unread_dates == unread
