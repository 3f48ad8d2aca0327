"""Container files: kept whole, or described where they are too large."""

from __future__ import annotations

import gzip
import json

import pytest

from archive import tables
from archive.container_files import ContainerFile, container_row
from archive.records import WarcLocation, sha256
from archive.warc_records import original_uri, record_id_of

PACKED = ContainerFile(
    sha256(b"PK"), "/kho/thư.zip", "application/zip", 2, "2026-05-01T07:00:00+07:00", b"PK"
)
DESCRIBED = ContainerFile(
    sha256(b"large"), "C:\\kho\\thư lớn.mbox", "application/mbox", 5, "2026-05-01T00:00:00+00:00"
)


def head_of(container: ContainerFile) -> dict[str, str]:
    """Return the head of a container's record."""
    head, _, _ = gzip.decompress(container.packed()).partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])


def test_a_container_is_its_bytes_or_says_what_they_were() -> None:
    assert PACKED.block == b"PK"
    assert json.loads(DESCRIBED.block) == {
        "name": "thư lớn.mbox",
        "sha256": sha256(b"large"),
        "size": 5,
        "type": "application/mbox",
    }
    # The digest of a description does not depend on the order of its names.
    assert DESCRIBED.block.decode().startswith('{"name": "thư lớn.mbox", "sha256"')


@pytest.mark.parametrize(
    ("container", "kind", "media_type"),
    [(PACKED, "resource", "application/zip"), (DESCRIBED, "metadata", "application/json")],
)
def test_its_record_says_what_it_is(container: ContainerFile, kind: str, media_type: str) -> None:
    head = head_of(container)
    assert (head["WARC-Type"], head["Content-Type"]) == (kind, media_type)
    assert head["WARC-Target-URI"] == original_uri(container.digest)
    assert head["WARC-Record-ID"] == record_id_of(container.digest)
    # Universal time, whatever the zone of the moment.
    assert head["WARC-Date"] == "2026-05-01T00:00:00Z"
    assert int(head["Content-Length"]) == len(container.block)


@pytest.mark.parametrize(("container", "is_whole"), [(PACKED, True), (DESCRIBED, False)])
def test_its_row_tells_whether_it_is_whole(container: ContainerFile, is_whole: bool) -> None:
    row = container_row(container, WarcLocation("tangthu-000001.warc.gz", 7, 9))
    assert (row["digest"] == row["record_digest"]) is is_whole
    assert row["record_digest"] == sha256(container.block)
    place = (row["warc_file"], row["warc_offset"], row["warc_length"])
    assert place == ("tangthu-000001.warc.gz", 7, 9)
    assert set(row) == set(tables.containers.columns.keys())
