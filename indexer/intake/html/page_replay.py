"""Replay of a captured page: the page as it was, with its active parts and foreign addresses out.

Pictures and style sheets lead to their captures, links to the archive's articles of their
addresses. What runs, embeds or sends is left out; whoever serves a page forbids it besides, by a
content security policy of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from archive.errors import IntakeError
from indexer.intake.encodings import decode_text
from indexer.intake.markup.attribute_limit import refuse_crowded_elements

LARGEST_PAGE = 8 << 20
"""Bytes of a page that is replayed."""

LARGEST_STYLE = 4 << 20
"""Bytes of a style sheet that is replayed."""

_LONGEST_ADDRESS = 4000
_LONGEST_PROLOGUE = 2000

_LEFT_OUT = frozenset(
    "script iframe frame frameset object embed applet base template portal fencedframe".split()
)
"""Elements that run or embed something, or change what addresses mean."""

_EMPTY = frozenset("embed base frame".split())
_RESOURCES = frozenset("src poster background data-src data-original data-lazy-src".split())
"""Attributes whose address is a picture, or another resource of the page."""

_LAZY = ("data-src", "data-original", "data-lazy-src")
"""Where pages name the picture that a script of theirs would load."""

_SENDING = frozenset("action formaction ping srcdoc manifest codebase data classid".split())
_STYLE_ADDRESS = re.compile(
    r"""url\(\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^"'()\s]{0,4000}))\s{0,9}\)"""
    r"""|@import\s{1,9}(?:"([^"]{0,4000})"|'([^']{0,4000})')""",
    re.IGNORECASE,
)
_NOTHING = "data:,"


@dataclass(frozen=True, slots=True)
class ReplayAddresses:
    """The addresses of a replay.

    Attributes:
        base: the address that the page or style sheet was captured at; it may be empty.
        resource: leads from the address of a resource to its capture; empty where there is none.
        page: leads from the address of a linked page to the archive's.
    """

    base: str
    resource: Callable[[str], str]
    page: Callable[[str], str]

    def find_resource(self, address: str) -> str:
        """Return where the capture of a resource is; embedded data are their own address."""
        if address[:11].lower() == "data:image/":
            return address
        absolute = self._absolute(address)
        return self.resource(absolute) if absolute else ""

    def find_page(self, address: str) -> str:
        """Return where a link leads; fragments of the same page stay."""
        if address.startswith("#"):
            return address
        absolute = self._absolute(address)
        return self.page(absolute) if absolute else ""

    def _absolute(self, address: str) -> str:
        """Return an address of the web, without its fragment; empty for any other."""
        try:
            absolute = urljoin(self.base, address.strip()[:_LONGEST_ADDRESS]).partition("#")[0]
            return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
        except ValueError:
            return ""


def replay_page(content: bytes, addresses: ReplayAddresses) -> bytes:
    """Return a captured page in UTF-8 as it is to be shown.

    Raises:
        IntakeError: it is too large, no page, in no encoding that can be read, or an element has
            too many attributes.
    """
    if len(content) > LARGEST_PAGE:
        raise IntakeError("the page is too large to be replayed")
    text = decode_text(content, trust_declaration=True).text
    refuse_crowded_elements(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise IntakeError(f"the page cannot be replayed: {error}") from error
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _LEFT_OUT or _is_command(element):
            _leave_out(element)
        else:
            _rewrite_element(element, addresses)
    has_doctype = "<!doctype" in text[:_LONGEST_PROLOGUE].lower()
    doctype = tree.getroottree().docinfo.doctype if has_doctype else ""
    markup = str(lxml_html.tostring(tree, encoding="unicode"))
    return f"{doctype}\n{markup[markup.index('<html') :]}".encode()


def replay_style(content: bytes, addresses: ReplayAddresses) -> bytes:
    """Return a captured style sheet whose addresses lead to their captures.

    Raises:
        IntakeError: it is too large.
    """
    if len(content) > LARGEST_STYLE:
        raise IntakeError("the style sheet is too large to be replayed")
    return _rewrite_style(content.decode("utf-8", "replace"), addresses).encode()


def _is_command(element: Any) -> bool:
    """Tell whether an element of the head tells the browser to do something."""
    if element.tag == "meta":
        return "http-equiv" in element.attrib or "charset" in element.attrib
    return element.tag == "link" and "stylesheet" not in element.get("rel", "").lower().split()


def _leave_out(element: Any) -> None:
    """Take an element out with all that is in it, but not the text after it."""
    if element.getparent() is None or not isinstance(element, lxml_html.HtmlElement):
        return
    # The parser takes what follows these for their content: they have none.
    if element.tag in _EMPTY:
        element.drop_tag()
    else:
        element.drop_tree()


def _rewrite_element(element: Any, addresses: ReplayAddresses) -> None:
    if element.tag == "style":
        element.text = _rewrite_style(element.text or "", addresses)
    _show_lazy_picture(element)
    for name, value in list(element.attrib.items()):
        written = _rewrite_attribute(element.tag, name.lower(), value, addresses)
        if written is None:
            del element.attrib[name]
        else:
            element.set(name, written)
    if element.tag in ("a", "area") and element.get("href", "#")[:1] != "#":
        element.set("target", "_top")


def _show_lazy_picture(element: Any) -> None:
    """Give a picture the address that a script of the page would have set."""
    if element.tag == "img":
        lazy = next(filter(None, map(element.get, _LAZY)), "")
        if lazy:
            element.set("src", lazy)


def _rewrite_attribute(tag: str, name: str, value: str, addresses: ReplayAddresses) -> str | None:
    """Return the value that an attribute is shown with; None for one that is left out."""
    if name.startswith("on") or name in _SENDING or ":" in name:
        return None
    if name == "href":
        find = addresses.find_resource if tag == "link" else addresses.find_page
        return find(value) or None
    if name == "srcset":
        return _rewrite_candidates(value, addresses) or None
    if name in _RESOURCES:
        return addresses.find_resource(value) or None
    return _rewrite_style(value, addresses) if name == "style" else value


def _rewrite_candidates(value: str, addresses: ReplayAddresses) -> str:
    """Return the candidates of a `srcset` that were captured."""
    candidates = []
    for candidate in value.split(", ")[:50]:
        address, _, width = candidate.strip().rstrip(",").partition(" ")
        if captured := addresses.find_resource(address):
            candidates.append(f"{captured} {width}".strip())
    return ", ".join(candidates)


def _rewrite_style(text: str, addresses: ReplayAddresses) -> str:
    """Return a style sheet in which every address leads to its capture, or to nothing."""

    def rewritten(match: re.Match[str]) -> str:
        address = next(filter(None, match.groups()), "")
        captured = addresses.find_resource(address) or _NOTHING
        is_import = match[0].startswith("@")
        return f'@import "{captured}"' if is_import else f'url("{captured}")'

    return _STYLE_ADDRESS.sub(rewritten, text)
