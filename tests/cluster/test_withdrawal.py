"""A removal walked where index and originals are on other machines: OpenSearch and an S3 server."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from archive.settings.archive_settings import write_archive_settings
from tests.object_storage_server import ObjectStorageServer
from tests.web.cli.test_operator_commands import RECORDS, run, walk_withdrawal

pytestmark = pytest.mark.slow

SECRET = "Khuất Duy Mịch".encode()


@pytest.mark.parametrize("destroy", [False, True])
def test_what_is_removed_is_gone_from_the_cluster_and_the_object_storage(
    engine_url: str, object_storage: ObjectStorageServer, tmp_path: Path, *, destroy: bool
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    places = {"engine": engine_url, "originals": object_storage.new_location()}
    write_archive_settings(home, places)
    lines = tmp_path / "records.jsonl"
    records = (json.dumps(record, ensure_ascii=False) for record in RECORDS)
    lines.write_text("\n".join(records), encoding="utf-8")
    assert run(home, "add", str(lines)).exit_code == 0
    assert object_storage.objects()
    copy = tmp_path / "copy.zip"
    assert run(home, "backup", str(copy)).exit_code == 0

    walk_withdrawal(home, "remove", *(["--destroy"] if destroy else []))

    assert is_stored(object_storage) is not destroy
    verified = run(home, "verify")
    assert verified.exit_code == 0, verified.output
    again = run(home, "add", str(lines))
    assert (again.exit_code, "skipped 1" in again.stdout) == (0, True), again.output
    restored = tmp_path / "restored"
    result = run(restored, "restore", str(copy))
    assert result.exit_code == 0, result.output
    assert run(restored, "show", "a2").exit_code == 1


def is_stored(server: ObjectStorageServer) -> bool:
    """Tell whether an object of the storage still holds the removed text."""
    return any(SECRET in read_members(path) for path in server.objects())


def read_members(path: Path) -> bytes:
    """Return what is in the gzip members of a WARC file."""
    with gzip.open(path) as file:
        return file.read()
