"""Records of WARC files: their heads, contents of answers, and their replay by pywb.

pywb is GPL and in an environment of its own:

`python3.10 -m venv PYWB && PYWB/bin/pip install pywb 'setuptools<80'`, then
`TANGTHU_PYWB=PYWB python -m pytest -m slow tests/archive/originals/test_warc_records.py`.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archive.errors import DamagedError
from archive.originals import warc_records
from archive.originals.warc_records import (
    RecordHead,
    content_of,
    inflate_member,
    original_uri,
    pack_record,
    read_record,
    record_id_of,
    unpack_record,
)
from archive.records import sha256
from archive.store import Store
from indexer.intake.ingest import ingest
from tests.indexer.intake.containers.made_containers import answer, crawl_record
from tests.indexer.intake.office.made_packages import zipped

PYWB = os.environ.get("TANGTHU_PYWB", "")
SITE = "http://bao.example"
PICTURE = b"\x89PNG\r\n\x1a\nhoa"


def page(words: str, address: str) -> bytes:
    text = f"Bài này nói về {words}, cầu mới bắc qua sông. " * 12
    head = f'<title>{words}</title><link rel="canonical" href="{address}">'
    return f"<html><head>{head}</head><body><article><p>{text}</p></article></body></html>".encode()


MOMENT = "2023-02-16T01:30:00Z"


def test_a_record_says_what_it_is_and_what_it_belongs_to() -> None:
    parent = sha256(b"a folder")
    head = RecordHead(
        uri=original_uri(sha256(b"x")),
        moment=MOMENT,
        kind="conversion",
        media_type="text/plain",
        refers_to=record_id_of(parent),
        refers_to_uri=original_uri(parent),
    )
    member = pack_record(b"x", head)
    text = gzip.decompress(member).decode()
    for line in (
        "WARC-Type: conversion",
        "Content-Type: text/plain",
        f"WARC-Refers-To: {record_id_of(parent)}",
        f"WARC-Refers-To-Target-URI: urn:tangthu:sha256:{parent}",
        f"WARC-Payload-Digest: sha256:{sha256(b'x')}",
    ):
        assert f"\r\n{line}\r\n" in text
    record = read_record(io.BytesIO(member), 0)
    assert record is not None
    assert (record.payload, record.date, record.digest) == (b"x", MOMENT, sha256(b"x"))
    assert record_id_of(parent) == record_id_of(parent) != record_id_of(sha256(b"x"))


def test_a_record_is_the_one_that_warcio_writes() -> None:
    head = RecordHead("http://bao.example/cầu?a=b", MOMENT, record_id=record_id_of("x"))
    block = "Cầu mới ".encode() * 3000
    theirs = io.BytesIO()
    writer = WARCWriter(theirs, gzip=True)
    digest = f"sha256:{sha256(block)}"
    record = writer.create_warc_record(
        head.uri,
        head.kind,
        payload=io.BytesIO(block),
        length=len(block),
        warc_content_type=head.media_type,
        warc_headers_dict={
            "WARC-Payload-Digest": digest,
            "WARC-Block-Digest": digest,
            "WARC-Date": MOMENT,
            "WARC-Record-ID": head.record_id,
        },
    )
    writer.write_record(record)
    assert gzip.decompress(pack_record(block, head)) == gzip.decompress(theirs.getvalue())


def test_a_line_break_in_an_address_begins_no_field() -> None:
    head = RecordHead("http://bao.example/\r\nWARC-Type: response\r\n\r\nx", MOMENT)
    record = read_record(io.BytesIO(pack_record(b"x", head)), 0)
    assert record is not None
    assert (record.payload, record.uri) == (b"x", "http://bao.example/ WARC-Type: response x")


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_the_content_of_a_response_has_the_codings_undone_that_are_known(coding: str) -> None:
    body = gzip.compress(b"Xin ch\xc3\xa0o", mtime=0) if coding == "gzip" else b"Xin ch\xc3\xa0o"
    block = answer("text/html", body, coding=coding)
    head = RecordHead(f"{SITE}/a.html", MOMENT, "response", "application/http; msgtype=response")
    member = pack_record(block, head)
    assert unpack_record(member) == b"Xin ch\xc3\xa0o"
    damaged = bytearray(gzip.decompress(member))
    damaged[-10] ^= 1
    assert read_record(io.BytesIO(gzip.compress(damaged)), 0) is None
    with pytest.raises(DamagedError):
        unpack_record(gzip.compress(damaged))


def test_content_without_a_head_is_what_it_is() -> None:
    assert content_of(None, io.BytesIO(b"\x1f\x8bno")) == b"\x1f\x8bno"


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[str]:
    """The address of pywb with the WARC files of an archive."""
    if not PYWB:
        pytest.skip("TANGTHU_PYWB names no environment of pywb")
    line = {"title": "JSON", "body": "Dòng JSON.", "url": f"{SITE}/saved.html"}
    files = {
        "a.html": page("trang lưu", f"{SITE}/saved.html"),
        "b.jsonl": json.dumps(line).encode(),
        "c.warc": crawl_record(
            "response", f"{SITE}/a.html", answer("text/html", page("trang thu", f"{SITE}/a.html"))
        )
        + crawl_record("response", f"{SITE}/p.png", answer("image/png", PICTURE)),
        "d.zip": zipped({"e.txt": "Bài trong gói\nĐoạn."}),
    }
    (tmp_path / "in").mkdir()
    for name, data in files.items():
        (tmp_path / "in" / name).write_bytes(data)
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / "in")])
        assert not report.failed
        warcs = [str(path) for path in store.originals.files()]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "pywb"
    folder.mkdir()
    for words in (["init", "c"], ["add", "c", *warcs]):
        command = [f"{PYWB}/bin/wb-manager", *words]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    server = subprocess.Popen(
        [f"{PYWB}/bin/wayback", "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/c"
    finally:
        server.terminate()
        server.wait()


def read(address: str) -> tuple[str, bytes]:
    """The media type and the content at an address, once the server is there."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(address) as response:  # noqa: S310  # our own server
                return str(response.headers.get_content_type()), response.read()
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError):
                return "", error.read()
            time.sleep(0.25)
    raise TimeoutError(address)


