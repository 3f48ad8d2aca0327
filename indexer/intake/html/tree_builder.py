"""Build the BeautifulSoup tree of a page without the parts that no reader looks at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # the package exports it at run time only

from indexer.intake.html.class_patterns import BLOCKS

_XML_DECLARATION = re.compile(r"\A\s{0,100}<\?xml[^>]{0,200}>")
_SKIPPED = frozenset(
    "style svg template video audio object embed canvas map select option textarea input"
    " iframe".split()
)
"""Elements that never show words, nor say anything about the page."""

_LINE_BREAKING = BLOCKS | {"br", "head", "title", "meta", "link", "script"}


def build_tree(text: str) -> BeautifulSoup:
    """Return the tree of a page; XHTML is read as HTML."""
    builder = _PageTreeBuilder(
        multi_valued_attributes=None, store_line_numbers=False, string_containers={}
    )
    return BeautifulSoup(_XML_DECLARATION.sub("", text), builder=builder)


class _PageTreeBuilder(LXMLTreeBuilder):
    """BeautifulSoup's builder on lxml, without what costs time and is never asked for.

    Comments, instructions, silent elements and blanks between blocks are left out, and the values
    of attributes stay as they are written.
    """

    attribute_dict_class: Any = dict

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._skipped_depth = 0
        self._is_after_block = True

    def start(
        self, tag: str | bytes, attrib: Mapping[Any, Any], nsmap: Mapping[Any, Any] | None = None
    ) -> None:
        """Open an element, or go on with leaving out the silent one around it."""
        if self._skipped_depth or tag in _SKIPPED:
            self._skipped_depth += 1
            return
        self._is_after_block = tag in _LINE_BREAKING
        assert self.soup is not None
        self.soup.handle_starttag(str(tag), None, None, dict(attrib))

    def end(self, tag: str | bytes) -> None:
        """Close an element."""
        if self._skipped_depth:
            self._skipped_depth -= 1
            return
        self._is_after_block = tag in _LINE_BREAKING
        assert self.soup is not None
        self.soup.handle_endtag(str(tag))

    def data(self, data: str | bytes) -> None:
        """Take up text, unless it is blank and stands beside a block."""
        if self._skipped_depth or (self._is_after_block and data.isspace()):
            return
        self._is_after_block = False
        assert self.soup is not None
        self.soup.handle_data(str(data))

    def comment(self, text: str | bytes) -> None:
        """Leave out a comment."""

    def pi(self, target: str, data: str) -> None:
        """Leave out a processing instruction."""

    def set_up_substitutions(self, tag: Any) -> bool:
        """Leave the encodings that meta tags declare as they are."""
        return False
