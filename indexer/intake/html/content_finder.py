"""The elements that hold a page's article, found by where its prose is."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.intake.html.class_patterns import BLOCKS, HEADINGS, inside, is_body
from indexer.intake.html.text_density import Measures

SHORTEST_BODY = 250
"""Characters of prose below which an element without a telling name is no article."""

_SHORTEST_NAMED = 80
_MOSTLY = 0.7
"""Share of what the metadata promise that an element has to hold to be taken for it."""

_NEVER = HEADINGS | frozenset("p ul ol dl table tbody thead tr figure html header".split())


def find_body(soup: BeautifulSoup, measures: Measures, said: str = "") -> tuple[Tag, ...]:
    """The elements that hold the article's text, in reading order; none if there is no article.

    Each paragraph counts for the element around it, and half for the one around that (a page may
    wrap each paragraph); a name that says what it is counts for more. An article that is broken
    into several equal parts gives all of them.

    Args:
        soup: the page without its asides.
        measures: of that page.
        said: the text of the article that the page's metadata hold, if any: among the best
            candidates the one that agrees with it wins.
    """
    scores = _scores(soup, measures)
    ranked = sorted(scores.values(), key=lambda pair: -pair[0])[:8]
    ranked = [pair for pair in ranked if _long_enough(pair[1], measures)]
    if not ranked:
        return ()
    agreeing = _agreeing([tag for _, tag in ranked], said)
    return _with_siblings(ranked[0][1], measures) if agreeing is None else (agreeing,)


def _scores(soup: BeautifulSoup, measures: Measures) -> dict[int, tuple[float, Tag]]:
    scores: dict[int, tuple[float, Tag]] = {}
    for tag in inside(soup):
        if tag.name not in BLOCKS:
            continue
        own = measures[tag].own
        if not own:
            continue
        if tag.name not in _NEVER and own >= SHORTEST_BODY:
            # Old pages separate paragraphs with <br> inside one element.
            _credit(scores, tag, own)
            continue
        parent = _block_above(tag)
        if parent is not None:
            _credit(scores, parent, own)
            above = _block_above(parent)
            if above is not None:
                _credit(scores, above, own / 2, plain=True)
    return scores


def _credit(
    scores: dict[int, tuple[float, Tag]], tag: Tag, prose: float, plain: bool = False
) -> None:
    if tag.name in _NEVER:
        return
    weight = 1.0 if plain else 3.0 if is_body(tag) else 1.2 if tag.name == "article" else 1.0
    before = scores.get(id(tag), (0.0, tag))[0]
    scores[id(tag)] = (before + weight * prose, tag)


def _block_above(tag: Tag) -> Tag | None:
    """The nearest block around an element that can hold an article."""
    above = tag.parent
    while above is not None and (above.name not in BLOCKS or above.name in ("ul", "ol", "tr")):
        above = above.parent
    return above


def _long_enough(tag: Tag, measures: Measures) -> bool:
    return measures[tag].prose >= (_SHORTEST_NAMED if is_body(tag) else SHORTEST_BODY)


def _agreeing(tags: list[Tag], said: str) -> Tag | None:
    """The tightest candidate that holds most of the text that the metadata promise."""
    words = _letters(said)
    if len(words) < SHORTEST_BODY:
        return None
    step = max(1, len(words) // 40)
    probes = [words[at : at + 24] for at in range(0, len(words) - 24, step)]
    texts = [_letters(tag.get_text(" ")) for tag in tags]
    shares = [sum(probe in text for probe in probes) / len(probes) for text in texts]
    if max(shares) < _MOSTLY:
        return None
    # Of those that are nearly as good as the best, the tightest.
    good = (at for at, share in enumerate(shares) if share >= max(shares) - 0.15)
    return tags[min(good, key=lambda at: len(texts[at]))]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _with_siblings(best: Tag, measures: Measures) -> tuple[Tag, ...]:
    """The element, and those beside it that are more of the same."""
    if best.parent is None or best.name == "body":
        return (best,)
    prose = measures[best].prose
    found = []
    for tag in best.parent.find_all(best.name, recursive=False):
        here = measures[tag]
        alike = tag.get("class") == best.get("class") and here.paragraphs > 0
        enough = alike or here.prose >= 0.3 * prose
        if tag is best or (enough and here.link_share < 0.3 and here.headlines <= here.paragraphs):
            found.append(tag)
    return tuple(found)
