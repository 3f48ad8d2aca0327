"""Container files: kept whole, or described where they are too large."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import Table, create_engine

from archive.catalogue import tables
from archive.catalogue.operations import OperatorNote
from archive.originals.container_files import ContainerFile, container_row, find_containers
from archive.originals.warc_records import original_uri, record_id_of
from archive.records import WarcLocation, sha256
from archive.store import Store
from indexer.intake.ingest import ingest
from tests.indexer.intake.containers.made_containers import crawl
from tests.indexer.intake.office.made_packages import zipped

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


@pytest.mark.parametrize("record_digest", ["0" * 64, "5" * 64, "f" * 64])
def test_only_a_container_that_is_kept_whole_is_found(record_digest: str) -> None:
    engine = create_engine("sqlite://")
    tables.METADATA.create_all(engine)
    values = container_row(PACKED, WarcLocation("tangthu-000001.warc.gz", 7, 9))
    values |= {"digest": "5" * 64, "record_digest": record_digest}
    with engine.connect() as connection:
        connection.execute(tables.containers.insert().values(**values))
        whole = find_containers(connection, ["5" * 64, "6" * 64])
    engine.dispose()
    assert bool(whole) is (record_digest == "5" * 64)


CHANGES = [
    (tables.containers, {"source": "/b/khac.zip"}, "is not that of its members"),
    (tables.containers, {"size": 7}, "the catalogue 7"),
    (tables.captured_resources, {"status": 404}, "another answer"),
    (tables.captured_resources, {"media_type": "text/css"}, "another answer"),
    (tables.captured_resources, {"address": "http://khac.vn/"}, "not the one"),
]


@pytest.mark.parametrize(("table", "change", "reason"), CHANGES)
def test_changed_rows_of_containers_and_captures_are_noticed(
    tmp_path: Path, table: Table, change: dict[str, object], reason: str
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"b.txt": "Bài một\nĐoạn.", "c.txt": "Bài\nHai."}))
    (tmp_path / "b.warc").write_bytes(b"".join(crawl(b"", b"{}")))
    with Store(tmp_path / "home") as store:
        ingest(store, [str(tmp_path / "a.zip"), str(tmp_path / "b.warc")])
        assert store.verify().problems == ()
    engine = create_engine(f"sqlite:///{tmp_path / 'home' / 'catalogue.sqlite'}")
    with engine.begin() as connection:
        connection.execute(table.update().values(change))
    engine.dispose()
    with Store(tmp_path / "home") as store:
        problems = store.verify().problems
    assert [problem for problem in problems if reason in problem.reason], problems


def test_a_member_that_was_emptied_accuses_no_container(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"b.txt": "Bài một\nĐoạn."}))
    with Store(tmp_path / "home") as store:
        ingest(store, [str(tmp_path / "a.zip")])
        ((article, _),) = store.articles()
        assert article.origin.source.endswith("a.zip!b.txt")
        with store.operator_batch() as batch:
            batch.remove(article.identifier, OperatorNote("Luật", "An"), destroy=True)
        assert store.verify().problems == ()
