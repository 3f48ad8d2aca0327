"""The tree of a page: XHTML, silent elements, blanks."""

from __future__ import annotations

import warnings

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake.html.page import read_html
from indexer.intake.html.tree_builder import build_tree
from tests.indexer.intake.html.page_shapes import HEADING, numbers_of, paragraphs


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
    assert build_tree(f"<html><body>{markup}</body></html>").get_text() == text


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
    ours = build_tree(markup)
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
    tree = build_tree("<div><p>một</p><p>hai <b>ba</b></p>bốn</div>")
    tree.find_all("p")[1].extract()
    assert str(tree.div) == "<div><p>một</p>bốn</div>"
    assert [str(node) for node in tree.div.descendants] == ["<p>một</p>", "một", "bốn"]
