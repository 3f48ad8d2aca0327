"""Who may import whom: read from the imports, and seen in a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGES = {"archive": 1, "indexer": 2, "web": 3}
ONLY_IN = {
    "whoosh": ("indexer/whoosh_engine/",),
    "flask": ("web/",),
    "click": ("web/",),
    "flask_babel": ("web/",),
    "bs4": ("indexer/intake/",),
    "rensa": ("indexer/derived/",),
    "sqlalchemy": ("archive/",),
    "bagit": ("archive/",),
    "warcio": ("archive/", "indexer/intake/"),
    "opensearchpy": ("indexer/opensearch_engine.py",),
}


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stay_on_their_floor(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    floor = PACKAGES[place.split("/")[0]]
    for name in imported(path):
        top = name.split(".")[0]
        assert PACKAGES.get(top, 0) <= floor, f"{place} imports {name}: up the house"
        if top in ONLY_IN:
            assert place.startswith(ONLY_IN[top]), f"{place} imports {name}"
        if place.startswith("indexer/vietnamese/"):
            standard = top in sys.stdlib_module_names
            assert standard or name.startswith("indexer.vietnamese"), f"{place} imports {name}"


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("archive.store", ("indexer", "web", "whoosh", "flask", "click", "bs4")),
        ("indexer.vietnamese.syllables", ("archive", "web", "whoosh", "numpy", "bs4")),
        ("indexer.engine.api", ("web", "whoosh", "flask", "click", "bs4")),
        ("indexer.intake.ingest", ("web", "whoosh", "flask", "click")),
        ("indexer.search.service", ("web", "flask", "click", "bs4")),
        ("indexer.indexing.index_builder", ("web", "flask", "click")),
    ],
)
def test_a_fresh_import_brings_nothing_from_above(package: str, absent: tuple[str, ...]) -> None:
    script = (
        f"import sys, {package}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not set(found) & set(absent)
