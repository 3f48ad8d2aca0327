"""ISA-L and zlib deflate records and originals alike: zlib reads both."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.files import deflate as deflate_module
from archive.files.deflate import deflate, gzip_member, inflate

CONTENTS = st.lists(st.binary(max_size=2000), max_size=4)


@pytest.fixture(params=[True, False], ids=["as installed", "zlib"], autouse=True)
def _library(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not request.param:
            patch.setattr(deflate_module, "isal_zlib", None)
        yield


@given(CONTENTS)
@example([b"", b"a" * 300_000, b"\r\n"])
def test_zlib_reads_what_was_kept(parts: list[bytes]) -> None:
    content = b"".join(parts)
    assert zlib.decompress(deflate(content)) == content
    member = gzip_member(parts)
    inflate = zlib.decompressobj(wbits=31)
    assert inflate.decompress(member + b"next") == content
    assert inflate.eof
    assert inflate.unused_data == b"next"
    assert gzip.decompress(member * 2) == content * 2


def test_what_repeats_gets_small() -> None:
    assert len(deflate(b"Xin chao. " * 1000)) < 200 > len(gzip_member([b"Xin chao. " * 1000]))


def test_a_content_is_deflated_the_same_each_time() -> None:
    content = "".join(map(str, range(5000))).encode()
    assert deflate(content) == deflate(content)
    assert gzip_member([content]) == gzip_member([content])


@given(st.binary(max_size=2000))
@example(b"a" * 300_000)
def test_a_stream_is_inflated_whole_or_refused(content: bytes) -> None:
    for stream in (deflate(content), zlib.compress(content)):
        assert inflate(stream, len(content) + 1) == content
        damaged = stream[:-1] + bytes([stream[-1] ^ 1])
        for bad in (damaged, stream[2:]):
            with pytest.raises(ValueError, match="no such stream"):
                inflate(bad, len(content) + 1)
        for cut in (b"", stream[:1], stream[:-5]):
            assert inflate(cut, len(content) + 1) is None
        if len(content) > 1:
            assert inflate(stream, len(content) // 2) is None


def test_what_is_no_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="no such stream"):
        inflate("text", 10)  # type: ignore[arg-type]
