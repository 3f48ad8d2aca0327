"""A limit for the attributes of one element: the parser's time grows with their square."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from archive.errors import IntakeError

MOST_ATTRIBUTES = 1000
"""Attributes of one element; those of real pages have some tens at most."""

_LARGEST_UNCHECKED = 64 << 10
"""Bytes of a page that has no time to lose: all its attributes on one tag take half a second."""


def refuse_crowded_elements(markup: str | bytes) -> None:
    """Refuse a page with an element of more attributes than any real one has.

    libxml2 looks for every attribute among those that its tree's element has already; a parse
    without a tree is linear (some 4 ms a megabyte).

    Raises:
        IntakeError: an element has more than `MOST_ATTRIBUTES`.
    """
    if len(markup) <= _LARGEST_UNCHECKED:
        return
    parser = etree.HTMLParser(target=_AttributeCounter(), huge_tree=True)
    try:
        parser.feed(markup)
        parser.close()
    except etree.XMLSyntaxError:
        # What is no page at all is refused by who reads it.
        return


class _AttributeCounter:
    """A target of a parser that keeps nothing."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(attributes) > MOST_ATTRIBUTES:
            raise IntakeError(f"an element has {len(attributes):,} attributes")

    def close(self) -> None:
        """Return no tree."""
