"""What a page holds beside the article, cut away: scripts, frames, related links, cards."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.intake.html.class_patterns import (
    HEADINGS,
    inside,
    is_aside,
    is_body,
    is_byline,
    is_frame,
    is_lead,
)
from indexer.intake.html.text_density import Measures

_SILENT = frozenset(
    "script style noscript iframe svg template video audio object embed canvas map select option"
    " textarea input".split()
)
_CARDS = frozenset(
    "div article section aside li ul ol dl table blockquote a h2 h3 h4 h5 h6 p".split()
)
_LARGEST_CARD = 700
"""Characters of the largest box that is taken for a link to another article with its summary."""

_LONGEST_HINT = 160
_HINT = re.compile(
    r"(?:>>|»|›|▶|►|→|\*|-|\+|\[|\()*\s*(?:xem thêm|đọc thêm|xem tiếp|đọc tiếp|tin liên quan"
    r"|bài liên quan|tin,? bài liên quan|tin cùng chuyên mục|có thể bạn quan tâm|tin khác"
    r"|clip|video|từ khóa|chia sẻ|mời (?:quý )?(?:bạn đọc|độc giả|quý vị)\b.*)\s*:?",
    re.IGNORECASE,
)


def remove_silent(soup: BeautifulSoup) -> None:
    """Cut away what a page never shows as words."""
    for tag in [tag for tag in inside(soup) if tag.name in _SILENT]:
        # One inside another is gone already.
        if not tag.decomposed:
            tag.decompose()


def remove_asides(soup: BeautifulSoup, measures: Measures) -> None:
    """Cut away frames and asides, by what they are called and by how much they hold.

    A name alone does not condemn: what holds the page's heading, the body's own element or half
    of all prose is the page itself, whatever it is called.
    """
    kept = _holders(soup)
    half = measures.whole.prose / 2
    for tag in list(inside(soup)):
        if tag.decomposed or id(tag) in kept or tag.name in ("html", "body", "header"):
            continue
        if is_frame(tag):
            tag.decompose()
        elif is_aside(tag) and not is_body(tag) and not is_lead(tag):
            if measures[tag].prose < max(half, 1) or measures[tag].link_share > 0.5:
                tag.decompose()


def _holders(soup: BeautifulSoup) -> set[int]:
    """The elements that hold a heading of the first rank or something called the body."""
    kept: set[int] = set()
    for tag in inside(soup):
        if tag.name == "h1" or is_body(tag):
            above: Tag | None = tag.parent
            while above is not None and id(above) not in kept:
                kept.add(id(above))
                above = above.parent
    return kept


def remove_cards(container: Tag, measures: Measures, lead: Tag | None) -> None:
    """Cut away, inside the article, boxes that lead to other articles, and invitations to read."""
    for tag in list(inside(container)):
        if (
            not tag.decomposed
            and tag is not lead
            and tag.name in _CARDS
            and _is_card(tag, measures)
        ):
            tag.decompose()


def _is_card(tag: Tag, measures: Measures) -> bool:
    here = measures[tag]
    if not here.text or (tag.name == "a" and not here.headlines):
        return False
    if is_byline(tag):
        return False
    if here.text <= _LONGEST_HINT and _is_hint(tag, here.link_share):
        return True
    if here.linked < 20:
        return False
    if here.link_share > 0.7 and here.paragraphs == 0:
        return True
    if tag.name in HEADINGS or here.text > _LARGEST_CARD or tag.name in ("p", "a"):
        return False
    return here.paragraphs <= 1 and _leads_elsewhere(tag, measures)


def _is_hint(tag: Tag, link_share: float) -> bool:
    text = " ".join(tag.get_text(" ").split())
    found = _HINT.match(text)
    if text.startswith((">>", "»")) and link_share > 0.3:
        return True
    return bool(found) and (link_share > 0.3 or found.end() == len(text))  # type: ignore[union-attr]


def _leads_elsewhere(tag: Tag, measures: Measures) -> bool:
    """Whether a box holds a picture or a heading that is a link, so that its text is a summary."""
    for link in tag.find_all("a"):
        if link.find("img") is not None and measures[tag].headlines + measures[link].linked >= 1:
            return True
    return measures[tag].headlines > 0
