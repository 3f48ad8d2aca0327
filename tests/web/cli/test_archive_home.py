"""Homes of archives: no command but those that make one makes one; what is no home is named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.web.cli.run_commands import SAMPLE, run
from web.cli.main import default_home, main

MAKING = {"init", "add", "restore"}
"""The commands that may make an archive."""

HOMELESS = {"formats"}
"""The commands that say something about the program, and need no archive where none is named."""

CONTEXT = click.Context(main)
OTHERS = sorted(set(main.list_commands(CONTEXT)) - MAKING)


def needed_words(name: str, file: Path) -> list[str]:
    """A value for each argument and option that a command cannot be run without."""
    command = main.get_command(CONTEXT, name)
    assert command is not None
    words: list[str] = []
    for parameter in command.params:
        if parameter.required or isinstance(parameter, click.Argument):
            flags = parameter.opts[:1] if isinstance(parameter, click.Option) else []
            words += [*flags, *(_value(parameter, file) for _ in range(max(1, parameter.nargs)))]
    return words


def _value(parameter: click.Parameter, file: Path) -> str:
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    if isinstance(parameter.type, click.Path):
        return str(file if parameter.type.exists else file.with_name("new"))
    is_number = isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType)
    return "1" if is_number else "a"


@pytest.mark.parametrize("state", ["missing", "below a missing one", "an empty folder"])
@pytest.mark.parametrize("name", OTHERS)
def test_a_command_without_an_archive_fails_says_so_and_leaves_nothing(
    tmp_path: Path, name: str, state: str
) -> None:
    file = tmp_path / "file"
    file.write_text("a\n")
    home = tmp_path / ("a/b" if state == "below a missing one" else "home")
    if state == "an empty folder":
        home.mkdir()
    files = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(main, ["--home", str(home), name, *needed_words(name, file)])
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    (line,) = result.stderr.splitlines()
    assert str(home) in line
    assert f"tangthu --home {home} init" in line
    assert sorted(tmp_path.rglob("*")) == files
    assert not result.stdout


@pytest.mark.parametrize("name", sorted(MAKING - {"init"}))
def test_a_command_that_may_make_an_archive_makes_none_of_nothing(
    tmp_path: Path, name: str
) -> None:
    home, source = tmp_path / "home", tmp_path / "no" / "source"
    result = CliRunner().invoke(main, ["--home", str(home), name, str(source)])
    assert result.exit_code in (1, 2)
    assert result.stderr
    assert not any(tmp_path.iterdir())


def test_an_add_of_a_mistyped_path_names_the_path_first(tmp_path: Path) -> None:
    home, source = tmp_path / "home", tmp_path / "no" / "source"
    result = CliRunner().invoke(main, ["--lang", "en", "--home", str(home), "add", str(source)])
    said = result.stderr.splitlines()
    assert said[0] == f"{source} does not exist: there is nothing to add"
    assert f"tangthu --home {home} init" in said[1]


UNREADABLE = {
    "a program": b"MZ\x90\0\3\0\0\0",
    "torn JSON": b'{"title": ',
    "no byte": b"",
}
"""Contents of files that nothing can be kept of."""


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("place", ["home", "a/b", "with settings"])
def test_an_add_that_keeps_nothing_leaves_nothing(
    tmp_path: Path, place: str, content: bytes
) -> None:
    source, home = tmp_path / "file.jsonl", tmp_path / place
    source.write_bytes(content)
    if place == "with settings":
        home.mkdir()
        (home / "settings.toml").write_text("[site]\n")
    files = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(main, ["--home", str(home), "add", str(source)])
    assert result.exit_code in (0, 2)
    assert f"no archive is made in {home}" in result.stderr
    assert sorted(tmp_path.rglob("*")) == files


def test_an_archive_that_there_is_stays_when_an_add_keeps_nothing(tmp_path: Path) -> None:
    home, source = str(tmp_path / "home"), tmp_path / "empty"
    source.mkdir()
    assert CliRunner().invoke(main, ["--home", home, "init"]).exit_code == 0
    result = CliRunner().invoke(main, ["--home", home, "add", str(source)])
    assert (result.exit_code, "no archive" in result.stderr) == (0, False)
    assert CliRunner().invoke(main, ["--home", home, "list"]).exit_code == 0


AWAY = ["--catalogue", "postgresql://nobody@127.0.0.1:1/none"]


@pytest.mark.parametrize(
    "words", [[*AWAY, "init"], [*AWAY, "add", "FILE"], ["restore", "FILE"]], ids=" ".join
)
def test_a_command_that_fails_to_make_an_archive_leaves_no_folder(
    tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "file.txt"
    file.write_text("Một bài\n\nCó nội dung.\n")
    words = [word.replace("FILE", str(file)) for word in words]
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "a" / "b" / "home"), *words])
    assert result.exit_code == 1, result.output
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", sorted(HOMELESS))
def test_a_command_about_the_program_needs_no_archive(tmp_path: Path, name: str) -> None:
    unmade = {"TANGTHU_HOME": str(tmp_path / "home")}
    result = CliRunner().invoke(main, [name], env=unmade)
    assert (result.exit_code, list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize("name", main.list_commands(CONTEXT))
def test_help_needs_no_archive(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), name, "--help"])
    assert (result.exit_code, result.output.startswith("Usage:")) == (0, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "words",
    [("init",), ("status",), ("update",), ("rebuild",), ("problems",)],
)
def test_an_empty_archive_is_no_trouble(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(tmp_path / "home", "init").exit_code == 0
    assert run(tmp_path / "home", *words).exit_code == 0


EMPTY = [
    (["verify"], "nothing was ever kept; is it the right home?"),
    (["verify", "--since-last"], "nothing was ever kept; is it the right home?"),
    (["backup", "copy"], "there is nothing to back up; is it the right home?"),
    (["search", "a"], "No article was found."),
]


@pytest.mark.parametrize(("words", "part"), EMPTY, ids=str)
def test_an_empty_archive_is_never_reported_as_sound_saved_or_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run(tmp_path / "home", "init")
    result = run(tmp_path / "home", *words)
    assert (result.exit_code, part in result.stderr) == (1, True), result.output
    assert not (tmp_path / "copy").exists()


def test_an_archive_is_made_once_and_a_lost_catalogue_is_no_new_one(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    made = run(home, "init")
    assert (made.exit_code, made.stdout, made.stderr) == (0, f"{home}: 0 articles\n", "")
    assert run(home, "add", str(SAMPLE)).exit_code == 0
    again = run(home, "init")
    assert (again.exit_code, again.stdout) == (0, f"{home}: 1 article\n")
    assert again.stderr == f"{home} is an archive already\n"
    for path in home.glob("catalogue.sqlite*"):
        path.unlink()
    for words in (["init"], ["status"], ["search", "a"]):
        lost = run(home, *words)
        assert (lost.exit_code, "restore a backup" in lost.stderr) == (1, True)
    assert not (home / "catalogue.sqlite").exists()


HOMES = ["a file", "below a file", "a broken catalogue"]


@pytest.mark.parametrize("kind", HOMES)
@pytest.mark.parametrize(
    "words", [("status",), ("search", "a"), ("add", str(SAMPLE)), ("rebuild",)]
)
def test_a_home_that_is_none_says_so(tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 100)
    places = {"a file": file, "below a file": file / "x", "a broken catalogue": broken}
    result = run(places[kind], *words)
    assert result.exit_code in (1, 2)
    assert result.stderr.strip()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root's rights")
def test_a_home_that_may_not_be_read_or_written_says_so(home: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for words in (["status"], ["search", "a"], ["add", str(SAMPLE)], ["rebuild"]):
        child = os.fork()
        if child == 0:  # pragma: no cover
            os.setgid(65534)
            os.setuid(65534)
            result = CliRunner().invoke(main, ["--home", str(closed / "home"), *words])
            fine = result.exit_code in (1, 2) and isinstance(result.exception, SystemExit)
            os._exit(0 if fine and "Traceback" not in result.output else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, words


def test_the_home_comes_from_the_option_then_the_environment_then_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TANGTHU_HOME", str(tmp_path / "named"))
    run(tmp_path / "given", "init")
    assert (tmp_path / "given").is_dir()
    assert not (tmp_path / "named").exists()
    assert CliRunner().invoke(main, ["init"]).exit_code == 0
    assert (tmp_path / "named").is_dir()
    monkeypatch.delenv("TANGTHU_HOME")
    if sys.platform == "linux":
        assert default_home() == tmp_path / "data" / "tangthu"
        assert CliRunner().invoke(main, ["init"]).exit_code == 0
        assert default_home().is_dir()
