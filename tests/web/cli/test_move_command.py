"""The commands with a catalogue on PostgreSQL: move, settings, backup and restore; no password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.settings.catalogue_location import read_location
from tests.paths import ROOT
from tests.postgresql_server import PostgresqlServer
from web.cli.main import main

SAMPLE = str(ROOT / "archive" / "sample" / "first-article.txt")


def run(*words: object) -> Result:
    done: Result = CliRunner().invoke(main, [str(word) for word in words])
    return done


def test_every_command_works_on_a_server_and_the_archive_moves_there_and_back(
    postgresql: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANGTHU_CATALOGUE_PASSWORD", "geheim")
    home, url = tmp_path / "home", postgresql.empty_database().url
    assert "hold no archive" not in run("--home", home, "--catalogue", url, "init").output
    runs = [
        run("--home", home, "--catalogue", url, *words)
        for words in (
            ["add", SAMPLE],
            ["search", "công an"],
            ["verify"],
            ["status", "--json"],
            ["rebuild"],
            ["rollback"],
            ["settings", "--json"],
            ["backup", tmp_path / "backup.zip"],
            ["move", "--catalogue", "home"],
        )
    ]
    outputs = [done.output for done in runs]
    assert [done.exit_code for done in runs] == [0] * len(runs), outputs
    assert "geheim" not in "".join(outputs)
    assert "not checked: the files of the database server" in outputs[2]
    assert json.loads(outputs[3])["articles"] == 1
    assert json.dumps(url) in outputs[6]
    assert "names another catalogue: change it" in outputs[-1]
    assert "all agree" in run("--home", home, "verify").output
    done = run("--home", home, "move", "--catalogue", url, "--password-file", "/run/secret")
    assert done.exit_code == 0, done.output
    assert read_location(home, {}).password_file == "/run/secret"
    assert "1 article" in run("--home", home, "init").output


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_backup_comes_back_into_either_database(
    postgresql: PostgresqlServer, tmp_path: Path, is_elsewhere: bool
) -> None:
    home, backup, new = tmp_path / "home", tmp_path / "backup.zip", tmp_path / "new"
    url = postgresql.empty_database().url
    for words in (["add", SAMPLE], ["move", "--catalogue", url], ["backup", backup]):
        assert run("--home", home, *words).exit_code == 0
    target = postgresql.empty_database().url if is_elsewhere else "home"
    done = run("--home", new, "--catalogue", target, "restore", backup)
    assert done.exit_code == 0, done.output
    # The settings in the backup named the first archive's catalogue.
    assert read_location(new, {}).url == (target if is_elsewhere else "")
    assert "all agree" in run("--home", new, "verify").output
    assert "all agree" in run("--home", home, "verify").output
    done = run("--home", tmp_path / "third", "--catalogue", url, "restore", backup)
    assert (done.exit_code, (tmp_path / "third").exists()) == (1, False)
    assert "holds another archive already" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ["--catalogue", "postgresql://kho:geheim@db.vn/kho", "status"],
        ["--catalogue", "postgresql://kho@127.0.0.1:1/kho", "init"],
        ["move", "--catalogue", "postgresql://kho:geheim@db.vn/kho"],
    ],
)
def test_no_message_has_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    assert run("--home", tmp_path, "init").exit_code == 0 if words[0] == "move" else True
    monkeypatch.setenv("TANGTHU_CATALOGUE_PASSWORD", "geheim")
    done = run("--home", tmp_path, *words)
    assert (done.exit_code, "geheim" in done.output) == (1, False)
    assert "password" in done.output or "see that the database server runs" in done.output
