"""The media type of a document: by its content, by its name only where the content is open."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import media_types
from indexer.intake.media_types import HTML, JSON, MAIL, NAMES, PDF, RTF, TEXT, UNKNOWN, XML
from indexer.intake.office.compound_type import compound_type
from indexer.intake.sniffing import sniff_head, sniff_zip

MAIL_HEAD = b"Subject: =?utf-8?Q?B=C3=A1o?=\r\nX-Thu: a\r\n b\r\nDate: Thu, 16 Feb 2023\r\n\r\nNo"
MAILBOX = b"From a@example.vn Thu Feb 16 08:30:00 2023\n" + MAIL_HEAD
WRAPPED = b"From - Tue Feb 21 10:04:06 2017\nx-store-info:J++/\nFrom: b@example.vn\n"


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return packed.getvalue()


def tar_of(form: int) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        archive.addfile(tarfile.TarInfo("bài.txt"))
    return packed.getvalue()


def listed_type(data: bytes, media_type: str) -> str:
    """What the list of a package says that it is; an OLE file's as a reading child sees it."""
    if media_type == media_types.OLE:
        return compound_type(data).decode()
    return sniff_zip(io.BytesIO(data))


def ole_of(*names: str) -> bytes:
    """An OLE file whose root has streams of these names."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[30:32] = struct.pack("<H", 9)
    header[48:52] = struct.pack("<I", 1)
    header[76:] = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    sectors = len(names) // 4 + 1
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    entries = [ole_entry("Root Entry", 5, child=1)]
    for number, name in enumerate(names, 1):
        following = number + 1 if number < len(names) else 0xFFFFFFFF
        entries.append(ole_entry(name, 2, right=following))
    return bytes(header) + table + b"".join(entries).ljust(sectors * 512, b"\0")


def ole_entry(name: str, kind: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1) + links + bytes(48)


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"%PDF-1.4\n1 0 obj", "a.txt", PDF),
        (b"\n\n rubbish \n%PDF-1.7", "a", PDF),
        (b"{\\rtf1\\ansi", "a.json", RTF),
        (b"{\\rtf1\\ansi", "", RTF),
        (b'{"title": "B"}', "", JSON),
        (b'\xef\xbb\xbf [{"title": "B"}]', "", JSON),
        (b'{"title": "B"}', "a.txt", TEXT),
        (b"{broken", "a.jsonl", JSON),
        (b"", "a.jsonl.gz", JSON),
        (b"", "", TEXT),
        ("Hội chợ Điện Biên\nSáng 5/3".encode(), "", TEXT),
        ("Hội chợ Điện Biên".encode("utf-16"), "", TEXT),
        ("Hội chợ: khai mạc\nNgày: 5/3\n".encode(), "", TEXT),
        (b"From: the beginning of a text\nit goes on without fields", "", TEXT),
        (b"From here on 10:30 it\nis a text: really", "", TEXT),
        (b"Ph\xad\xac\xa7\x02ng ph\xb8p", "", TEXT),
        (b"a\0b", "", UNKNOWN),
        (b"a\0b", "a.txt", TEXT),
        (bytes(range(256)), "a", UNKNOWN),
        (MAIL_HEAD, "a.txt", MAIL),
        (b"x-store-info:J++\nReceived: from a\n by b\nFrom: c@d.vn", "", MAIL),
        (MAILBOX, "", media_types.MAILBOX),
        (WRAPPED, "a.eml", media_types.MAILBOX),
        (
            b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n",
            "",
            "multipart/related",
        ),
        (b"<!DOCTYPE html><p>", "", HTML),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<html xmlns="a">', "", HTML),
        ("<html><p>a".encode("utf-16"), "a", HTML),
        (b"<p>a", "a.html", HTML),
        (b'<?xml version="1.0"?><p>a', "a.xhtml", HTML),
        (b'<?xml version="1.0"?><svg xmlns="a">', "", "image/svg+xml"),
        (b"<rss version='2.0'>", "", "application/rss+xml"),
        (b'<?xml version="1.0"?><a/>', "", XML),
        (b'<mediawiki xmlns="a"><page>', "", "application/mediawiki+xml"),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0">', "", XML),
        (b'<dc:record\n a="b" xmlns:dc="a">', "", XML),
        (b'<!-- a -->\n<!DOCTYPE nitf SYSTEM "nitf.dtd">\n<nitf>', "a.txt", XML),
        (b"<bai><tieude>a", "a.xml", XML),
        (b"bai", "a.xml", TEXT),
        (b"<bai><tieude>a", "", TEXT),
        (b'<div xmlns="a">', "a.html", HTML),
        (b"<!DOCTYPE\nhtml><p>a", "a.html", HTML),
        (b"body { color: red }", "a.css", "text/css"),
        (b"var a = 1;", "a.js", "text/javascript"),
        (b"a,b\n1,2", "a.csv", "text/csv"),
        (b"a,b\n1,2", "a.txt", TEXT),
        (base64.encodebytes(bytes(1000)), "", "application/base64"),
        (b"begin 644 a.doc\nM", "", "text/x-uuencode"),
        (b"%!PS-Adobe-3.0", "", "application/postscript"),
        (b"WARC/1.0\r\nWARC-Type", "a.txt", media_types.WARC),
        (b"HTTP/1.1 200 OK\r\n", "", "application/http"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.html", media_types.JPEG),
        (gzip.compress(b"a"), "", "application/gzip"),
        (tar_of(tarfile.USTAR_FORMAT), "", media_types.TAR),
        (tar_of(tarfile.GNU_FORMAT), "", media_types.TAR),
        (tar_of(tarfile.USTAR_FORMAT).replace(b"ustar\x0000", bytes(8)), "", UNKNOWN),
        (zipped(a=b"a"), "a.txt", media_types.ZIP),
        (ole_of("a"), "a.doc", media_types.OLE),
        (b"BM" + bytes([70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]), "", "image/bmp"),
        (b"BM.25 is a formula, and this is a text", "", TEXT),
    ],
)
def test_the_content_says_what_a_document_is(head: bytes, name: str, expected: str) -> None:
    assert sniff_head(head, name) == expected
    assert expected in NAMES


def test_a_tar_archive_without_signature_is_known_by_its_sum() -> None:
    record = bytearray(tar_of(tarfile.USTAR_FORMAT))
    record[257:265] = bytes(8)
    record[148:156] = b" " * 8
    record[148:156] = b"%06o\0 " % sum(record[:512])
    assert sniff_head(bytes(record)) == media_types.TAR


def test_a_short_text_in_utf_16_without_its_mark_is_read_as_somebody_says() -> None:
    text = "Hội chợ Điện Biên".encode("utf-16-le")
    assert sniff_head(text, "") == UNKNOWN
    assert sniff_head(text, "", "utf-16le") == TEXT


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (zipped(**{"[Content_Types].xml": b"a", "word/document.xml": b"a"}), media_types.DOCX),
        (zipped(**{"[Content_Types].xml": b"a", "xl/workbook.xml": b"a"}), media_types.XLSX),
        (zipped(**{"docProps/a": b"a", "ppt/presentation.xml": b"a"}), media_types.PPTX),
        (zipped(mimetype=media_types.ODT.encode(), a=b"a"), media_types.ODT),
        (zipped(mimetype=media_types.ODT.encode() + b"-template"), media_types.ODT),
        (zipped(mimetype=b"application/epub+zip"), media_types.EPUB),
        (zipped(mimetype=b"something/else"), media_types.ZIP),
        (zipped(**{"META-INF/container.xml": b"a"}), media_types.EPUB),
        (zipped(**{"archive/a.warc.gz": b"a", "datapackage.json": b"a"}), media_types.WACZ),
        (zipped(**{"data/a.csv": b"a", "datapackage.json": b"a"}), media_types.ZIP),
        (zipped(**{"công văn.txt": b"a"}), media_types.ZIP),
        (b"PK\3\4", media_types.ZIP),
        (zipped(a=b"a")[:-10], media_types.ZIP),
        (ole_of("WordDocument", "1Table"), media_types.WORD),
        (ole_of("a", "b", "c", "d", "e", "f", "Workbook"), media_types.EXCEL),
        (ole_of("PowerPoint Document"), media_types.POWERPOINT),
        (ole_of("__properties_version1.0"), media_types.OUTLOOK_MESSAGE),
        (ole_of("EncryptionInfo", "EncryptedPackage"), media_types.ENCRYPTED_OFFICE),
        (ole_of("a"), media_types.OLE),
        (ole_of("WordDocument")[:600], media_types.OLE),
    ],
)
def test_packages_are_told_apart_by_their_parts(data: bytes, expected: str) -> None:
    assert listed_type(data, sniff_head(data)) == expected


@given(st.binary(max_size=700), st.sampled_from([media_types.ZIP, media_types.OLE]))
def test_hostile_packages_raise_nothing(data: bytes, media_type: str) -> None:
    for whole in (data, zipped(a=b"a") + data, data + zipped(a=b"a"), ole_of("a")[:512] + data):
        assert listed_type(whole, media_type) in NAMES


@pytest.mark.parametrize("shift", [*range(20), 0xFFFF])
def test_sectors_of_any_stated_size_end(shift: int) -> None:
    data = bytearray(ole_of("WordDocument"))
    data[30:32] = struct.pack("<H", shift)
    assert listed_type(bytes(data), media_types.OLE) in NAMES


def test_an_ole_list_that_points_at_itself_ends() -> None:
    data = bytearray(ole_of("a", "b", "c", "d"))
    data[516:520] = struct.pack("<I", 1)
    data[1024 + 76 : 1024 + 80] = bytes(4)
    assert listed_type(bytes(data), media_types.OLE) == media_types.OLE


@given(st.binary(max_size=300))
def test_any_bytes_have_a_type_with_a_name(data: bytes) -> None:
    assert sniff_head(data, "") in NAMES
