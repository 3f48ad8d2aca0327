"""Names at the end of an article, and lines that only look like names."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import lines_of, paragraphs, shaped_page

PLACES = {
    "list": "<p>Các xã được nhận quà:</p><ul><li>Hòa Bình</li><li>Phú Yên</li></ul>",
    "list without colon": "<p>Các xã được nhận quà</p><ul><li>Hòa Bình</li><li>Phú Yên</li></ul>",
    "table": "<p>Hai xã đầu bảng</p><table><tr><td>Hòa Bình</td><td>Phú Yên</td></tr></table>",
    "lines": "<p>Các xã được nhận quà:</p><p>Hòa Bình</p><p>Phú Yên</p>",
}


@pytest.mark.parametrize("name", PLACES)
def test_places_at_the_end_are_no_authors(name: str) -> None:
    body = f"<div class='x'>{paragraphs(1, 7)}{PLACES[name]}</div>"
    article = read_html(shaped_page(body), "page.html")
    assert article.authors == ()
    text = " ".join(lines_of(article))
    assert "Hòa Bình" in text
    assert text.count("Phú Yên") == 1


@pytest.mark.parametrize(
    "byline",
    [
        "<p style='text-align: right'><strong>Trần Mẫu</strong></p>",
        "<p><strong>Trần Mẫu</strong></p>",
        "<p>Trần Mẫu (tổng hợp)</p>",
    ],
)
def test_a_name_alone_at_the_end_is_the_author(byline: str) -> None:
    body = f"<div class='x'>{paragraphs(1, 7)}{byline}</div>"
    article = read_html(shaped_page(body), "page.html")
    assert article.authors == ("Trần Mẫu",)
    assert len(lines_of(article)) == 7


def test_a_caption_like_the_title_cuts_nothing_off() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>Cầu mới ở xã Hòa Bình</figcaption></figure>"
    body = f"<div class='x'>{paragraphs(1, 3)}{figure}{paragraphs(4, 7)}</div>"
    assert len(lines_of(read_html(shaped_page(body), "page.html"))) == 7


@pytest.mark.parametrize("announcement", ["<h3>Liên hệ:</h3>", "<p><b>Tài liệu kèm theo:</b></p>"])
def test_a_heading_that_announces_nothing_any_more_is_left_out(announcement: str) -> None:
    body = f"{paragraphs(1, 3)}{announcement}<h3>Bắc cầu</h3>{paragraphs(4, 7)}"
    article = read_html(shaped_page(f"<div class='x'>{body}</div>"), "page.html")
    assert [section.heading for section in article.sections] == ["", "Bắc cầu"]


def test_names_at_the_end_that_the_metadata_leave_out_stay_in_the_text() -> None:
    head = "<meta property='article:author' content='Lê Viết'>"
    body = f"<div class='x'>{paragraphs(1, 7)}<p><b>Trần Mẫu</b></p></div>"
    article = read_html(shaped_page(body, head), "page.html")
    assert article.authors == ("Lê Viết",)
    assert lines_of(article)[7:] == ["Trần Mẫu"]


def test_a_sentence_about_the_author_is_no_name() -> None:
    about = "<div class='about-author'><p>Trần Mẫu viết về cầu đường từ năm 2010.</p></div>"
    article = read_html(shaped_page(f"<div class='x'>{paragraphs(1, 7)}{about}</div>"), "page.html")
    assert article.authors == ()
