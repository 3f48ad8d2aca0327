"""What changed between two versions of an article: line by line, and in a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

from archive.records import Article

MOST_LINES = 2_000
"""Lines of a version that are compared; what follows is shown as replaced."""

MOST_WORDS = 500
"""Words of a line that are compared one by one; comparing costs their product."""

MOST_PAIRS = 200
"""Lines that are compared word by word; of the others the whole line is shown as replaced."""

CONTEXT = 1
"""Unchanged lines that are shown around a change."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class DifferenceKind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DifferencePiece:
    """A piece of a line; text is plain and must be escaped to be shown."""

    text: str
    kind: DifferenceKind


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A line of the newer version, or one that is gone; `left_out` lines stood there unchanged."""

    pieces: tuple[DifferencePiece, ...] = ()
    left_out: int = 0


def difference(old: Article, new: Article) -> tuple[DifferenceLine, ...]:
    """The lines that changed, each with its neighbours; none when a reader sees no difference."""
    before, after = _lines(old), _lines(new)
    lines: list[DifferenceLine] = []
    pairs = iter(range(MOST_PAIRS))
    matcher = SequenceMatcher(None, before[:MOST_LINES], after[:MOST_LINES], autojunk=True)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            lines += (
                DifferenceLine((DifferencePiece(text, DifferenceKind.SAME),))
                for text in after[first:last]
            )
        else:
            lines += _replaced(before[start:end], after[first:last], pairs)
    lines += _replaced(before[MOST_LINES:], after[MOST_LINES:], pairs)
    return tuple(_shortened(lines))


def words(old: str, new: str) -> tuple[DifferencePiece, ...]:
    """One line as it was and as it is."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return (
            DifferencePiece(old, DifferenceKind.REMOVED),
            DifferencePiece(new, DifferenceKind.ADDED),
        )
    pieces: list[DifferencePiece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=True)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(DifferencePiece("".join(after[first:last]), DifferenceKind.SAME))
            continue
        removed, added = "".join(before[start:end]), "".join(after[first:last])
        pieces += (
            DifferencePiece(text, kind)
            for text, kind in ((removed, DifferenceKind.REMOVED), (added, DifferenceKind.ADDED))
            if text
        )
    return tuple(pieces)


def _lines(article: Article) -> list[str]:
    """Everything a reader sees, one line a thing."""
    published = article.published.isoformat(" ", "minutes") if article.published else ""
    lines = [
        article.title,
        article.publisher,
        published,
        article.category,
        ", ".join(article.authors),
        article.url,
        article.lead,
    ]
    for section in article.sections:
        lines += [section.heading_line, *section.paragraphs]
    lines += [f"{caption.text} {caption.credit}" for caption in article.captions]
    return [line for line in (text.strip() for text in lines) if line]


def _replaced(
    before: Sequence[str], after: Sequence[str], pairs: Iterator[int]
) -> Iterator[DifferenceLine]:
    """Lines in the place of others: compared in pairs, the rest gone or new."""
    for old, new in zip_longest(before, after):
        if old is None:
            yield DifferenceLine((DifferencePiece(new, DifferenceKind.ADDED),))
        elif new is None:
            yield DifferenceLine((DifferencePiece(old, DifferenceKind.REMOVED),))
        elif old == new:
            yield DifferenceLine((DifferencePiece(new, DifferenceKind.SAME),))
        elif next(pairs, None) is None:
            yield DifferenceLine(
                (
                    DifferencePiece(old, DifferenceKind.REMOVED),
                    DifferencePiece(new, DifferenceKind.ADDED),
                )
            )
        else:
            yield DifferenceLine(words(old, new))


def _shortened(lines: Sequence[DifferenceLine]) -> Iterator[DifferenceLine]:
    """The lines without the long unchanged runs."""
    changed = [
        any(piece.kind is not DifferenceKind.SAME for piece in line.pieces) for line in lines
    ]
    near = [any(changed[max(0, at - CONTEXT) : at + CONTEXT + 1]) for at in range(len(lines))]
    for shown, run in groupby(zip(near, lines, strict=True), key=lambda pair: pair[0]):
        kept = [line for _, line in run]
        if shown:
            yield from kept
        elif any(changed):
            yield DifferenceLine(left_out=len(kept))
