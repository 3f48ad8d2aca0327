"""Boxes of an article's own text whose tags speak of something else: choices, forms, asides.

A label is content where it is an item to tick (of a quiz, a checklist, a recipe), and so is the
form around such; an aside is where it stands between paragraphs: a quotation, a box of facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bs4.element import Tag

from indexer.intake.markup.class_patterns import HEADINGS, descendants, named_roles
from indexer.intake.markup.text_density import TextDensities

_LEAST_CHOICES = 3
"""Items to tick from which on they are a list; one or two ask for consent."""

_MOST_AROUND = 4
"""Elements around an item to tick up to the one that holds the list."""

_SHORTEST_QUESTION = 20
_LONGEST_FORM = 20_000
"""Characters of a form in which a question is looked for."""

_LONGEST_AROUND = 100_000
"""Characters around an aside in which its words are looked for again."""

_MOST_BOXES, _MOST_ASIDES, _MOST_FIELDS = 400, 50, 20
"""Labels, asides and fields of forms that are looked at."""

_MOST_LINKED = 0.3
_MOST_SIBLINGS = 12
_SHORTEST_PROSE = 60
_LONGEST_QUOTATION = 600


def content_boxes(densities: TextDensities) -> set[int]:
    """Return the orders of the labels, forms and asides that are part of the article's text."""
    boxes = {densities[aside].order for aside in _content_asides(densities)}
    if densities.choices.around:
        for label, group in _choice_lists(densities):
            boxes.add(densities[label].order)
            boxes |= {densities[part].order for part in (group, *group.parents) if _is_form(part)}
    return boxes


def _choice_lists(densities: TextDensities) -> Iterator[tuple[Tag, Tag]]:
    """Yield the labels of items in lists that stand beside a paragraph, or answer a question.

    All other lists of items choose what a page shows: filters, menus, consent.
    """
    labels = densities.tagged("label")[:_MOST_BOXES]
    labels = [label for label in labels if _is_choice(label, densities)]
    told: dict[int, bool] = {}
    counts: dict[int, int] = {}
    for label in labels:
        for around in islice(label.parents, _MOST_AROUND):
            counts[id(around)] = counts.get(id(around), 0) + 1
    for label in labels:
        near = islice(label.parents, _MOST_AROUND)
        lists = (around for around in near if counts[id(around)] >= _LEAST_CHOICES)
        group = next(lists, None)
        if group is None:
            continue
        if id(group) not in told:
            told[id(group)] = _is_told(group, densities)
        if told[id(group)]:
            yield label, group


def _is_told(group: Tag, densities: TextDensities) -> bool:
    """Tell whether a list of items belongs to a text: by its words, or what is beside it."""
    if group.name in ("body", "html") or densities[group].link_share > _MOST_LINKED:
        return False
    if any(_is_aside(part) for part in (group, *islice(group.parents, _MOST_AROUND))):
        return False
    if any(_has_paragraph(group, densities, step) for step in (-1, 1)):
        return True
    return any(_asks(part) for part in (group, *islice(group.parents, 2)) if _is_form(part))


def _is_form(tag: Tag) -> bool:
    return tag.name == "form"


def _asks(form: Tag) -> bool:
    """Tell whether a form has a question with some words near its beginning."""
    text = _beginning(form, _LONGEST_FORM)
    sentences = (part.rpartition("\n")[2].strip() for part in text.split("?")[:-1])
    return any(len(sentence) >= _SHORTEST_QUESTION for sentence in sentences)


def _beginning(tag: Tag, length: int) -> str:
    """Return the text of an element from its beginning, its strings parted by blanks."""
    parts: list[str] = []
    for string in tag.strings:
        parts.append(string[:length])
        length -= len(string) + 1
        if length <= 0:
            break
    return " ".join(parts)


def _is_aside(tag: Tag) -> bool:
    roles = named_roles(tag)
    return roles.frame or roles.aside or roles.small_aside or roles.button


def _is_choice(label: Tag, densities: TextDensities) -> bool:
    """Tell whether a label is that of an item to tick, and of no form that asks for an address."""
    is_ticked = densities[label].text > 0 and (
        id(label) in densities.choices.around
        or str(label.attrs.get("for", "")) in densities.choices.names
    )
    form = label.find_parent("form") if is_ticked and densities.fields else None
    # Old sites have one form around the whole page.
    is_box = form is not None and densities[form].prose < max(densities.page.prose / 2, 1)
    return is_ticked and not (is_box and form is not None and _has_field(form, densities))


def _has_field(box: Tag, densities: TextDensities) -> bool:
    order, last = densities[box].order, densities[box].last
    fields = densities.fields[:_MOST_FIELDS]
    return any(order <= densities[field].order <= last for field in fields)


def _content_asides(densities: TextDensities) -> Iterator[Tag]:
    """Yield the asides between paragraphs that link to nothing and repeat nothing."""
    for aside in densities.tagged("aside")[:_MOST_ASIDES]:
        density = densities[aside]
        if not density.text or density.link_share > _MOST_LINKED or density.headlines:
            continue
        if _is_aside(aside):
            continue
        if _has_field(aside, densities) or any(named_roles(tag).frame for tag in _inner(aside)):
            continue
        is_between = all(_has_paragraph(aside, densities, step) for step in (-1, 1))
        if is_between and not _is_repeated(aside, densities):
            yield aside


def _inner(aside: Tag) -> Iterator[Tag]:
    return islice(descendants(aside), 4 * _MOST_SIBLINGS)


def _has_paragraph(tag: Tag, densities: TextDensities, step: int) -> bool:
    """Tell whether a paragraph is among the elements beside an element, before (-1) or after."""
    siblings = tag.previous_siblings if step < 0 else tag.next_siblings
    near = islice((sibling for sibling in siblings if isinstance(sibling, Tag)), _MOST_SIBLINGS)
    return any(
        densities[sibling].own >= _SHORTEST_PROSE
        for sibling in near
        if sibling.name not in HEADINGS and sibling.name != "aside"
    )


def _is_repeated(aside: Tag, densities: TextDensities) -> bool:
    """Tell whether an aside says what the text around it says as well."""
    around = aside.parent
    if around is None or densities[aside].text > _LONGEST_QUOTATION:
        return False
    words = " ".join(aside.get_text(" ").split()).strip("\"'“”‘’«» ")
    return " ".join(_beginning(around, _LONGEST_AROUND).split()).count(words) > 1
