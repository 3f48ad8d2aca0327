"""Boilerplate removal: the frame of a page, asides, and cards inside the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bs4.element import NavigableString, PageElement, Tag

from indexer.intake.html.body_boxes import content_boxes
from indexer.intake.html.metadata import host_of
from indexer.intake.markup.class_patterns import (
    BODY,
    BYLINE,
    HEADINGS,
    LEAD,
    UNFOLDED,
    NameRoles,
    descendants,
    is_hidden,
    roles_of,
)
from indexer.intake.markup.invitations import LONGEST_INVITATION, is_invitation
from indexer.intake.markup.text_density import LONGEST_SUMMARY, TextDensities, TextDensity

_CARD_TAGS = frozenset(
    "div article section aside li ul ol dl table blockquote a h2 h3 h4 h5 h6 p".split()
)
_NEVER_CUT = frozenset(("html", "body", "header"))
_FRAME_TAGS = frozenset(("aside", "footer", "nav", "dialog", "menu"))
_LARGEST_BUTTONS = 200
_LARGEST_BUTTON = 100
_LEAST_LINKED_BUTTON = 0.5
_MOST_HIDDEN = 0.75
"""Share of the page's prose in hidden elements from which on they are the page."""

_MOST_LINKED = 0.3
_SHORTEST_QUESTION, _LONGEST_QUESTION = 15, 300
"""Characters of a button that shows the answer to it."""

_LEAST_ASKED = 0.15
"""Share of the page's prose that the questions of a page of questions have at least."""

_MOST_FRAMED = 0.9
"""Share of the page's prose from which on an element is the page, whatever its tag says."""

_LARGEST_CARD = 700
"""Characters of the largest box that is taken for a link to another article and its summary."""

_SHORTEST_ARTICLE = 250
_SHORTEST_BIOGRAPHY = 120
_LINES = (HEADINGS | {"p", "div"}) - {"h1"}
_LONGEST_ANNOUNCEMENT = 80
_BOXES = frozenset("div article section li".split())
_CUT_SHORT = re.compile(r"\w ?(?:\.\.\.|…|\[ ?(?:\.\.\.|…) ?\])(?: ?\W{0,3}[^.…]{1,30})?$")
"""The end of a summary whose text breaks off, and the words of the link behind it."""

_MOST_SOURCES = 100
_SHARED_NAMES = frozenset("www m com org net edu gov co amp".split())
"""Parts of a host's name that tell no site from another."""


def remove_asides(densities: TextDensities) -> None:
    """Remove the frame of a page and its asides, by their names and their text density.

    A name never outvotes the prose: an element that holds the page's heading, the body's own
    element or half of all prose is the page itself, however it is named. Only what readers and
    dialogs say may be more than the article, where an article is left without it or the body's
    own element stands beside it.
    """
    ancestors = _ancestors_of_content(densities)
    shows_hidden = _hidden_prose(densities) >= _MOST_HIDDEN * max(densities.page.prose, 1)
    discussions, own_boxes = set[int](), _questions(densities) | content_boxes(densities)
    bodies = _bodies(densities)
    for tag in densities.tags:
        density = densities[tag]
        if density.is_removed or id(tag) in ancestors or tag.name in _NEVER_CUT:
            continue
        roles = roles_of(tag)
        if density.order in own_boxes:
            continue
        if not roles.frame:
            hidden = roles.hidden and not (shows_hidden or _is_unfolded(tag, densities))
            if not roles.content and not _is_marked_content(tag):
                _remove_aside(tag, roles, hidden, densities)
        elif not (id(tag) in discussions and roles.discussion):
            is_beside = roles.discussion and any(
                body.last < density.order or body.order > density.last for body in bodies
            )
            if is_beside or _is_certain_frame(tag, roles, density, densities.page):
                densities.remove(tag)
            elif roles.discussion:
                # A report that is told in "comments" is made of many.
                discussions |= {id(child) for child in descendants(tag)}


def _hidden_prose(densities: TextDensities) -> int:
    """Return the prose in hidden elements: nearly all of a page whose script shows its parts."""
    prose, last = 0, -1
    for tag in densities.hiding:
        density = densities[tag]
        if density.order > last and tag.name not in _NEVER_CUT and is_hidden(tag):
            prose += density.prose
            last = density.last
    return prose


