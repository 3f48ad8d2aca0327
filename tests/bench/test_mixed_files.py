"""The measure of mixed files runs, on a few made-up ones."""

from __future__ import annotations

import pytest

from tests.bench.mixed_files import main, wrong_letters


def test_every_format_is_read_without_a_wrong_letter(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--share", "0.03", "--rounds", "1"])
    rows = capsys.readouterr().out.splitlines()[2:]
    cells = [row.strip("| ").split(" | ") for row in rows]
    kinds = [kind for kind, *_ in cells]
    assert kinds == ["PDF", "DOCX", "RTF", "DOC", "ODT", "EPUB", "all"]
    assert {wrong for *_, wrong in cells} == {"0.000"}


def test_the_letters_of_words_that_differ_are_counted() -> None:
    assert wrong_letters("một hai ba", "một hai ba") == 0
    assert wrong_letters("một hai ba", "một hài ba") == 3
    assert wrong_letters("một hai ba", "một ba") == 3
