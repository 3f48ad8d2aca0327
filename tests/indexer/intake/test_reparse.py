"""Reading again: only what an older reader read, with what is found in containers since."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import IntakeError
from archive.records import Article
from archive.store import Store
from indexer.intake import media_types, press_text, registry
from indexer.intake.html import page as html_page
from indexer.intake.ingest import ingest
from indexer.intake.markup import pictures as html_pictures
from indexer.intake.office.compound_writer import pack_compound_file
from indexer.intake.registry import READERS, READERS_BY_TYPE
from indexer.intake.reparse import ReparseReport, reparse
from tests.indexer.intake.containers.made_containers import crawl, mail_with, mailbox, tarred
from tests.indexer.intake.office.made_packages import docx, paragraph, run, zipped
from tests.pictured_documents import PICTURED

LETTER = docx(paragraph(run("Công văn số 5")) + paragraph(run("Đề nghị sửa cầu Đông.")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An archive of a text and a web page."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Bài một\nĐoạn.", encoding="utf-8")
    (tmp_path / "in" / "b.jsonl").write_text('{"id": "1", "title": "Hai"}', encoding="utf-8")
    with Store(tmp_path / "home") as store:
        assert ingest(store, [str(tmp_path / "in")]).added == 2
        yield store


def counts(report: ReparseReport) -> tuple[int, int, int, int, int]:
    return report.read, report.current, report.changed, report.added, len(report.failed)


def newer_reader(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the reader of a name be one version ahead."""
    reader = replace(READERS[name], version=READERS[name].version + 1)
    monkeypatch.setitem(READERS, name, reader)
    for media_type in reader.types:
        monkeypatch.setitem(READERS_BY_TYPE, media_type, reader)


def test_what_todays_readers_read_is_left_alone(store: Store) -> None:
    sequence = store.last_sequence()
    assert counts(reparse(store)) == (0, 2, 0, 0, 0)
    assert counts(reparse(store, force=True)) == (2, 0, 0, 0, 0)
    assert store.last_sequence() == sequence


def test_a_newer_reader_reads_what_an_older_one_read_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_reader(monkeypatch, "text")
    version = READERS["text"].version
    monkeypatch.setattr(press_text, "READER_VERSION", version)
    assert counts(reparse(store, dry_run=True)) == (1, 1, 0, 0, 0)
    assert counts(reparse(store)) == (1, 1, 0, 0, 0)
    # That it says the same is noted, and it is not read again.
    assert counts(reparse(store)) == (0, 2, 0, 0, 0)
    readers = {
        origin.origin.reader: origin.origin.reader_version for _, origin in store.all_origins()
    }
    assert readers["text"] == version
    assert store.verify().problems == ()


