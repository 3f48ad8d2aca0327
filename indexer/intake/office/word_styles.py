"""The styles of a Word document: the font of a run, and which paragraphs are headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_DEEPEST = 20
_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục) ?\d|heading\d", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|tên tài liệu|tiêu đề)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """The style of a paragraph: its font, and what it is."""

    font: str = ""
    is_heading: bool = False
    is_title: bool = False


class WordStyles:
    """The styles by their names, each with those that it is based on.

    Args:
        root: The root of the part with the styles; None where there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, ParagraphStyle] = {}
        self._default = ""
        self._default_style = ""
        if root is None:
            return
        self._default = _font_in(root.find("{*}docDefaults/{*}rPrDefault/{*}rPr"))
        for style in root.iterfind("{*}style"):
            name = _value(style, "styleId")
            self._elements[name] = style
            if _value(style, "type") == "paragraph" and _value(style, "default") in ("1", "true"):
                self._default_style = name

    def of_paragraph(self, paragraph: etree._Element) -> ParagraphStyle:
        """Return the style of a paragraph."""
        stated = paragraph.find("{*}pPr/{*}pStyle")
        name = _value(stated, "val") if stated is not None else self._default_style
        style = self._known.get(name)
        if style is None:
            style = self._known[name] = self._resolve(name)
        outline = paragraph.find("{*}pPr/{*}outlineLvl")
        if outline is not None and _value(outline, "val") in "012345678":
            return ParagraphStyle(style.font, True, style.is_title)
        return style

    def font_of(self, run: etree._Element, style: ParagraphStyle) -> str:
        """Return the font of a run in a paragraph of a style."""
        properties = run.find("{*}rPr")
        if properties is None:
            return style.font
        if font := _font_in(properties):
            return font
        stated = properties.find("{*}rStyle")
        own = self._resolve(_value(stated, "val")).font if stated is not None else ""
        return own if own and own != self._default else style.font

    def _resolve(self, name: str) -> ParagraphStyle:
        """Return a style with what it takes from those that it is based on."""
        font, is_heading, is_title = "", False, False
        for _ in range(_DEEPEST):
            element = self._elements.get(name)
            if element is None:
                break
            font = font or _font_in(element.find("{*}rPr"))
            label = element.find("{*}name")
            words = _value(label, "val") if label is not None else ""
            is_heading = is_heading or bool(_HEADING.match(words))
            is_title = is_title or bool(_TITLE.fullmatch(words))
            based_on = element.find("{*}basedOn")
            name = _value(based_on, "val") if based_on is not None else ""
        return ParagraphStyle(font or self._default, is_heading, is_title)


def _font_in(properties: etree._Element | None) -> str:
    """Return the font that some properties of a run name; empty without one."""
    fonts = properties.find("{*}rFonts") if properties is not None else None
    if fonts is None:
        return ""
    return _value(fonts, "ascii") or _value(fonts, "hAnsi") or _value(fonts, "cs")


def _value(element: etree._Element, name: str) -> str:
    """Return an attribute of an element in the element's own namespace, or in none."""
    namespace = etree.QName(element).namespace
    return element.get(f"{{{namespace}}}{name}") or element.get(name) or ""
