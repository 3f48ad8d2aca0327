"""Items to tick, quizzes and asides between paragraphs are text; filters and consent are none."""

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

ITEMS = "".join(
    f'<div><input type="checkbox" id="v{number}"><label for="v{number}">Việc {number}: soi lại'
    f" áo phao và đèn pin của nhà số {number}.</label></div>"
    for number in range(1, 5)
)
QUIZ = "".join(
    f"<fieldset><legend>Câu {number}: cây cầu cũ của xã Hòa Bình dài bao nhiêu mét?</legend>"
    "<label><input type=radio> ba mươi mét</label><br><label><input type=radio> bốn mươi mét"
    "</label></fieldset>"
    for number in range(1, 4)
)
INGREDIENTS = "".join(
    f"<li><label><input type=checkbox> {number}00 g cá linh non</label></li>"
    for number in range(1, 4)
)


def read_lines(body: str) -> list[str]:
    return lines_of(read_html(shaped_page(body), "trang.html"))


@pytest.mark.parametrize(
    ("box", "text"),
    [
        (f"<div>{ITEMS}</div>", "Việc 4: soi lại áo phao và đèn pin của nhà số 4."),
        (f"<ul>{INGREDIENTS}</ul>", "300 g cá linh non"),
        (f"<form>{QUIZ}</form>", "bốn mươi mét"),
    ],
)
def test_items_to_tick_are_text(box: str, text: str) -> None:
    lines = read_lines(f"<article>{paragraphs(1, 3)}{box}{paragraphs(4, 4)}</article>")
    assert text in lines
    assert paragraph(4) in lines


@pytest.mark.parametrize(
    "box",
    [
        "<form><label><input type=checkbox> Giá dưới 100 nghìn</label></form>",
        "<form><input type=email><label><input type=checkbox> Giá dưới 100 nghìn, a</label>"
        "<label><input type=checkbox> b</label><label><input type=checkbox> c</label></form>",
        '<form class="comment-form"><label><input type=radio> Giá dưới 100 nghìn</label>'
        "<label><input type=radio> Giá trên</label><label><input type=radio> khác</label></form>",
        "<label>Giá dưới 100 nghìn</label><label>Tên</label><label>Nơi ở</label>",
    ],
)
def test_what_a_form_asks_for_is_none(box: str) -> None:
    lines = read_lines(f"<article>{paragraphs(1, 4)}{box}{paragraphs(5, 5)}</article>")
    assert "Giá dưới 100 nghìn" not in " ".join(lines)
    assert paragraph(5) in lines


@pytest.mark.parametrize(
    "aside",
    [
        "<aside><p>Chưa năm nào tôi mừng như năm nay, bà Tư nói.</p></aside>",
        '<aside class="infobox"><h3>Số liệu</h3><ul><li>Chưa năm nào tôi mừng như năm nay: 5 m'
        "</li><li>Dài: 30 m</li></ul></aside>",
    ],
)
def test_an_aside_between_paragraphs_is_text(aside: str) -> None:
    body = f"<article>{paragraphs(1, 3)}{aside}{paragraphs(4, 6)}</article>"
    assert "Chưa năm nào tôi mừng như năm nay" in " ".join(read_lines(body))


@pytest.mark.parametrize(
    "aside",
    [
        "<aside><h3>Đọc thêm</h3><a href='/x'>Chợ nổi họp lại sau nhiều tháng vắng khách</a>"
        "</aside>",
        '<aside class="newsletter"><p>Chợ nổi họp lại, mỗi tuần một lá thư.</p></aside>',
        "<aside><p>Chợ nổi họp lại, mỗi tuần một thư.</p><input type=email></aside>",
        '<aside><div class="sidebar"><p>Chợ nổi họp lại sau nhiều tháng vắng khách.</p></div>'
        "</aside>",
    ],
)
def test_an_aside_that_leads_elsewhere_is_none(aside: str) -> None:
    body = f"<article>{paragraphs(1, 3)}{aside}{paragraphs(4, 6)}</article>"
    assert "Chợ nổi họp lại" not in " ".join(read_lines(body))


def test_a_quotation_that_repeats_the_text_is_kept_once() -> None:
    quotation = f"<aside>“{paragraph(2)[:60]}”</aside>"
    article = read_html(
        shaped_page(f"<article>{paragraphs(1, 3)}{quotation}{paragraphs(4, 6)}</article>"), "a"
    )
    assert numbers_of(article) == [1, 2, 3, 4, 5, 6]
    assert " ".join(lines_of(article)).count(paragraph(2)[:60]) == 1


def test_an_aside_beside_the_article_is_none() -> None:
    body = f"<main>{paragraphs(1, 4)}</main><aside><p>{paragraph(9)}</p></aside>"
    assert numbers_of(read_html(shaped_page(body), "trang.html")) == [1, 2, 3, 4]
