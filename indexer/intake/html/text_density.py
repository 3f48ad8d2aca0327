"""Text density of every element of a page: characters of prose and of links, in one pass.

Main content extraction and boilerplate removal both go by these figures. An element's link share
is the link density of Kohlschütter et al. (2010), "Boilerplate Detection using Shallow Text
Features"; its own prose is its text less twice its links.
"""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from archive.errors import IntakeError
from indexer.intake.html.class_patterns import BLOCKS, descendants

DEEPEST = 1000
"""Elements nested in elements; a deeper page is refused."""

LONGEST_SUMMARY = 320
"""Characters of a teaser's text below its headline."""

_SHORTEST_PROSE = 25
_SHORTEST_PARAGRAPH = 80
_SHORTEST_HEADLINE = 20


@dataclass(slots=True)
class TextDensity:
    """The text of one element, in characters without blanks at the ends of a text node.

    Attributes:
        order: Its place among the elements of the document, from 0.
        text: All of its text.
        linked: The text inside links.
        own: The prose that stands directly in it: its lines less twice their links.
        prose: `own` of it and of everything inside.
        paragraphs: Number of blocks inside that hold a real paragraph.
        headlines: Number of blocks inside that are a link and nothing else.
        flow: Its text outside of the blocks inside it, so far.
        flow_linked: The text of `flow` inside links.
    """

    order: int
    text: int = 0
    linked: int = 0
    own: int = 0
    prose: int = 0
    paragraphs: int = 0
    headlines: int = 0
    flow: int = 0
    flow_linked: int = 0

    @property
    def link_share(self) -> float:
        """The share of the text that is links."""
        return self.linked / self.text if self.text else 0.0

    @property
    def is_teasers(self) -> bool:
        """Whether each headline has at most a summary beside it."""
        if not self.headlines or self.headlines < self.paragraphs:
            return False
        return self.prose <= LONGEST_SUMMARY * self.headlines


class TextDensities:
    """The text density of every element of a page.

    Raises:
        IntakeError: elements nest too deeply.
    """

    def __init__(self, soup: BeautifulSoup) -> None:
        self._densities: dict[int, TextDensity] = {}
        tags = list(descendants(soup))
        depths = {id(soup): 0}
        for order, tag in enumerate(tags):
            depth = depths[id(tag)] = depths.get(id(tag.parent), 0) + 1
            if depth > DEEPEST:
                raise IntakeError(f"nests elements more than {DEEPEST} deep")
            self._densities[id(tag)] = TextDensity(order)
        # Backwards, so that the elements inside an element are counted first.
        for tag in reversed(tags):
            self._count(tag)
        self.page = TextDensity(-1)
        for child in soup.children:
            if isinstance(child, Tag):
                self._add_child(self.page, child)

    def __getitem__(self, tag: Tag) -> TextDensity:
        return self._densities[id(tag)]

    def _count(self, tag: Tag) -> None:
        density = self._densities[id(tag)]
        for child in tag.children:
            if isinstance(child, Tag):
                self._add_child(density, child)
            elif type(child) is NavigableString:
                length = len(child.strip())
                density.text += length
                density.flow += length
        if tag.name == "a":
            density.linked, density.flow_linked = density.text, density.flow
            density.prose = density.paragraphs = 0
            is_headline = density.text >= _SHORTEST_HEADLINE and density.text > density.flow
            density.headlines = int(is_headline)
        if self._is_line(tag):
            self._close_block(density)

    def _add_child(self, density: TextDensity, child: Tag) -> None:
        inner = self._densities[id(child)]
        density.text += inner.text
        density.linked += inner.linked
        density.prose += inner.prose
        density.paragraphs += inner.paragraphs
        density.headlines += inner.headlines
        if not self._is_line(child):
            density.flow += inner.flow
            density.flow_linked += inner.flow_linked

    def _is_line(self, tag: Tag) -> bool:
        """Tell whether an element is a line of its own; short cells of a table share their row."""
        if tag.name in ("td", "th"):
            return self._densities[id(tag)].flow >= _SHORTEST_PARAGRAPH
        return tag.name in BLOCKS

    @staticmethod
    def _close_block(density: TextDensity) -> None:
        """Count the text that flows in a block as its own prose, a paragraph or a headline."""
        prose = density.flow - 2 * density.flow_linked
        density.own = prose if prose >= _SHORTEST_PROSE else 0
        density.prose += density.own
        density.paragraphs += prose >= _SHORTEST_PARAGRAPH
        is_linked = density.flow_linked >= 0.9 * density.flow
        density.headlines += density.flow >= _SHORTEST_HEADLINE and is_linked
