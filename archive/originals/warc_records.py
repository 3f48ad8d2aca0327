"""The records of WARC files: written with a head that says what they are, read with their digest.

A record is what its type says (ISO 28500): `response` is a captured answer with its HTTP head as a
crawl had it, `resource` an original of its own, `conversion` one that is a member of another
record (`WARC-Refers-To`), `metadata` what describes another. Only a captured page has the page's
address; whatever else belongs to one has an address of its own, and names the page's
(`WARC-Refers-To-Target-URI`), so that no replay shows it in the place of the page.
"""

from __future__ import annotations

import io
import re
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import DamagedError, StoreError
from archive.files.deflate import gzip_member
from archive.records import sha256

RECORD_LIMIT = 64 << 20
"""Bytes that one original may have; more is refused, on writing as on reading."""

UNKNOWN_TYPE = "application/octet-stream"
"""The media type of what was not sniffed; all records of older programs have it."""

_DIGEST = "WARC-Payload-Digest"
_NAMESPACE = uuid.UUID("6a1b3d2e-8c0f-5f0a-9d55-70c1f1a3b8e2")
_CODINGS = ("gzip", "x-gzip", "deflate")
_CHUNK = 1 << 16
_LINE_BREAKS = re.compile(r"[\r\n]+")
_FAILURES = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, UnicodeError)


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The head of a record that is written.

    Attributes:
        uri: Its address.
        moment: Its WARC-Date.
        kind: The type of record.
        media_type: That of its block.
        record_id: Its identifier; empty for a new one.
        refers_to: The identifier of the record that it belongs to; empty where to none.
        refers_to_uri: The address of the page, or the record, that it belongs to.
    """

    uri: str
    moment: str
    kind: str = "resource"
    media_type: str = UNKNOWN_TYPE
    record_id: str = ""
    refers_to: str = ""
    refers_to_uri: str = ""


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """A whole record: compressed length, digest of the payload, payload, date and target.

    The digest of a file's own description (warcinfo) is left empty. The payload of a response is
    the content that its HTTP head is about, without codings.

    Attributes:
        kind: The type of record.
        media_type: That of its block.
        refers_to: The identifier of the record that it belongs to; empty where to none.
        coding: The coding that the HTTP head of a response says; Brotli is still in the payload.
        status: The status that the HTTP head of a response says; 200 of what has none.
        content_type: The media type of the content, without its parameters.
    """

    length: int
    digest: str
    payload: bytes
    date: str = ""
    uri: str = ""
    kind: str = ""
    media_type: str = ""
    refers_to: str = ""
    coding: str = ""
    status: int = 200
    content_type: str = ""


class _AnswerHead(NamedTuple):
    """The head of an answer: its coding, its status, and the media type of its content."""

    coding: str = ""
    status: int = 200
    media_type: str = ""


def original_uri(digest: str) -> str:
    """Return the address of an original that has none on the web."""
    return f"urn:tangthu:sha256:{digest}"


def record_id_of(digest: str) -> str:
    """Return the record identifier of an original that others are members of."""
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, digest)}>"


def pack_record(payload: bytes, head: RecordHead) -> bytes:
    """Return a record as one gzip member.

    Raises:
        StoreError: the payload is too large.
    """
    if len(payload) > RECORD_LIMIT:
        raise StoreError(f"an original of {len(payload)} bytes is over {RECORD_LIMIT}")
    member = io.BytesIO()
    write_record(member, payload, head)
    return member.getvalue()


def unpack_record(member: bytes) -> bytes:
    """Return the payload of a record that `pack_record` packed.

    Raises:
        DamagedError: it is no such record.
    """
    record = read_record(io.BytesIO(member), 0)
    if record is None:
        raise DamagedError("a record that was just made cannot be read back")
    return record.payload


def write_record(out: BinaryIO, block: bytes, head: RecordHead) -> None:
    """Write a record as one gzip member; the block of a response is its HTTP head and body."""
    payload = block.partition(b"\r\n\r\n")[2] if head.kind == "response" else block
    digest = sha256(payload)
    fields = {
        _DIGEST: f"sha256:{digest}",
        "WARC-Block-Digest": f"sha256:{digest if payload is block else sha256(block)}",
        "WARC-Date": head.moment,
        "WARC-Record-ID": head.record_id or f"<{uuid.uuid4().urn}>",
        "WARC-Refers-To": head.refers_to,
        "WARC-Refers-To-Target-URI": head.refers_to_uri,
        "WARC-Type": head.kind,
        "WARC-Target-URI": head.uri,
        "Content-Type": head.media_type,
        "Content-Length": str(len(block)),
    }
    # A line break would begin a field of somebody else's.
    lines = [f"{name}: {_LINE_BREAKS.sub(' ', text)}" for name, text in fields.items() if text]
    start = "\r\n".join(("WARC/1.0", *lines, "", "")).encode()
    out.write(gzip_member((start, block, b"\r\n\r\n")))


def write_info(out: BinaryIO, name: str) -> None:
    """Write the description of a WARC file, its first record."""
    writer = WARCWriter(out, gzip=True)
    info = {"software": "tangthu", "format": "WARC File Format 1.0"}
    writer.write_record(writer.create_warcinfo_record(name, info))


def append_metadata(out: BinaryIO, block: bytes, uri: str, moment: str) -> None:
    """Append a metadata record of JSON lines; the first one after the description of its file."""
    if out.tell() == 0:
        write_info(out, Path(out.name).name.removeprefix(".").removesuffix(".new"))
    write_record(out, block, RecordHead(uri, moment, "metadata", "application/jsonl"))


def read_record(file: BinaryIO, offset: int) -> WarcRecord | None:
    """Read the record at an offset; None when it is torn or has another digest than it states."""
    length, content = inflate_member(file, offset)
    head, _, block = content.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("content-length") != str(len(block) - 4):
        return None
    payload, kind = block[:-4], headers.get("warc-type")
    if kind == "warcinfo":
        return WarcRecord(length, "", payload)
    digest = sha256(payload)
    stated = headers.get("warc-block-digest" if kind == "response" else _DIGEST.lower())
    if stated != f"sha256:{digest}":
        return None
    answer = _AnswerHead(media_type=headers.get("content-type", ""))
    if kind == "response":
        payload, answer = _content_in(content)
        digest = sha256(payload)
    return WarcRecord(
        length,
        digest,
        payload,
        date=headers.get("warc-date", ""),
        uri=headers.get("warc-target-uri", ""),
        kind=kind or "",
        media_type=headers.get("content-type", ""),
        refers_to=headers.get("warc-refers-to", ""),
        coding=answer.coding,
        status=answer.status,
        content_type=answer.media_type.partition(";")[0].strip(),
    )


def content_of(head: StatusAndHeaders | None, body: BinaryIO) -> bytes:
    """Return the content of a captured answer: its body without chunks, gzip and deflate.

    A body that is not in the coding that its head says is returned as it is, and one that is
    damaged as far as it can be read.
    """
    values = {name.lower(): value.strip().lower() for name, value in head.headers} if head else {}
    coding = values.get("content-encoding", "")
    coding = coding.removeprefix("x-") if coding in _CODINGS else None
    stream = body
    if values.get("transfer-encoding") == "chunked":
        stream = ChunkedDataReader(body, decomp_type=coding)
    elif coding:
        stream = DecompressingBufferedReader(body, decomp_type=coding)
    content = bytearray()
    try:
        while len(content) < RECORD_LIMIT and (data := stream.read(_CHUNK)):
            content += data
    except _FAILURES:
        pass
    return bytes(content[:RECORD_LIMIT])


def status_of(head: StatusAndHeaders) -> int:
    """Return the status that an HTTP head says; 0 where that is none."""
    status = head.get_statuscode()
    return int(status) if status.isascii() and status.isdecimal() and len(status) < 4 else 0


def _content_in(record: bytes) -> tuple[bytes, _AnswerHead]:
    """Return the content of a response record, and what its HTTP head says."""
    try:
        parsed = next(ArchiveIterator(io.BytesIO(record)))
        head = parsed.http_headers
        content = content_of(head, parsed.raw_stream)
        if head is None:
            return content, _AnswerHead()
        coding, declared = (
            str(head.get_header(name) or "").strip().lower()
            for name in ("Content-Encoding", "Content-Type")
        )
        return content, _AnswerHead(coding, status_of(head), declared)
    except (*_FAILURES, StopIteration):
        return b"", _AnswerHead()


def inflate_member(file: BinaryIO, offset: int) -> tuple[int, bytes]:
    """Return the compressed length and content of a gzip member; 0 when torn or too large."""
    file.seek(offset)
    inflate = zlib.decompressobj(wbits=31)
    content, read = bytearray(), 0
    try:
        while not inflate.eof:
            block = file.read(1 << 16)
            read += len(block)
            content += inflate.decompress(block)
            if not block or len(content) > RECORD_LIMIT + (1 << 20):
                return 0, b""
    except zlib.error:
        return 0, b""
    return read - len(inflate.unused_data), bytes(content)
