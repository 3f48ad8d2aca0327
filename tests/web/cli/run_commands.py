"""Commands run as a person runs them, in this process or in one of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.paths import ROOT
from web.cli.main import main

SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"
FIRST = "e158a92fe7b233367c7e"
RECORDS = [
    {
        "id": "a1",
        "title": "Bò sữa Mộc Châu",
        "body": "Đàn bò sữa trên thảo nguyên.",
        "date": "2021-05-01",
    },
    {
        "id": "a2",
        "title": "Bơ sáp",
        "body": "Vườn bơ ra quả sớm trên thảo nguyên.",
        "date": "2022-05-01",
    },
    {"id": "a3", "title": "Mưa lớn", "body": "Mưa trên thảo nguyên kéo dài.", "date": "2023-05-01"},
]


def run(home: Path | str, *words: str, **options: Any) -> Result:
    """Return what a command says; nothing ends in a traceback."""
    result = CliRunner().invoke(main, ["--home", str(home), *words], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def read_json(home: Path, *words: str) -> Any:
    """Return the JSON that a command prints."""
    result = run(home, *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def start_process(*words: str, **options: Any) -> subprocess.Popen[str]:
    """Start a command in a process of its own, as a shell would start it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    command = [sys.executable, "-m", "web.cli.main", *words]
    return subprocess.Popen(command, cwd=ROOT, text=True, **{**pipes, **options})
