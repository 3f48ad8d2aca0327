"""The metadata that a page shows around its text: title, lead, date, names, category."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4.element import Tag

from indexer.intake.bylines import is_organisation, people_in
from indexer.intake.html.metadata import FRONT_PAGE_LINKS, DeclaredMetadata
from indexer.intake.html.visible_dates import VisibleDate, read_visible_dates
from indexer.intake.markup.blocks import words_of
from indexer.intake.markup.class_patterns import (
    BREADCRUMBS,
    BYLINE,
    CAPTION,
    CATEGORY,
    FACTS,
    LEAD,
    ElementPattern,
    descendants,
    names_of,
)
from indexer.intake.markup.text_density import TextDensities

_LEAD_TAGS = frozenset("h2 h3 p div strong span b section blockquote em".split())
_SHORTEST_LEAD, _LONGEST_LEAD = 30, 1500
_MOST_HEADINGS = 20
_MOST_NAMED = 400
"""Elements with a telling name that are looked at."""

_SHORTEST_TITLE = 8
_LEAST_SHARED = 0.3
"""Share of a heading's words in the metadata's title by which the two are one title."""

_LABELLED = re.compile(
    r"\s{0,9}(?:(?:tin|bài),?(?: và)? ảnh|tin,? bài|bài|tác giả|thực hiện|người viết):\s{0,3}\w",
    re.IGNORECASE,
)
_LONGEST_LABELLED = 100
_TITLE_NAME = re.compile(
    r"(?:entry|post|article|news|detail|story|page)-?_?title|title-?_?(?:detail|post|news)"
    r"|(?:^|[-_ ])title(?=[-_ ]|$)|headline"
)
_FIRST_ELEMENTS = 12
"""Elements at the start of the text among which one that is named as lead is the lead."""

_NEXT_ELEMENTS = 30
"""Elements after the text among which a byline is still the article's."""


@dataclass(frozen=True, slots=True)
class VisibleMetadata:
    """The metadata of a page before boilerplate removal; `order` is that of `TextDensity`.

    Attributes:
        heading_order: That of the heading; -1 if the page has none.
        title_order: That of the heading, else of an element that holds only the title.
    """

    heading_order: int
    title_order: int
    title: str
    dates: tuple[VisibleDate, ...]
    bylines: tuple[tuple[int, tuple[str, ...]], ...]
    category: str

    def authors(self, last: int) -> tuple[str, ...]:
        """Return the first names between the heading and a little below the text's end (`last`)."""
        for order, names in self.bylines:
            if self.heading_order <= order <= last + _NEXT_ELEMENTS:
                return names
        return ()


def read_visible_metadata(densities: TextDensities, metadata: DeclaredMetadata) -> VisibleMetadata:
    """Read the visible metadata of a page from which nothing but scripts has been removed."""
    heading = _heading(densities, metadata.title)
    category = metadata.category or _breadcrumb(densities) or _category(densities, heading)
    title = words_of(heading) if heading is not None else _without_publisher(metadata)
    title_tag = heading or _element_of(title, densities)
    return VisibleMetadata(
        heading_order=densities[heading].order if heading is not None else -1,
        title_order=densities[title_tag].order if title_tag is not None else -1,
        title=title,
        dates=read_visible_dates(densities),
        bylines=tuple(_bylines(densities, metadata)),
        category=category,
    )


def find_lead(
    containers: tuple[Tag, ...],
    densities: TextDensities,
    visible: VisibleMetadata,
    description_hint: str,
) -> Tag | None:
    """Find the element of the lead: named as lead, above the text or inside it.

    Args:
        containers: The elements of the main content.
        densities: The text densities of the whole page.
        visible: The visible metadata of the whole page.
        description_hint: The description in the metadata; a lead that begins like it wins.
    """
    first, last = densities[containers[0]].order, end_of(containers[-1], densities)
    ancestors = {id(ancestor) for tag in containers for ancestor in (tag, *tag.parents)}
    candidates = []
    for tag in densities.named(LEAD):
        if tag.name not in _LEAD_TAGS or id(tag) in ancestors or densities[tag].is_removed:
            continue
        density = densities[tag]
        is_below_heading = density.order > min(visible.heading_order, first)
        if density.order > last or not is_below_heading or density.link_share >= 0.5:
            continue
        if CAPTION.matches(tag):
            continue
        text = words_of(tag) if density.text <= 2 * _LONGEST_LEAD else ""
        if _SHORTEST_LEAD <= len(text) <= _LONGEST_LEAD and text != visible.title:
            candidates.append((tag, text))
    start = " ".join(description_hint.split())[:25]
    alike = [tag for tag, text in candidates if start and start in text]
    early = [tag for tag, _ in candidates if densities[tag].order <= first + _FIRST_ELEMENTS]
    return next(iter(alike + early), _second_heading(densities, visible, first))


def _second_heading(densities: TextDensities, visible: VisibleMetadata, first: int) -> Tag | None:
    """Return a second heading between the first and the text that is as long as a lead."""
    for tag in densities.tagged("h2"):
        density = densities[tag]
        long = density.text >= 2 * _SHORTEST_LEAD and density.link_share < 0.5
        if visible.heading_order < density.order < first and long:
            return tag
    return None


def end_of(tag: Tag, densities: TextDensities) -> int:
    """Return the order of the last element inside an element."""
    return densities[tag].last


