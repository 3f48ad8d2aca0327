"""Main content extraction: the elements that hold a page's article, found by their prose.

The scores are those of the readability family (Arc90's Readability, Mozilla's Readability.js):
each paragraph counts for its parent, and half for its grandparent; element names add weight.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice

from bs4.element import NavigableString, Tag

from indexer.intake.markup.class_patterns import (
    BLOCKS,
    BODY,
    BYLINE,
    CAPTION,
    HEADINGS,
)
from indexer.intake.markup.text_density import TextDensities

SHORTEST_BODY = 250
"""Characters of prose in an article, unless something says that it is a short one."""

_LEAST_SHARE = 0.7
"""Share of the text in the metadata that an element has to hold to be taken for the article."""

_LEAST_GAIN = 0.05
"""Share of the prose found so far that must stand beside it for the article to be wider."""

_WHOLE_SHARE = 0.5
"""Share of the page's prose by which an element that is named as the article is all of it."""

_CERTAIN_PROSE = 600
_LEAST_LINKED, _MOST_LINKED = 0.25, 0.5
_MOST_CANDIDATES = 8
_SHORTEST_LEAD = 60
_MOST_OPENING = 4
_NEVER_CONTAINERS = HEADINGS | frozenset(
    "p ul ol dl table tbody thead tr figure html header".split()
)
_LISTS = frozenset("ul ol dl table".split())
_LINES = HEADINGS | {"p"}
_ROWS = frozenset("ul ol dl table tbody thead tr figure".split())


@dataclass(frozen=True, slots=True)
class MainContent:
    """The element of the article's text, and the core: the element with the densest prose."""

    container: Tag
    core: Tag


def find_main_content(densities: TextDensities, text_hint: str = "") -> MainContent | None:
    """Return the element that holds the article's text, None if the page has no article.

    Each paragraph counts for the element around it, and half for the one around that (a page may
    wrap each paragraph); an element that is named as body counts for more. From the best one the
    search goes on upwards, as long as there is much more prose beside it: that is an article
    which is broken into columns, sections or boxes.

    Args:
        densities: The text densities of the page without its asides.
        text_hint: The text of the article in the page's metadata, if any: among the best
            candidates the one that agrees with it wins.
    """
    # Some pages set all their text as headings.
    scores = _scores(densities, HEADINGS) or _scores(densities)
    ranked = [tag for _, tag in sorted(scores.values(), key=lambda pair: -pair[0])]
    article = _article_with_heading(densities)
    if article is not None:
        inside = range(densities[article].order, densities[article].last + 1)
        ranked = [tag for tag in ranked if densities[tag].order in inside] or ranked
    candidates = ranked[:_MOST_CANDIDATES]
    if not candidates:
        return None
    agreeing = _agreeing_candidate(candidates, text_hint)
    if agreeing is not None:
        # What the metadata hold may be the first paragraph, in a box of its own.
        whole = candidates[0] if _encloses(candidates[0], agreeing, densities) else agreeing
        return MainContent(whole, whole)
    contents = [MainContent(_widen(core, densities, article), core) for core in candidates]
    return next(
        (content for content in contents if densities[content.container].prose >= SHORTEST_BODY),
        contents[0],
    )


def _encloses(tag: Tag, inner: Tag, densities: TextDensities) -> bool:
    """Tell whether an element holds another one that is a paragraph."""
    density = densities[tag]
    is_inside = density.order < densities[inner].order <= density.last
    return is_inside and densities[inner].paragraphs <= 1


def find_named_content(densities: TextDensities) -> MainContent | None:
    """Return the element that is named as the article of a page without prose.

    It may be a table of figures, or a list of short lines.
    """
    named = (*densities.named(BODY), *densities.tagged("article"), *densities.tagged("main"))
    unlinked = [tag for tag in named if densities[tag].text > 2 * densities[tag].linked]
    longest = max(unlinked, key=lambda tag: densities[tag].text, default=None)
    return MainContent(longest, longest) if longest is not None else None


