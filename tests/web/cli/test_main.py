"""Every command: its options, help and exit status, and that nothing ends in a traceback."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.web.cli.run_commands import FIRST, SAMPLE, read_json, run, start_process
from web.cli.main import COMMANDS, main


def test_status_show_and_verify_print_theirs(home: Path) -> None:
    status = read_json(home, "status", "--json")
    assert status.pop("analyzer").startswith("vi-")
    expected = {
        "articles": 4,
        "indexed": 4,
        "sequence": 4,
        "index_sequence": 4,
    }
    # The keys may grow; these stay.
    assert expected.items() <= status.items()
    assert status["generation"]
    article = read_json(home, "show", "--json", FIRST)
    assert article["identifier"] == FIRST
    assert len(article["sections"]) == 9
    for name in ("a1", "id:A1", f"http://localhost/article/{article['identifier']}"):
        shown_title = read_json(home, "show", "--json", name)["title"]
        assert shown_title == (article["title"] if "localhost" in name else "Bò sữa Mộc Châu")
    verified = read_json(home, "verify", "--json")
    assert (verified["versions"], verified["records"], verified["indexed"]) == (4, 4, 4)
    assert verified["problems"] == []


@pytest.mark.parametrize("command", ["status", "verify"])
def test_lines_of_the_glossary_that_cannot_be_used_are_named(tmp_path: Path, command: str) -> None:
    lines = ["# ours", "LMX\tlãng mạn", "XYZ một hai ba", "\tlong only"]
    assert run(tmp_path, "add", str(SAMPLE)).exit_code == 0
    (tmp_path / "glossary.tsv").write_text("\n".join(lines), encoding="utf-8")
    result = run(tmp_path, command)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "glossary.tsv:3: no tab between short form and long form",
        "glossary.tsv:4: no short form before the tab",
    ]
    assert json.loads(run(tmp_path, command, "--json").stdout)


REFUSED: list[tuple[list[str], int, str]] = [
    (["show", "nothing"], 1, "nothing"),
    (["show", "--json", "nothing"], 1, "nothing"),
    (["show", "\udcff\x00"], 1, "tangthu:"),
    (["show", "--version", "9", FIRST], 1, FIRST),
    (["show"], 2, "Missing argument"),
    (["search"], 2, "QUERY"),
    (["search", "--queries", "/nowhere", "--run", "x"], 2, "/nowhere"),
    (["search", "--queries", str(SAMPLE)], 2, "--run"),
    (["search", "--queries", str(SAMPLE), "--run", os.devnull], 1, ":1:"),
    (["search", "--sort", "wrong", "a"], 2, "wrong"),
    (["search", "-n", "many", "a"], 2, "many"),
    (["search", "-n", "0", "a"], 2, "-n"),
    (["search", "-n", "-5", "a"], 2, "-n"),
    (["search", "--page", "0", "a"], 2, "--page"),
    (["show", "--version", "0", FIRST], 2, "--version"),
    (["rebuild", "--workers", "0"], 2, "--workers"),
    (["rebuild", "--memory", "1"], 2, "--memory"),
    (["rebuild", "--keep", "0"], 2, "--keep"),
    (["rebuild", "--nice", "20"], 2, "--nice"),
    (["rebuild", "--max-load", "-1"], 2, "--max-load"),
    (["add", "--wait", "-1", "x"], 2, "--wait"),
    (["serve", "--threads", "0"], 2, "--threads"),
    (["serve", "--budget", "0"], 2, "--budget"),
    (["serve", "--proxies", "-1"], 2, "--proxies"),
    (["add"], 2, "Missing argument"),
    (["rebuild", "--keep", "x"], 2, "x"),
    (["serve", "--port", "65536"], 2, "65536"),
    (["wrong"], 2, "No such command"),
    (["--wrong"], 2, "No such option"),
]


@pytest.mark.parametrize(("words", "status", "part"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_done_is_said_in_a_line(
    home: Path, words: list[str], status: int, part: str
) -> None:
    result = run(home, *words)
    assert result.exit_code == status, result.output
    assert part in result.stderr
    if status == 1:
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_port_in_use_is_named_with_what_to_do(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        with start_process("--home", str(home), "serve", "--port", port) as serving:
            _, stderr = serving.communicate(timeout=60)
    assert serving.returncode == 1
    assert f"127.0.0.1, port {port}: " in stderr
    assert "--port" in stderr


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name, (_, text) in COMMANDS.items():
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.help
        # The first word is the same: neither is written without the other.
        assert command.help.split()[0] == text.split()[0], name
        assert f"\n  {name} " in listed


def test_help_and_version_are_printed() -> None:
    for words in (["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, result.output.startswith("Usage:")) == (0, True)
    assert re.fullmatch(r"main \d+\.\d+\.\d+\n", CliRunner().invoke(main, ["--version"]).output)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for_and_what_it_takes(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    context = click.Context(command)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert not re.search("RANGE|%|FLOAT", option.make_metavar(context)), option.name
    said = CliRunner().invoke(main, ["--lang", "vi", name, "--help"]).output
    assert said.startswith("Cách dùng:")
    assert "default:" not in said
    assert "required]" not in said


def test_a_reader_that_stops_reading_is_no_trouble(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with start_process("--home", str(home), "show", FIRST, stdout=writing) as command:
        os.close(writing)
        _, stderr = command.communicate(timeout=60)
    assert "Traceback" not in stderr
    assert "BrokenPipe" not in stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_below_the_output_is_said_in_a_line(home: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        start_process("--home", str(home), "status", stdout=full) as command,
    ):
        _, stderr = command.communicate(timeout=60)
    assert command.returncode == 1
    assert stderr.startswith("tangthu: ")
    assert "Traceback" not in stderr
