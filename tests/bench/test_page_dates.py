"""The measure of dates runs, on three made-up pages."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.bench.page_dates import main

BODY = "".join(
    f"<p>Đoạn số {number}: xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét.</p>"
    for number in range(8)
)
HEAD = '<meta property="article:published_time" content="2022-12-19T10:02:00Z">'
PAGES = {
    "dates/0.html": f"{HEAD}<h1>Cầu mới ở xã</h1><div>{BODY}</div>",
    "dates/1.html": f"<h1>Cầu mới ở xã</h1><div>{BODY}</div>",
    "dates/2.html": "<h1>Trang trống</h1><a href='/'>Trang chủ</a>",
}


def test_days_are_counted_page_by_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with tarfile.open(tmp_path / "dates.tar.xz", "w:xz") as archive:
        for name, text in PAGES.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    lines = [json.dumps({"file": name, "date": "2022-12-19"}) for name in PAGES]
    (tmp_path / "dates.jsonl").write_text("\n".join(lines), encoding="utf-8")
    main(["--pages", str(tmp_path), "--ours", "--misses"])
    output = capsys.readouterr().out
    whole = next(line for line in output.splitlines() if "3 pages, all" in line)
    cells = [cell.strip() for cell in whole.split("|")[2:7]]
    assert cells == ["tangthu", "0.333", "0.000", "1", "1"]
    assert "state UTC: 1; moved to another zone: 0" in output
