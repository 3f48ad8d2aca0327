"""The measure of mixed files runs, on a few made-up ones."""

from __future__ import annotations

import pytest

from tests.bench.mixed_files import main, wrong_letters


def test_every_format_is_read_without_a_wrong_letter(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--share", "0.03", "--rounds", "1"])
    rows = capsys.readouterr().out.splitlines()
    cells = [row.strip("| ").split(" | ") for row in rows]
    cells = [row for row in cells if not row[0].startswith(("format", "---"))]
    formats = ["PDF", "DOCX", "RTF", "DOC", "ODT", "EPUB"]
    in_fonts = [f"{kind}, {charset}" for charset in ("TCVN3", "VNI") for kind in formats]
    assert [kind for kind, *_ in cells] == [*formats, "all", *in_fonts, "all"]
    assert {wrong for *_, wrong in cells} == {"0.000"}


def test_the_letters_of_words_that_differ_are_counted() -> None:
    assert wrong_letters("một hai ba", "một hai ba") == 0
    assert wrong_letters("một hai ba", "một hài ba") == 3
    assert wrong_letters("một hai ba", "một ba") == 3
