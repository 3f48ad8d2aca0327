"""Build the BeautifulSoup tree of a page without the parts that no reader looks at.

lxml parses the page, and its tree becomes BeautifulSoup's in one walk: the parser's events, of
which BeautifulSoup makes a tree by itself, take twice the time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # the package exports it at run time only
from bs4.element import NavigableString, PageElement, Tag
from lxml import etree

from archive.errors import IntakeError
from indexer.intake.markup.attribute_limit import refuse_crowded_elements
from indexer.intake.markup.class_patterns import BLOCKS

DEEPEST = 1000
"""Elements nested in elements; a deeper page is refused."""

_MOST_ELEMENTS = 100_000
"""Elements of a page and of the documents inside of it."""

_XML_DECLARATION = re.compile(r"\A\s{0,100}<\?xml[^>]{0,200}>")
_XHTML_PREFIX = re.compile(r"<([A-Za-z]\w{0,15}):html[\s>]")
_HEAD_LENGTH = 4096
"""Characters of a page in which its first element stands."""

_NO_FRAMES = re.compile(r"</?(?:noframes|NOFRAMES)>")
_SILENT = frozenset(
    "script noscript style svg template video audio object embed canvas map select option textarea"
    " input iframe".split()
)
"""Elements that never show words."""

_OPENED = frozenset(("noscript", "template", "iframe"))
"""Elements that hold what a page shows where nothing else does."""

_LONGEST_FIELD_NAME = 100
_TICKED = frozenset(("checkbox", "radio"))
_SHADOW_ROOTS = ("shadowrootmode", "shadowroot")
_TEXT_BREAKING = frozenset(("script", "noscript"))
_INLINE_BOXES = frozenset(("span", "font"))
"""Elements that say nothing of their text: a style may make blocks of them."""

_BLOCK_STYLE = re.compile(
    r"(?:^|;)\s{0,9}display\s{0,9}:\s{0,9}(?:block|flex|grid|table|list-item|flow-root)\b(?!-)",
    re.IGNORECASE,
)
_SENTENCE_ENDS = tuple('.!?…"”»)')
_SHORTEST_GLUED = 60
"""Characters of a text that is a paragraph where it meets the next one without a blank."""

_LINE_BREAKING = BLOCKS | {"br", "head", "title", "meta", "link", "script"}


@dataclass(frozen=True, slots=True)
class PageScript:
    """A script of a page: what its element declares as its type, and its text."""

    type: str
    text: str


@dataclass(slots=True)
class FormChoices:
    """The items to tick on a page: the ids of the elements around them, and their identifiers."""

    around: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class PageTree:
    """The tree of a page, and what its builder saw on the way.

    Attributes:
        soup: The tree, without scripts and other silent elements.
        tags: All its elements, in order.
        strings: All its texts, in order.
        scripts: The scripts that the page had.
        fields: The elements around its fields for an address of mail or a comment, in order.
        choices: Its items to tick.
    """

    soup: BeautifulSoup
    tags: list[Tag] = field(default_factory=list)
    strings: list[NavigableString] = field(default_factory=list)
    scripts: list[PageScript] = field(default_factory=list)
    fields: list[Tag] = field(default_factory=list)
    choices: FormChoices = field(default_factory=FormChoices)
    _tags_by_name: defaultdict[str, list[Tag]] = field(default_factory=lambda: defaultdict(list))

    def tagged(self, name: str) -> list[Tag]:
        """Return the elements of a tag name, in order."""
        if not self._tags_by_name:
            for tag in self.tags:
                self._tags_by_name[tag.name].append(tag)
        return self._tags_by_name.get(name, [])

    def dismantle(self) -> None:
        """Forget what elements know of each other, so that they are freed at once."""
        for tag in self.tags:
            tag.__dict__.clear()


def build_tree(text: str, is_opened: bool = False) -> PageTree:
    """Return the tree of a page; XHTML is read as HTML.

    Args:
        text: The page.
        is_opened: Whether to take along what stands in templates, in documents inside of the page
            (`srcdoc`) and what browsers without scripts show.

    Raises:
        IntakeError: elements nest too deeply, or one has too many attributes.
    """
    builder = _PageTreeBuilder(
        multi_valued_attributes=None, store_line_numbers=False, string_containers={}
    )
    tree = PageTree(BeautifulSoup("", builder=builder))
    if "noframes" in text or "NOFRAMES" in text:
        # The parser takes what is for browsers without frames for plain text.
        text = _NO_FRAMES.sub("", text)
    root = _parse(_without_prefix(_XML_DECLARATION.sub("", text)))
    if root is not None:
        # What stands after the end of the page is beside its element.
        for element in (root, *root.itersiblings()):
            _copy_elements(element, tree, is_opened)
    return tree


def holds_unopened(text: str) -> bool:
    """Tell whether a page has an element that may hold what it shows."""
    return re.search(r"<(?:noscript|template|iframe)[\s>]", text, re.IGNORECASE) is not None


def _without_prefix(text: str) -> str:
    """Return XHTML whose elements have a prefix (`<html:p>`) without it."""
    prefix = _XHTML_PREFIX.search(text, 0, _HEAD_LENGTH)
    return re.sub(rf"(</?){prefix[1]}:", r"\1", text) if prefix else text


def _parse(markup: str) -> etree._Element | None:
    """Return lxml's tree of a page; None if there is no element in it.

    Raises:
        IntakeError: an element has too many attributes.
    """
    refuse_crowded_elements(markup)
    # How deep elements nest is bounded later, with an error: libxml2 would leave out the rest.
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    parser.feed(markup)
    try:
        root: etree._Element | None = parser.close()
    except etree.XMLSyntaxError:
        return None
    return root


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
    """BeautifulSoup's builder on lxml of an empty tree, which takes in elements afterwards.

    Comments, instructions, silent elements and blanks between blocks are left out, and the values
    of attributes stay as they are written.
    """

    def feed(self, markup: Any) -> None:
        """Parse nothing."""


def _copy_elements(root: etree._Element, tree: PageTree, is_opened: bool = False) -> None:
    """Add an element of lxml and all inside it at the end of a tree of BeautifulSoup.

    Args:
        root: The element.
        tree: The tree.
        is_opened: Whether what browsers with scripts do not show is added, too.

    Raises:
        IntakeError: elements nest too deeply.
    """
    around: Tag = tree.soup
    last: PageElement = tree.soup._last_descendant(is_initialized=False) or tree.soup
    texts: list[str] = []
    is_after_block, is_skipped, depth = True, False, 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        if event == "start":
            if name in _SILENT and not _is_shown(element, is_opened):
                walk.skip_subtree()
                is_skipped = True
                _note_silent(element, around, tree)
                continue
            if texts:
                last = _add_text(texts, around, last, tree)
            if (name in _INLINE_BOXES or "-" in name) and _is_shown_as_block(element):
                name = "div"
            last = around = _PageTag(name, dict(element.items()), around, last)
            tree.tags.append(around)
            depth += 1
            _check_size(len(tree.tags), depth)
            is_after_block = name in _LINE_BREAKING
            text = element.text
        else:
            if not is_skipped or name in _TEXT_BREAKING:
                if texts:
                    last = _add_text(texts, around, last, tree)
                is_after_block = (name if is_skipped else around.name) in _LINE_BREAKING
            if not is_skipped:
                around = around.parent or tree.soup
                depth -= 1
            is_skipped = False
            text = element.tail
        if text and not (is_after_block and text.isspace()):
            is_after_block = False
            texts.append(text)
    if texts:
        _add_text(texts, around, last, tree)


def _is_shown_as_block(element: etree._Element) -> bool:
    """Tell whether an inline element is a paragraph: by its style, or as its words would be glued.

    `<span>… mỗi sáng.</span><span>Người dân …</span>` is no line of text: there is no blank
    between its sentences.
    """
    style = element.get("style")
    if style and _BLOCK_STYLE.search(style):
        return True
    return _are_glued(element.getprevious(), element) or _are_glued(element, element.getnext())


def _are_glued(element: etree._Element | None, successor: etree._Element | None) -> bool:
    """Tell whether two paragraphs in elements of one kind meet without a blank."""
    if element is None or successor is None or element.tail or element.tag != successor.tag:
        return False
    return _is_paragraph(element) and _is_paragraph(successor)


def _is_paragraph(element: etree._Element) -> bool:
    """Tell whether the words of an element begin and end as a paragraph does."""
    start = element.text or ""
    end = (element[-1].tail if len(element) else start) or ""
    if len(start) < _SHORTEST_GLUED or not end.rstrip().endswith(_SENTENCE_ENDS):
        return False
    return start == start.lstrip() and end == end.rstrip() and not start[0].islower()


def _check_size(elements: int, depth: int) -> None:
    """Raise an error where there are too many elements, or they nest too deeply."""
    if elements > _MOST_ELEMENTS:
        raise IntakeError(f"holds more than {_MOST_ELEMENTS} elements")
    if depth > DEEPEST:
        raise IntakeError(f"nests elements more than {DEEPEST} deep")


def _is_shown(element: etree._Element, is_opened: bool) -> bool:
    """Tell whether a silent element shows its words all the same.

    That is a shadow root, and an element for browsers without scripts that holds the heading of
    the page: it was never closed.
    """
    if is_opened and element.tag in _OPENED:
        if element.tag == "iframe":
            _open_document(element)
        return True
    if element.tag == "template":
        return any(name in element.attrib for name in _SHADOW_ROOTS)
    return element.tag == "noscript" and element.find(".//h1") is not None


def _open_document(frame: etree._Element) -> None:
    """Put the document that a frame holds in an attribute into it, without those inside of it."""
    document = frame.attrib.pop("srcdoc", "")
    inner = _parse(document) if document.strip() else None
    frame.text = ""
    if inner is not None:
        frame.extend(list(inner))


def _is_field(element: etree._Element) -> bool:
    """Tell whether an element is a field for an address of mail, or for a comment."""
    if element.tag != "input":
        return bool(element.tag == "textarea")
    kind = str(element.get("type") or "text").lower()
    named = str(element.get("name") or "")[:_LONGEST_FIELD_NAME].lower()
    return kind == "email" or (kind == "text" and "mail" in named)


def _note_silent(element: etree._Element, around: Tag, tree: PageTree) -> None:
    """Keep what a silent element says of the page: a script's text, or that a form has a field."""
    if element.tag == "script":
        tree.scripts.append(PageScript(element.get("type") or "", element.text or ""))
    elif _is_field(element):
        tree.fields.append(around)
    elif element.tag == "input" and str(element.get("type")).lower() in _TICKED:
        tree.choices.around.add(id(around))
        if name := element.get("id"):
            tree.choices.names.add(name)


def _add_text(texts: list[str], parent: Tag, last: PageElement, tree: PageTree) -> NavigableString:
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
    tree.strings.append(node)
    return node
