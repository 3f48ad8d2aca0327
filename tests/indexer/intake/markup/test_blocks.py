"""Tables, numbers and lists as lines of text."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import (
    lines_of,
    numbers_of,
    paragraph,
    paragraphs,
    shaped_page,
)


def lines_after(inserted: str) -> list[str]:
    """Return the lines of a page below its seven paragraphs."""
    article = read_html(shaped_page(f"<div class='x'>{paragraphs(1, 7)}{inserted}</div>"), "x")
    return lines_of(article)[7:]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            "<tr><th>Loại vàng</th><th>Mua</th><th>Bán</th></tr>"
            "<tr><td>SJC Hà Nội</td><td>180,8</td><td>183,8</td></tr>",
            ["Loại vàng | Mua | Bán", "SJC Hà Nội | 180,8 | 183,8"],
        ),
        (
            "<tr><td><p>SJC</p></td><td></td><td><p>183,8</p></td></tr>",
            ["SJC | | 183,8"],
        ),
        ("<tr><td>7</td><td>12</td></tr>", ["7 | 12"]),
        ("<tr><td>Giá vàng hôm nay</td></tr>", ["Giá vàng hôm nay"]),
        (
            "<tr><td><b>Đội</b></td><td>Điểm</td></tr><tr><td>Bình Định</td><td>27</td></tr>",
            ["Đội | Điểm", "Bình Định | 27"],
        ),
    ],
)
def test_a_row_of_a_table_is_a_line_with_its_numbers(rows: str, lines: list[str]) -> None:
    assert lines_after(f"<table><tbody>{rows}</tbody></table><p>Hết bảng.</p>") == [
        *lines,
        "Hết bảng.",
    ]


def test_a_table_that_lays_out_paragraphs_is_read_paragraph_by_paragraph() -> None:
    table = f"<table><tr><td>{paragraphs(8, 9)}</td><td>{paragraphs(10, 10)}</td></tr></table>"
    assert len(lines_after(table)) == 3


@pytest.mark.parametrize("number", ["1 - 0", "113", "0900 000 000", "3,5%"])
def test_a_paragraph_of_digits_is_kept(number: str) -> None:
    assert lines_after(f"<p>{number}</p><p>Hết.</p>") == [number, "Hết."]


@pytest.mark.parametrize(
    ("inserted", "lines"),
    [
        ("<p><font>Một.<br>Hai.<br><br>Ba.</font></p>", ["Một.", "Hai.", "Ba."]),
        ("<p><i>Một.<br/><a href='/a'>Hai.</a></i></p>", ["Một.", "Hai."]),
        ("<div>Một.<span><span><br></span>Hai.</span></div>", ["Một.", "Hai."]),
        ("<p><b>Nhà in<br>2010</b><br>Hà Nội.</p>", ["Nhà in", "2010", "Hà Nội."]),
        ("<p>Một <b>hai <i>ba</i></b> bốn.</p>", ["Một hai ba bốn."]),
    ],
)
def test_a_line_break_ends_a_line_however_deep_it_stands(inserted: str, lines: list[str]) -> None:
    assert lines_after(f"{inserted}<p>Hết.</p>") == [*lines, "Hết."]


def test_lines_in_bold_are_headings_each() -> None:
    article = read_html(
        shaped_page(f"<div>{paragraphs(1, 7)}<b>Tháng ba<br>Chợ nổi</b><br>Họp lại.</div>"), "x"
    )
    assert [section.heading for section in article.sections] == ["", "Tháng ba", "Chợ nổi"]


@pytest.mark.parametrize("name", ["legend", "photo-legend", "main__legend", "legende"])
def test_the_legend_of_a_picture_is_its_caption(name: str) -> None:
    box = f"<div class='box'><img src='a.jpg'><div class='{name}'>Cầu nhìn từ bờ bắc</div></div>"
    article = read_html(shaped_page(f"<article>{paragraphs(1, 5)}{box}</article>"), "page.html")
    assert [caption.text for caption in article.captions] == ["Cầu nhìn từ bờ bắc"]
    assert len(lines_of(article)) == 5


@pytest.mark.parametrize("tag", ["h3", "h4", "h6"])
def test_a_page_that_sets_its_paragraphs_as_headings_is_read(tag: str) -> None:
    page = shaped_page(f"<div>{paragraphs(1, 7).replace('p>', f'{tag}>')}</div>")
    article = read_html(page, "page.html")
    assert numbers_of(article) == list(range(1, 8))
    assert [section.heading for section in article.sections] == [""]


def test_a_paragraph_that_is_set_as_a_heading_stays_at_the_end_as_well() -> None:
    last = f"<h5>{paragraph(8)}</h5>"
    assert lines_after(last) == [paragraph(8)]
    assert lines_after(f"<h5>Phần kết</h5><p>{paragraph(8)}</p>") == ["Phần kết", paragraph(8)]


def test_the_paragraphs_in_the_header_of_an_article_are_its_first() -> None:
    named = (
        "<p class='author'>Trần Mẫu là phóng viên thường trú của báo ở tỉnh từ năm 2010 đến nay, "
    )
    header = (
        f"<header><p>{paragraph(1)}</p>{named}đã đi nhiều nơi.</p><a href='/'>Báo Mẫu</a></header>"
    )
    article = read_html(shaped_page(f"<article>{header}{paragraphs(2, 7)}</article>"), "page.html")
    assert numbers_of(article) == list(range(1, 8))
    assert len(lines_of(article)) == 7
