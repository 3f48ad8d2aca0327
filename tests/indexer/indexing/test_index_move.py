"""Moves of an index: what the settings say afterwards, and when nothing is to be built."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.store import Store
from indexer.indexing import index_move
from indexer.indexing.build_options import BuildReport
from indexer.indexing.index_move import move_index
from tests.factories import article, keep

ADDRESS = "https://may.example:9200/bao"


class Builder:
    """A builder that builds nothing."""

    def __init__(self, *rest: object) -> None:
        pass

    def reason_to_rebuild(self) -> str:
        return ""

    def update(self) -> BuildReport:
        return BuildReport("updated", 0, 0, 0, 0)

    def rebuild(self) -> BuildReport:
        return BuildReport("rebuilt", 0, 0, 0, 0)


def test_an_index_that_is_there_is_brought_up_to_date(store: Store) -> None:
    keep(store, article("Cầu mới"))
    first = move_index(store, "", "/run/secrets/mat-khau")
    assert (first.generation, first.documents) == ("000001", 1)
    keep(store, article("Đường mới"))
    second = move_index(store, "")
    # A rebuild would have indexed both.
    assert (second.documents, second.indexed) == (2, 1)


@pytest.mark.parametrize(
    ("current", "location", "done"),
    [
        (ADDRESS, ADDRESS, "updated"),
        ("", "", "updated"),
        ("", ADDRESS, "rebuilt"),
        (ADDRESS, "", "rebuilt"),
        (f"{ADDRESS}2", ADDRESS, "rebuilt"),
        (None, ADDRESS, "rebuilt"),
        (None, "", "rebuilt"),
    ],
)
def test_only_the_home_of_an_index_on_a_cluster_keeps_a_file_of_its_password(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    current: str | None,
    location: str,
    done: str,
) -> None:
    monkeypatch.setattr(index_move, "IndexBuilder", Builder)
    monkeypatch.setattr(index_move, "_current_location", lambda _: current)
    written: dict[str, str] = {}
    monkeypatch.setattr(
        index_move, "write_archive_settings", lambda _, values: written.update(values)
    )
    with Store(tmp_path) as store:
        assert move_index(store, location, "/run/secrets/mat-khau").generation == done
    file = "/run/secrets/mat-khau" if location else ""
    assert written == {"engine": location, "engine-password-file": file}
