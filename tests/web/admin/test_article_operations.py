"""A passage that was removed is nowhere: no version, search, feed, export, original or backup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.backups.backup import backup, restore
from archive.errors import NotFoundError, StoreError, WithdrawnError
from archive.passages import passage_digest
from archive.records import Section
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, keep
from web.admin.article_operations import make_note, remove_passages

SECRET = "Bà Huệ nợ tám đồng"
ONE = article(
    "Chợ xuân", "Chợ đông.", SECRET, "Chợ tàn.", url="https://bao.vn/cho", publisher="Báo A"
)
EARLIER = replace(ONE, title="Chợ sớm")
NOTE = make_note("tòa án", "lan")


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(EARLIER, ONE, article("Khác", "Không liên quan."))


@pytest.mark.parametrize("destroy", [False, True])
def test_a_removed_passage_is_nowhere(
    archive: OpenArchive, tmp_path: Path, *, destroy: bool
) -> None:
    store, name = archive.store, ONE.identifier
    backup(store, tmp_path / "before.zip")
    report = remove_passages(store, name, NOTE, ["s1.2"], destroy=destroy)
    assert (report.remarks, report.failure) == ((), "")
    client = client_of(archive, rate="")
    paths = ["/feed.atom?q=cho", "/export.jsonl?q=cho", "/export.csv?q=cho", "/?q=hue+no+tam"]
    paths += [f"/article/{name}", f"/api/v1/articles/{name}", "/api/v1/search?q=hue+no+tam"]
    paths += [f"/article/{name}/changes?old=1&new=3", f"/article/{name}?version=1", "/suggest?q=ba"]
    paths += ["/oai?verb=ListRecords&metadataPrefix=oai_dc"]
    for path in paths:
        with client.get(path) as answer:
            assert SECRET not in answer.text, path
    assert client.get('/api/v1/search?q="nợ+tám+đồng"').get_json()["total_full"] == 0
    assert client.get("/api/v1/search?q=cho+dong").get_json()["total"] == 1
    assert store.get(name).sections == (Section(("Chợ đông.", "[…]", "Chợ tàn.")),)
    for number in (1, 2):
        with pytest.raises(WithdrawnError):
            store.get(name, number)
    for number in (None, 1, 2, 3):
        with pytest.raises(WithdrawnError):
            store.read_original(name, number)
    assert client.get(f"/article/{name}/original").status_code == 410
    assert store.verify().problems == ()
    catalogue = (store.home / "catalogue.sqlite").read_bytes()
    assert SECRET.encode() not in catalogue
    entry = [entry for entry in store.operations(0, name) if entry.changes][0]
    assert entry.changes == {"passages": [passage_digest(SECRET)]}


def test_nothing_brings_a_removed_passage_back(archive: OpenArchive, tmp_path: Path) -> None:
    store, name = archive.store, ONE.identifier
    backup(store, tmp_path / "before.zip")
    remove_passages(store, name, NOTE, ["s1.2"])
    for known in (ONE, EARLIER):
        with pytest.raises(WithdrawnError):
            keep(store, known)
    again = replace(ONE, title="Chợ muộn")
    keep(store, again)
    assert store.get(name).title == "Chợ muộn"
    assert store.get(name).sections[0].paragraphs[1] == "[…]"
    with pytest.raises(WithdrawnError):
        store.read_original(name)
    IndexBuilder(store).update()
    restore(tmp_path / "before.zip", tmp_path / "restored")
    with Store(tmp_path / "restored") as restored:
        assert restored.get(name).sections[0].paragraphs[1] == "[…]"
        with pytest.raises(WithdrawnError):
            restored.get(name, 1)


def test_a_second_passage_leaves_the_first_one_out(archive: OpenArchive) -> None:
    store, name = archive.store, ONE.identifier
    remove_passages(store, name, NOTE, ["s1.2"])
    remove_passages(store, name, NOTE, ["s1.3"])
    assert store.get(name).sections[0].paragraphs == ("Chợ đông.", "[…]", "[…]")
    keep(store, replace(ONE, title="Chợ muộn"))
    assert store.get(name).sections[0].paragraphs == ("Chợ đông.", "[…]", "[…]")
    assert store.verify().problems == ()


@pytest.mark.parametrize("place", ["s1.9", "lead", "x", "s2"])
def test_a_passage_that_is_not_there_is_named(archive: OpenArchive, place: str) -> None:
    before = archive.store.last_sequence()
    with pytest.raises((NotFoundError, StoreError), match=place):
        remove_passages(archive.store, ONE.identifier, NOTE, [place])
    assert archive.store.last_sequence() == before
