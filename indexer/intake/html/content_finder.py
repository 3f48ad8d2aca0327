"""Main content extraction: the elements that hold a page's article, found by their prose.

The scores are those of the readability family (Arc90's Readability, Mozilla's Readability.js):
each paragraph counts for its parent, and half for its grandparent; element names add weight.
"""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.intake.html.class_patterns import BLOCKS, BODY, HEADINGS, descendants
from indexer.intake.html.text_density import TextDensities

SHORTEST_BODY = 250
"""Characters of prose below which an element that is not named as body is no article."""

_SHORTEST_NAMED = 80
_LEAST_SHARE = 0.7
"""Share of the text in the metadata that an element has to hold to be taken for the article."""

_NEVER_CONTAINERS = HEADINGS | frozenset(
    "p ul ol dl table tbody thead tr figure html header".split()
)


def find_main_content(
    soup: BeautifulSoup, densities: TextDensities, text_hint: str = ""
) -> tuple[Tag, ...]:
    """Return the elements that hold the article's text, in reading order; none if it has none.

    Each paragraph counts for the element around it, and half for the one around that (a page may
    wrap each paragraph); an element that is named as body counts for more. An article that is
    broken into several equal elements gives all of them.

    Args:
        soup: The page without its asides.
        densities: The text densities of that page.
        text_hint: The text of the article in the page's metadata, if any: among the best
            candidates the one that agrees with it wins.
    """
    scores = _scores(soup, densities)
    ranked = sorted(scores.values(), key=lambda pair: -pair[0])[:8]
    candidates = [
        tag
        for _, tag in ranked
        if densities[tag].prose >= (_SHORTEST_NAMED if BODY.matches(tag) else SHORTEST_BODY)
    ]
    if not candidates:
        return ()
    agreeing = _agreeing_candidate(candidates, text_hint)
    return _with_siblings(candidates[0], densities) if agreeing is None else (agreeing,)


def _scores(soup: BeautifulSoup, densities: TextDensities) -> dict[int, tuple[float, Tag]]:
    """Return the score of each candidate by its id, with the candidate."""
    scores: dict[int, tuple[float, Tag]] = {}
    for tag in descendants(soup):
        if tag.name not in BLOCKS:
            continue
        own = densities[tag].own
        if not own:
            continue
        if tag.name not in _NEVER_CONTAINERS and own >= SHORTEST_BODY:
            # Old pages separate paragraphs with <br> inside one element.
            _add_score(scores, tag, own)
            continue
        parent = _block_around(tag)
        if parent is not None:
            _add_score(scores, parent, own)
            grandparent = _block_around(parent)
            if grandparent is not None:
                _add_score(scores, grandparent, own / 2, plain=True)
    return scores


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
    while ancestor is not None and (
        ancestor.name not in BLOCKS or ancestor.name in ("ul", "ol", "tr")
    ):
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


def _with_siblings(best: Tag, densities: TextDensities) -> tuple[Tag, ...]:
    """Return an element with its siblings of the same class or with much prose as well."""
    if best.parent is None or best.name == "body":
        return (best,)
    prose = densities[best].prose
    containers = []
    for tag in best.parent.find_all(best.name, recursive=False):
        density = densities[tag]
        alike = tag.get("class") == best.get("class") and density.paragraphs > 0
        is_prose = density.link_share < 0.3 and density.headlines <= density.paragraphs
        if tag is best or (is_prose and (alike or density.prose >= 0.3 * prose)):
            containers.append(tag)
    return tuple(containers)
