"""Running heads and feet: lines at the edges of many pages that are the same but for numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from indexer.intake.pdf.text_lines import TextLine

_EDGE_LINES = 3
"""Heights at the top and at the bottom of a page that are looked at."""

_SAME_HEIGHT = 3.0
_NUMBER = re.compile(r"\d+")
_ONLY_NUMBER = re.compile(
    r"\W{0,20}(?:(?:trang|page|tr\.)\W{0,20})?(\d{1,5})(?:\s{0,5}/\s{0,5}\d{1,5})?\W{0,20}",
    re.IGNORECASE,
)
_MARGIN = 0.08
"""Share of a page's height at the top and at the bottom that belongs to no text."""

_APART = 1.3
"""Times the usual distance of lines that a head or foot is away from the text."""

_WITHIN_HEAD = 1.8
"""Times the size of the letters that two lines of one running head are apart at most."""


@dataclass(frozen=True, slots=True)
class PageEdges:
    """The lines of a page without its running heads and feet, and the number that it shows."""

    lines: tuple[TextLine, ...]
    shown_number: int | None = None


def remove_running_heads(
    pages: Sequence[Sequence[TextLine]], heights: Sequence[float]
) -> list[PageEdges]:
    """Return the pages without the lines that repeat at their edges.

    Args:
        pages: The lines of every page.
        heights: The height of every page.
    """
    edges = [_edge_lines(lines) for lines in pages]
    least = max(2, (len(pages) + 1) // 2)
    masks = Counter(mask for page in edges for mask in {_mask(line) for line in page})
    offsets = Counter(
        offset for number, page in enumerate(edges) for offset in _offsets(page, number)
    )
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    is_numbered = count >= least
    repeated = {mask for mask, times in masks.items() if times >= least}
    cleaned = []
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        page_number = number + offset if is_numbered else None
        candidates = [line for line in edges[number] if _may_run(line, repeated, page_number)]
        apart = {id(line) for line in candidates if _is_apart(line, lines, height)}
        removed = _outer_lines(edges[number], apart)
        shown = page_number if any(_number_in(line) is not None for line in removed) else None
        kept_lines = {id(line) for line in lines} - {id(line) for line in removed}
        cleaned.append(PageEdges(tuple(line for line in lines if id(line) in kept_lines), shown))
    return cleaned


def _may_run(line: TextLine, repeated: set[str], page_number: int | None) -> bool:
    """Tell whether a line is the number of its page, or repeats on other pages."""
    own = _number_in(line)
    return own == page_number if own is not None else _mask(line) in repeated


def _is_apart(line: TextLine, lines: Sequence[TextLine], height: float) -> bool:
    """Tell whether a line stands in the margin of a page, or apart from the lines of the text."""
    if not _MARGIN * height < line.baseline < (1 - _MARGIN) * height:
        return True
    baselines = sorted({round(other.baseline, 1) for other in lines})
    distances = [upper - lower for lower, upper in zip(baselines, baselines[1:], strict=False)]
    if not distances:
        return True
    usual = max(median(distances), line.size)
    own = round(line.baseline, 1)
    place = bisect_left(baselines, own)
    # The text is above a foot, and below a head.
    inner = distances[place] if line.baseline < height / 2 and place < len(distances) else 0.0
    if line.baseline >= height / 2 and place:
        inner = distances[place - 1]
    return inner > _APART * usual


def _outer_lines(edges: list[TextLine], apart: set[int]) -> list[TextLine]:
    """Return the running lines of both edges of a page, from outside in."""
    removed: list[TextLine] = []
    for side in (edges, edges[::-1]):
        outer: TextLine | None = None
        for line in side:
            is_inner = outer and abs(outer.baseline - line.baseline) > _WITHIN_HEAD * line.size
            if is_inner or id(line) not in apart:
                break
            outer = line
            removed.append(line)
    return removed


def _edge_lines(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of the outermost heights, from the top down."""
    ordered = sorted(lines, key=lambda line: -line.baseline)
    heights: list[float] = []
    for line in ordered:
        if not heights or heights[-1] - line.baseline > _SAME_HEIGHT:
            heights.append(line.baseline)
    if len(heights) <= 2 * _EDGE_LINES:
        return ordered
    top, bottom = heights[_EDGE_LINES - 1], heights[-_EDGE_LINES]
    return [
        line
        for line in ordered
        if line.baseline >= top - _SAME_HEIGHT or line.baseline <= bottom + _SAME_HEIGHT
    ]


def _offsets(edges: list[TextLine], number: int) -> set[int]:
    """Return how much the lone numbers at a page's edges are above the page's own number."""
    return {own - number for line in edges if (own := _number_in(line)) is not None}


def _number_in(line: TextLine) -> int | None:
    """Return the number that is all there is in a line."""
    match = _ONLY_NUMBER.fullmatch(line.text)
    return int(match[1]) if match else None


def _mask(line: TextLine) -> str:
    return " ".join(_NUMBER.sub("#", line.text.lower()).split())