def test_other_libraries_are_another_reader(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.intake.reparse.libraries_of", lambda name: f"thư viện 2 of {name}")
    assert counts(reparse(store)) == (2, 0, 0, 0, 0)
    assert counts(reparse(store)) == (0, 2, 0, 0, 0)
    assert {origin.libraries for _, origin in store.all_origins()} == {
        "thư viện 2 of text",
        "thư viện 2 of jsonlines",
    }
    assert registry.libraries_of("jsonlines").startswith("beautifulsoup4 ")


def test_a_changed_text_is_a_version_with_its_reader(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_reader(monkeypatch, "text")
    old = press_text.read_text

    def read(data: bytes, source: str, encoding: str) -> Article:
        read = old(data, source, encoding)
        origin = replace(read.origin, reader_version=READERS["text"].version)
        return replace(read, lead="Đọc lại", origin=origin)

    monkeypatch.setattr(press_text, "read_text", read)
    assert counts(reparse(store)) == (1, 1, 1, 0, 0)
    assert counts(reparse(store)) == (0, 2, 0, 0, 0)
    assert store.verify().problems == ()


def test_what_todays_reader_cannot_read_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_data: bytes, _source: str, _encoding: str) -> Article:
        raise IntakeError("is damaged")

    newer_reader(monkeypatch, "text")
    monkeypatch.setattr(press_text, "read_text", fail)
    report = reparse(store)
    assert (report.changed, [problem.reason for problem in report.failed]) == (0, ["is damaged"])
    assert "Bài một" in {article.title for article, _ in store.articles()}


def test_what_is_found_in_containers_since_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = mail_with(zipped({"công văn/số 5.docx": LETTER}))
    (tmp_path / "a.zip").write_bytes(
        zipped({"a.txt": "Bài một\nĐoạn.", "thu/b.mbox": mailbox(mail)})
    )
    reader = READERS_BY_TYPE[media_types.DOCX]
    with Store(tmp_path / "home") as store:
        monkeypatch.delitem(READERS_BY_TYPE, media_types.DOCX)
        report = ingest(store, [str(tmp_path / "a.zip")])
        assert (report.added, len(report.skipped)) == (2, 1)
        assert counts(reparse(store))[3] == 0
        monkeypatch.setitem(READERS_BY_TYPE, media_types.DOCX, reader)
        assert counts(reparse(store, dry_run=True)) == (0, 2, 0, 1, 0)
        assert counts(reparse(store)) == (0, 2, 0, 1, 0)
        assert counts(reparse(store)) == (0, 3, 0, 0, 0)
        (letter,) = [article for article, _ in store.articles() if article.title == "Công văn số 5"]
        assert letter.origin.source.endswith("a.zip!thu/b.mbox!1!tài liệu.zip!công văn/số 5.docx")
        assert letter.origin.parent in {origin.digest for _, origin in store.all_origins()}
        assert store.verify().problems == ()


def tar_with(document: bytes) -> bytes:
    return gzip.compress(tarred({"a.txt": "Bài một\nĐoạn.".encode(), "b/5.docx": document}))


def message_with(document: bytes) -> bytes:
    streams = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": "Báo cáo".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_37010102": document,
    }
    return pack_compound_file(streams)


def crawl_with(document: bytes) -> bytes:
    return b"".join(crawl(b"", document))


@pytest.mark.parametrize(
    ("name", "make", "before"),
    [("a.tar.gz", tar_with, 1), ("a.msg", message_with, 1), ("a.warc", crawl_with, 1)],
)
def test_members_of_every_kind_of_container_are_found_since(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    make: Callable[[bytes], bytes],
    before: int,
) -> None:
    (tmp_path / name).write_bytes(make(LETTER))
    reader = READERS_BY_TYPE[media_types.DOCX]
    with Store(tmp_path / "home") as store:
        monkeypatch.delitem(READERS_BY_TYPE, media_types.DOCX)
        assert ingest(store, [str(tmp_path / name)]).added == before
        monkeypatch.setitem(READERS_BY_TYPE, media_types.DOCX, reader)
        assert counts(reparse(store))[3] == 1
        assert counts(reparse(store))[3] == 0
        assert "Công văn số 5" in {article.title for article, _ in store.articles()}
        assert store.verify().problems == ()


def test_pictures_are_found_without_a_version_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "cho-noi.html"
    page.write_bytes(PICTURED)
    with Store(tmp_path / "home") as store:
        with monkeypatch.context() as older:
            older.setattr(html_page, "READER_VERSION", READERS["html"].version - 1)
            older.setattr(html_pictures, "MOST_PICTURES", 0)
            ingest(store, [page])
        ((before, _),) = store.articles()
        assert before.pictures == ()
        assert counts(reparse(store, dry_run=True)) == (1, 0, 0, 0, 0)
        assert store.get(before.identifier).pictures == ()
        assert counts(reparse(store)) == (1, 0, 0, 0, 0)
        ((after, number),) = store.articles()
        assert (number, len(after.pictures)) == (1, 3)
        assert replace(after, pictures=()) == before
        assert counts(reparse(store)) == (0, 1, 0, 0, 0)
        assert store.verify().problems == ()
