"""Differences between two versions of an article: line by line, and in a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

from archive.records import Article
from web.citations.citations import join_names

MOST_LINES = 2_000
"""Lines of a version that are compared; those after them are shown as replaced."""

MOST_WORDS = 500
"""Words of a line that are compared one by one; the cost is their product."""

MOST_PAIRS = 200
"""Lines that are compared word by word; the others are shown as replaced."""

CONTEXT = 1
"""Unchanged lines before and after a change."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class DifferenceKind(StrEnum):
    """The kinds of difference of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DifferencePiece:
    """A piece of a line; the text is plain and has to be escaped."""

    text: str
    kind: DifferenceKind


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A line that a reader sees of a version; `label` names its field, none for a paragraph."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A line of the newer version, a removed one, or the number of unchanged ones left out.

    Attributes:
        label: the field of the line; empty for a paragraph.
    """

    pieces: tuple[DifferencePiece, ...] = ()
    left_out: int = 0
    label: str = ""

    @property
    def older(self) -> tuple[DifferencePiece, ...]:
        """The pieces of the older version."""
        return tuple(piece for piece in self.pieces if piece.kind is not DifferenceKind.ADDED)

    @property
    def newer(self) -> tuple[DifferencePiece, ...]:
        """The pieces of the newer version."""
        return tuple(piece for piece in self.pieces if piece.kind is not DifferenceKind.REMOVED)


def difference(old: Article, new: Article) -> tuple[DifferenceLine, ...]:
    """Return the changed lines with their context; none where a reader sees no difference."""
    old_lines, new_lines = _lines(old), _lines(new)
    lines: list[DifferenceLine] = []
    pairs = iter(range(MOST_PAIRS))
    matcher = SequenceMatcher(None, old_lines[:MOST_LINES], new_lines[:MOST_LINES], autojunk=True)
    for _, start, end, first, last in matcher.get_opcodes():
        lines += _compare_lines(old_lines[start:end], new_lines[first:last], pairs)
    lines += _compare_lines(old_lines[MOST_LINES:], new_lines[MOST_LINES:], pairs)
    return tuple(_shortened(lines))


def compare_words(old: str, new: str) -> tuple[DifferencePiece, ...]:
    """Compare two texts of a line word by word."""
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    if max(len(old_words), len(new_words)) > MOST_WORDS:
        return _pieces(old, new)
    pieces: list[DifferencePiece] = []
    for start, end, first, last in _changed_phrases(old_words, new_words):
        pieces += _pieces("".join(old_words[start:end]), "".join(new_words[first:last]))
    return tuple(pieces)


def _changed_phrases(
    old_words: Sequence[str], new_words: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Return the ranges of both texts that correspond, in turn the same and changed.

    Changes with no word between them are one: `ủng hộ` against `băn khoăn` is one phrase, not two
    words glued to two others.
    """
    ranges: list[tuple[int, int, int, int]] = []
    is_changed = False
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=True)
    codes = matcher.get_opcodes()
    for place, (kind, start, end, first, last) in enumerate(codes):
        is_gap = 0 < place < len(codes) - 1 and not any(map(str.isalnum, old_words[start:end]))
        if is_changed and (kind != "equal" or is_gap):
            old_start, _, new_start, _ = ranges.pop()
            ranges.append((old_start, end, new_start, last))
        else:
            ranges.append((start, end, first, last))
            is_changed = kind != "equal"
    return ranges


def _pieces(old: str, new: str) -> tuple[DifferencePiece, ...]:
    """Return the pieces of a text and of the one in its place: none is empty, one if they agree."""
    if old == new:
        return (DifferencePiece(new, DifferenceKind.SAME),)
    removed = DifferencePiece(old, DifferenceKind.REMOVED)
    added = DifferencePiece(new, DifferenceKind.ADDED)
    return tuple(piece for piece in (removed, added) if piece.text)


def _lines(article: Article) -> list[VersionLine]:
    """Return everything that a reader sees of an article, a line for each item."""
    published = article.published_text
    if article.published and not article.published_precision:
        published = article.published.isoformat(" ", "minutes")
    lines = [
        VersionLine(article.title, "title"),
        VersionLine(article.publisher, "publisher"),
        VersionLine(published, "date"),
        VersionLine(article.category, "category"),
        VersionLine(join_names(article.authors), "author"),
        VersionLine(article.url, "address"),
        VersionLine(article.lead, "lead"),
    ]
    for section in article.sections:
        lines.append(VersionLine(section.heading_line, "heading"))
        lines += map(VersionLine, section.paragraphs)
    captions = (f"{caption.text} {caption.credit}" for caption in article.captions)
    lines += [VersionLine(caption, "caption") for caption in captions]
    stripped = (VersionLine(line.text.strip(), line.label) for line in lines)
    return [line for line in stripped if line.text]


def _compare_lines(
    old_lines: Sequence[VersionLine], new_lines: Sequence[VersionLine], pairs: Iterator[int]
) -> Iterator[DifferenceLine]:
    """Compare lines with those in their place in pairs; the remaining ones are removed or added."""
    for old, new in zip_longest(old_lines, new_lines, fillvalue=VersionLine("")):
        is_change = old.text and new.text and old.text != new.text
        compare = compare_words if is_change and next(pairs, None) is not None else _pieces
        yield DifferenceLine(compare(old.text, new.text), label=new.label or old.label)


def _shortened(lines: Sequence[DifferenceLine]) -> Iterator[DifferenceLine]:
    """Yield the lines, with long unchanged runs left out."""
    changed = [
        any(piece.kind is not DifferenceKind.SAME for piece in line.pieces) for line in lines
    ]
    is_context = [
        any(changed[max(0, number - CONTEXT) : number + CONTEXT + 1])
        for number in range(len(lines))
    ]
    for visible, run in groupby(zip(is_context, lines, strict=True), key=lambda pair: pair[0]):
        run_lines = [line for _, line in run]
        if visible:
            yield from run_lines
        elif any(changed):
            yield DifferenceLine(left_out=len(run_lines))
