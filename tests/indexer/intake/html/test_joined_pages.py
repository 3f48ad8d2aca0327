"""Files of several pages: the first article is read, and the account names the rest."""

from __future__ import annotations

import pytest

from indexer.intake.html.joined_pages import split_pages
from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import numbers_of, paragraph, paragraphs, shaped_page

FIRST = shaped_page(f"<article>{paragraphs(1, 4)}</article>")
SECOND = shaped_page(f"<article>{paragraphs(5, 9)}</article>", heading="<h1>Chợ cá đêm</h1>")
SMALL = shaped_page("<p>quảng cáo</p>", heading="")


def test_the_account_names_the_pages_that_are_not_read() -> None:
    article = read_html(f"{FIRST}\n{SECOND}", "hai.html")
    assert article.account is not None
    assert numbers_of(article) == [1, 2, 3, 4]
    assert article.account.problems["partial"] == (
        "holds 2 pages, of which page 1 is read: split the file"
    )


def test_a_page_that_is_no_article_is_passed_over() -> None:
    teasers = "".join(
        f"<div><h3><a href=/{number}>Bài số {number} của tờ báo làng bên sông</a></h3>"
        f"<p>{paragraph(number)[:70]}</p></div>"
        for number in range(20)
    )
    front = shaped_page(f"<div>{teasers}</div>", heading="<h1>Trang nhất</h1>")
    article = read_html(front + FIRST, "hai.html")
    assert article.title == "Cầu mới ở xã Hòa Bình"
    assert article.account is not None
    assert article.account.state == "partial"


@pytest.mark.parametrize(
    "text",
    [
        FIRST + SMALL,
        SMALL + FIRST,
        f"<!--[if lt IE 7]> <html class=ie6> <![endif]-->{FIRST}",
        FIRST.replace("<article>", f"<article><!doctype html><html>{paragraphs(5, 7)}</html>"),
        "</html>\n<html>" * 3000,
    ],
)
def test_what_is_one_page_stays_whole(text: str) -> None:
    assert split_pages(text) == [text]
