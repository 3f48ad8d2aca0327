"""The README's commands print what it shows, and its test command is the gate's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
from click.testing import CliRunner

from tests.paths import ROOT
from web.cli.main import main


def test_the_commands_print_what_the_readme_shows(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    for part in block.split("$ tangthu ")[1:]:
        command, _, expected = part.partition("\n")
        words = [str(ROOT / word) if "/" in word else word for word in shlex.split(command)]
        run = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), *words])
        assert run.exit_code == 0, run.output
        assert run.output == expected, command


def test_the_gate_runs_the_readmes_test_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL)
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [command for command in commands if command in gate] == [commands[1]]


def test_the_commands_and_options_that_the_readme_names_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| command |")[2].partition("\n\n")[0]
    named: set[str] = set()
    for row in table.splitlines()[2:]:
        commands, _, rest = row.strip("| ").partition(" | ")
        names = [words.split()[0] for words in re.findall(r"`([^`]+)`", commands)]
        named.update(names)
        known = {flag for name in names for one in parameters(name) for flag in one.opts}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)) <= known, names
    assert named == set(main.list_commands(click.Context(main)))


def parameters(name: str) -> list[click.Parameter]:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command.params


def test_the_places_that_the_readme_names_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("## To change")[2]
    places = re.findall(r"`((?:archive|indexer|web|tests)/[\w./]*|[A-Z]+\.md)`", table)
    assert len(places) > 8
    for place in places:
        assert (ROOT / place).exists(), place
