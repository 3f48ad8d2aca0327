"""The address of a page: as it declares it, else as the browser that saved it notes it."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bs4.element import Tag

from indexer.intake.markup.tree_builder import PageTree

_HEAD_LENGTH = 8192
"""Characters of a saved page in which its browser notes where it was."""

_SAVED_FROM = (
    re.compile(r"<!--\s{0,9}saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000})", re.IGNORECASE),
    re.compile(r"Page saved with SingleFile\s{1,20}url: (https?://[^\s<>]{1,2000})"),
)
_ABSOLUTE = ("http://", "https://")


def canonical_link(links: list[Tag]) -> str:
    """Return the address that the first canonical link of a page names."""
    for link in links:
        if "canonical" in str(link.get("rel") or "").lower().split():
            return str(link.get("href") or "")
    return ""


def saved_address(text: str) -> str:
    """Return the address that a browser notes at the start of a page that it saves; else empty."""
    head = text[:_HEAD_LENGTH]
    matches = (pattern.search(head) for pattern in _SAVED_FROM)
    return next((match[1] for match in matches if match), "")


def absolute_address(declared: str, tree: PageTree, saved: str) -> str:
    """Return the address of a page in full.

    Args:
        declared: What it declares, which may be relative to its base; empty if nothing.
        tree: The page.
        saved: The address that a browser saved it from, empty if none is noted.
    """
    if declared.startswith(_ABSOLUTE):
        return declared
    base = next((str(tag.get("href") or "") for tag in tree.tagged("base")), "")
    if not declared:
        return saved if _names_page(saved) else ""
    try:
        joined = urljoin(urljoin(saved, base), declared)
    except ValueError:
        return declared
    return joined if joined.startswith(_ABSOLUTE) else declared


def _names_page(saved: str) -> bool:
    """Tell whether an address names a page of a site: what stands at its root changes daily."""
    try:
        parts = urlsplit(saved)
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query)
