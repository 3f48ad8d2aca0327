"""Files in what Outlook sends to other programs (`winmail.dat`): members of the e-mail."""

from __future__ import annotations

import struct
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UnreadableError
from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.isolation.frames import AttachedFile
from indexer.intake.office.transport_file import pack_transported_files

TEXT = "Công văn\nNội dung của tệp kèm theo thư.".encode()


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return (
        struct.pack("<BLL", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    )


def value(data: bytes) -> bytes:
    return struct.pack("<LL", 1, len(data)) + data.ljust(-(-len(data) // 4) * 4, b"\0")


def properties(name: str) -> bytes:
    """MAPI properties of every shape, the long name behind them."""
    guid = bytes(16)
    rows = (
        struct.pack("<HHL", 0x0003, 0x0E20, 5),
        struct.pack("<HHQ", 0x0040, 0x3007, 1),
        struct.pack("<HH", 0x0003, 0x8001) + guid + struct.pack("<LLL", 0, 7, 1),
        struct.pack("<HH", 0x001F, 0x8002) + guid + struct.pack("<LL", 1, 6) + b"a\0b\0\0\0\0\0"
        + value(b"x\0"),
        struct.pack("<HHLLL", 0x1003, 0x3008, 2, 1, 2),
        struct.pack("<HH", 0x001F, 0x3707) + value(f"{name}\0".encode("utf-16-le")),
    )  # fmt: skip
    return struct.pack("<L", len(rows)) + b"".join(rows)


def transported(*files: tuple[str, str, bytes]) -> bytes:
    """A TNEF file of files by their short and long names."""
    body = struct.pack("<LH", 0x223E9F78, 1) + attribute(1, 0x0002800C, b"Body\0")
    for short, long, content in files:
        body += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, short.encode())
        body += attribute(2, 0x0006800F, content) if content else b""
        body += attribute(2, 0x00069005, properties(long)) if long else b""
    return body


def files_in(data: bytes) -> list[AttachedFile]:
    return msgspec.msgpack.decode(pack_transported_files(data), type=list[AttachedFile])


def test_files_come_by_their_long_names() -> None:
    data = transported(
        ("a.txt\0", "công văn/số 5.txt", b"a"), ("b.txt\0", "", b"b"), ("c", "", b"")
    )
    assert files_in(data) == [AttachedFile("công văn_số 5.txt", b"a"), AttachedFile("b.txt", b"b")]


def test_what_follows_damage_is_named_and_what_is_before_kept() -> None:
    data = transported(("a.txt", "", b"aaaa"), ("b.txt", "", b"bbbb"))
    *whole, rest = files_in(data[:-4])
    assert (whole, rest.is_whole) == ([AttachedFile("a.txt", b"aaaa")], False)
    with pytest.raises(UnreadableError):
        pack_transported_files(data[:40])


@given(st.binary(max_size=200), st.integers(0, 300))
def test_hostile_files_raise_nothing_else(noise: bytes, place: int) -> None:
    data = transported(("a.txt", "dài.txt", b"a"))
    try:
        files_in(data[:place] + noise + data[place + len(noise) :])
    except UnreadableError:
        return


def test_files_in_an_e_mail_are_articles_of_their_own(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "an@bao.vn", "Gửi công văn"
    message.set_content("Xin xem tệp kèm theo.")
    packed = transported(("a~1.txt", "bài mới.txt", TEXT))
    message.add_attachment(packed, "application", "ms-tnef", filename="winmail.dat")
    (tmp_path / "thu.eml").write_bytes(bytes(message))
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / "thu.eml")])
        assert (report.added, report.failed, report.skipped) == (2, [], [])
        articles = {each.title: each for each, _ in store.articles()}
        letter = articles["Công văn"]
        assert letter.origin.source.endswith("thu.eml!winmail.dat!bài mới.txt")
        assert letter.origin.parent == articles["Gửi công văn"].digest
        assert store.verify().problems == ()
