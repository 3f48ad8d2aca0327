"""Word documents of 97 to 2003 that tests make: a compound file of two streams."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SECTOR = 512
TEXT_START = 0x400
NONE = 0xFFFFFFFF
LAST = 0xFFFFFFFE


@dataclass(frozen=True, slots=True)
class WordRun:
    """A run of text: font number (None has no property of its own), and whether it is deleted."""

    text: str
    font: int | None = None
    is_deleted: bool = False
    is_wide: bool = False

    @property
    def data(self) -> bytes:
        """The text as it stands in the stream."""
        return self.text.encode("utf-16-le") if self.is_wide else self.text.encode("latin-1")

    @property
    def properties(self) -> bytes:
        """The properties that differ from the style's."""
        font = b"" if self.font is None else struct.pack("<HH", 0x4A4F, self.font)
        deleted = struct.pack("<HB", 0x0800, 1) if self.is_deleted else b""
        return struct.pack("<HB", 0x0835, 1) + font + deleted


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Return a compound file; every stream is padded so that none is in the small sectors."""
    table: list[int] = []
    body = b""
    places: dict[str, tuple[int, int]] = {}
    for name, data in streams.items():
        padded = data.ljust(max(4096, len(data)), b"\0")
        places[name] = len(table), len(padded)
        padded += b"\0" * (-len(padded) % SECTOR)
        table += [*range(len(table) + 1, len(table) + len(padded) // SECTOR), LAST]
        body += padded
    directory = b"".join(_directory(places))
    directory += b"\0" * (-len(directory) % SECTOR)
    first_directory = len(table)
    count = len(directory) // SECTOR
    table += [*range(first_directory + 1, first_directory + count), 0xFFFFFFFE]
    body += directory
    table_sectors = -(-(len(table) + 8) // 128)
    first_table = len(table)
    table += [0xFFFFFFFD] * table_sectors
    table += [0xFFFFFFFF] * (-len(table) % 128)
    body += struct.pack(f"<{len(table)}L", *table)
    numbers = [*range(first_table, first_table + table_sectors)]
    numbers += [0xFFFFFFFF] * (109 - len(numbers))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack(
            "<LLLLLLLLL", 0, table_sectors, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
        )
        + struct.pack("<109L", *numbers)
    )
    return header + body


def _directory(places: dict[str, tuple[int, int]]) -> list[bytes]:
    """Return the entries of streams by their paths; a path has one storage at most."""
    storages = list(dict.fromkeys(name.partition("/")[0] for name in places if "/" in name))
    top = [name for name in places if "/" not in name] + storages
    inner = [name for name in places if "/" in name]
    numbers = {name: number for number, name in enumerate(top + inner, 1)}
    entries = [_entry("Root Entry", 5, (LAST, 0), NONE, 1)]
    for name in top + inner:
        storage = name.partition("/")[0] if "/" in name else ""
        siblings = [other for other in inner if other.startswith(f"{storage}/")] if storage else top
        after = siblings[siblings.index(name) + 1 :][:1]
        children = [other for other in inner if other.startswith(f"{name}/")]
        entries.append(
            _entry(
                name.rpartition("/")[2],
                1 if children else 2,
                places.get(name, (0, 0)),
                numbers[after[0]] if after else NONE,
                numbers[children[0]] if children else NONE,
            )
        )
    return entries


def _entry(name: str, kind: int, place: tuple[int, int], right: int, child: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<LLL", NONE, right, child)
        + bytes(36)
        + struct.pack("<LLL", *place, 0)
    )


def made_doc(
    runs: Sequence[WordRun],
    fonts: Sequence[str] = ("Times New Roman",),
    *,
    style_font: int | None = None,
    notes: int = 0,
    flags: int = 0x200,
    version: int = 193,
) -> bytes:
    """Return a Word document of these runs, each a piece of its own."""
    text, offsets, pieces, starts = b"", [TEXT_START], b"", [0]
    for run in runs:
        place = TEXT_START + len(text)
        stored = place if run.is_wide else place * 2 | 0x40000000
        pieces += struct.pack("<HLH", 0, stored, 0)
        text += run.data
        offsets.append(TEXT_START + len(text))
        starts.append(starts[-1] + len(run.text))
    stream = bytes(TEXT_START) + text
    stream += b"\0" * (-len(stream) % SECTOR)
    page_number = len(stream) // SECTOR
    stream += _properties_page(runs, offsets)
    text_length = starts[-1] - notes
    piece_table = struct.pack(f"<{len(starts)}L", *starts) + pieces
    parts = {
        0x1A2: b"\x02" + struct.pack("<L", len(piece_table)) + piece_table,
        0xFA: struct.pack("<LLL", offsets[0], offsets[-1], page_number),
        0x112: _font_table(fonts),
        0xA2: _style_sheet(style_font),
    }
    table, header = b"", bytearray(TEXT_START)
    struct.pack_into("<HH", header, 0, 0xA5EC, version)
    struct.pack_into("<H", header, 10, flags)
    struct.pack_into("<LL", header, 0x4C, text_length, notes)
    for place, part in parts.items():
        struct.pack_into("<LL", header, place, len(table), len(part))
        table += part
    return compound_file({"WordDocument": bytes(header) + stream[TEXT_START:], "1Table": table})


def _properties_page(runs: Sequence[WordRun], offsets: Sequence[int]) -> bytes:
    page = bytearray(SECTOR)
    page[511] = len(runs)
    struct.pack_into(f"<{len(offsets)}L", page, 0, *offsets)
    place = 510
    for number, run in enumerate(runs):
        place = (place - 1 - len(run.properties)) // 2 * 2
        page[place] = len(run.properties)
        page[place + 1 : place + 1 + len(run.properties)] = run.properties
        page[4 * len(offsets) + number] = place // 2
    return bytes(page)


def _font_table(fonts: Sequence[str]) -> bytes:
    table = struct.pack("<HH", len(fonts), 0)
    for name in fonts:
        encoded = (name + "\0").encode("utf-16-le")
        table += bytes([39 + len(encoded)]) + bytes(39) + encoded
    return table


def _style_sheet(font: int | None) -> bytes:
    head = struct.pack("<HHHHHHHHH", 1, 10, 0, 0, 0, 0, 0, 0, 0)
    properties = b"" if font is None else struct.pack("<HH", 0x4A4F, font)
    name = "Normal"
    style = (
        struct.pack("<HHHHH", 0, 1, 2, 0, 0)
        + struct.pack("<H", len(name))
        + (name + "\0").encode("utf-16-le")
        + struct.pack("<HH", 2, 0)
        + struct.pack("<H", len(properties))
        + properties
    )
    return struct.pack("<H", len(head)) + head + struct.pack("<H", len(style)) + style