def _widen(core: Tag, densities: TextDensities, article: Tag | None) -> Tag:
    """Return the lowest element around the core that holds nearly all of the prose around it.

    The article that holds the page's heading needs no share of the prose: what is beside it may be
    longer.
    """
    container, path = core, core
    prose = densities[core].prose
    whole = _WHOLE_SHARE * densities.page.prose
    while path is not article and not _is_whole(path, densities, whole):
        ancestor = path.parent
        if ancestor is None or ancestor.name in ("html", "[document]"):
            break
        gain = sum(
            densities[tag].prose
            for child in ancestor.contents
            if isinstance(child, Tag) and child is not path
            for tag in _clean_parts(child, densities)
        )
        if gain >= max(_LEAST_GAIN * prose, 1):
            container = ancestor
            prose += gain
        path = ancestor
    return container


def _article_with_heading(densities: TextDensities) -> Tag | None:
    """Return the element that is marked as the article and holds the page's heading."""
    for heading in densities.tagged("h1"):
        article = heading.find_parent("article")
        if article is not None and densities[article].prose >= _CERTAIN_PROSE:
            return article
    return None


def _is_whole(tag: Tag, densities: TextDensities, prose: float) -> bool:
    """Tell whether an element is marked as the article, and holds enough of the page's prose."""
    if tag.name == "article":
        return densities[tag].prose >= 1.5 * prose
    return (tag.name == "main" or BODY.matches(tag)) and densities[tag].prose >= prose


def _clean_parts(tag: Tag, densities: TextDensities) -> Iterator[Tag]:
    """Yield the largest elements in an element that hold prose and hardly any links."""
    waiting = [tag]
    while waiting:
        part = waiting.pop()
        density = densities[part]
        is_list = density.link_share >= _MOST_LINKED or density.is_teasers
        if not density.prose or is_list:
            continue
        if density.headlines == 0 and density.link_share < _LEAST_LINKED:
            yield part
        else:
            waiting += [child for child in part.contents if isinstance(child, Tag)]


def remove_surroundings(content: MainContent, densities: TextDensities) -> None:
    """Remove what is no prose around the core of the main content."""
    path = content.core
    while path is not content.container:
        ancestor = path.parent
        if ancestor is None:
            return
        for child in [child for child in ancestor.contents if isinstance(child, Tag)]:
            if child is not path:
                _keep_clean_parts(child, densities)
        path = ancestor


def _keep_clean_parts(tag: Tag, densities: TextDensities) -> None:
    clean = list(_clean_parts(tag, densities))
    if tag.name in HEADINGS or any(part is tag for part in clean):
        return
    around = {id(ancestor) for part in clean for ancestor in part.parents}
    waiting = [tag]
    whole = {id(part) for part in clean}
    while waiting:
        part = waiting.pop()
        if id(part) in whole:
            continue
        if id(part) in around:
            waiting += [child for child in part.contents if isinstance(child, Tag)]
        elif (part.name not in HEADINGS or densities[part].linked) and not _is_plain_list(
            part, densities
        ):
            densities.remove(part)


def _is_plain_list(tag: Tag, densities: TextDensities) -> bool:
    """Tell whether an element is a list or table without links, and at most its heading."""
    if not densities[tag].text or densities[tag].linked:
        return False
    has_list, waiting = False, [tag]
    while waiting:
        part = waiting.pop()
        if part.name in _LISTS:
            has_list = True
        elif part.name not in _LINES:
            if any(isinstance(text, NavigableString) and text.strip() for text in part.contents):
                return False
            children = (child for child in part.contents if isinstance(child, Tag))
            waiting += [child for child in children if densities[child].text]
    return has_list


