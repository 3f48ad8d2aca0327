"""A person is offered alone or after an office, and nothing else is told of them."""

from __future__ import annotations

import pytest

from indexer.vietnamese.person_names import is_readable_person, person_start


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("Phó Thủ tướng Vũ Đức Đam", 3),
        ("Nguyễn Văn Mẫu", 0),
        ("bưởi lê vàng", None),
        ("Nguyễn", None),
        ("", None),
    ],
)
def test_a_name_begins_with_a_surname(words: str, start: int | None) -> None:
    assert person_start(words.split()) == start


@pytest.mark.parametrize(
    ("words", "is_readable"),
    [
        ("Vũ Đức Đam", True),
        ("Phó Thủ tướng Vũ Đức Đam", True),
        ("ca sĩ Trần Văn Mẫu", True),
        ("Trần Văn Mẫu trộm", False),
        ("kẻ trộm Trần Văn Mẫu", False),
        ("công an nhân dân", True),
    ],
)
def test_nothing_but_an_office_is_told(words: str, is_readable: bool) -> None:
    assert is_readable_person(words.split()) is is_readable
