"""An archive that the tests of commands read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web.cli.run_commands import RECORDS, SAMPLE, run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first article and three short ones; tests only read it."""
    home = tmp_path_factory.mktemp("cli") / "home"
    lines = home.parent / "records.jsonl"
    lines.write_text("\n".join(json.dumps(record) for record in RECORDS), encoding="utf-8")
    result = run(home, "add", str(SAMPLE), str(lines))
    assert result.exit_code == 0, result.output
    assert "added 4, changed 0, unchanged 0, skipped 0, failed 0" in result.stdout
    assert "indexed 4, in the index 4" in result.stdout
    return home
