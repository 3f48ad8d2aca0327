"""The acceptance cases of formats on the command line: a mixed folder, its account and its hits."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.records import sha256
from archive.store import Store
from tests.format_cases import bomb_pdf, case_files, laughs_docx, packed_folders, pages_pdf
from tests.indexer.intake.ocr.scans import (
    TEXT,
    drawn_page,
    error_rate,
    noisy,
    png,
    require_tesseract,
    scanned_pdf,
)
from tests.paths import ROOT
from web.cli.main import main

NEWS = '{"id": "1", "title": "Luật mới", "body": "Theo Nghị định 99/2031/NĐ-CP, máy được thử."}\n'


@dataclass(frozen=True)
class AddedFolder:
    """An archive, the folder that was added to it, and what the command said."""

    home: Path
    folder: Path
    run: Result

    def lines(self, kind: str) -> dict[str, str]:
        """The reasons of a kind, by the place in the folder."""
        start = f"{kind}: {self.folder}/"
        found = [line for line in self.run.stderr.splitlines() if line.startswith(start)]
        pairs = [line.removeprefix(start).partition(": ") for line in found]
        return {place: reason for place, _, reason in pairs}


def command(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "--lang", "en", *words])


def add(folder: Path, files: dict[str, bytes]) -> AddedFolder:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    home = folder.parent / "home"
    return AddedFolder(home, folder, command(home, "add", str(folder)))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> AddedFolder:
    folder = tmp_path_factory.mktemp("cases") / "in"
    folder.mkdir()
    others = {"news.jsonl": NEWS.encode(), "film.mp4": b"\0\0\0\x18ftypmp42" + bytes(40)}
    return add(folder, {**case_files(), **others})


@pytest.fixture(scope="module")
def shown(added: AddedFolder) -> dict[str, dict[str, Any]]:
    """What `show --json` says of every article, by the place in the folder that it is from."""
    with Store(added.home) as store:
        places = {article.origin.source: article.identifier for article, _ in store.articles()}
    return {
        source.removeprefix(f"{added.folder}/"): json.loads(
            command(added.home, "show", "--json", identifier).stdout
        )
        for source, identifier in places.items()
    }


def paragraphs(article: dict[str, Any]) -> list[str]:
    return [text for section in article["sections"] for text in section["paragraphs"]]


def found(added: AddedFolder, query: str) -> list[dict[str, Any]]:
    page = json.loads(command(added.home, "search", "--json", query).stdout)
    return list(page["hits"]) if page["total_full"] else []


def test_the_account_is_honest(added: AddedFolder) -> None:
    assert added.run.exit_code == 2
    assert added.lines("failed") == {
        "13-bomb.zip!b.txt": "is larger than 33554432 bytes",
        "13-nest.zip" + "!n.zip" * 8: "is nested deeper than 8",
        "13-slip.zip!../../ngoai.txt": "is refused: its name leaves the archive",
        "13-slip.zip!/goc.txt": "is refused: its name leaves the archive",
        "14-laughs.docx": "is damaged (word/document.xml declares entities)",
    }
    skipped = added.lines("skipped")
    assert skipped.pop("film.mp4").startswith("video/mp4")
    kinds = {
        "b.html": "was answered with status 404",
        "c.png": "image/png: a part of pages, which is no document",
        "a.html": "was captured again unchanged (revisit)",
    }
    packages = ("12-crawl.warc.gz", "12-one-member.warc.gz", "12-crawl.wacz!archive/data.warc.gz")
    assert skipped == {
        f"{package}!http://bao.example/{name}": reason
        for package in packages
        for name, reason in kinds.items()
    }
    assert "added 19, changed 0, unchanged 8, skipped 10, failed 5" in added.run.stdout


def test_pages_are_sections_without_their_running_heads(
    added: AddedFolder, shown: dict[str, dict[str, Any]]
) -> None:
    sections = shown["01-pages.pdf"]["sections"]
    assert [section["locator"] for section in sections] == ["trang 11", "trang 12", "trang 13"]
    assert sections[1]["paragraphs"] == ["Đoạn thứ 2 của văn bản thử. Trang này nói về con trâu."]
    assert not any("CÔNG BÁO" in text for text in paragraphs(shown["01-pages.pdf"]))
    assert {hit["section"]["locator"] for hit in found(added, "con trau")} == {"trang 12"}


EXACT = {
    "02-columns.pdf": [
        "Cột trái dòng một cột trái dòng hai cột trái dòng ba.",
        "Cột phải dòng một cột phải dòng hai cột phải dòng ba.",
    ],
    "03-hyphens.pdf": [
        "Viện nghiên-cứu giai đoạn 2011 - 2020 ở Bà Rịa - Vũng Tàu đã thử internet và báo "
        "Trung-ương."
    ],
    "04-tcvn3.pdf": ["Phương pháp ước tính được thử ở huyện Mường Khương năm 2003 - 2004."],
    "05-vni.pdf": ["Cộng hòa xã hội chủ nghĩa Việt Nam, phương pháp ước tính."],
    "06-runs.docx": [
        "Phương pháp ước tính của tổ chức FAO, giá bán pháp ước",
        "NGHỊ ĐỊNH",
        "giá bán và cá tháng ba",
    ],
    "07-changes.docx": [
        *("Mức cũ là hai mươi đồng.", "Chữ trong khung.", "Tên Số", "Lúa 12"),
        *("Nghiên-cứu", "xong."),
    ],
    "08-mixed.rtf": ["phương pháp", "chuyển đổi", "tiếng", "phương pháp"],
    "09-tcvn3.txt": ["đoạn này có đủ dấu: ngã, nặng, hỏi, sắc, huyền, và chữ đ"],
    "10-thu.mbox!1": ["Kính gửi kho lưu trữ, xin gửi báo cáo được yêu cầu."],
    "10-thu.mbox!2": ["From day one.", "Dong thu hai."],
    "10-thu.mbox!1!tài liệu.zip!công văn/số 5.docx": ["Công văn số 5", "Đề nghị sửa cầu Đông."],
    "13-slip.zip!trong/bai.txt": ["Được nhận."],
    "13-names.zip!Công văn.txt": ["Tên không có cờ UTF-8."],
    "13-bomb.zip!tot.txt": ["Vẫn được nhận."],
}


@pytest.mark.parametrize("name", EXACT)
def test_texts_are_exact(shown: dict[str, dict[str, Any]], name: str) -> None:
    assert paragraphs(shown[name]) == EXACT[name]


ENCODINGS = {
    "04-tcvn3.pdf": "TCVN3",
    "05-vni.pdf": "VNI",
    "06-runs.docx": "TCVN3, VNI",
    "09-tcvn3.txt": "TCVN3",
}


def test_articles_say_which_encoding_they_were_read_from(shown: dict[str, dict[str, Any]]) -> None:
    assert {name: shown[name]["encoding"] for name in ENCODINGS} == ENCODINGS


FOUND = {
    '"dòng một cột trái dòng hai"': "02-columns.pdf",
    '"nghiên cứu giai đoạn"': "03-hyphens.pdf",
    '"2011 - 2020"': "03-hyphens.pdf",
    '"Trung ương"': "03-hyphens.pdf",
    "internet": "03-hyphens.pdf",
    '"=mươi đồng"': "07-changes.docx",
    "99/2031/nd-cp": "15-decree.docx",
    "99/2031/NĐ–CP": "15-decree.docx",
}


@pytest.mark.parametrize("query", FOUND)
def test_what_is_searched_is_found_first(
    added: AddedFolder, shown: dict[str, dict[str, Any]], query: str
) -> None:
    assert found(added, query)[0]["id"] == shown[FOUND[query]]["identifier"]


@pytest.mark.parametrize("query", ['"cột trái dòng một cột phải"', '"mười hai mươi"', "=mười"])
def test_what_no_page_says_is_not_found(added: AddedFolder, query: str) -> None:
    assert found(added, query) == []


def test_a_message_has_its_date_and_sender_and_its_attachment_its_parent(
    added: AddedFolder, shown: dict[str, dict[str, Any]]
) -> None:
    message = shown["10-thu.mbox!1"]
    assert (message["title"], message["authors"]) == ("Báo cáo tháng", ["Người Gửi"])
    assert message["published"] == "2023-02-16T08:30:00+07:00"
    letter = shown["10-thu.mbox!1!tài liệu.zip!công văn/số 5.docx"]
    assert letter["origin"]["parent"] == message["digest"] == sha256(case_files()["11-thu.eml"])


def test_a_crawl_is_one_page_and_one_document_however_it_is_packed(
    shown: dict[str, dict[str, Any]],
) -> None:
    captured = {one["url"]: one for one in shown.values() if one["url"]}
    assert set(captured) == {"http://bao.example/a.html", "http://bao.example/d.pdf"}
    assert captured["http://bao.example/a.html"]["title"] == "Cầu Đông được sửa xong"
    assert len(captured["http://bao.example/d.pdf"]["sections"]) == 3
    assert {one["captured"] for one in captured.values()} == {"2023-02-16T01:30:00+00:00"}


def test_a_decree_is_parted_into_its_articles(
    added: AddedFolder, shown: dict[str, dict[str, Any]]
) -> None:
    decree = shown["15-decree.docx"]
    assert decree["legal"]["number"] == "99/2031/NĐ-CP"
    assert (decree["legal"]["kind"], decree["published"][:10]) == ("Nghị định", "2031-05-02")
    locators = [section.get("locator", "") for section in decree["sections"]]
    assert [each for each in locators if each.startswith("Điều")] == [
        *("Điều 1", "Điều 2", "Điều 2a", "Điều 3"),
    ]
    headings = [section["heading"] for section in decree["sections"]]
    assert {"Chương I: QUY ĐỊNH CHUNG", "Chương II: ĐIỀU KHOẢN THI HÀNH"} <= set(headings)
    assert "12/2030/NĐ-CP" in decree["cited_numbers"]
    with Store(added.home) as store:
        citing = store.find_citing("99/2031/NĐ-CP")
    assert citing == [shown["news.jsonl:1"]["identifier"]]


def test_members_are_verified_backed_up_and_read_again(added: AddedFolder, tmp_path: Path) -> None:
    copy, restored = str(tmp_path / "copy"), str(tmp_path / "restored")
    assert command(added.home, "verify").exit_code == 0
    assert command(added.home, "backup", copy).exit_code == 0
    assert CliRunner().invoke(main, ["--home", restored, "restore", copy]).exit_code == 0
    again = CliRunner().invoke(
        main, ["--home", restored, "--lang", "en", "rebuild", "--reparse", "--force"]
    )
    assert again.exit_code == 0, again.stderr
    assert command(Path(restored), "verify").exit_code == 0
    with Store(added.home) as before, Store(Path(restored)) as after:
        assert dict(before.identifiers()) == dict(after.identifiers())


def added_apart(folder: Path) -> tuple[int, str, int]:
    """Add a folder in a process of its own: its status, what it said, its own memory in MiB."""
    code = (
        "from web.cli.main import main\ntry: main()\nfinally:\n"
        "    print(*(line for line in open('/proc/self/status') if 'VmHWM' in line))"
    )
    words = [sys.executable, "-c", code, "--home", str(folder.parent / "home"), "--lang", "en"]
    done = subprocess.run(
        [*words, "add", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    memory = done.stdout.partition("VmHWM:")[2].split()[0]
    return done.returncode, done.stdout + done.stderr, int(memory) >> 10


def processes_reading(folder: Path) -> list[str]:
    """The processes whose command line or working folder is of an archive."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (place / "cmdline").read_bytes().decode("utf-8", "replace")
            if str(folder) in words or str(folder) in os.readlink(place / "cwd"):
                found.append(words)
    return found


