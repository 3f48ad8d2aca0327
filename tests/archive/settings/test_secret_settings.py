"""Passwords come from the environment, else from the first line of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.settings.secret_settings import LONGEST_PASSWORD, PasswordSource


def source(file: str) -> PasswordSource:
    return PasswordSource("the catalogue's", "SECRET", file, StoreError)


@pytest.mark.parametrize(
    ("variable", "content", "password"),
    [
        ("from variable", b"from file\n", "from variable"),
        ("", b"from file\n", "from file"),
        ("", b"from file\r\nand more", "from file"),
        ("", b" blanks stay \n", " blanks stay "),
        ("", b"", ""),
        ("", "mật khẩu".encode(), "mật khẩu"),
        ("", b"x" * (LONGEST_PASSWORD + 1), "x" * LONGEST_PASSWORD),
        ("from variable", None, "from variable"),
        ("", None, None),
    ],
)
def test_the_environment_wins_over_the_file(
    tmp_path: Path, variable: str, content: bytes | None, password: str | None
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    file = str(tmp_path / "secret") if content is not None else ""
    assert source(file).read({"SECRET": variable}) == password


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), (b"\xff\xfe", "it is no text in UTF-8")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(StoreError, match=rf"the catalogue's password .*secret: {reason}"):
        source(str(tmp_path / "secret")).read({})
