"""Text density of every element of a page: characters of prose and of links, in one pass.

Main content extraction and boilerplate removal both go by these figures. An element's link share
is the link density of Kohlschütter et al. (2010), "Boilerplate Detection using Shallow Text
Features"; its own prose is its text less twice its links.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from bs4.element import NavigableString, Tag

from indexer.intake.markup.class_patterns import (
    BLOCKS,
    HIDING_ATTRIBUTES,
    MARKING_ATTRIBUTES,
    ElementPattern,
    names_of,
)
from indexer.intake.markup.tree_builder import PageTree

LONGEST_SUMMARY = 320
"""Characters of a teaser's text below its headline."""

_ATTRIBUTES = MARKING_ATTRIBUTES | HIDING_ATTRIBUTES
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
        pictures: Number of pictures inside.
        linked_pictures: Number of links with words and a picture inside.
        longest: The longest prose that stands directly in a block inside.
        last: The order of the last element inside; its own if there is none.
        is_removed: Whether it has been taken out of the page, with an element around it or alone.
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
    pictures: int = 0
    linked_pictures: int = 0
    longest: int = 0
    last: int = -1
    is_removed: bool = False

    def add(self, inner: TextDensity, is_line: bool) -> None:
        """Add the counts of an element inside; the text of a line does not flow on."""
        self.text += inner.text
        self.linked += inner.linked
        self.prose += inner.prose
        self.paragraphs += inner.paragraphs
        self.headlines += inner.headlines
        self.pictures += inner.pictures
        self.linked_pictures += inner.linked_pictures
        if inner.last > self.last:
            self.last = inner.last
        if inner.longest > self.longest:
            self.longest = inner.longest
        if not is_line:
            self.flow += inner.flow
            self.flow_linked += inner.flow_linked

    @property
    def link_share(self) -> float:
        """The share of the text that is links."""
        return self.linked / self.text if self.text else 0.0

    @property
    def is_teasers(self) -> bool:
        """Whether each headline has at most a summary beside it."""
        if not self.headlines or self.headlines < self.paragraphs:
            return False
        return self.longest <= LONGEST_SUMMARY and self.prose <= LONGEST_SUMMARY * self.headlines


