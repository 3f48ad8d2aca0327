"""Boxes around forms: what is said around a field for an address or comment is no article's."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html

PARAGRAPH = "Cây cầu cũ dài ba mươi mét ở xã Hòa Bình vừa sửa xong trước mùa mưa năm nay, {} ạ. "
ARTICLE = "".join(f"<p>{PARAGRAPH.format(f'đoạn {number} thứ ba') * 2}</p>" for number in range(6))
MAIL = "<input type='email' name='m'>"


def lines_of(inner: str) -> list[str]:
    """Return the lines of the article on a page with something inside its text."""
    text = f"<html><body><h1>Cầu mới ở xã Hòa Bình</h1><div>{ARTICLE}{inner}</div></body></html>"
    article = read_html(text, "p.html")
    return [line for section in article.sections for line in (section.heading, *section.paragraphs)]


@pytest.mark.parametrize(
    "box",
    [
        f"<div><p>Nhận tin mỗi sáng qua thư của chúng tôi.</p><form>{MAIL}</form></div>",
        f"<div><h3>Nhận tin mỗi sáng</h3><div><p>Mỗi sáng, tin của ngày.</p></div>{MAIL}</div>",
        "<div><h3>Nhận tin mỗi sáng</h3><div><div><input name='EMAIL'></div></div></div>",
        "<section><h4>Nhận tin mỗi sáng</h4><form><textarea></textarea></form></section>",
    ],
)
def test_a_box_around_a_field_is_left_out(box: str) -> None:
    lines = lines_of(box)
    assert len([line for line in lines if line]) == 6
    assert not any("mỗi sáng" in line for line in lines)


@pytest.mark.parametrize(
    "box",
    [
        f"<div><p>{PARAGRAPH.format('tối nào cũng vậy') * 4}</p><form>{MAIL}</form></div>",
        "<div><p>Người tối nào cũng vậy.</p><form><input type='search' name='q'></form></div>",
        "<div><p>Người tối nào cũng vậy.</p><form><input type='hidden' name='mail'></form></div>",
    ],
    ids=["paragraph", "search", "hidden"],
)
def test_a_paragraph_beside_a_field_stays(box: str) -> None:
    assert any("tối nào cũng vậy" in line for line in lines_of(box))


def test_a_form_around_the_article_is_no_box() -> None:
    text = f"<html><body><form>{MAIL}<h1>Cầu mới</h1><div>{ARTICLE}</div></form></body></html>"
    article = read_html(text, "p.html")
    assert sum(len(section.paragraphs) for section in article.sections) == 6
