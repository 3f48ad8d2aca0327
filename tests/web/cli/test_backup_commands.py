"""A backup holds the owner's files, and a restored home shows them."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tests.paths import ROOT
from web.cli.main import main

OWNED = {
    "settings.toml": '[site]\nname = "Kho"\nlogo = "logo.svg"\n',
    "logo.svg": "<svg/>",
    "pages/about.md": "# Về kho\n",
    "collections/lu.toml": 'title = "Lũ"\nquery = "q=lũ"\n',
    "glossary.tsv": "TTDL\ttrung tâm dữ liệu\n",
}


def test_the_owners_files_come_back(tmp_path: Path) -> None:
    home, sample = tmp_path / "home", ROOT / "archive" / "sample" / "first-article.txt"
    (home / "pages").mkdir(parents=True)
    (home / "collections").mkdir()
    for name, text in OWNED.items():
        (home / name).write_text(text, encoding="utf-8")
    (home / "pages" / "privacy.md").symlink_to("/etc/hostname")
    for words in (["add", str(sample)], ["backup", str(tmp_path / "copy.zip")]):
        result = CliRunner().invoke(main, ["--home", str(home), *words])
        assert result.exit_code == 0, result.output
    other = tmp_path / "other"
    restored = CliRunner().invoke(
        main, ["--home", str(other), "restore", str(tmp_path / "copy.zip")]
    )
    assert restored.exit_code == 0, restored.output
    assert {name: (other / name).read_text(encoding="utf-8") for name in OWNED} == OWNED
    assert not (other / "pages" / "privacy.md").exists()
