"""Paths and streams into the store: what is met is counted, and what fails is named."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import sys
from pathlib import Path

import pytest

from archive.catalogue.operations import OperatorNote
from archive.store import Store
from indexer.intake import document_stream as module
from indexer.intake.ingest import IngestOptions, IngestProgress, IngestReport, ingest
from indexer.intake.reading_problems import count_reading_problems
from indexer.intake.reparse import reparse
from tests.indexer.intake.html.page_shapes import paragraphs, shaped_page
from tests.indexer.intake.html.test_content_finder import TITLE, page
from tests.indexer.intake.ocr.scans import GreyPicture, png
from tests.indexer.intake.pdf.made_pdf import down, made_pdf

UNDATED = shaped_page(
    f"<div>{paragraphs(1, 7)}</div>",
    "<meta property='article:published_time' content='hôm kia'>",
)
RECORD = '{{"id": "{0}", "title": "Bài {0}", "body": "{1}"}}\n'


def taken(home: Path, *paths: Path | str) -> IngestReport:
    with Store(home) as store:
        return ingest(store, [str(path) for path in paths])


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    skipped, failed = len(report.skipped), len(report.failed)
    return report.added, report.changed, report.unchanged, skipped, failed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every kind of document, good and bad, some of them deep inside."""
    place = tmp_path / "in"
    (place / "2022" / "12").mkdir(parents=True)
    (place / ".hidden").mkdir()
    (place / "a.txt").write_text("Bài thứ nhất\nMột đoạn.", encoding="utf-8")
    (place / "2022" / "b.HTML").write_text(page("singular"), encoding="utf-8")
    (place / "2022" / "12" / "c.jsonl").write_text(
        RECORD.format(1, "một") + "{broken\n" + RECORD.format(2, "hai"), encoding="utf-8"
    )
    (place / "2022" / "12" / "d.jsonl.xz").write_bytes(
        lzma.compress(RECORD.format(3, "ba").encode())
    )
    (place / "e.htm").write_text("<title>Trang nhất</title>" + "<a>một</a>" * 50, encoding="utf-8")
    (place / "empty.txt").write_text(" \n", encoding="utf-8")
    (place / "picture.gif").write_bytes(b"GIF89a\x00\x10" * 20)
    (place / "latin.txt").write_bytes("Tiếng".encode()[:-2] + b"\xe9\xff")
    (place / ".hidden" / "f.txt").write_text("Không đọc", encoding="utf-8")
    (place / ".g.txt").write_text("Không đọc", encoding="utf-8")
    return place


def test_a_folder_is_read_to_its_leaves(folder: Path, tmp_path: Path) -> None:
    report = taken(tmp_path / "home", folder)
    assert counts(report) == (5, 0, 0, 2, 3)
    failed = {trouble.source: trouble.reason for trouble in report.failed}
    assert set(failed) == {
        f"{folder}/2022/12/c.jsonl:2",
        f"{folder}/empty.txt",
        f"{folder}/latin.txt",
    }
    assert all(failed.values())
    skipped = {trouble.source: trouble.reason for trouble in report.skipped}
    assert set(skipped) == {f"{folder}/e.htm", f"{folder}/picture.gif"}
    assert "characters of text" in skipped[f"{folder}/e.htm"]
    assert report.documents == 10


def test_adding_again_adds_nothing(folder: Path, tmp_path: Path) -> None:
    taken(tmp_path / "home", folder)
    assert counts(taken(tmp_path / "home", folder)) == (0, 0, 5, 2, 3)


