"""A run speaks one language: the one that was asked for, or the system's."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from web.cli.main import main
from web.cli.output_language import system_language

SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "vi_VN"}, "vi"),
        ({"LANG": "", "LC_MESSAGES": "en_US"}, "en"),
    ],
)
def test_the_system_names_the_language(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


def test_a_search_speaks_the_language_of_its_run(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path)]
    CliRunner().invoke(main, [*home, "add", str(SAMPLE)])
    words = ["search", "coong an xxyyzz"]
    english = CliRunner().invoke(main, [*home, "--lang", "en", *words])
    vietnamese = CliRunner().invoke(main, [*home, *words], env={"TANGTHU_LANG": "vi"})
    assert "bài" not in english.output.replace("bài-", "").split("§")[0].partition("\n\n")[0]
    assert vietnamese.output != english.output
    nothing = CliRunner().invoke(main, [*home, "--lang", "en", "search", "=zzzz"])
    assert (nothing.exit_code, "No article was found." in nothing.output) == (1, True)
    refused = CliRunner().invoke(main, [*home, "--lang", "fr", "status"])
    assert refused.exit_code == 2
