"""JSON objects in the lines of a text: one a line, over several lines, or several in one.

Lines of an object are joined by its brackets, each counted once outside of strings, so that a
text takes time in proportion to its length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from indexer.intake.record_keys import is_record, values_by_key

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
"""A string, which the end of the line ends as well, or a bracket."""

_OPENING, _CLOSING = b"{[", b"}]"
_GAP = b" \t,\r"
"""Characters between objects, and around them."""

NumberedLine = tuple[int, bytes]


def join_objects(lines: Iterable[bytes], longest: int) -> Iterator[NumberedLine]:
    """Yield each object with the number of its first line, from 1; other lines as they are.

    Lines whose object is never closed, or too long, are yielded one by one.

    Args:
        lines: The lines, without their ends.
        longest: Bytes of an object that is joined.
    """
    waiting: list[NumberedLine] = []
    depth = length = 0
    for number, line in enumerate(lines, 1):
        if not waiting and not _is_joined(line):
            if line.strip():
                yield number, line
            continue
        if waiting and _is_whole_record(line):
            # What is open has lost its end.
            yield from waiting
            yield number, line
            waiting, depth, length = [], 0, 0
            continue
        for piece, open_brackets in _pieces(line, depth):
            depth = open_brackets
            if not waiting and not piece.strip(_GAP):
                continue
            waiting.append((number, piece if waiting else piece.lstrip(_GAP)))
            length += len(piece)
            if depth <= 0:
                yield waiting[0][0], b"\n".join(part for _, part in waiting)
                waiting, length = [], 0
        depth = max(depth, 0)
        if length > longest:
            yield from waiting
            waiting, depth, length = [], 0, 0
    yield from ((number, line) for number, line in waiting if line.strip())


def _is_joined(line: bytes) -> bool:
    """Tell whether a line is more or less than one object: it goes on, or others follow in it."""
    line = line.strip()
    if not line.startswith(b"{"):
        return False
    if line.endswith((b"{", b"[", b",", b":")):
        return True
    # Most records have no other object in them, which a search for one byte tells.
    return line.find(b"}", 0, -1) > 0 and (b"}{" in line or b"} {" in line)


def _is_whole_record(line: bytes) -> bool:
    """Tell whether a line is a whole record, and no part of one, such as an author in a list."""
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and is_record(values_by_key(record))


def _pieces(line: bytes, depth: int) -> Iterator[tuple[bytes, int]]:
    """Yield the pieces of a line that end where an object does, and the depth behind each.

    Args:
        line: The line.
        depth: Brackets that are open before it.
    """
    start = 0
    for token in _TOKEN.finditer(line):
        bracket = token[0]
        if bracket in _OPENING:
            depth += 1
        elif bracket in _CLOSING:
            depth -= 1
            if depth <= 0:
                yield line[start : token.end()], depth
                start, depth = token.end(), 0
    if start < len(line) or not start:
        yield line[start:], depth
