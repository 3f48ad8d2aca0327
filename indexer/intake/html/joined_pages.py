"""Files that hold several pages, one after the end of the other: as `cat *.html` leaves them."""

from __future__ import annotations

import re

from indexer.intake.html.content_finder import SHORTEST_BODY
from indexer.intake.markup.text_density import TextDensities
from indexer.intake.markup.tree_builder import build_tree

_JOINT = re.compile(r"(?<=</html>)\s{0,200}(?=<!doctype\s{1,9}html|<html[\s>])", re.IGNORECASE)
_MOST_PAGES = 50


def split_pages(text: str) -> list[str]:
    """Return the pages in a file that have prose; the whole text where that is not two or more.

    What some sites append to a page is a document by its tags as well, and tells nothing.
    """
    if not _JOINT.search(text):
        return [text]
    pages = _JOINT.split(text, maxsplit=_MOST_PAGES)
    told = [page for page in pages if _has_prose(page)]
    return told if len(told) > 1 else [text]


def _has_prose(page: str) -> bool:
    tree = build_tree(page)
    try:
        return TextDensities(tree).page.prose >= SHORTEST_BODY
    finally:
        tree.dismantle()
