"""Containers: every member is a document of its own, budgets hold, nothing is lost in silence."""

from __future__ import annotations

import bz2
import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.records import Article, sha256
from archive.store import Store
from indexer.intake.containers import members
from indexer.intake.ingest import IngestReport, ingest
from indexer.intake.reparse import reparse
from indexer.vietnamese.dates import VIETNAM
from tests.indexer.intake.containers.made_containers import (
    BODY,
    answer,
    crawl,
    crawl_record,
    mail_with,
    mailbox,
    tarred,
)
from tests.indexer.intake.html.test_content_finder import page
from tests.indexer.intake.office.made_packages import docx, paragraph, run, zipped
from tests.indexer.intake.pdf.made_pdf import down, made_pdf

LETTER = docx(paragraph(run("Công văn số 5")) + paragraph(run("Đề nghị sửa cầu Đông.")))
MAIL = mail_with(zipped({"công văn/số 5.docx": LETTER}))
PLAIN = (
    b"From: b@example.vn\nSubject: Hai\nDate: Fri, 17 Feb 2023 08:30:00 +0700\n"
    b"Message-ID: <m2@example.vn>\n\nDong mot.\n\nFrom day one.\n"
)
NESTED = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"


class Taken:
    """An archive and the files that it takes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, data: bytes) -> IngestReport:
        (self.folder / name).write_bytes(data)
        with Store(self.folder / "home") as store:
            return ingest(store, [str(self.folder / name)])

    def articles(self) -> dict[str, Article]:
        """The articles by their source in the file that was added."""
        with Store(self.folder / "home") as store:
            every = [article for article, _ in store.articles()]
        return {article.origin.source.removeprefix(f"{self.folder}/"): article for article in every}


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    return Taken(tmp_path)


def reasons(report: IngestReport) -> dict[str, str]:
    problems = (*report.skipped, *report.failed)
    return {problem.source.partition("!")[2]: problem.reason for problem in problems}


def test_messages_and_their_attachments_are_articles_with_their_path(taken: Taken) -> None:
    report = taken.add("thu.mbox", mailbox(MAIL, PLAIN))
    assert (report.added, report.skipped, report.failed) == (3, [], [])
    articles = taken.articles()
    first, second = articles["thu.mbox!1"], articles["thu.mbox!2"]
    assert (first.title, first.authors) == ("Báo cáo tháng", ("Người Gửi",))
    assert first.published == datetime(2023, 2, 16, 8, 30, tzinfo=VIETNAM)
    assert [section.paragraphs for section in first.sections] == [(BODY,)]
    assert (second.title, second.authors) == ("Hai", ("b@example.vn",))
    assert second.sections[0].paragraphs == ("Dong mot.", "From day one.")
    letter = articles["thu.mbox!1!tài liệu.zip!công văn/số 5.docx"]
    assert letter.title == "Công văn số 5"
    assert letter.origin.parent == first.digest == sha256(MAIL)


def test_a_message_that_is_there_already_adds_nothing(taken: Taken) -> None:
    taken.add("thu.mbox", mailbox(MAIL, PLAIN))
    report = taken.add("thu.eml", MAIL)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)


def test_members_are_read_again_alone(taken: Taken) -> None:
    taken.add("thu.mbox", mailbox(MAIL, PLAIN))
    taken.add("a.warc", b"".join(crawl(page("cmain").encode(), made_pdf([down("Cầu.")]))))
    with Store(taken.folder / "home") as store:
        report = reparse(store, force=True)
        assert not store.verify().problems
    assert (report.read, report.changed, report.failed) == (6, 0, [])


@pytest.mark.parametrize("shape", ["plain", "records", "whole", "wacz"])
def test_a_crawl_is_read_however_it_is_packed(taken: Taken, shape: str) -> None:
    records = crawl(page("cmain").encode(), made_pdf([down("Cây cầu mới bắc qua sông.")]))
    apart, joined = b"".join(map(gzip.compress, records)), b"".join(records)
    wacz = zipped(
        {"archive/a.warc.gz": apart, "datapackage.json": "{}", "pages/pages.jsonl": '{"a": 1}\n'}
    )
    data = {"plain": joined, "records": apart, "whole": gzip.compress(joined), "wacz": wacz}
    report = taken.add("a.bin", data[shape])
    assert (report.added, report.failed) == (3, [])
    assert [problem.reason for problem in report.skipped] == [
        "was answered with status 404",
        "image/png: a part of pages, which is no document",
        "was captured again unchanged (revisit)",
    ]
    articles = {article.url: article for article in taken.articles().values()}
    assert set(articles) == {"http://bao.example/a.html", "http://bao.example/d.pdf", ""}
    captured = articles["http://bao.example/d.pdf"]
    assert captured.captured == datetime(2023, 2, 16, 1, 30, tzinfo=UTC)
    assert captured.publisher == "bao.example"
    again = taken.add("b.bin", data["records" if shape == "plain" else "plain"])
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


STYLE = answer("text/css", b"p { color: red }")
LATER = {"WARC_Date": "2023-03-01T00:00:00Z"}
SAME = {"WARC_Payload_Digest": "sha1:AAAA"}
REFERRED = {"WARC_Refers_To_Target_URI": "http://bao.example/a.css"}


@pytest.mark.parametrize(
    ("address", "fields", "is_led"),
    [
        ("http://bao.example/a.css", SAME, True),
        ("http://bao.example/b.css", SAME, True),
        ("http://bao.example/a.css", {}, True),
        ("http://bao.example/b.css", REFERRED, True),
        ("http://bao.example/b.css", {}, False),
        ("http://bao.example/a.css", {"WARC_Payload_Digest": "sha1:BBBB"}, False),
        ("http://bao.example/a.css", {**SAME, "WARC_Date": "yesterday"}, False),
    ],
)
def test_a_revisit_leads_to_what_the_crawl_had(
    taken: Taken, address: str, fields: dict[str, str], is_led: bool
) -> None:
    first = crawl_record("response", "http://bao.example/a.css", STYLE, **SAME)
    again = crawl_record("revisit", address, answer("text/css", b""), **{**LATER, **fields})
    report = taken.add("a.warc", first + again)
    assert report.skipped[-1].reason == "was captured again unchanged (revisit)"
    with Store(taken.folder / "home") as store:
        resources = store.captures(address)
        assert (
            "2023-03-01T00:00:00+00:00" in [resource.captured for resource in resources]
        ) == is_led
        if is_led:
            content = store.originals.read(resources[-1].location, resources[-1].digest)
            assert (content, resources[-1].status) == (b"p { color: red }", 200)
        assert store.verify().problems == ()


def test_a_crawl_that_is_cut_short_keeps_what_came_before(taken: Taken) -> None:
    captured = answer("text/html", page("cmain").encode())
    pages = [crawl_record("response", f"http://bao.example/{n}", captured) for n in range(3)]
    report = taken.add("a.warc.gz", gzip.compress(b"".join(pages))[:-40])
    assert report.added + report.unchanged + report.changed >= 1
    assert any("cut short" in problem.reason for problem in report.failed)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, bytes])
def test_packed_folders_are_read_as_folders(taken: Taken, pack: type[bytes]) -> None:
    parts = {
        "b/a.txt": "Bài một\nMột đoạn.".encode(),
        "b/c.jsonl": b'{"id": "1", "title": "B", "body": "Hai."}\n',
        "b/d.pdf": made_pdf([down("Cây cầu mới bắc qua sông.")]),
        "b/e.gif": b"GIF89a",
        "b/.DS_Store": b"\0\0",
    }
    report = taken.add("a.tar", pack(tarred(parts)))
    assert (report.added, list(reasons(report))) == (3, ["b/e.gif"])
    assert {"a.tar!b/a.txt", "a.tar!b/c.jsonl:1", "a.tar!b/d.pdf"} == set(taken.articles())
    assert taken.add("a.zip", zipped(parts)).unchanged == 3


def test_names_that_leave_the_archive_are_refused(taken: Taken) -> None:
    text = "Bài trong\nĐược nhận."
    parts = {"../../a.txt": "Ngoài", "/b.txt": "Gốc", "C:\\c.txt": "Ổ", "trong/bai.txt": text}
    report = taken.add("a.zip", zipped(parts))
    assert (report.added, len(report.failed)) == (1, 3)
    assert set(reasons(report).values()) == {"is refused: its name leaves the archive"}
    assert sorted(path.name for path in taken.folder.iterdir()) == ["a.zip", "home"]


def test_names_in_old_encodings_are_read(taken: Taken) -> None:
    data = bytearray(zipped({"Công văn.txt": "Công văn\nTên không có cờ."}))
    for signature, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.find(signature) + place] &= ~8
    taken.add("a.zip", bytes(data))
    assert list(taken.articles()) == ["a.zip!Công văn.txt"]


def test_archives_in_archives_end_at_a_depth(taken: Taken) -> None:
    data = b"Day\nSau."
    for number in range(20):
        data = zipped({"n.zip" if number else "n.txt": data})
    report = taken.add("a.zip", data)
    (problem,) = report.failed
    assert problem.reason == "is nested deeper than 8"


def test_a_member_that_unfolds_too_far_is_refused_and_its_neighbours_are_read(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "_UNCHECKED_BYTES", 1 << 20)
    bombs = {f"{number}.txt": bytes(9 << 20) for number in range(3)}
    report = taken.add("a.zip", zipped({**bombs, "tot.txt": "Tốt\nVẫn được nhận."}))
    assert (report.added, len(report.failed)) == (1, 3)
    assert all("unfolds to more" in problem.reason for problem in report.failed)


def test_more_members_than_the_budget_are_one_problem(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    report = taken.add("a.zip", zipped({f"{n}.txt": f"Bài {n}\nĐoạn." for n in range(9)}))
    assert report.added == 3
    assert [problem.reason for problem in report.failed] == ["holds more than 3 members"]


@pytest.mark.parametrize(
    "data",
    [
        zipped({"a.txt": "Bài một\nHai."})[:-30],
        tarred({"a.txt": b"a" * 2000})[:1000],
        mailbox(b"From: a@b.vn\nSubject: a\n" + NESTED * 3000),
        mailbox(b"Subject: =?utf-8?Q?=?=\nFrom: \xff\xfe\nDate: never\nContent-Type: \xff\n\n\xff"),
        b"WARC/1.0\r\nContent-Length: 99999999999\r\n\r\n",
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"),
    ],
)
def test_damaged_containers_end_in_a_problem_or_an_article(taken: Taken, data: bytes) -> None:
    report = taken.add("a.bin", data)
    assert report.documents >= 1 or not taken.articles()


def test_a_crawl_of_our_own_is_read_back(taken: Taken, tmp_path: Path) -> None:
    taken.add("a.txt", "Bài một\nMột đoạn.".encode())
    (own,) = (tmp_path / "home" / "originals").glob("*.warc.gz")
    second = tmp_path / "second"
    with Store(second) as store:
        report = ingest(store, [str(own)])
    assert (report.added, report.failed) == (1, [])


@pytest.mark.parametrize(
    ("parameters", "body", "paragraphs"),
    [
        ("format=flowed", "Xin \r\nchuyển \r\ntiếp.\r\nHết.", ["Xin chuyển tiếp.", "Hết."]),
        ("format=flowed; delsp=yes", "Xin chuy \r\nển tiếp.", ["Xin chuyển tiếp."]),
        ("format=flowed", "Xin. \r\n\r\n From đây.", ["Xin.", "From đây."]),
        ("format=flowed", "Chào.\r\n-- \r\nTên", ["Chào.", "--", "Tên"]),
        ("charset=utf-8", "Xin chuyển \r\ntiếp.", ["Xin chuyển", "tiếp."]),
    ],
)
def test_wrapped_lines_of_a_mail_are_joined(
    taken: Taken, parameters: str, body: str, paragraphs: list[str]
) -> None:
    head = f"From: a@b.vn\r\nSubject: Mot\r\nContent-Type: text/plain; {parameters}\r\n\r\n"
    taken.add("a.eml", head.encode() + body.encode())
    (mail,) = taken.articles().values()
    assert [text for section in mail.sections for text in section.paragraphs] == paragraphs
