"""How much of each element of a page is prose and how much is links, counted in one pass."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from archive.errors import IntakeError
from indexer.intake.html.class_patterns import BLOCKS, inside

DEEPEST = 1000
"""Elements inside elements; a deeper page is refused."""

_SHORTEST_PROSE = 25
_PARAGRAPH = 80
_HEADLINE = 20


@dataclass(slots=True)
class Measure:
    """What an element holds, in characters without blanks at the ends.

    Attributes:
        order: its place in the document, from 0.
        text: all of its text.
        linked: the text inside links.
        own: the prose that stands directly in it: its lines less twice their links.
        prose: `own` of it and of everything inside.
        paragraphs: how many blocks inside hold a real paragraph.
        headlines: how many blocks inside are a link and nothing else.
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


class Measures:
    """The measure of every element of a page.

    Raises:
        IntakeError: elements nest too deeply.
    """

    def __init__(self, soup: BeautifulSoup) -> None:
        self._of: dict[int, Measure] = {}
        tags = list(inside(soup))
        depths = {id(soup): 0}
        for order, tag in enumerate(tags):
            depth = depths[id(tag)] = depths.get(id(tag.parent), 0) + 1
            if depth > DEEPEST:
                raise IntakeError(f"nests elements more than {DEEPEST} deep")
            self._of[id(tag)] = Measure(order)
        # Backwards, so that what is inside an element is known before it.
        for tag in reversed(tags):
            self._count(tag)
        self.whole = Measure(-1)
        for child in soup.children:
            if isinstance(child, Tag):
                self._add(self.whole, child)

    def __getitem__(self, tag: Tag) -> Measure:
        return self._of[id(tag)]

    def _count(self, tag: Tag) -> None:
        here = self._of[id(tag)]
        for child in tag.children:
            if isinstance(child, Tag):
                self._add(here, child)
            elif type(child) is NavigableString:
                length = len(child.strip())
                here.text += length
                here.flow += length
        if tag.name == "a":
            here.linked, here.flow_linked = here.text, here.flow
            here.prose = here.paragraphs = 0
            here.headlines = int(here.text >= _HEADLINE and here.text > here.flow)
        if tag.name in BLOCKS:
            self._close(here)

    def _add(self, here: Measure, child: Tag) -> None:
        inside = self._of[id(child)]
        here.text += inside.text
        here.linked += inside.linked
        here.prose += inside.prose
        here.paragraphs += inside.paragraphs
        here.headlines += inside.headlines
        if child.name not in BLOCKS:
            here.flow += inside.flow
            here.flow_linked += inside.flow_linked

    @staticmethod
    def _close(here: Measure) -> None:
        bare = here.flow - 2 * here.flow_linked
        here.own = bare if bare >= _SHORTEST_PROSE else 0
        here.prose += here.own
        here.paragraphs += bare >= _PARAGRAPH
        here.headlines += here.flow >= _HEADLINE and here.flow_linked >= 0.9 * here.flow
