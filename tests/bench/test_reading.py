"""The measure of reading runs, on two made-up pages."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.bench.reading import main

PARAGRAPHS = "".join(
    f"<p>Đoạn số {number}: xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét.</p>"
    for number in range(8)
)
PAGES = {
    "bodies/0.html": f"<h1>Cầu mới ở xã</h1><div class='x'>{PARAGRAPHS}</div><nav>Trang chủ</nav>",
    "bodies/1.html": "<h1>Trang trống</h1><a href='/'>Trang chủ</a>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(tmp_path / "bodies.tar.xz", "w:xz") as archive:
        for name, text in PAGES.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    lines = [
        json.dumps({"file": name, "with": ["cây cầu cũ", "Đoạn số 7:"], "without": ["Trang chủ"]})
        for name in PAGES
    ]
    (tmp_path / "bodies.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_phrases_are_counted_page_by_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--pages", str(folder), "--ours"])
    whole = next(line for line in capsys.readouterr().out.splitlines() if "2 pages, all" in line)
    assert [cell.strip() for cell in whole.split("|")[2:7]] == [
        "tangthu",
        "0.667",
        "1.000",
        "0.500",
        "1",
    ]
