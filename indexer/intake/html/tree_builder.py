"""Build the BeautifulSoup tree of a page without the parts that no reader looks at.

lxml parses the page, and its tree becomes BeautifulSoup's in one walk: the parser's events, of
which BeautifulSoup makes a tree by itself, take twice the time.
"""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # the package exports it at run time only
from bs4.element import NavigableString, PageElement, Tag
from lxml import etree

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


class _PageTag(Tag):
    """An element whose class holds what all elements of a page share, and takes its place itself.

    Args:
        name: The tag name.
        attributes: The attributes as they are written.
        parent: The element around it.
        last: The element or text before it in the document.
    """

    parser_class = BeautifulSoup
    namespace = prefix = sourceline = sourcepos = None
    known_xml = False
    can_be_empty_element = False
    cdata_list_attributes = None
    preserve_whitespace_tags = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    next_element = next_sibling = previous_sibling = None

    def __init__(
        self, name: str, attributes: dict[str, Any], parent: Tag, last: PageElement
    ) -> None:
        self.name = name
        self.attrs = attributes
        self.contents: list[PageElement] = []
        self.parent = parent
        self.previous_element = last
        last.next_element = self
        siblings = parent.contents
        if siblings:
            before = siblings[-1]
            self.previous_sibling = before
            before.next_sibling = self
        siblings.append(self)


class _PageTreeBuilder(LXMLTreeBuilder):
    """BeautifulSoup's builder on lxml, without what costs time and is never asked for.

    Comments, instructions, silent elements and blanks between blocks are left out, and the values
    of attributes stay as they are written.
    """

    def feed(self, markup: Any) -> None:
        """Parse a page and take its elements and texts into the tree."""
        assert self.soup is not None
        # How deep elements nest is bounded later, with an error: libxml2 would leave out the rest.
        parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        parser.feed(markup)
        try:
            root = parser.close()
        except etree.XMLSyntaxError:
            # There is no element in it.
            return
        if root is not None:
            # What stands after the end of the page is beside its element.
            for element in (root, *root.itersiblings()):
                _copy_elements(element, self.soup)


def _copy_elements(root: etree._Element, soup: BeautifulSoup) -> None:
    """Add an element of lxml and all inside it at the end of a tree of BeautifulSoup."""
    around: Tag = soup
    last: PageElement = soup._last_descendant(is_initialized=False) or soup
    texts: list[str] = []
    is_after_block = True
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        if event == "start":
            if name in _SKIPPED:
                walk.skip_subtree()
                continue
            if texts:
                last = _add_text(texts, around, last)
            last = around = _PageTag(name, dict(element.items()), around, last)
            is_after_block = name in _LINE_BREAKING
            text = element.text
        else:
            if name not in _SKIPPED:
                if texts:
                    last = _add_text(texts, around, last)
                around = around.parent or soup
                is_after_block = name in _LINE_BREAKING
            text = element.tail
        if text and not (is_after_block and text.isspace()):
            is_after_block = False
            texts.append(text)
    if texts:
        _add_text(texts, around, last)


def _add_text(texts: list[str], parent: Tag, last: PageElement) -> NavigableString:
    text = texts[0] if len(texts) == 1 else "".join(texts)
    texts.clear()
    if text.isspace() and text.isascii():
        text = "\n" if "\n" in text else " "
    node = str.__new__(NavigableString, text)
    node.parent = parent
    node.next_element = node.next_sibling = node.previous_sibling = None
    node.previous_element = last
    last.next_element = node
    siblings = parent.contents
    if siblings:
        before = siblings[-1]
        node.previous_sibling = before
        before.next_sibling = node
    siblings.append(node)
    return node