class TextDensities:
    """The text density of every element of a page.

    Attributes:
        tags: Its elements in order.
        strings: Its texts that are not blank, in order.
        marked: Those with an attribute that patterns look at, in order; `hiding` those that an
            attribute may hide.
        page: The density of the whole page.
        scripts: The scripts that the page had; `fields` what is around fields of its forms,
            `choices` its items to tick.
    """

    def __init__(self, tree: PageTree) -> None:
        self.page = TextDensity(-1)
        self.tags = self._ordered = tree.tags
        self.strings: list[NavigableString] = []
        self.marked: list[Tag] = []
        self.hiding: list[Tag] = []
        self.scripts, self.fields, self.choices = tree.scripts, tree.fields, tree.choices
        self._tree = tree
        self._tags_by_names: dict[str, list[Tag]] = {}
        self._densities = {
            id(tag): TextDensity(order, last=order) for order, tag in enumerate(tree.tags)
        }
        self._densities[id(tree.soup)] = self.page
        self._group_tags()
        self._count_texts()
        self._reduced: dict[int, Tag] = {}
        # Backwards, so that the elements inside an element are counted first.
        for tag in reversed(self.tags):
            density = self._densities[id(tag)]
            around = self._densities[id(tag.parent)]
            is_line = self._close(tag, density)
            if density.text or density.pictures:
                around.add(density, is_line)
            elif density.last > around.last:
                around.last = density.last

    def __getitem__(self, tag: Tag) -> TextDensity:
        return self._densities[id(tag)]

    def tagged(self, name: str) -> list[Tag]:
        """Return the elements of a tag name, in order."""
        return [tag for tag in self._tree.tagged(name) if not self[tag].is_removed]

    def remove(self, tag: Tag) -> None:
        """Take an element out of the page; the densities around it stay as they are."""
        density = self[tag]
        ancestor = tag.parent
        while ancestor is not None and id(ancestor) not in self._reduced:
            self._reduced[id(ancestor)] = ancestor
            ancestor = ancestor.parent
        tag.extract()
        for inner in self._ordered[density.order : density.last + 1]:
            self[inner].is_removed = True

    def remeasured(self) -> TextDensities:
        """Return the densities without the elements that have been removed; orders stay.

        Only the elements around those that were removed are counted anew.
        """
        densities = copy(self)
        densities._densities = dict(self._densities)
        densities._tags_by_names, densities._reduced = {}, {}
        densities.tags = [tag for tag in self.tags if not self[tag].is_removed]
        densities.strings, densities.marked, densities.hiding = [], [], []
        reduced = [tag for tag in self._reduced.values() if not self[tag].is_removed]
        for tag in sorted(reduced, key=lambda tag: -self[tag].order):
            densities._count_again(tag)
        densities.page = densities[self._tree.soup]
        return densities

    def _count_again(self, tag: Tag) -> None:
        """Count an element whose inner elements have been counted."""
        before = self[tag]
        density = self._densities[id(tag)] = TextDensity(before.order, last=before.last)
        for child in tag.contents:
            if isinstance(child, Tag):
                inner = self[child]
                density.add(inner, bool(inner.text) and self._is_line(child, inner))
            elif type(child) is NavigableString:
                length = len(child.strip())
                density.text += length
                density.flow += length
        self._close(tag, density)

    def named(self, pattern: ElementPattern) -> list[Tag]:
        """Return the elements that match a pattern, in order."""
        if not self._tags_by_names:
            self._group_tags()
        matching = [
            tag
            for names, tags in self._tags_by_names.items()
            if names and pattern.is_in(names)
            for tag in tags
        ]
        if pattern.attributes:
            matching += filter(pattern.is_marked, self.marked)
        if pattern.tag:
            matching += self.tagged(pattern.tag)
        orders = {self._densities[id(tag)].order for tag in matching}
        return [self._ordered[order] for order in sorted(orders)]

    def _group_tags(self) -> None:
        """Group the elements by their joined names, and by attributes that are looked at."""
        for tag in self.tags:
            attributes = tag.attrs
            if attributes:
                self._tags_by_names.setdefault(names_of(tag), []).append(tag)
                if not _ATTRIBUTES.isdisjoint(attributes):
                    if not MARKING_ATTRIBUTES.isdisjoint(attributes):
                        self.marked.append(tag)
                    if not HIDING_ATTRIBUTES.isdisjoint(attributes):
                        self.hiding.append(tag)

    def _count_texts(self) -> None:
        """Count what stands directly in each element."""
        densities, strings = self._densities, self.strings
        for string in self._tree.strings:
            if length := len(string.strip()):
                density = densities[id(string.parent)]
                density.text += length
                density.flow += length
                strings.append(string)

    def _close(self, tag: Tag, density: TextDensity) -> bool:
        """Complete the counts of an element whose inner elements have been added.

        Returns:
            Whether it is a line of its own.
        """
        name = tag.name
        if name == "img":
            density.pictures = 1
        if not density.text:
            # No element without words has anything else to count.
            return name in BLOCKS and name not in ("td", "th")
        if name == "a" and not _is_place(tag):
            density.linked, density.flow_linked = density.text, density.flow
            density.prose = density.paragraphs = 0
            is_headline = density.text >= _SHORTEST_HEADLINE and density.text > density.flow
            density.headlines = int(is_headline)
            density.linked_pictures = int(density.pictures > 0 and density.linked > 0)
        is_line = self._is_line(tag, density)
        if is_line:
            self._close_block(density)
        return is_line

    @staticmethod
    def _is_line(tag: Tag, density: TextDensity) -> bool:
        """Tell whether an element is a line of its own; short cells of a table share their row."""
        if tag.name in ("td", "th"):
            return density.flow >= _SHORTEST_PARAGRAPH
        return tag.name in BLOCKS

    @staticmethod
    def _close_block(density: TextDensity) -> None:
        """Count the text that flows in a block as its own prose, a paragraph or a headline."""
        prose = density.flow - 2 * density.flow_linked
        density.own = prose if prose >= _SHORTEST_PROSE else 0
        density.prose += density.own
        if density.own > density.longest:
            density.longest = density.own
        density.paragraphs += prose >= _SHORTEST_PARAGRAPH
        is_linked = density.flow_linked >= 0.9 * density.flow
        density.headlines += density.flow >= _SHORTEST_HEADLINE and is_linked


def _is_place(anchor: Tag) -> bool:
    """Tell whether an anchor leads nowhere, but is where links lead: old pages put text into it."""
    attributes = anchor.attrs
    return "href" not in attributes and ("name" in attributes or "id" in attributes)
