"""The README's commands print what it shows, and its test command is the gate's."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive.catalogue.migrations import SCHEMA_VERSION
from indexer.analysis.analyzer import ANALYZER
from indexer.open_archive import open_archive
from indexer.opensearch_engine.index_pointer import FORMAT as CLUSTER_FORMAT
from indexer.whoosh_engine.format.index_manifest import FORMAT as EMBEDDED_FORMAT
from tests.factories import client_of
from tests.paths import ROOT
from web.cli.main import main


def test_the_commands_print_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    (article,) = re.findall(r"^printf .*$", text, re.MULTILINE)
    (tmp_path / "news").mkdir()
    subprocess.run(["sh", "-c", article], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    for part in block.split("$ tangthu ")[1:]:
        command, _, expected = part.partition("\n")
        assert f"\ntangthu {command}\n" in text
        arguments = ["--home", "home", "--lang", "en", *shlex.split(command)]
        run = CliRunner().invoke(main, arguments)
        assert run.exit_code == 0, run.output
        assert run.output == expected, command


def test_the_gate_runs_the_readmes_test_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL)
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [command for command in commands if command in gate] == [commands[1]]


def test_the_gate_knows_the_pythons_that_the_project_names() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (supported,) = re.findall('^supported="(.*)"$', gate, re.MULTILINE)
    versions = supported.split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["classifiers"] == [f"Programming Language :: Python :: {v}" for v in versions]
    assert project["requires-python"] == f">={versions[0]}"
    assert f"Python {versions[0]} to {versions[-1]}" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_is_short_and_has_its_picture() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.split()) <= 600
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert (ROOT / picture).stat().st_size < 150_000


def paste(place: Path, sign: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the block of commands with a sign in it, but for its first line and for `serve`."""
    text = place.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL)
    (lines,) = (block.splitlines() for block in blocks if sign in block)
    assert lines[0] == ". .venv/bin/activate"
    assert lines[-1] == "tangthu serve"
    program = home / "tangthu"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m web.cli.main "$@"\n')
    program.chmod(0o755)
    environment = {
        "PATH": f"{home}:/usr/bin:/bin",
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
    }
    words = ["sh", "-e", "-c", "\n".join(lines[1:-1])]
    run = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run


def test_the_owners_first_archive_can_be_pasted(tmp_path: Path) -> None:
    run = paste(ROOT / "archive" / "README.md", "tangthu-newspaper", tmp_path)
    assert 'site.mail = "luutru@example.vn"' in run.stdout
    assert "thêm 1, thay đổi 0" in run.stdout
    with open_archive(tmp_path / "tangthu-newspaper") as archive:
        client = client_of(archive)
        for language, name, about in (
            ("vi", "Kho báo Sông Hương", "Mọi bài của Báo"),
            ("en", "Perfume River Archive", "All articles since 1990."),
        ):
            front = client.get("/", query_string={"lang": language}).text
            assert f"<title>{name} " in front
            assert "/accent.css" in front
            assert "mailto:luutru@example.vn" in front
            assert about in client.get("/about", query_string={"lang": language}).text


def test_the_tour_of_the_readme_can_be_pasted(tmp_path: Path) -> None:
    run = paste(ROOT / "README.md", "tangthu-tour", tmp_path)
    assert run.stdout.count("Hội chợ Điện Biên") == 2
    assert "all agree" in run.stdout
    assert (tmp_path / "tangthu-tour" / "backup.zip").exists()


def test_the_commands_and_options_that_the_texts_name_are_there() -> None:
    text = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    table = text.partition("| command |")[2].partition("\n\n")[0]
    named: set[str] = set()
    for row in table.splitlines()[2:]:
        commands, _, description = row.strip("| ").partition(" | ")
        name = commands.strip("`").split()[0]
        named.add(name)
        flags = {flag for parameter in parameters(name) for flag in parameter.opts}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", description)) <= flags, name
    assert named == set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_option_is_in_the_row_of_its_command(name: str) -> None:
    text = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    table = text.partition("| command |")[2].partition("\n\n")[0]
    (row,) = [row for row in table.splitlines() if row.startswith((f"| `{name}`", f"| `{name} "))]
    if name == "serve":
        # Its options have a table of their own, which its row names.
        row = (ROOT / "web" / "README.md").read_text(encoding="utf-8").partition("## Serving")[2]
    flags = {flag for parameter in parameters(name) for flag in parameter.opts if flag[0] == "-"}
    assert flags - set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", row)) == set()


def parameters(name: str) -> list[click.Parameter]:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command.params


@pytest.mark.parametrize(
    "path",
    [path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("*/README.md"))],
)
def test_the_places_that_the_texts_name_are_there(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    places = re.findall(r"`((?:archive|indexer|web|tests)/[\w./]*|[A-Z]+\.md)`", text)
    assert places or path not in ("README.md", "CONTRIBUTING.md")
    for place in places:
        assert (ROOT / place).exists(), place
    modules = set(re.findall(r"`((?:[\w-]+/)*\w+\.(?:py|html|css|po))`", text))
    files = [
        f"/{file.relative_to(ROOT).as_posix()}"
        for package in ("archive", "indexer", "web", "tests")
        for file in (ROOT / package).rglob("*.*")
    ]
    assert [name for name in modules if not any(file.endswith(f"/{name}") for file in files)] == []


def test_a_researcher_can_paste_the_lines_for_stock_whoosh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "indexer" / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["demo", "--no-serve"]).exit_code == 0
    exec(compile(block, "indexer/README.md", "exec"), {})
    identifier, score = capsys.readouterr().out.split()
    assert identifier == "e158a92fe7b233367c7e"
    assert float(score) > 0


def test_every_term_of_the_glossary_has_an_example() -> None:
    text = (ROOT / "indexer" / "README.md").read_text(encoding="utf-8")
    rows = text.partition("## Glossary")[2].strip().splitlines()[2:]
    assert len(rows) >= 60
    assert [row for row in rows if not all(cell.strip() for cell in row.split("|")[1:4])] == []


@pytest.mark.parametrize("package", ["archive", "indexer", "web"])
def test_every_module_and_room_is_in_the_table_of_its_package(package: str) -> None:
    text = (ROOT / package / "README.md").read_text(encoding="utf-8")
    tables = " ".join(line for line in text.splitlines() if line.startswith("| `"))
    rooms = {
        path.name if path.suffix else f"{path.name}/"
        for path in (ROOT / package).iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("[!_]*")))
    }
    known = {"__init__.py", "__pycache__/"}
    assert {room for room in rooms - known if f"`{room}`" not in tables} == set()


def test_every_schema_of_the_catalogue_says_what_it_adds() -> None:
    text = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    table = text.partition("| schema |")[2].partition("\n\n")[0]
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert numbers == list(range(2, SCHEMA_VERSION + 1))


def test_operators_are_told_the_versions_of_today() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    steps = text.partition("## [Unreleased]")[2].partition("\n### ")[0]
    assert f"schema {SCHEMA_VERSION}" in steps
    for version in (ANALYZER, EMBEDDED_FORMAT, CLUSTER_FORMAT):
        assert f"`{version}`" in steps