def _heading(densities: TextDensities, title_hint: str) -> Tag | None:
    """Return the page's own heading: of several, the one that agrees with the metadata."""
    headings = densities.tagged("h1")[:_MOST_HEADINGS]
    headings = [tag for tag in headings if words_of(tag)]
    for tag in headings:
        text = words_of(tag)
        is_beginning = text in title_hint or title_hint.startswith(text[:30])
        if len(text) >= 0.4 * len(title_hint) and is_beginning:
            return tag
    if not headings and (named := _named_heading(densities, title_hint)) is not None:
        return named
    longest = max(headings, key=lambda tag: len(words_of(tag)), default=None)
    if longest is None or sum(map(str.isalpha, title_hint)) < _SHORTEST_TITLE:
        return longest
    # Metadata may word the title in another way, for search engines; a logo shares no words.
    words = set(words_of(longest).lower().split())
    shared = len(words & set(title_hint.lower().split())) / len(words)
    return longest if len(words) > 3 and shared >= _LEAST_SHARED else None


def _named_heading(densities: TextDensities, title_hint: str) -> Tag | None:
    """Return a lower heading that is named as title, where metadata have more words or none.

    The title of a window has the site's name beside it: `Làng tôi: Cầu mới ở xã`.
    """
    for tag in (*densities.tagged("h2"), *densities.tagged("h3"))[:_MOST_HEADINGS]:
        is_named = tag.get("itemprop") == "headline" or _TITLE_NAME.search(names_of(tag))
        text = words_of(tag) if is_named else ""
        is_part = not title_hint or text in title_hint
        is_part = is_part and len(text) >= max(_SHORTEST_TITLE, 0.3 * len(title_hint))
        if text and is_part:
            return tag
    return None


def _element_of(title: str, densities: TextDensities) -> Tag | None:
    """Return the first element in the body that holds a title and nothing else."""
    start = " ".join(title.split()[:3])
    texts = (text for text in densities.strings if start and start in text)
    for text in islice(texts, _MOST_HEADINGS):
        parent = text.parent
        if parent is not None and parent.name not in ("title", "a") and words_of(parent) == title:
            return parent
    return None


def _without_publisher(metadata: DeclaredMetadata) -> str:
    """Return the title in the metadata without ` | Báo Lao Động` at its end."""
    title, separator, name = metadata.title.rpartition(" | ")
    if not separator:
        title, separator, name = metadata.title.rpartition(" - ")
    is_suffix = is_organisation(name, metadata.publisher_names)
    return title.strip() if separator and is_suffix else metadata.title


def _named(densities: TextDensities, pattern: ElementPattern) -> list[Tag]:
    """Return the first elements that match a pattern."""
    return densities.named(pattern)[:_MOST_NAMED]


def _bylines(
    densities: TextDensities, metadata: DeclaredMetadata
) -> list[tuple[int, tuple[str, ...]]]:
    bylines = []
    for tag in (*_named(densities, BYLINE), *_named(densities, FACTS)):
        if densities[tag].text > 200:
            continue
        names = _names_in(tag, BYLINE.matches(tag), metadata)
        if names:
            bylines.append((densities[tag].order, names))
    return [*bylines, *_labelled_bylines(densities, metadata)]


def _labelled_bylines(
    densities: TextDensities, metadata: DeclaredMetadata
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the names in lines that say what their bearers did: `Bài và ảnh: …`."""
    texts = (text for text in densities.strings if len(text) <= _LONGEST_LABELLED)
    for text in islice(filter(_LABELLED.match, texts), _MOST_NAMED):
        names = people_in([text], metadata.publisher_names)
        if text.parent is not None and names and all(" " in name for name in names):
            yield densities[text.parent].order, names


def _names_in(tag: Tag, named_byline: bool, metadata: DeclaredMetadata) -> tuple[str, ...]:
    """Return the names in a byline: in links or elements of their own, else in its words.

    Args:
        tag: The element.
        named_byline: Whether it is named as a byline; in other facts only strong words count.
        metadata: Holds the publisher's names, which are no person's.
    """
    name_tags = ("a", "b", "strong", "span") if named_byline else ("b", "strong")
    inner_tags = (inner for inner in islice(descendants(tag), 100) if inner.name in name_tags)
    whole = [words_of(tag)] if named_byline else []
    for texts in (list(map(words_of, inner_tags)), whole):
        people = people_in(texts, metadata.publisher_names)
        if full_names := tuple(name for name in people if " " in name):
            return full_names
    names = people_in(whole, metadata.publisher_names)
    # A single word is a name only where nothing else stands.
    return names if len(names) == 1 else ()


def _breadcrumb(densities: TextDensities) -> str:
    """Return the text of the last link of the breadcrumbs."""
    for crumbs in _named(densities, BREADCRUMBS)[:10]:
        for link in reversed(crumbs.find_all("a")):
            text = words_of(link)
            if text and text.lower() not in FRONT_PAGE_LINKS:
                return text[:100]
    return ""


def _category(densities: TextDensities, heading: Tag | None) -> str:
    """Return the text of an element near the heading that is named as category."""
    if heading is None:
        return ""
    order = densities[heading].order
    for tag in _named(densities, CATEGORY):
        is_near = order - 60 <= densities[tag].order <= order + 40
        text = words_of(tag) if is_near and densities[tag].text <= 40 else ""
        if text and text.lower() not in FRONT_PAGE_LINKS:
            return text
    return ""
