"""The measure of legacy encodings runs, on two made-up articles."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from tests.bench.legacy_encodings import main

BODY = (
    "Sáng nay cây cầu mới ở xã được mở cho người đi bộ qua lại sau ba tháng thi công liên tục.\n"
    "Người dân hai bên sông đi lại thuận tiện hơn trước rất nhiều, nhất là học sinh ở chợ."
)


def test_both_tables_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "a.jsonl.xz"
    corpus.write_bytes(lzma.compress(f"{json.dumps({'body': BODY})}\n".encode() * 2))
    main([str(corpus), "--step", "1"])
    printed = capsys.readouterr().out
    assert "| article | 2 | 0 |" in printed
    assert "| TCVN3 | " in printed
    assert "100.00%" in printed
