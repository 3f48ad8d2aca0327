"""The address of a page: declared, relative to its base, or noted by the browser that saved it."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html
from indexer.intake.html.page_address import saved_address
from tests.indexer.intake.html.page_shapes import paragraphs, shaped_page

NOTED = "<!-- saved from url=(0031)https://bao.vn/tin/cau-1.html -->\n"
SINGLE = (
    "<!DOCTYPE html> <html lang=vi><!--\n Page saved with SingleFile \n"
    " url: https://bao.vn/tin/cau-2.html \n saved date: Tue Mar 05 2024 10:11:12 GMT+0700\n-->"
)


@pytest.mark.parametrize(
    ("before", "head", "address"),
    [
        (NOTED, "", "https://bao.vn/tin/cau-1.html"),
        (SINGLE, "", "https://bao.vn/tin/cau-2.html"),
        (NOTED, '<link rel="canonical" href="/tin/cau-9.html">', "https://bao.vn/tin/cau-9.html"),
        (NOTED, '<meta property="og:url" content="https://a.vn/b">', "https://a.vn/b"),
        (
            "",
            '<base href="https://bao.vn/tin/"><link rel=canonical href="cau.html">',
            "https://bao.vn/tin/cau.html",
        ),
        ("", '<base href="/tin/"><link rel=canonical href="cau.html">', ""),
        ("", '<base href="https://bao.vn/tin/">', ""),
        ("<!-- saved from url=(0014)about:internet -->", "", ""),
        ("<!-- saved from url=(0022)file:///C:/a.html -->", "", ""),
        # What stands at the root of a site is another article tomorrow.
        ("<!-- saved from url=(0015)https://bao.vn/ -->", "", ""),
        ("<!-- saved from url=(0020)https://bao.vn/?p=12 -->", "", "https://bao.vn/?p=12"),
        ("<!-- saved from url=(0010)https://[bao -->", "", ""),
        (NOTED, '<base href="http://[">', "https://bao.vn/tin/cau-1.html"),
    ],
)
def test_the_address_is_found(before: str, head: str, address: str) -> None:
    article = read_html(before + shaped_page(paragraphs(1, 4), head), "trang.html")
    assert article.url == address


def test_an_address_deep_in_a_page_is_another_ones() -> None:
    assert saved_address(" " * 9000 + NOTED) == ""
