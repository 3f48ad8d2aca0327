"""The tree of a page: XHTML, silent elements, blanks."""

from __future__ import annotations

import warnings

import pytest

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