def test_a_changed_document_is_a_new_version_of_the_same_article(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(RECORD.format(1, "một") + RECORD.format(2, "hai"), encoding="utf-8")
    taken(tmp_path / "home", file)
    file.write_text(RECORD.format(1, "một") + RECORD.format(2, "hai rưỡi"), encoding="utf-8")
    assert counts(taken(tmp_path / "home", file)) == (0, 1, 1, 0, 0)


def test_one_identifier_twice_in_a_file_is_one_article_in_two_versions(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    lines = RECORD.format(1, "một") + RECORD.format(1, "hai") + RECORD.format(1, "hai")
    file.write_text(lines, encoding="utf-8")
    report = taken(tmp_path / "home", file)
    with Store(tmp_path / "home") as store:
        assert store.count_articles() == 1
    assert report.added + report.changed + report.unchanged == 3
    assert report.added == 1


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("no-ending", page("cmain").encode(), (1, 0, 0, 0, 0)),
        ("no-ending", b"\xef\xbb\xbf<!DOCTYPE html>" + page("cmain").encode(), (1, 0, 0, 0, 0)),
        ("no-ending", RECORD.format(1, "một").encode(), (1, 0, 0, 0, 0)),
        ("no-ending", lzma.compress(RECORD.format(1, "một").encode()), (1, 0, 0, 0, 0)),
        ("no-ending", "Một bài viết".encode(), (1, 0, 0, 0, 0)),
        ("utf16.txt", "Một bài viết\nĐoạn.".encode("utf-16"), (1, 0, 0, 0, 0)),
        ("utf16", "Một bài viết\nĐoạn.".encode("utf-16"), (1, 0, 0, 0, 0)),
        ("a.html.gz", gzip.compress(page("cmain").encode()), (1, 0, 0, 0, 0)),
        ("a.txt.xz", lzma.compress("Một bài viết".encode()), (1, 0, 0, 0, 0)),
        ("a.jsonl.gz", b"not gzip", (0, 0, 0, 0, 1)),
        ("a.jsonl.gz", gzip.compress(RECORD.format(1, "một").encode())[:-9], (1, 0, 0, 0, 1)),
        ("a.jsonl", b"", (0, 0, 0, 0, 0)),
        ("a.txt", b"", (0, 0, 0, 0, 1)),
        ("a.html", "<p>tiếng".encode() + b"\xe9", (0, 0, 0, 0, 1)),
        ("random", bytes(range(256)) * 50, (0, 0, 0, 1, 0)),
    ],
)
def test_what_a_file_is_is_seen_by_its_name_or_its_beginning(
    tmp_path: Path, name: str, data: bytes, expected: tuple[int, ...]
) -> None:
    (tmp_path / name).write_bytes(data)
    assert counts(taken(tmp_path / "home", tmp_path / name)) == expected


def test_standard_input_is_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, data in enumerate([page("cmain"), RECORD.format(1, "một"), "Một bài\nĐoạn."]):
        typed = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data.encode())))  # type: ignore
        monkeypatch.setattr(sys, "stdin", typed)
        assert counts(taken(tmp_path / str(number), "-")) == (1, 0, 0, 0, 0)
    monkeypatch.setattr(sys, "stdin", None)
    (trouble,) = taken(tmp_path / "closed", "-").failed
    assert (trouble.source, trouble.reason) == ("-", "is closed")


def test_what_is_not_there_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Một bài", encoding="utf-8")
    report = taken(tmp_path / "home", tmp_path / "gone.txt", tmp_path / "a.txt")
    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.failed[0].source.endswith("gone.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_pipes_and_circles_of_links_are_passed_over(tmp_path: Path) -> None:
    place = tmp_path / "in"
    place.mkdir()
    (place / "a.txt").write_text("Một bài", encoding="utf-8")
    (place / "circle").symlink_to(place)
    (place / "lost.txt").symlink_to(place / "nowhere")
    os.mkfifo(place / "pipe.txt")
    assert counts(taken(tmp_path / "home", place)) == (1, 0, 0, 0, 0)


def test_a_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_DOCUMENT", 1000)
    (tmp_path / "a.txt").write_text("chữ " * 500, encoding="utf-8")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"a" * 5000))
    (tmp_path / "c.jsonl").write_text(RECORD.format(1, "một") * 50, encoding="utf-8")
    report = taken(tmp_path / "home", *sorted(tmp_path.glob("*.*")))
    assert counts(report)[0] == 1
    assert [trouble.reason for trouble in report.failed] == ["is larger than 1000 bytes"] * 2


def test_scans_may_be_larger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_DOCUMENT", 1000)
    monkeypatch.setattr(module, "LARGEST_SCAN", 8000)
    for name, pages in (("a.pdf", 2), ("b.pdf", 40)):
        document = made_pdf([down("Cây cầu mới bắc qua sông.")] * pages)
        assert len(document) > 1000
        (tmp_path / name).write_bytes(document)
    report = taken(tmp_path / "home", *sorted(tmp_path.glob("*.*")))
    assert counts(report)[0] == 1
    assert [trouble.reason for trouble in report.failed] == ["is larger than 8000 bytes"]


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_tells_bytes_documents_and_what_is_kept_and_never_goes_back(
    folder: Path, tmp_path: Path, workers: int
) -> None:
    calls: list[IngestProgress] = []
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(folder)], calls.append, IngestOptions(workers=workers))
    for counts in zip(*((call.position, call.documents, call.kept) for call in calls), strict=True):
        assert list(counts) == sorted(counts)
    assert {call.size for call in calls} == {sum(f.stat().st_size for f in module_files(folder))}
    assert calls[-1].kept == report.kept
    assert calls[-1].documents == report.documents


