"""What a page shows around its text: title, lead, date, names, category."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from indexer.intake.html.article_builder import split_names
from indexer.intake.html.blocks import words_of
from indexer.intake.html.class_patterns import (
    inside,
    is_breadcrumbs,
    is_byline,
    is_category,
    is_date,
    is_info,
    is_lead,
)
from indexer.intake.html.metadata import Metadata, is_house, is_publication
from indexer.intake.html.text_density import Measures
from indexer.vietnamese.dates import VIETNAM, moment

_LEADS = frozenset("h2 h3 p div strong span b section blockquote em".split())
_SHORTEST_LEAD, _LONGEST_LEAD = 30, 1500
_MOST_LOOKED_AT = 400
_SHORTEST_TITLE = 8
_SHARED = 0.3
"""Share of a heading's words in the metadata's title by which the two are one title."""

_WITHIN = 12
"""Elements inside the text among which something called a lead is the lead."""

_LONGEST_DATELINE = 120
_SOON = 30
"""Elements after the text among which a byline is still the article's."""

_FRONT = ("trang chủ", "home", "trang nhất")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment that the page shows, and where (`order` of its element)."""

    order: int
    when: datetime
    clock: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found before the asides were cut away; `order` places are those of `Measures`."""

    heading_order: int
    title: str
    dates: tuple[Dated, ...]
    bylines: tuple[tuple[int, tuple[str, ...]], ...]
    category: str

    def published(self, said: datetime | None) -> datetime | None:
        """When the article appeared: what the metadata say, checked against the page."""
        if said is None:
            return self._nearest()
        local = (said + timedelta(hours=7)).replace(tzinfo=None)
        if said.utcoffset() == timedelta(0) and self.dates:
            # Some papers write Vietnam's clock and call it UTC: the page shows which it is.
            shown = {one.when.replace(tzinfo=None, second=0) for one in self.dates if one.clock}
            plain = said.replace(tzinfo=None, second=0, microsecond=0)
            if plain in shown and local.replace(second=0, microsecond=0) not in shown:
                return said.replace(tzinfo=VIETNAM)
        return said

    def _nearest(self) -> datetime | None:
        """The date nearest below the heading; one with a clock is rather the article's own."""

        def rank(one: Dated) -> tuple[bool, bool, int]:
            above = one.order < self.heading_order
            return not one.clock, above, abs(one.order - self.heading_order)

        return min(self.dates, key=rank).when if self.dates else None

    def authors(self, last: int) -> tuple[str, ...]:
        """The first names below the heading and not far below the end of the text (`last`)."""
        for order, names in self.bylines:
            if self.heading_order <= order <= last + _SOON:
                return names
        return ()


def read_shown(soup: BeautifulSoup, measures: Measures, metadata: Metadata) -> Shown:
    """What the page shows, while all of it is still there."""
    heading = _heading(soup, metadata.title)
    category = metadata.category or _breadcrumb(soup) or _category(soup, measures, heading)
    return Shown(
        heading_order=measures[heading].order if heading is not None else -1,
        title=words_of(heading) if heading is not None else _without_house(metadata),
        dates=tuple(_dates(soup, measures)),
        bylines=tuple(_bylines(soup, measures, metadata)),
        category=category,
    )


def find_lead(
    soup: BeautifulSoup, containers: tuple[Tag, ...], measures: Measures, shown: Shown, said: str
) -> Tag | None:
    """The element of the lead: called one, above the text or inside it.

    Args:
        soup: the page without its asides.
        containers: what holds the article's text.
        measures: of the whole page.
        shown: what was found before.
        said: the description in the metadata; a candidate that begins like it wins.
    """
    first, last = measures[containers[0]].order, end_of(containers[-1], measures)
    around = {id(above) for tag in containers for above in (tag, *tag.parents)}
    found = []
    for tag in inside(soup):
        if tag.name not in _LEADS:
            continue
        order = measures[tag].order
        if order > last or id(tag) in around or not is_lead(tag):
            continue
        if measures[tag].text > 2 * _LONGEST_LEAD:
            continue
        text = words_of(tag)
        if not _SHORTEST_LEAD <= len(text) <= _LONGEST_LEAD or text == shown.title:
            continue
        if measures[tag].link_share < 0.5 and (order > shown.heading_order or order > first):
            found.append((tag, text))
    start = " ".join(said.split())[:25]
    alike = [tag for tag, text in found if start and start in text]
    early = [tag for tag, _ in found if measures[tag].order <= first + _WITHIN]
    return next(iter(alike + early), _heading_lead(soup, measures, shown, first))


def _heading_lead(soup: BeautifulSoup, measures: Measures, shown: Shown, first: int) -> Tag | None:
    """A long second heading right below the first, above the text."""
    for tag in soup.find_all("h2"):
        here = measures[tag]
        long = here.text >= 2 * _SHORTEST_LEAD and here.link_share < 0.5
        if shown.heading_order < here.order < first and long:
            return tag
    return None