@pytest.mark.slow
def test_pages_and_pictures_are_replayed_and_nothing_in_their_place(replay: str) -> None:
    kind, saved = read(f"{replay}/id_/{SITE}/saved.html")
    assert (kind, saved) == ("text/html", page("trang lưu", f"{SITE}/saved.html"))
    kind, captured = read(f"{replay}/20230216013000id_/{SITE}/a.html")
    assert (kind, captured) == ("text/html", page("trang thu", f"{SITE}/a.html"))
    assert read(f"{replay}/20230216013000id_/{SITE}/p.png") == ("image/png", PICTURE)
    _, lines = read(f"{replay}/cdx?url={SITE}/*&output=json")
    assert sorted(line.count(b"bao.example/") for line in lines.splitlines() if line) == [1, 1, 1]


def test_of_a_member_the_compressed_length_and_the_content_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member, following = gzip.compress(b"x" * 1000), gzip.compress(b"y")
    file = io.BytesIO(b"..." + member + following)
    assert inflate_member(file, 3) == (len(member), b"x" * 1000)
    assert inflate_member(file, 3 + len(member)) == (len(following), b"y")
    # What is torn, no member or too large has neither.
    for offset in (0, 4, 3 + len(member) + 1, 10**6):
        assert inflate_member(file, offset) == (0, b"")
    assert inflate_member(io.BytesIO(member[:-1]), 0) == (0, b"")
    # A head has a megabyte of room beside the largest original.
    monkeypatch.setattr(warc_records, "RECORD_LIMIT", 10)
    largest = gzip.compress(b"x" * (10 + (1 << 20)))
    assert inflate_member(io.BytesIO(largest), 0)[0] == len(largest)
    larger = gzip.compress(b"x" * (11 + (1 << 20)))
    assert inflate_member(io.BytesIO(larger), 0) == (0, b"")
