"""Options that would do nothing in a call are refused, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store import Store
from tests.factories import article
from web.cli.main import main

NEEDLESS = [
    ("verify --within 3", "--within"),
    ("search --run {folder}/run bò", "--run"),
    ("search --queries {folder}/q --run {folder}/run bò", "QUERY"),
    ("search --queries {folder}/q --run {folder}/run --sort newest", "--sort"),
    ("search --queries {folder}/q --run {folder}/run --page 2", "--page"),
    ("search --queries {folder}/q --run {folder}/run --json", "--json"),
    ("search --queries {folder}/q", "--run"),
    ("rebuild --dry-run", "--reparse"),
    ("rebuild --force", "--reparse"),
    ("rebuild --reparse --dry-run --fresh", "--fresh"),
    ("rebuild --reparse --dry-run --if-needed", "--if-needed"),
    ("rebuild --if-needed --only bò", "--only"),
    ("rebuild --if-needed --since 2020-01-01", "--since"),
    ("rebuild --if-needed --reparse", "--reparse"),
    ("rebuild --fresh --only bò", "--fresh"),
    ("rebuild --join --reparse", "--reparse"),
    ("move --engine home --keys-file {folder}/q", "--keys-file"),
    ("move --engine home --engine-password-file {folder}/q", "--engine-password-file"),
    ("move --originals home --password-file {folder}/q", "--password-file"),
    ("backup --keep 2 {folder}/b.zip", "--keep"),
    ("user list lan", "list"),
    ("serve --port 0 --proxy-header host", "--proxies"),
    ("demo --no-serve --port 0", "--port"),
    ("user remove lan --operator", "--operator"),
]


@pytest.mark.parametrize(("words", "part"), NEEDLESS)
def test_an_option_that_would_do_nothing_is_refused(tmp_path: Path, words: str, part: str) -> None:
    home = tmp_path / "home"
    with Store(home) as store:
        cattle = article("Bò sữa", "Một đàn bò.", url="https://bao.vn/1")
        store.add(repr(cattle).encode(), cattle)
    (tmp_path / "q").write_text("")
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    arguments = words.format(folder=tmp_path).split()
    result = CliRunner().invoke(main, ["--lang", "en", "--home", str(home), *arguments])
    assert result.exit_code == 2, result.output
    assert part in result.stderr.splitlines()[-1]
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == files


def test_a_default_from_the_settings_is_no_option_that_was_given(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Store(home) as store:
        cattle = article("Bò sữa", "Một đàn bò.", url="https://bao.vn/1")
        store.add(repr(cattle).encode(), cattle)
    (home / "settings.toml").write_text("[verify]\nwithin = 3\n")
    for words in (["rebuild"], ["verify"]):
        result = CliRunner().invoke(main, ["--home", str(home), *words])
        assert result.exit_code == 0, result.output