def end_of(tag: Tag, measures: Measures) -> int:
    """The order of the last element inside an element."""
    return max((measures[one].order for one in inside(tag)), default=measures[tag].order)


def _heading(soup: BeautifulSoup, said: str) -> Tag | None:
    """The page's own heading; the one that the metadata know, where there are several."""
    headings = [tag for tag in soup.find_all("h1", limit=20) if words_of(tag)]
    for tag in headings:
        text = words_of(tag)
        if len(text) >= 0.4 * len(said) and (text in said or said.startswith(text[:30])):
            return tag
    longest = max(headings, key=lambda tag: len(words_of(tag)), default=None)
    if longest is None or sum(map(str.isalpha, said)) < _SHORTEST_TITLE:
        return longest
    # Metadata may word the title in another way, for search engines; a logo shares no words.
    words = set(words_of(longest).lower().split())
    shared = len(words & set(said.lower().split())) / len(words)
    return longest if len(words) > 3 and shared >= _SHARED else None


def _without_house(metadata: Metadata) -> str:
    """The title in the metadata without ` | Báo Lao Động` at its end."""
    head, mark, tail = metadata.title.rpartition(" | ")
    if not mark:
        head, mark, tail = metadata.title.rpartition(" - ")
    said_so = is_house(tail, metadata) or is_publication(tail)
    return head.strip() if mark and said_so else metadata.title


def _named(soup: BeautifulSoup, says: Callable[[Tag], bool]) -> list[Tag]:
    """The first elements whose names say something."""
    return list(islice((tag for tag in inside(soup) if says(tag)), _MOST_LOOKED_AT))


def _dates(soup: BeautifulSoup, measures: Measures) -> list[Dated]:
    found = []
    for tag in _named(soup, is_date):
        text = words_of(tag) if measures[tag].text <= 2 * _LONGEST_DATELINE else ""
        when = moment(str(tag.get("datetime") or "")) or (
            moment(text) if len(text) <= _LONGEST_DATELINE else None
        )
        if when is not None:
            found.append(Dated(measures[tag].order, when, bool(when.hour or when.minute)))
    return found or _datelines(soup, measures)


def _datelines(soup: BeautifulSoup, measures: Measures) -> list[Dated]:
    """Dates with a clock in short pieces of text, whatever their element is called."""
    found = []
    for text in soup.find_all(string=re.compile(r"\d{1,2}[/\-.]\d{1,2}[/\-.]\d{4}"), limit=40):
        parent = text.parent
        if type(text) is not NavigableString or parent is None or len(text) > _LONGEST_DATELINE:
            continue
        when = moment(text)
        if when is not None and (when.hour or when.minute):
            found.append(Dated(measures[parent].order, when, True))
    return found


def _bylines(
    soup: BeautifulSoup, measures: Measures, metadata: Metadata
) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for tag in (*_named(soup, is_byline), *_named(soup, is_info)):
        if measures[tag].text > 200:
            continue
        names = _names_in(tag, is_byline(tag), metadata)
        if names:
            found.append((measures[tag].order, names))
    return found


def _names_in(tag: Tag, says: bool, metadata: Metadata) -> tuple[str, ...]:
    """The names in a byline: in links or elements of their own, else in its words.

    Args:
        tag: the element.
        says: whether it is called a byline; of facts about the article only strong words count.
        metadata: knows whose names are no person's.
    """
    own = ("a", "b", "strong", "span") if says else ("b", "strong")
    parts = [words_of(one) for one in islice(inside(tag), 100) if one.name in own]
    for texts in (parts, [words_of(tag)] if says else []):
        names = [name for text in texts for name in split_names(text)]
        people = tuple(dict.fromkeys(name for name in names if _is_person(name, metadata)))
        if people:
            return people
    return ()


def _is_person(name: str, metadata: Metadata) -> bool:
    if not 3 <= len(name) <= 60 or len(name.split()) > 7 or is_house(name, metadata):
        return False
    if is_publication(name):
        return False
    return " " in name and "://" not in name and not any(c.isdigit() for c in name)


def _breadcrumb(soup: BeautifulSoup) -> str:
    """The last link of the breadcrumbs."""
    for crumbs in _named(soup, is_breadcrumbs)[:10]:
        links = [words_of(link) for link in crumbs.find_all("a")]
        named = [link for link in links if link and link.lower() not in _FRONT]
        if named:
            return str(named[-1])[:100]
    return ""


def _category(soup: BeautifulSoup, measures: Measures, heading: Tag | None) -> str:
    """A link called a category near the heading."""
    if heading is None:
        return ""
    order = measures[heading].order
    for tag in _named(soup, is_category):
        near = order - 60 <= measures[tag].order <= order + 40
        text = words_of(tag) if near and measures[tag].text <= 40 else ""
        if text and text.lower() not in _FRONT:
            return text
    return ""
