"""Fragments of HTML: the text of an article without a page around it, as records hold it."""

from __future__ import annotations

import re

from archive.errors import IntakeError
from indexer.intake.markup.article_builder import ArticleBody, build_body
from indexer.intake.markup.blocks import read_blocks
from indexer.intake.markup.pictures import PictureList
from indexer.intake.markup.text_density import TextDensities
from indexer.intake.markup.tree_builder import build_tree

MARKUP = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|li|b|i|em|strong|span|a|img|figure|blockquote|table|section|article"
    r"|iframe|script|font|center)(?=[\s/>])[^<>]{0,2000}>|</[a-z]{1,10}>",
    re.IGNORECASE,
)
"""Tags that a plain text hardly has."""

LARGEST_FRAGMENT = 20 << 20
"""Characters of a fragment that is read; a larger one is refused."""

_MOST_TAGS = 50_000


def read_fragment(text: str, title: str) -> ArticleBody:
    """Read the body of an article from a fragment of HTML that holds nothing else.

    Args:
        text: The fragment.
        title: The article's title; left out where the fragment repeats it.

    Raises:
        IntakeError: it is too large or nested too deeply.
    """
    if len(text) > LARGEST_FRAGMENT or text.count("<") > _MOST_TAGS:
        raise IntakeError("has a body of HTML that is too large")
    tree = build_tree(text)
    densities = TextDensities(tree)
    container = tree.soup.body or tree.soup
    return build_body(
        list(read_blocks(container, densities, None, PictureList())), title, "", "", ()
    )