def module_files(folder: Path) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if not any(p.startswith(".") for p in file.parts[-2:])]


def test_what_is_kept_is_the_article_that_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("cmain"), encoding="utf-8")
    taken(tmp_path / "home", tmp_path / "a.html")
    with Store(tmp_path / "home") as store:
        (change,) = store.changes(0)
        article = store.get(change.identifier)
    assert article.title == TITLE
    assert article.origin.source == str(tmp_path / "a.html")


def test_a_document_that_is_read_in_part_is_named_by_kind(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(UNDATED, encoding="utf-8")
    (tmp_path / "b.html").write_text(page("cmain"), encoding="utf-8")
    report = taken(tmp_path / "home", tmp_path / "a.html", tmp_path / "b.html")
    assert counts(report) == (2, 0, 0, 0, 0)
    ((kind, (problem,)),) = report.incomplete.items()
    assert (kind, problem.source) == ("dates", str(tmp_path / "a.html"))
    assert "'hôm kia'" in problem.reason


def test_the_encoding_of_documents_may_be_said_and_is_kept_for_reading_again(
    tmp_path: Path,
) -> None:
    text = "Câu mâm ăn\nMôt doan văn dài hon môt chút.\n"
    place = tmp_path / "a.txt"
    place.write_bytes(text.encode("cp1258"))
    (problem,) = taken(tmp_path / "home", place).failed
    assert "--encoding" in problem.reason
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(place)], options=IngestOptions("windows-1258"))
        assert (report.added, report.failed, report.incomplete) == (1, [], {})
        (identifier,) = (name for name, _ in store.identifiers())
        assert store.get(identifier).title == "Câu mâm ăn"
        again = reparse(store, force=True)
        assert (again.read, again.changed, again.failed) == (1, 0, [])


def test_what_records_hold_and_articles_do_not_is_named(tmp_path: Path) -> None:
    long = "Một đoạn văn dài dưới một khóa lạ. " * 9
    records = [
        {"title": "a", "body": "Một đoạn.", "date": "hôm kia", "ghi_chu": long},
        {"title": "b", "body": "Một đoạn.", "date": "2022-12-19"},
        {"title": "c", "ban_thao": long},
    ]
    file = tmp_path / "a.json"
    file.write_text(json.dumps(records), encoding="utf-8")
    (tmp_path / "b.txt").write_bytes("Một bài có một chữ hỏng: cầu, đường".encode() + b"\xc3")
    report = taken(tmp_path / "home", file, tmp_path / "b.txt")
    assert counts(report) == (3, 0, 0, 0, 1)
    assert "'ban_thao'" in report.failed[0].reason
    assert {kind: len(problems) for kind, problems in report.incomplete.items()} == {
        "dates": 1,
        "keys": 1,
        "bytes": 1,
    }
    assert report.incomplete["keys"][0].source == f"{file}:1"


