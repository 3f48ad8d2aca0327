"""Who may import whom: read from the imports, and seen in a fresh interpreter."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.paths import ROOT
from web.cli.main import COMMANDS

PACKAGES = {"archive": 1, "indexer": 2, "web": 3}
ONLY_IN = {
    "whoosh": ("indexer/whoosh_engine/",),
    "numpy": ("indexer/arrays/", "indexer/derived/", "indexer/whoosh_engine/"),
    "httpx": ("indexer/opensearch_engine/",),
    "flask": ("web/",),
    "click": ("web/",),
    "flask_babel": ("web/",),
    "markdown_it": ("web/",),
    "bs4": ("indexer/intake/",),
    "PIL": ("indexer/intake/",),
    "pypdfium2": ("indexer/intake/",),
    "brotli": ("indexer/intake/", "web/http/"),
    "isal": ("archive/files/",),
    "rensa": ("indexer/derived/",),
    "sqlalchemy": ("archive/",),
    "pg8000": ("archive/catalogue/",),
    "obstore": ("archive/originals/",),
    "arro3": ("web/export/",),
    "bagit": ("archive/backups/",),
    "warcio": ("archive/originals/", "indexer/intake/"),
}

IMPORT_NAMES = {
    "beautifulsoup4": "bs4",
    "flask-babel": "flask_babel",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
}
"""Libraries that are imported by another name than they are installed by."""

ROOMS = {
    "vietnamese": set[str](),
    "arrays": set[str](),
    "analysis": {"vietnamese"},
    "engine": {"analysis"},
    "whoosh_engine": {"vietnamese", "arrays", "analysis", "engine"},
    "opensearch_engine": {"vietnamese", "analysis", "engine"},
    "engine_factory": {"engine", "whoosh_engine", "opensearch_engine"},
    "intake": {"vietnamese"},
    "derived": {"vietnamese", "arrays", "analysis", "engine"},
    "generations": {"analysis", "engine", "engine_factory", "derived"},
    "indexing": {"analysis", "engine", "engine_factory", "derived", "generations"},
    "search": {"vietnamese", "analysis", "engine", "derived", "generations"},
    "open_archive": {"generations", "intake", "search"},
}
"""The rooms of `indexer`, each with those it may import; `archive` is open to all but the first."""

ARCHIVE_ROOMS = {
    "files": set[str](),
    "settings": {"files"},
    "catalogue": {"files", "settings"},
    "originals": {"files", "settings", "catalogue"},
    "writing": {"files", "catalogue", "originals"},
    "audit": {"catalogue", "originals"},
    "store": {"settings", "catalogue", "originals", "writing", "audit"},
    "backups": {"files", "settings", "catalogue", "originals", "writing", "store"},
    "upkeep": {"files", "settings", "catalogue", "originals", "writing", "audit", "store"},
}
"""The rooms of `archive`, each with those it may import; its records and errors are open to all."""

WEB_ROOMS = (
    *("settings", "site", "services", "languages", "owner", "http", "citations", "access"),
    *("addresses", "admin", "export", "pages", "api", "app", "wsgi", "cli"),
)
"""The rooms of `web`: each may import those before it."""


INTAKE_ROOMS = {
    "legacy": set[str](),
    "markup": set[str](),
    "record_text": {"markup"},
    "html": {"legacy", "markup", "record_text"},
}
"""Rooms of `indexer.intake` that stand on one another, each with those of them it may import."""


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def module_name(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.append(node.module or "")
            names += [f"{node.module}.{alias.name}" for alias in node.names]
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


def test_the_places_of_libraries_are_those_that_contributors_read() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| library |")[2].partition("\n\n")[0]
    told = {}
    for row in table.splitlines()[2:]:
        libraries, places = row.strip("| ").split(" | ")
        for library in libraries.split(", "):
            told[IMPORT_NAMES.get(library, library)] = set(re.findall("`(.*?)`", places))
    assert told == {library: set(places) for library, places in ONLY_IN.items()}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_rooms_of_the_indexer_keep_their_order(path: Path) -> None:
    package, _, place = path.relative_to(ROOT).as_posix().partition("/")
    if package == "indexer" and place != "__init__.py":
        room = place.split("/")[0].removesuffix(".py")
        inner = [name.split(".") for name in imported(path) if name.startswith("indexer.")]
        assert {parts[1] for parts in inner} <= ROOMS[room] | {room}, place


def intake_rooms() -> dict[str, set[str]]:
    """Return the rooms of the intake (a folder or a module of its own), each with its imports."""
    rooms: dict[str, set[str]] = {}
    for path in sorted((ROOT / "indexer" / "intake").rglob("*.py")):
        room = path.relative_to(ROOT / "indexer" / "intake").parts[0].removesuffix(".py")
        inner = (name.split(".") for name in imported(path) if name.startswith("indexer.intake."))
        rooms.setdefault(room, set()).update(parts[2] for parts in inner)
    return {room: (names & rooms.keys()) - {room} for room, names in rooms.items()}


def test_no_room_of_the_intake_imports_itself_by_a_detour() -> None:
    list(TopologicalSorter(intake_rooms()).static_order())


def test_the_readers_of_markup_and_of_pages_keep_their_order() -> None:
    rooms = intake_rooms()
    for room, open_rooms in INTAKE_ROOMS.items():
        assert rooms[room] & INTAKE_ROOMS.keys() <= open_rooms, room


@pytest.mark.parametrize(
    "path", sorted((ROOT / "archive").rglob("*.py")), ids=lambda path: path.name
)
def test_the_rooms_of_the_archive_keep_their_order(path: Path) -> None:
    room = path.relative_to(ROOT / "archive").parts[0].removesuffix(".py")
    others = {name.split(".")[1] for name in imported(path) if name.startswith("archive.")}
    assert others & set(ARCHIVE_ROOMS) <= ARCHIVE_ROOMS.get(room, {"files"}) | {room}, path


@pytest.mark.parametrize("path", sorted((ROOT / "web").rglob("*.py")), ids=lambda path: path.name)
def test_the_rooms_of_the_web_keep_their_order(path: Path) -> None:
    room = path.relative_to(ROOT / "web").parts[0].removesuffix(".py")
    others = {name.split(".")[1] for name in imported(path) if name.startswith("web.")} - {room}
    assert room == "__init__" or others <= set(WEB_ROOMS[: WEB_ROOMS.index(room)]), path


def test_no_module_imports_itself_by_a_detour() -> None:
    names = {module_name(path): path for path in modules()}
    graph = {name: set(imported(path)) & set(names) - {name} for name, path in names.items()}
    # Raises `CycleError`, which names the circle; imports inside functions count as well.
    list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("archive.store", ("indexer", "web", "whoosh", "flask", "click", "bs4")),
        ("indexer.vietnamese.syllables", ("archive", "web", "whoosh", "numpy", "bs4")),
        ("indexer.engine.api", ("web", "whoosh", "flask", "click", "bs4")),
        ("indexer.intake.ingest", ("web", "whoosh", "flask", "click")),
        ("indexer.search.service", ("web", "flask", "click", "bs4")),
        ("web.wsgi", ("PIL", "pypdfium2")),
        ("indexer.indexing.index_builder", ("web", "flask", "click")),
    ],
)
def test_a_fresh_import_brings_nothing_from_above(package: str, absent: tuple[str, ...]) -> None:
    script = (
        f"import sys, {package}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not set(loaded) & set(absent)


NOT_FOR_HELP = (set(ONLY_IN) | {"babel", "jinja2", "lxml", "werkzeug"}) - {"click"}
"""Libraries that the work of a command may need, and its options never do."""

MOST_MODULES_FOR_HELP = 45
"""Of the modules of the house, so many at most are imported to print the help of a command."""

PRINT_MODULES = """\
import sys
from web.cli.main import main
try:
    main(prog_name="tangthu")
finally:
    print(*sys.modules, file=sys.stderr)
"""


def assert_light(words: list[str], environment: dict[str, str], shown: str) -> None:
    """Run a command in a fresh interpreter; it shows a text, and needs little for it."""
    run = subprocess.run(
        [sys.executable, "-c", PRINT_MODULES, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "TANGTHU_LANG": "vi", **environment},
    )
    assert shown in run.stdout
    tops = [name.partition(".")[0] for name in run.stderr.split()]
    assert not set(tops) & NOT_FOR_HELP
    assert sum(top in PACKAGES for top in tops) <= MOST_MODULES_FOR_HELP


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_printed_without_what_does_the_work(command: str | None) -> None:
    assert_light([*filter(None, [command]), "--help"], {}, "Cách dùng: tangthu")


@pytest.mark.parametrize("command", COMMANDS)
def test_options_are_completed_without_what_does_the_work(command: str) -> None:
    typed = {"COMP_WORDS": f"tangthu {command} --", "COMP_CWORD": "2"}
    assert_light([], {"_TANGTHU_COMPLETE": "bash_complete", **typed}, "plain,--help")
