"""Compound files that are written: what they hold is read back."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from indexer.intake.office.compound_file import CompoundFile
from indexer.intake.office.compound_writer import pack_compound_file

NAMES = st.text("abcXYZ019_.-", min_size=1, max_size=31)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
CONTENTS = st.sampled_from([b"", b"a", b"b" * 64, b"c" * 4095, b"d" * 4096, b"e" * 9000])


def read_back(streams: dict[str, bytes]) -> dict[str, bytes | None]:
    package = CompoundFile(pack_compound_file(streams))
    return {name: package.read(name) for name in package.names}


@given(st.dictionaries(PATHS, CONTENTS, max_size=12))
def test_streams_are_read_back(streams: dict[str, bytes]) -> None:
    storages = {path.rpartition("/")[0] for path in streams} | {
        path.partition("/")[0] for path in streams if "/" in path
    }
    # A storage and a stream of one name cannot be in one storage.
    leaves = {path: data for path, data in streams.items() if path not in storages}
    assert read_back(leaves) == leaves


def test_a_long_stream_and_many_streams_are_read_back() -> None:
    streams = {f"storage/{number}": bytes([number]) * 100 for number in range(200)}
    streams["long"] = bytes(range(256)) * 30_000
    assert read_back(streams) == streams


def test_the_header_says_what_other_programs_need() -> None:
    data = pack_compound_file({"a": b"b"})
    signature, minor, major, order, shift, small = struct.unpack_from("<8s16xHHHHH", data)
    assert (signature[:2], minor, major, order) == (b"\xd0\xcf", 0x3E, 4, 0xFFFE)
    assert (1 << shift, 1 << small) == (4096, 64)
    assert struct.unpack_from("<L", data, 56) == (4096,)
    assert len(data) % 4096 == 0