def _is_unfolded(tag: Tag, densities: TextDensities) -> bool:
    """Tell whether a hidden element is a part of the text that a tab or a button shows.

    Its names say so, a question stands before it, or a brother of its class is shown, a tab.
    """
    density = densities[tag]
    if not density.text or density.link_share > _MOST_LINKED:
        return False
    if UNFOLDED.matches(tag) or _is_answer(tag, densities):
        return True
    name = str(tag.attrs.get("class") or "")
    brothers = tag.parent.contents if tag.parent is not None and name and density.prose else ()
    return any(
        isinstance(brother, Tag)
        and brother.name == tag.name
        and str(brother.attrs.get("class") or "").split()[:1] == name.split()[:1]
        and densities[brother].prose > 0
        and not is_hidden(brother)
        for brother in brothers
    )


def _is_answer(tag: Tag, densities: TextDensities) -> bool:
    before = _text_sibling(tag, densities, -1)
    is_line = before is not None and densities[before].text <= _LONGEST_QUESTION
    return is_line and before is not None and before.get_text().rstrip().endswith("?")


def _questions(densities: TextDensities) -> set[int]:
    """Return the orders of the buttons that show answers, where the page is made of such.

    A few of them below an article are none of its text.
    """
    buttons = [
        densities[tag]
        for tag in densities.tagged("button")
        if _SHORTEST_QUESTION <= densities[tag].text <= _LONGEST_QUESTION
        and tag.get_text().rstrip().endswith("?")
    ]
    is_page = sum(button.text for button in buttons) >= _LEAST_ASKED * densities.page.prose
    return {button.order for button in buttons} if is_page else set()


def _remove_aside(tag: Tag, roles: NameRoles, hidden: bool, densities: TextDensities) -> None:
    """Remove an element if it is hidden or named as an aside, and not too much of the prose."""
    density, page = densities[tag], densities.page
    is_half = density.prose >= max(page.prose / 2, 1)
    if roles.aside or hidden:
        if not is_half or density.link_share > 0.5:
            _remove_announced(tag, densities)
    elif density.own >= _SHORTEST_BIOGRAPHY and not is_half and BYLINE.matches(tag):
        densities.remove(tag)
    elif roles.small_aside and density.prose <= max(_LARGEST_BUTTONS, page.prose / 20):
        densities.remove(tag)
    elif roles.button and not is_half:
        if density.text <= _LARGEST_BUTTON or density.link_share > _LEAST_LINKED_BUTTON:
            densities.remove(tag)


def _is_marked_content(tag: Tag) -> bool:
    return bool(tag.attrs) and (BODY.is_marked(tag) or LEAD.is_marked(tag))


def _is_certain_frame(tag: Tag, roles: NameRoles, density: TextDensity, page: TextDensity) -> bool:
    """Tell whether an element that is named as a frame holds too little to be the page itself."""
    is_all = density.prose >= _MOST_FRAMED * page.prose and density.paragraphs > 1
    if tag.name in _FRAME_TAGS and (density.link_share > _MOST_LINKED or not is_all):
        return True
    if density.prose < max(page.prose / 2, 1):
        return True
    rest = page.prose - density.prose
    return roles.discussion and rest >= max(_SHORTEST_ARTICLE, density.prose / 10)


def _bodies(densities: TextDensities) -> list[TextDensity]:
    """Return the densities of the elements that are named as body and hold an article's text."""
    bodies = map(densities.__getitem__, densities.named(BODY))
    return [body for body in bodies if body.prose >= _SHORTEST_ARTICLE]


def _ancestors_of_content(densities: TextDensities) -> set[int]:
    """Return the ids of the elements around a first-rank heading or an element named as body."""
    ancestors: set[int] = set()
    headings = densities.tagged("h1")
    for tag in (*headings, *densities.named(BODY)):
        ancestor: Tag | None = tag.parent
        while ancestor is not None and id(ancestor) not in ancestors:
            ancestors.add(id(ancestor))
            ancestor = ancestor.parent
    return ancestors