def test_what_nothing_reads_is_skipped_in_one_line_and_is_no_article(tmp_path: Path) -> None:
    files = {
        "a.flac": (b"fLaC" + b"a" * 50, "audio/flac: sound (FLAC) are not read"),
        "b.txt": (b"%!PS-Adobe-3.0\n", "application/postscript: PostScript documents are not"),
        "c.css": (b"body { color: red }", "text/css: style sheets"),
        "e.bin": (bytes(range(256)), "application/octet-stream: files of an unknown format"),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    report = taken(tmp_path / "home", *(tmp_path / name for name in files))
    assert counts(report) == (0, 0, 0, len(files), 0)
    for problem, (_, reason) in zip(report.skipped, files.values(), strict=True):
        assert problem.reason.startswith(reason)


def test_a_document_that_is_not_read_is_kept_by_its_name_and_state(tmp_path: Path) -> None:
    (tmp_path / "bản quét.pdf").write_bytes(made_pdf([[]]))
    (tmp_path / "hỏng.pdf").write_bytes(b"%PDF-1.4\nrubbish")
    (tmp_path / "tốt.pdf").write_bytes(made_pdf([down("Cây cầu mới bắc qua sông.")]))
    paths = sorted(tmp_path.glob("*.pdf"))
    for expected in ((2, 0, 0, 0, 1), (0, 0, 2, 0, 1)):
        report = taken(tmp_path / "home", *paths)
        assert counts(report) == expected
        (problem,) = report.failed
        assert problem.source.endswith("hỏng.pdf")
        ((kind, (scan,)),) = report.incomplete.items()
        assert (kind, "OCR" in scan.reason) == ("needs-ocr", True)
    with Store(tmp_path / "home") as store:
        assert count_reading_problems(store) == {"damaged": 1, "needs-ocr": 1}
        titles = {article.title: article for article, _ in store.articles()}
        assert set(titles) == {"", "bản quét", "hỏng"}
        assert store.read_original(titles["hỏng"].identifier).startswith(b"%PDF")
        assert reparse(store).changed == 0


def test_what_the_operator_removed_is_skipped_with_the_reason(tmp_path: Path) -> None:
    records = tmp_path / "a.jsonl"
    records.write_text(RECORD.format(1, "một") + RECORD.format(2, "hai"), encoding="utf-8")
    taken(tmp_path / "home", records)
    with Store(tmp_path / "home") as store:
        name, _ = next(store.identifiers())
        with store.operator_batch() as batch:
            batch.remove(name, OperatorNote("trùng bài", "Hà"))
    report = taken(tmp_path / "home", records)
    assert counts(report) == (0, 0, 1, 1, 0)
    assert "trùng bài" in report.skipped[0].reason


def taken_as(home: Path, path: Path, collection: str) -> IngestReport:
    with Store(home) as store:
        return ingest(store, [str(path)], options=IngestOptions(collection=collection))


def test_an_edited_file_is_a_new_version(tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"Bài {name}\nMột đoạn văn.", encoding="utf-8")
    (folder / "c.html").write_text(shaped_page(paragraphs(1, 7)), encoding="utf-8")
    assert counts(taken(home, folder)) == (3, 0, 0, 0, 0)
    (folder / "a.txt").write_text("Bài a\nMột đoạn văn đã sửa.", encoding="utf-8")
    (folder / "c.html").write_text(shaped_page(paragraphs(1, 8)), encoding="utf-8")
    assert counts(taken(home, folder)) == (0, 2, 1, 0, 0)
    assert counts(taken(home, folder / "a.txt")) == (0, 0, 1, 0, 0)


def test_a_collection_may_move(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "first" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Bài a\nMột đoạn văn.", encoding="utf-8")
    assert counts(taken_as(home, folder.parent, "báo")) == (1, 0, 0, 0, 0)
    moved = folder.parent.rename(tmp_path / "second")
    (moved / "deep" / "a.txt").write_text("Bài a\nMột đoạn văn khác.", encoding="utf-8")
    assert counts(taken_as(home, moved, "báo")) == (0, 1, 0, 0, 0)
    (moved / "deep" / "a.txt").write_text("Bài a\nMột đoạn văn khác nữa.", encoding="utf-8")
    assert counts(taken_as(home, moved, "sổ")) == (1, 0, 0, 0, 0)


def test_scans_are_kept_and_pictures_of_pages_are_not(tmp_path: Path) -> None:
    scan = png(GreyPicture(300, 400, bytes(120_000)))
    (tmp_path / "in" / "bai_files").mkdir(parents=True)
    (tmp_path / "in" / "Công văn.png").write_bytes(scan)
    (tmp_path / "in" / "bai_files" / "anh.png").write_bytes(scan)
    (tmp_path / "in" / "icon.png").write_bytes(png(GreyPicture(16, 16, bytes(256))))
    (tmp_path / "in" / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    report = taken(tmp_path / "home", tmp_path / "in")
    assert counts(report) == (1, 0, 0, 2, 1)
    assert [problem.source for problem in report.failed] == [f"{tmp_path}/in/cut.jpg"]
    assert "needs OCR" in report.incomplete["needs-ocr"][0].reason
    reasons = {Path(problem.source).name: problem.reason for problem in report.skipped}
    assert "a part of pages" in reasons["anh.png"]
    assert "too small" in reasons["icon.png"]


def test_a_file_is_known_by_the_place_that_links_lead_to(tmp_path: Path) -> None:
    home, folder, link = tmp_path / "home", tmp_path / "2022", tmp_path / "now"
    folder.mkdir()
    link.symlink_to(folder)
    edits = [(folder, "Cầu cũ"), (link, "Cầu mới"), (folder, "Cầu sửa"), (link, "Cầu sửa")]
    reports = []
    for path, title in edits:
        (folder / "a.txt").write_text(f"{title}\n\nMột đoạn.", encoding="utf-8")
        reports.append(counts(taken(home, path))[:3])
    assert reports == [(1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1)]