def test_bombs_cost_one_document_each_and_leave_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    files = {"14-bomb.pdf": bomb_pdf(), "14-laughs.docx": laughs_docx(), "15.pdf": pages_pdf()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    status, said, _ = added_apart(folder)
    assert (status, said.count("failed: ")) == (2, 2)
    assert "14-bomb.pdf: the reader died over it" in said
    assert "14-laughs.docx: is damaged" in said
    assert "added 1, changed 0, unchanged 0, skipped 0, failed 2" in said
    assert processes_reading(tmp_path) == []


def test_a_packed_bomb_does_not_swell_the_parent(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "13-bomb.zip").write_bytes(packed_folders()["13-bomb.zip"])
    status, said, memory = added_apart(folder)
    assert (status, "added 1," in said) == (2, True)
    assert memory < 250


def test_a_scan_waits_for_ocr_and_is_completed_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_tesseract()
    folder = tmp_path / "in"
    folder.mkdir()
    picture = noisy(drawn_page(TEXT, 150), spread=43)
    files = {"16-scan.pdf": scanned_pdf([picture]), "16-scan.png": png(picture)}
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "/nowhere")
        added = add(folder, files)
        assert added.run.exit_code == 0
        assert set(added.lines("incomplete (needs-ocr)")) == set(files)
        assert "packages tesseract-ocr and tesseract-ocr-vie" in added.run.stdout
        assert "without words (needs OCR) 2" in command(added.home, "status").stdout
    done = command(added.home, "rebuild", "--reparse")
    assert done.exit_code == 0, done.stderr
    assert "needs OCR" not in command(added.home, "status").stdout
    with Store(added.home) as store:
        for article, _ in store.articles():
            assert article.reading_state == "complete"
            text = " ".join(text for each in article.sections for text in each.paragraphs)
            assert error_rate(text, " ".join(TEXT)) <= 0.02