def remove_cards(
    container: Tag,
    densities: TextDensities,
    lead: Tag | None,
    core: Tag | None = None,
    site: str = "",
) -> None:
    """Remove, inside the article, cards that link to other articles, and invitations to read.

    Args:
        container: The element of the article's text.
        densities: The text densities of the page.
        lead: The element of the lead, which stays.
        core: The element with the densest prose, which stays.
        site: The host of the page, empty if nothing names it: a list of links to other sites are
            the article's sources, and stays.
    """
    half = max(densities[container].prose / 2, 1)
    sources: set[int] = set()
    for tag in list(descendants(container)):
        if densities[tag].is_removed or tag is lead or tag is core or tag.name not in _CARD_TAGS:
            continue
        if id(tag) in sources or densities[tag].prose >= half:
            continue
        if tag.name in ("ul", "ol") and _leads_elsewhere(tag, site):
            sources |= {id(inner) for inner in descendants(tag)}
        elif _is_card(tag, densities):
            _remove_announced(tag, densities)


def _leads_elsewhere(tag: Tag, site: str) -> bool:
    """Tell whether every link in a list leads to another site than the page's."""
    addresses = [str(link.attrs.get("href", "")) for link in tag.find_all("a", limit=_MOST_SOURCES)]
    name = _site_name(site)
    return bool(name and addresses) and all(
        address.startswith(("http://", "https://")) and name not in host_of(address)
        for address in addresses
    )


def _site_name(host: str) -> str:
    """Return the part of a host's name that a paper's other sites have too, empty if none has."""
    parts = [part for part in host.split(".")[:-1] if part not in _SHARED_NAMES]
    return max(parts, key=len, default="")


def _remove_announced(tag: Tag, densities: TextDensities) -> None:
    """Remove an element, and the line before it if that announced nothing but it."""
    before, after = _text_sibling(tag, densities, -1), _text_sibling(tag, densities, 1)
    if before is not None and _is_announcement(before, densities):
        if after is None or _is_announcement(after, densities):
            densities.remove(before)
    densities.remove(tag)


def _text_sibling(tag: Tag, densities: TextDensities, step: int) -> Tag | None:
    """Return the nearest sibling element that has text, before (-1) or after (1) an element."""
    siblings = tag.previous_siblings if step < 0 else tag.next_siblings
    near = (sibling for sibling in islice(siblings, 12) if isinstance(sibling, Tag))
    return next((sibling for sibling in near if densities[sibling].text), None)


def _is_announcement(tag: Tag, densities: TextDensities) -> bool:
    density = densities[tag]
    if density.text > _LONGEST_ANNOUNCEMENT or density.linked or tag.name not in _LINES:
        return False
    return tag.name in HEADINGS or tag.get_text().rstrip().endswith(":")


def _is_card(tag: Tag, densities: TextDensities) -> bool:
    density = densities[tag]
    if not density.text or (tag.name == "a" and not density.headlines) or BYLINE.matches(tag):
        return False
    if density.text <= LONGEST_INVITATION:
        if is_invitation(" ".join(tag.get_text(" ").split()), density.link_share):
            return True
    if tag.name in _BOXES and density.text <= _LARGEST_CARD and _is_cut_short(tag, density):
        return True
    if density.linked < 20:
        # A button; a short list of links may be part of the text.
        return tag.name in ("p", "div") and density.linked == density.text
    if tag.name == "table" and tag.find("th") is not None:
        # What has a heading for each column compares things, with a link for some.
        return False
    if density.link_share > 0.7 and density.paragraphs == 0:
        return True
    if tag.name in HEADINGS or density.text > _LARGEST_CARD or tag.name in ("p", "a"):
        return False
    is_short = density.paragraphs <= 1 and density.prose <= LONGEST_SUMMARY
    return is_short and _has_linked_headline(density)


def _is_cut_short(tag: Tag, density: TextDensity) -> bool:
    """Tell whether a box ends where its text breaks off, but for a link to all of it."""
    if not density.linked or density.paragraphs > 1:
        return False
    if not _CUT_SHORT.search(" ".join(tag.get_text(" ").split())):
        return False
    last = next((text for text in _texts_from_end(tag) if text.strip()), None)
    return _has_linked_headline(density) or (last is not None and last.find_parent("a") is not None)


def _texts_from_end(tag: Tag) -> Iterator[NavigableString]:
    """Yield the texts in an element, the last one first."""
    waiting: list[PageElement] = [tag]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tag):
            waiting += part.contents
        elif isinstance(part, NavigableString):
            yield part


def _has_linked_headline(density: TextDensity) -> bool:
    """Tell whether a picture or a heading in a box is a link, so that its text is a summary."""
    return density.headlines > 0 or density.linked_pictures > 0
