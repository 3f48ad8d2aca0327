"""The binary format of Word 97 to 2003: pieces of text, and the font of each run."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.office.compound_file import CompoundFile

MOST_CHARACTERS = 16 << 20
"""Characters of one document that are read."""

_MAGIC = 0xA5EC
_EARLIEST_VERSION = 193
_ENCRYPTED, _SECOND_TABLE = 0x100, 0x200
_PAGE_LENGTH = 512
_COMPRESSED = 0x40000000
_FONT, _OTHER_FONT, _DELETED, _HIDDEN = 0x4A4F, 0x4A51, 0x0800, 0x083C
_OPERAND_LENGTHS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of the text: its characters, offset in the stream, and bytes of a character."""

    length: int
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class CharacterRun:
    """The properties of the characters between two offsets of the stream."""

    start: int
    end: int
    font: int | None = None
    is_left_out: bool = False


@dataclass(slots=True)
class Word97Text:
    """The text of a document in runs.

    Attributes:
        runs: Font (empty where unknown) and text; control characters are in it.
    """

    runs: list[tuple[str, str]] = field(default_factory=list)


def read_word_97(data: bytes) -> Word97Text:
    """Read the text and the notes of a document, without heads, feet and deleted words.

    Raises:
        UnreadableError: it is damaged, encrypted, or older.
    """
    try:
        return _read(CompoundFile(data))
    except (struct.error, IndexError, ValueError) as error:
        raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error


def _read(package: CompoundFile) -> Word97Text:
    stream = package.read("WordDocument") or b""
    magic, version = struct.unpack_from("<HH", stream, 0)
    if magic != _MAGIC or version < _EARLIEST_VERSION:
        raise UnreadableError(
            "is a Word document older than Word 97: save it again with a newer program",
            ReadingState.UNSUPPORTED,
        )
    (flags,) = struct.unpack_from("<H", stream, 10)
    if flags & _ENCRYPTED:
        raise UnreadableError("needs a password", ReadingState.ENCRYPTED)
    table = package.read("1Table" if flags & _SECOND_TABLE else "0Table") or b""
    body, notes = struct.unpack_from("<LL", stream, 0x4C)
    fonts = _read_fonts(_part(stream, table, 0x112))
    default = _default_font(_part(stream, table, 0xA2))
    runs = sorted(_read_runs(stream, _part(stream, table, 0xFA)), key=lambda run: run.start)
    text = Word97Text()
    left = min(body + notes, MOST_CHARACTERS)
    for piece in _read_pieces(_part(stream, table, 0x1A2)):
        piece_length = min(piece.length, left)
        left -= piece_length
        for number, words in _piece_runs(stream, piece, piece_length, runs):
            place = default if number is None else number
            text.runs.append((fonts[place] if 0 <= place < len(fonts) else "", words))
    return text


def _part(stream: bytes, table: bytes, place: int) -> bytes:
    """Return the part of the table whose offset and length stand at a place of the header."""
    offset, length = struct.unpack_from("<LL", stream, place)
    return table[offset : offset + length]


def _read_pieces(part: bytes) -> Iterator[TextPiece]:
    place = 0
    while part[place] == 1:
        place += 3 + struct.unpack_from("<H", part, place + 1)[0]
    (length,) = struct.unpack_from("<L", part, place + 1)
    pieces = part[place + 5 : place + 5 + length]
    count = (len(pieces) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}L", pieces, 0)
    for number in range(count):
        (offset,) = struct.unpack_from("<L", pieces, 4 * (count + 1) + 8 * number + 2)
        characters = max(0, starts[number + 1] - starts[number])
        if offset & _COMPRESSED:
            yield TextPiece(characters, (offset & 0x3FFFFFFF) // 2, 1)
        else:
            yield TextPiece(characters, offset & 0x3FFFFFFF, 2)


def _read_fonts(part: bytes) -> list[str]:
    """Return the names of the fonts."""
    fonts: list[str] = []
    place = 4
    while place < len(part):
        length = part[place]
        name = part[place + 40 : place + 1 + length].decode("utf-16-le", "replace")
        fonts.append(name.partition("\0")[0])
        place += 1 + length
    return fonts


def _default_font(part: bytes) -> int:
    """Return the font of the first style (Normal), else that of the style sheet; -1 if unknown."""
    try:
        head_length, _, base_length = struct.unpack_from("<HHH", part, 0)
        (standard,) = struct.unpack_from("<H", part, 14)
        (style_length,) = struct.unpack_from("<H", part, 2 + head_length)
        style = part[4 + head_length : 4 + head_length + style_length]
        (name_length,) = struct.unpack_from("<H", style, base_length)
        place = base_length + 2 + 2 * name_length + 2
        (paragraph_length,) = struct.unpack_from("<H", style, place)
        place += 2 + paragraph_length + paragraph_length % 2
        (length,) = struct.unpack_from("<H", style, place)
    except struct.error:
        return -1
    font = _properties(0, 0, style[place + 2 : place + 2 + length]).font
    return int(standard) if font is None else font


def _read_runs(stream: bytes, part: bytes) -> Iterator[CharacterRun]:
    """Yield the runs of characters with their properties."""
    count = max(0, (len(part) - 4) // 8)
    for number in range(min(count, len(stream) // _PAGE_LENGTH)):
        (page_number,) = struct.unpack_from("<L", part, 4 * (count + 1) + 4 * number)
        start = (page_number & 0x3FFFFF) * _PAGE_LENGTH
        page = stream[start : start + _PAGE_LENGTH]
        if len(page) < _PAGE_LENGTH:
            continue
        runs = page[511]
        offsets = struct.unpack_from(f"<{runs + 1}L", page, 0)
        for run in range(runs):
            place = 2 * page[4 * (runs + 1) + run]
            properties = page[place + 1 : place + 1 + page[place]] if place else b""
            yield _properties(offsets[run], offsets[run + 1], properties)


def _properties(start: int, end: int, properties: bytes) -> CharacterRun:
    font: int | None = None
    is_left_out = False
    place = 0
    while place + 3 <= len(properties):
        code, first = struct.unpack_from("<HB", properties, place)
        place += 2
        if code in (_FONT, _OTHER_FONT) and place + 2 <= len(properties):
            if code == _FONT or font is None:
                (font,) = struct.unpack_from("<H", properties, place)
        elif code in (_DELETED, _HIDDEN):
            is_left_out = is_left_out or first == 1
        place += _OPERAND_LENGTHS.get(code >> 13, 1 + first)
    return CharacterRun(start, end, font, is_left_out)


def _piece_runs(
    stream: bytes, piece: TextPiece, length: int, runs: list[CharacterRun]
) -> Iterator[tuple[int | None, str]]:
    """Yield font number and text of the runs of a piece."""
    place, end = piece.offset, min(piece.offset + length * piece.width, len(stream))
    number = bisect_right(runs, place, key=lambda run: run.start) - 1
    while place < end:
        run = runs[number] if 0 <= number < len(runs) and runs[number].end > place else None
        following = runs[number + 1].start if number + 1 < len(runs) else end
        stop = min(end, max(run.end if run else following, place + piece.width))
        words = stream[place:stop]
        if run is None or not run.is_left_out:
            text = words.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")
            yield (run.font if run else None), text
        place, number = stop, number + 1
