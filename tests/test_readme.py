"""The README's commands print what it shows, and its test command is the gate's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from web.cli import main

ROOT = Path(__file__).parent.parent


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
