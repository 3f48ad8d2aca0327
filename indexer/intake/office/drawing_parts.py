"""Parts of drawings that Word documents and presentations share: their sizes and relations."""

from __future__ import annotations

from lxml import etree

_EMU = 9525
"""English Metric Units in a pixel."""


def attribute_of(element: etree._Element, name: str) -> str:
    """Return an attribute of any namespace; empty where there is none."""
    end = f"}}{name}"
    return next((str(v) for key, v in element.attrib.items() if str(key).endswith(end)), "")


def pixels_of(length: str | None) -> int:
    """Return a length in English Metric Units as pixels; 0 for what is no length."""
    is_length = length and length.isascii() and length.isdecimal() and len(length) < 12
    return int(length) // _EMU if length and is_length else 0
