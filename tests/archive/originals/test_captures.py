"""Captures of a crawl: records of answers or of content alone, resources by address and time."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.backups.backup import backup, restore
from archive.catalogue import tables
from archive.catalogue.lookup_keys import address_key
from archive.errors import StoreError
from archive.originals.captures import Capture, capture_moment, capture_row, find_captures
from archive.originals.warc_records import RECORD_LIMIT
from archive.records import WarcLocation, sha256
from archive.store import Store
from web.cli.main import main

ADDRESS = "https://bao.vn/a.css"


def capture(content: bytes, captured: str, address: str = ADDRESS, **values: object) -> Capture:
    block = b"HTTP/1.1 200 OK\r\n\r\n" + content
    answer = Capture(address, captured, "text/css", 200, sha256(content), block)
    return answer if not values else Capture(**{**fields_of(answer), **values})


def fields_of(answer: Capture) -> dict[str, object]:
    return {name: getattr(answer, name) for name in answer.__struct_fields__}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 5, 1, 7, 0, 5, 999, timezone(timedelta(hours=7))), "T00:00:05+00:00"),
        (datetime(2026, 5, 1, 0, 0, 5, tzinfo=UTC), "T00:00:05+00:00"),
    ],
)
def test_times_are_compared_in_whole_seconds_of_universal_time(moment: datetime, text: str) -> None:
    assert capture_moment(moment) == f"2026-05-01{text}"


@pytest.mark.parametrize(
    ("is_response", "kind", "media_type"),
    [(True, "response", "application/http; msgtype=response"), (False, "resource", "text/css")],
)
def test_an_answer_or_its_content_is_a_record(
    is_response: bool, kind: str, media_type: str
) -> None:
    packed = capture(b"a", "2026-05-01T00:00:00+00:00", is_response=is_response).packed()
    head, _, block = gzip.decompress(packed.member).partition(b"\r\n\r\n")
    assert f"WARC-Type: {kind}\r\n".encode() in head
    assert f"Content-Type: {media_type}\r\n".encode() in head + b"\r\n"
    assert f"WARC-Target-URI: {ADDRESS}\r\n".encode() in head
    assert b"WARC-Date: 2026-05-01T00:00:00Z" in head
    assert block.rstrip().endswith(b"a")
    # Packed once, it holds its bytes once.
    assert packed.block == b""
    assert packed.packed() is packed


def test_an_answer_that_is_too_large_is_refused() -> None:
    with pytest.raises(StoreError):
        capture(bytes(RECORD_LIMIT), "2026-05-01T00:00:00+00:00").packed()


def test_its_row_fits_the_catalogue() -> None:
    long = capture(b"a", "2026-05-01", f"{ADDRESS}?{'x' * 9000}", media_type="t" * 300, status=404)
    row = capture_row(long, WarcLocation("tangthu-000001.warc.gz", 7, 9))
    assert set(row) == set(tables.captured_resources.columns.keys())
    assert row["address_key"] == address_key(long.address)
    assert len(row["address"]) == tables.SOURCE_LIMIT
    assert long.address.startswith(row["address"])
    assert (len(row["media_type"]), row["status"]) == (255, 404)
    assert (row["warc_file"], row["warc_offset"], row["warc_length"]) == (
        "tangthu-000001.warc.gz",
        7,
        9,
    )


def test_captures_of_an_address_come_in_the_order_of_time(store: Store) -> None:
    days = ("2026-05-03", "2026-05-01", "2026-05-02")
    with store.batch() as batch:
        for number, day in enumerate(days):
            added = capture(f"{number}".encode(), f"{day}T00:00:00+00:00")
            assert batch.add_capture(added)
            assert not batch.add_capture(added)
        assert batch.add_capture(capture(b"x", f"{days[0]}T00:00:00+00:00", "https://bao.vn/b"))
    with store.engine.connect() as connection:
        address, nothing = "http://www.bao.vn/a.css", "https://bao.vn/none"
        captures = find_captures(connection, [address, nothing, ""], 9)
        resources = captures[address]
        assert [resource.captured[:10] for resource in resources] == sorted(days)
        assert [resource.digest for resource in resources] == [
            sha256(name) for name in (b"1", b"2", b"0")
        ]
        assert {
            (resource.address, resource.media_type, resource.status) for resource in resources
        } == {(ADDRESS, "text/css", 200)}
        assert find_captures(connection, [ADDRESS], 2)[ADDRESS] == resources[:2]
        assert not captures.get(nothing)
        assert not any(find_captures(connection, ["", nothing], 9).values())
    for resource, content in zip(resources, (b"1", b"2", b"0"), strict=True):
        assert store.originals.read(resource.location, resource.digest) == content


def test_an_older_catalogue_has_no_captures(store: Store) -> None:
    with store.batch():
        pass
    with store.engine.begin() as connection:
        tables.captured_resources.drop(connection)
        assert not any(find_captures(connection, [ADDRESS], 9).values())


def test_an_answer_has_its_head_unless_it_is_said_otherwise() -> None:
    assert Capture(ADDRESS, "2026-05-01T00:00:00+00:00", "text/css", 200, "x").is_response


def test_a_revisit_shares_the_record_that_it_refers_to(store: Store) -> None:
    first, second = "2026-05-01T00:00:00+00:00", "2026-06-01T00:00:00+00:00"
    copy = "https://bao.vn/b.css"
    again = capture(b"", second, digest=sha256(b"a"), block=b"", refers_to=ADDRESS)
    moved = capture(b"", second, copy, digest=sha256(b"a"), block=b"", refers_to=ADDRESS)
    lost = capture(b"", second, copy, digest=sha256(b"z"), block=b"", refers_to=ADDRESS)
    with store.batch() as batch:
        answers = (capture(b"a", first), again, moved, lost)
        news = [batch.add_capture(answer) for answer in answers]
    assert news == [True, True, True, False]
    resources = [*store.captures(ADDRESS), *store.captures(copy)]
    assert [resource.captured for resource in resources] == [first, second, second]
    assert {resource.location for resource in resources} == {resources[0].location}
    assert store.originals.read(resources[-1].location, resources[-1].digest) == b"a"
    assert store.verify().problems == ()


def test_a_home_of_captures_alone_is_saved_and_verified(store: Store, tmp_path: Path) -> None:
    with store.batch() as batch:
        batch.add_capture(capture(b"kept", "2026-05-03T00:00:00+00:00"))
    verified = CliRunner().invoke(main, ["--home", str(store.home), "verify"])
    assert "nothing was ever kept" not in verified.output
    backup(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "back")
    with Store(tmp_path / "back") as back, back.engine.connect() as connection:
        (found,) = find_captures(connection, [ADDRESS], 9)[ADDRESS]
        assert back.originals.read(found.location, found.digest) == b"kept"
