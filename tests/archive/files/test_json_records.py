"""JSON files are read up to a limit, as the record that they have to hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import DamagedError
from archive.files.json_records import decode_json_record, read_json_record


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[1,2,3]", None),
        ("[1,2,3] ", "larger than 7 bytes"),
        ("[1,2,3", "is damaged"),
        ('["1"]', "is damaged"),
        ("", "is damaged"),
        ("[" * 7, "is damaged"),
    ],
)
def test_a_file_is_a_record_or_damaged(tmp_path: Path, content: str, reason: str | None) -> None:
    path = tmp_path / "numbers.json"
    path.write_text(content, encoding="utf-8")
    if reason is None:
        assert read_json_record(path, list[int], 7) == [1, 2, 3]
    else:
        with pytest.raises(DamagedError, match=reason):
            read_json_record(path, list[int], 7)


def test_no_more_of_a_file_is_read_than_shows_that_it_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = tmp_path / "numbers.json", []
    path.write_text("[1,2,3]" * 99, encoding="utf-8")
    monkeypatch.setattr(
        "archive.files.json_records.open_plain_file", lambda _: _Watched(path, read)
    )
    with pytest.raises(DamagedError, match="larger"):
        read_json_record(path, list[int], 7)
    assert read == [8]


class _Watched:
    """A file that writes down how many bytes are read of it."""

    def __init__(self, path: Path, sizes: list[int]) -> None:
        self._file, self._sizes = path.open("rb"), sizes

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        self._sizes.append(size)
        return self._file.read(size)


@pytest.mark.parametrize("content", [b"\xff", "[" * 100_000, b"nil"])
def test_what_is_no_json_is_damage(content: bytes | str) -> None:
    with pytest.raises(DamagedError):
        decode_json_record(content, list[int])
