"""The tree of a page: XHTML, silent elements, blanks."""

from __future__ import annotations

import re
import warnings

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import media_types
from indexer.intake.html.page import read_html
from indexer.intake.markup.tree_builder import build_tree
from indexer.intake.sniffing import sniff_head
from tests.indexer.intake.html.page_shapes import (
    HEADING,
    lines_of,
    numbers_of,
    paragraph,
    paragraphs,
)


@pytest.mark.parametrize("start", ["", "\n ", "<!-- XHTML -->"])
def test_xhtml_is_read_as_html_without_a_warning(start: str) -> None:
    text = (
        f'{start}<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0'
        ' Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html'
        ' xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi"><head><title>Báo</title></head><body>'
        f"<h1>{HEADING}</h1><div>{paragraphs(1, 7)}<br/></div></body></html>"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        article = read_html(text, "page.xhtml")
    assert numbers_of(article) == list(range(1, 8))


@pytest.mark.parametrize("prefix", ["html", "xhtml", "h"])
def test_xhtml_whose_elements_have_a_prefix_is_read(prefix: str) -> None:
    text = (
        f'<?xml version="1.0"?><html xmlns:{prefix}="http://www.w3.org/1999/xhtml"><head><title>'
        f"{HEADING} - Báo Mẫu</title></head><body><h1>{HEADING}</h1><div>{paragraphs(1, 7)}</div>"
        "</body></html>"
    )
    text = re.sub(r"(</?)(?=[a-z])", rf"\1{prefix}:", text)
    assert sniff_head(text.encode(), "page") == media_types.HTML
    article = read_html(text, "page.xhtml")
    assert article.title == HEADING
    assert numbers_of(article) == list(range(1, 8))


def each_in(box: str) -> str:
    """Return four numbered paragraphs, each in the place of `P` in a box."""
    return "".join(box.replace("P", paragraph(number)) for number in range(1, 5))


@pytest.mark.parametrize(
    "body",
    [
        each_in("<span style='display:block'>P</span>"),
        each_in("<span style='margin: 0; Display : flex !important'>P</span> "),
        each_in("<font><span style='display: list-item'>P</span></font>"),
        each_in("<span class='line'>P</span>"),
        each_in("<text-block>P</text-block>"),
    ],
)
def test_an_element_that_is_shown_as_a_block_is_a_paragraph(body: str) -> None:
    text = f"<h1>{HEADING}</h1><div>{body}</div><div>{paragraphs(5, 8)}</div>"
    article = read_html(text, "page.html")
    assert numbers_of(article) == list(range(1, 9))
    assert len(lines_of(article)) == 8


@pytest.mark.parametrize(
    "line",
    [
        each_in("<span>P</span> "),
        each_in("<span style='display:inline-block'>P</span>\n"),
        each_in("<span style='display:inline'>P</span>\n"),
        "<span>Chợ nổi họp lại.</span><span>Bà con mừng.</span>",
        f"<span>{paragraph(1)[:-1]}</span><span>{paragraph(2)}</span>",
        f"<font>{paragraph(1)}</font><span>{paragraph(2)}</span>",
    ],
)
def test_an_element_in_a_line_stays_in_it(line: str) -> None:
    text = f"<h1>{HEADING}</h1><div><p>{line}</p>{paragraphs(5, 8)}</div>"
    assert len(lines_of(read_html(text, "page.html"))) == 5


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>một <b>hai</b> <i>ba</i></p>", "một hai ba"),
        ("<div>\n <p>một</p>\n <p>hai</p> </div>", "mộthai"),
        ("<p>một<style>p { color: red }</style> hai</p>", "một hai"),
        ("<p>một<svg><title>hình</title><g><path/></g></svg> hai</p>", "một hai"),
        ("<p>một<!-- ghi chú --> hai<?php echo 1 ?></p>", "một hai"),
        ("<select><option>một<option>hai</select><p>ba</p>", "ba"),
    ],
)
def test_only_what_readers_look_at_is_in_the_tree(markup: str, text: str) -> None:
    assert build_tree(f"<html><body>{markup}</body></html>").soup.get_text() == text


PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div class='a b'>",
            "</div>",
            "<b>",
            "</b>",
            "<a href=x>",
            "</a>",
            "<br>",
        ),
        *(
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<h1>",
            "</h1>",
            "<ul>",
            "<li>",
            "</ul>",
            "&nbsp;",
        ),
        *("một", " hai ", "ba &amp; bốn", "<", "</html>", "</body>", "<pre>", "</pre>", "<p/>"),
    ]
)


def links_of(node: PageElement) -> tuple[object, ...]:
    """Return an element or text and its neighbours as texts."""
    before = node.previous_element
    neighbours = (
        node.parent,
        node.next_element,
        None if isinstance(before, BeautifulSoup) else before,
        node.next_sibling,
        node.previous_sibling,
    )
    return tuple(
        (one.name, dict(one.attrs)) if isinstance(one, Tag) else str(one)
        for one in (node, *neighbours)
    )


@given(st.lists(PIECES, max_size=30))
def test_the_tree_is_the_one_that_beautifulsoup_builds_itself(pieces: list[str]) -> None:
    markup = "".join(pieces)
    ours = build_tree(markup).soup
    theirs = BeautifulSoup(markup, "lxml", multi_valued_attributes=None)
    nodes = list(theirs.descendants)
    # Ours has no blanks beside blocks: compared with what is left of the other tree.
    for blank in [node for node in nodes if not isinstance(node, Tag) and not node.strip()]:
        blank.extract()
    for blank in [node for node in list(ours.descendants) if isinstance(node, str)]:
        if not blank.strip():
            blank.extract()
    assert list(map(links_of, ours.descendants)) == list(map(links_of, theirs.descendants))


def test_an_element_can_be_taken_out_of_the_tree() -> None:
    tree = build_tree("<div><p>một</p><p>hai <b>ba</b></p>bốn</div>").soup
    tree.find_all("p")[1].extract()
    assert str(tree.div) == "<div><p>một</p>bốn</div>"
    assert [str(node) for node in tree.div.descendants] == ["<p>một</p>", "một", "bốn"]
