"""A run speaks one language: the one that was asked for, or the system's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from web.cli.main import COMMANDS, main
from web.cli.output_language import language_of_arguments, system_language

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


_ENGLISH = re.compile(r"\b(the|of|and|is|are|with|that|what|for|not|cannot|article)\b")
"""Words without which no English sentence of ours gets along."""


_TYPED = re.compile(r"`[^`]*`|--[a-z-]+|'[^']*'|--[a-z]+-\s+[a-z]+|\S*[/|]\S*|for, proto")
"""Commands, options, names and values, which are the same in every language."""


def _english_lines(output: str) -> list[str]:
    typed = re.sub(
        r"`[^`]*`|--[a-z-]+|'[^']*'|--[a-z]+-\s+[a-z]+|\S*[/|]\S*|for, proto", "", output
    )
    return [line for line in typed.splitlines() if _ENGLISH.search(line)]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_vietnamese_as_a_whole(command: str) -> None:
    words = [command, "--help"] if command else ["--help"]
    help_text = CliRunner().invoke(main, ["--lang", "vi", *words]).output
    assert help_text.startswith("Cách dùng: main")
    assert "Tùy chọn:" in help_text
    assert "In trợ giúp này rồi kết thúc." in help_text
    assert _english_lines(help_text) == []
    english = CliRunner().invoke(main, ["--lang", "en", *words]).output
    assert english.startswith("Usage: main")
    assert "Show this message and exit." in english


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--hme", "x"], "Lỗi: không có tùy chọn '--hme'."),
        (["serch"], "Lỗi: không có lệnh 'serch'."),
        (["show"], "Lỗi: thiếu đối số 'IDENTIFIER'."),
        (["show", "a", "b"], "Lỗi: thừa đối số (b)"),
        (["hide", "a"], "Lỗi: thiếu tùy chọn '--reason'."),
        (
            ["rebuild", "--keep", "0"],
            "Lỗi: giá trị sai cho '--keep': 0 nằm ngoài khoảng 1<=x<=100.",
        ),
        (["rebuild", "--keep", "a"], "Lỗi: giá trị sai cho '--keep': 'a' không phải số nguyên."),
        (["rebuild", "--max-load", "a"], "'a' không phải một số."),
        (["rebuild", "--keep"], "Lỗi: tùy chọn '--keep' cần một giá trị."),
        (["rebuild", "--fresh=1"], "Lỗi: tùy chọn '--fresh' không nhận giá trị."),
        (["rebuild", "--since", "hôm nay"], "Lỗi: giá trị sai cho '--since': 'hôm nay' không theo"),
        (["search", "--sort", "x", "a"], "Lỗi: giá trị sai cho '--sort': 'x' không thuộc"),
        (["restore", "no-such"], "'no-such' không tồn tại."),
        (["export", "x"], "Lỗi: giá trị sai cho"),
        (["add"], "Lỗi: thiếu đối số 'PATHS...'."),
    ],
)
def test_what_was_typed_wrong_is_said_in_vietnamese(words: list[str], sentence: str) -> None:
    run = CliRunner().invoke(main, words, env={"TANGTHU_LANG": "vi"})
    assert run.exit_code == 2
    assert sentence in run.stderr
    assert "để xem trợ giúp." in run.stderr
    assert _english_lines(run.stderr) == []


def test_what_commands_report_is_vietnamese_as_a_whole(tmp_path: Path) -> None:
    home, other = tmp_path / "kho", tmp_path / "bài.txt"
    other.write_text("Tin ngắn\n\nMột câu.", encoding="utf-8")
    unread = tmp_path / "hỏng.pdf"
    unread.write_bytes(b"%PDF-1.7\n")
    said = []
    for words in (
        ["status"],
        ["init"],
        ["backup", str(tmp_path / "sao.zip")],
        ["verify"],
        ["add", str(SAMPLE), str(other), str(unread), str(tmp_path / "no-such")],
        ["status"],
        ["problems"],
        ["verify"],
        ["verify", "--since-last"],
        ["rebuild"],
        ["rebuild", "--if-needed"],
        ["rebuild", "--only", "xxyyzz"],
        ["generations"],
        ["rollback"],
        ["update"],
        ["log"],
        ["search"],
        ["search", "=zzzz"],
        ["search", "coong", "an"],
        ["hide", "no-such", "--reason", "x"],
        ["edit", "no-such", "--reason", "x"],
        ["remove", "no-such", "--reason", " "],
        ["backup", str(tmp_path / "sao.zip")],
        ["backup", str(tmp_path / "sao.zip")],
        ["ship"],
        ["user", "remove", "ai"],
        ["settings", "--changed"],
    ):
        run = CliRunner().invoke(main, ["--home", str(home), "--lang", "vi", *words])
        assert run.exception is None or isinstance(run.exception, SystemExit)
        said += [(words, line) for line in _english_lines(run.output)]
    assert said == []


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ([], "vi"),
        (["--lang", "en", "status"], "en"),
        (["--lang=en"], "en"),
        (["--lang"], "vi"),
        (["--lang", "fr"], "en"),
        (["search", "--", "--lang", "en"], "vi"),
    ],
)
def test_help_and_refusals_know_the_language_first(arguments: list[str], language: str) -> None:
    environment = {"LANG": "en_GB"} if "fr" in arguments else {}
    assert language_of_arguments(arguments, environment) == language


def test_vietnamese_help_brings_no_library_that_reads_catalogues() -> None:
    code = (
        "import sys; from web.cli.main import main; main(['--help'], standalone_mode=False); "
        "print([name for name in ('babel', 'flask', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"TANGTHU_LANG": "vi"},
    )
    assert "Cách dùng" in run.stdout
    assert run.stdout.splitlines()[-1] == "[]"
