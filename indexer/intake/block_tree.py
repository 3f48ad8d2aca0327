"""Texts that editors keep as trees of blocks, given as HTML.

Contentful's rich text (`nodeType`), Sanity's portable text (`_type`), the blocks of Strapi, Slate,
ProseMirror and Lexical (`type` and `children` or `content`), Editor.js and Draft.js (`blocks`),
Arc (`content_elements`) and Medium (`paragraphs`) differ in names alone: a block has a kind, and
blocks, pieces of a line, or a text in it.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final

from archive.errors import IntakeError
from indexer.intake.markup.fragment import MARKUP

_KINDS: Final = ("nodeType", "_type", "type")
_CHILDREN: Final = (
    *("children", "content", "blocks", "paragraphs", "content_elements", "nodes", "root"),
    *("bodyModel", "document", "items", "rows"),
)
_HOLDERS: Final = frozenset(
    ("root", "blocks", "bodyModel", "content_elements", "nodeType", "document")
)
"""Keys that only trees of blocks have."""

_HEADING: Final = re.compile(r"h[1-6]|head(?:ing|er)(?:[-_ ]?\w{1,5})?", re.IGNORECASE)
_ELEMENTS: Final = {
    **{"listitem": "li", "li": "li", "quote": "blockquote", "blockquote": "blockquote"},
    **{"bulletlist": "ul", "unorderedlist": "ul", "orderedlist": "ol", "list": "ul", "ul": "ul"},
    **{"ol": "ol", "table": "table", "tablerow": "tr", "tr": "tr", "tablecell": "td", "td": "td"},
    **{"tableheadercell": "th", "tableheader": "th", "th": "th", "tablecellheader": "th"},
    **{"unorderedlistitem": "li", "orderedlistitem": "li", "uli": "li", "oli": "li"},
    **{"listitemchild": "div", "paragraph": "p", "codeblock": "pre", "code": "pre"},
}
_LINE_ENDS: Final = frozenset(("hardbreak", "linebreak", "break"))
_PIECES: Final = frozenset(("", "text", "span", "link", "hyperlink", "mention", "inlinecode"))
_PICTURES: Final = frozenset(
    ("image", "figure", "img", "picture", "embeddedassetblock", "assetblock", "upload")
)
_DEEPEST: Final = 60
_MOST_BLOCKS: Final = 20_000


def is_block_tree(value: Any) -> bool:
    """Tell whether a value is a tree of blocks, and no text or list of texts."""
    if isinstance(value, dict):
        kind = _kind(value)
        if kind in ("doc", "document", "root") and _children(value):
            return True
        return any(isinstance(value.get(key), list | dict) for key in _HOLDERS) or (
            isinstance(value.get("paragraphs"), list) and is_block_tree(value["paragraphs"])
        )
    blocks = (
        [block for block in value if isinstance(block, dict)] if isinstance(value, list) else []
    )
    return bool(blocks) and all(map(_is_block, blocks[:_DEEPEST]))


def html_of_blocks(value: Any) -> str:
    """Return a tree of blocks as HTML: paragraphs, headings, lists, tables and captions.

    Raises:
        IntakeError: it is nested too deeply, or has too many blocks.
    """
    pieces = _Pieces()
    pieces.add_blocks(value, 0)
    return "".join(pieces.html)


def _is_block(block: dict[str, Any]) -> bool:
    """Tell whether an object is a block: it has a kind, or pieces of a line."""
    has_kind = any(isinstance(block.get(key), str) for key in _KINDS)
    holds = bool(_children(block)) or isinstance(block.get("data"), dict)
    pieces = block.get("children")
    has_pieces = isinstance(pieces, list) and all(isinstance(piece, dict) for piece in pieces)
    return (bool(pieces) and has_pieces) or (
        has_kind and (holds or _text(block) is not None or len(block) > 1)
    )


def _kind(block: dict[str, Any]) -> str:
    """Return the kind of a block without punctuation (`unordered-list` is `unorderedlist`)."""
    if block.get("listItem"):
        return "li"
    kinds = (*(block.get(key) for key in ("style", "tag")), *(block.get(key) for key in _KINDS))
    names = [kind for kind in kinds if isinstance(kind, str) and kind]
    # A style or tag says of a heading which it is; the kind of a block says what all others are.
    if heading := next(filter(_HEADING.fullmatch, names), ""):
        return heading
    named = (block.get(key) for key in _KINDS)
    kind = next((name for name in named if isinstance(name, str) and name), "")
    return re.sub(r"[^a-z]", "", kind.lower())


def _text(block: dict[str, Any]) -> str | None:
    """Return the text of a block that has one of its own."""
    texts = (block.get(key) for key in ("text", "value", "content"))
    return next((text for text in texts if isinstance(text, str)), None)


def _children(block: dict[str, Any]) -> list[Any]:
    """Return the blocks or pieces in a block."""
    values = (block.get(key) for key in _CHILDREN)
    inner = next((value for value in values if isinstance(value, list | dict) and value), [])
    return inner if isinstance(inner, list) else [inner]


def _is_piece(value: Any) -> bool:
    """Tell whether a value is a piece of a line."""
    if not isinstance(value, dict):
        return isinstance(value, str)
    kind = _kind(value)
    return kind in _LINE_ENDS or (
        kind in _PIECES and (_text(value) is not None or bool(_children(value)))
    )


def _is_root(block: dict[str, Any], kind: str) -> bool:
    """Tell whether a block is the one that all others stand in."""
    return kind in ("doc", "document", "root") or any(
        isinstance(block.get(key), list | dict) for key in _HOLDERS
    )


def _as_html(text: str) -> str:
    """Return the text of a block as HTML, which some editors keep there."""
    return text if "<" in text and MARKUP.search(text) else html.escape(text)


class _Pieces:
    """HTML that is written block by block."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self._blocks = 0

    def add_blocks(self, value: Any, depth: int) -> None:
        """Add what is in a value as blocks."""
        self._blocks += 1
        if depth > _DEEPEST or self._blocks > _MOST_BLOCKS:
            raise IntakeError("has a body of blocks that are too many or nested too deeply")
        if isinstance(value, list):
            for block in value:
                self.add_blocks(block, depth + 1)
        elif isinstance(value, str):
            self._add("p", _as_html(value))
        elif isinstance(value, dict):
            self._add_block(value, depth)

    def _add_block(self, block: dict[str, Any], depth: int) -> None:
        kind = _kind(block)
        data = block["data"] if isinstance(block.get("data"), dict) else {}
        block = data | {key: value for key, value in block.items() if value or key not in data}
        if kind in _PICTURES:
            caption = block.get("caption") or block.get("alt")
            self._add("figcaption", _as_html(caption) if isinstance(caption, str) else "")
            return
        name = "h2" if _HEADING.fullmatch(kind) else _ELEMENTS.get(kind, "")
        children, text = _children(block), _text(block)
        if not children or (text is not None and kind not in _ELEMENTS):
            self._add(name or "p", _as_html(text or ""))
        elif not _is_root(block, kind) and any(map(_is_piece, children)):
            self._add_line(name, children, depth)
        else:
            self.html.append(f"<{name or 'div'}>")
            self.add_blocks(children, depth + 1)
            self.html.append(f"</{name or 'div'}>")

    def _add_line(self, name: str, pieces: list[Any], depth: int) -> None:
        """Add pieces of a line as one; texts of a list are lines of their own."""
        if name in ("ul", "ol"):
            for piece in pieces:
                line = _as_html(piece) if isinstance(piece, str) else self._line(piece, depth)
                self._add("li", line)
            return
        self._add(name or "p", "".join(self._line(piece, depth + 1) for piece in pieces))

    def _line(self, piece: Any, depth: int) -> str:
        """Return a piece of a line as HTML, without its links."""
        self._blocks += 1
        if depth > _DEEPEST or self._blocks > _MOST_BLOCKS:
            raise IntakeError("has a body of blocks that are too many or nested too deeply")
        if isinstance(piece, str):
            return html.escape(piece)
        if not isinstance(piece, dict):
            return ""
        if _kind(piece) in _LINE_ENDS:
            return "<br>"
        text = _text(piece)
        if text is not None:
            return html.escape(text).replace("\n", "<br>")
        return "".join(self._line(child, depth + 1) for child in _children(piece))

    def _add(self, name: str, text: str) -> None:
        if text.strip():
            self.html.append(f"<{name}>{text}</{name}>")


def blocks_in_text(text: str) -> Any:
    """Return the tree of blocks that a text is the JSON of (Lexical, Draft.js); None if none."""
    if not (text.startswith(('{"', "[{")) and text.endswith(("}", "]"))):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if is_block_tree(value) else None