def find_opening(content: MainContent, densities: TextDensities, heading: int) -> list[Tag]:
    """Return the paragraphs without links between the page's heading and the main content.

    Args:
        content: The main content of the page.
        densities: The text densities of the page without its asides.
        heading: The order of the page's heading; below 0 if it has none.
    """
    around = {id(ancestor) for ancestor in content.container.parents}
    paragraphs: list[Tag] = []
    for tag in densities.tags:
        if tag is content.container:
            break
        density = densities[tag]
        is_below = 0 <= heading < density.order and id(tag) not in around and not density.is_removed
        if is_below and tag.name in BLOCKS and density.own >= _SHORTEST_LEAD:
            if density.link_share < _LEAST_LINKED and not _is_beside_text(tag):
                paragraphs.append(tag)
    return paragraphs[:_MOST_OPENING]


def _is_beside_text(tag: Tag) -> bool:
    """Tell whether a paragraph is, or is in, a caption, a byline or a heading."""
    return tag.name in HEADINGS or any(
        CAPTION.matches(part) or BYLINE.matches(part) or part.name == "figure"
        for part in (tag, *islice(tag.parents, 3))
    )


def _scores(
    densities: TextDensities, passed_over: Container[str] = ("h1",)
) -> dict[int, tuple[float, Tag]]:
    """Return the score of each candidate by its id, with the candidate.

    Args:
        densities: The text densities of the page without its asides.
        passed_over: Tags whose prose does not count.
    """
    scores: dict[int, tuple[float, Tag]] = {}
    for tag in densities.tags:
        if tag.name not in BLOCKS or tag.name in passed_over:
            continue
        own = densities[tag].own
        if not own:
            continue
        if tag.name not in _NEVER_CONTAINERS and own >= SHORTEST_BODY:
            # Old pages separate paragraphs with <br> inside one element.
            _add_score(scores, tag, own)
            continue
        parent = _block_around(tag)
        if parent is None:
            continue
        _add_score(scores, parent, own)
        around = _around_wrappers(parent, densities[tag].text, densities)
        grandparent = _block_around(parent)
        if around is not parent:
            _add_score(scores, around, own)
            grandparent = _block_around(around)
        if grandparent is not None:
            _add_score(scores, grandparent, own / 2, plain=True)
    return scores


def _around_wrappers(box: Tag, length: int, densities: TextDensities) -> Tag:
    """Return the block around boxes of one paragraph each, which are as good as none.

    It is the box itself where more than a paragraph of that length stands in it, or nowhere
    around it.
    """
    around: Tag | None = box
    while around is not None and densities[around].text == length:
        around = _block_around(around)
    is_shared = around is not None and densities[around].paragraphs > 1
    return around if around is not None and is_shared else box


def _add_score(
    scores: dict[int, tuple[float, Tag]], tag: Tag, prose: float, plain: bool = False
) -> None:
    """Add prose to the score of an element, weighted by its name unless `plain`."""
    if tag.name in _NEVER_CONTAINERS:
        return
    weight = 1.0 if plain else 3.0 if BODY.matches(tag) else 1.2 if tag.name == "article" else 1.0
    score, _ = scores.get(id(tag), (0.0, tag))
    scores[id(tag)] = (score + weight * prose, tag)


def _block_around(tag: Tag) -> Tag | None:
    """Return the nearest block around an element that can hold an article."""
    ancestor = tag.parent
    while ancestor is not None and (ancestor.name not in BLOCKS or ancestor.name in _ROWS):
        ancestor = ancestor.parent
    return ancestor


def _agreeing_candidate(tags: list[Tag], text_hint: str) -> Tag | None:
    """Return the tightest candidate that holds most of the text in the metadata."""
    hint = _letters(text_hint)
    if len(hint) < SHORTEST_BODY:
        return None
    # Some 40 probes of 24 letters, spread over the text.
    step = max(1, len(hint) // 40)
    probes = [hint[start : start + 24] for start in range(0, len(hint) - 24, step)]
    texts = [_letters(tag.get_text(" ")) for tag in tags]
    shares = [sum(probe in text for probe in probes) / len(probes) for text in texts]
    if max(shares) < _LEAST_SHARE:
        return None
    # Of the candidates that are nearly as good as the best, the tightest.
    good = (index for index, share in enumerate(shares) if share >= max(shares) - 0.15)
    return tags[min(good, key=lambda index: len(texts[index]))]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
