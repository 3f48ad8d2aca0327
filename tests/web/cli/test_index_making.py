"""Commands that make, list and roll back generations of the index."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.web.cli.run_commands import SAMPLE, read_json, run


def test_an_index_of_another_analyzer_is_named_until_it_is_rebuilt(
    home: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(home, tmp_path / "home")
    for manifest in copy.glob("index/generations/*/index.json"):
        manifest.write_text(manifest.read_text().replace('"analyzer":"vi-3"', '"analyzer":"vi-2"'))
    # Nothing is lost meanwhile: what is added is kept, and indexed by the rebuild.
    for words in (("search", "bò sữa"), ("add", str(SAMPLE))):
        result = run(copy, *words)
        assert result.exit_code == 1
        assert "'vi-2'" in result.output
        assert "run `tangthu rebuild`" in result.output
    assert run(copy, "rebuild", "--if-needed").exit_code == 0
    assert read_json(copy, "search", "--json", "bò sữa")["total"] == 1


def test_keeping_and_indexing_may_be_two_steps(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "add", "--no-index", str(SAMPLE))
    assert read_json(home, "status", "--json")["indexed"] == 0
    nothing = run(home, "search", "--json", "cong an")
    assert (nothing.exit_code, json.loads(nothing.stdout)["total"]) == (1, 0)
    assert "indexed 1, deleted 0, in the index 1" in run(home, "update").stdout
    assert "indexed 0, deleted 0, in the index 1" in run(home, "update").stdout
    first = read_json(home, "status", "--json")["generation"]
    assert "in the index 1" in run(home, "rebuild").stdout
    second = read_json(home, "status", "--json")["generation"]
    assert first != second
    listed = run(home, "generations").stdout.splitlines()
    assert [line[:2] for line in listed if second in line] == ["* "]
    manifest = home / "index" / "generations" / second / "generation.json"
    content = manifest.read_text()
    manifest.write_text(content[:-9])
    damaged = run(home, "generations")
    assert damaged.exit_code == 1
    assert [line[:9] for line in damaged.stdout.splitlines()] == [f"  {first} "]
    assert f"generation {second}: " in damaged.stderr
    manifest.write_text(content)
    assert first in run(home, "rollback").stdout
    assert read_json(home, "search", "--json", "cong an")["total"] == 1


def test_a_rebuild_of_nothing_publishes_nothing(home: Path) -> None:
    before = read_json(home, "status", "--json")["generation"]
    result = run(home, "rebuild", "--only", "xyzzyq")
    assert (result.exit_code, "no article is selected" in result.stderr) == (1, True)
    assert read_json(home, "status", "--json")["generation"] == before
