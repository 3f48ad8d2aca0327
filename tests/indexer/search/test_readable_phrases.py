"""Some phrases are whole by their counts and still not to be offered."""

from __future__ import annotations

import pytest

from indexer.search.readable_phrases import is_readable


@pytest.mark.parametrize(
    ("words", "readable"),
    [
        ("công an nhân dân", True),
        ("người dân", True),
        ("của làng", False),
        ("Donald Trump trong", False),
        ("ảnh Trường Sa", False),
        ("bức ảnh đẹp", True),
        ("kẻ trộm Trần Văn Mẫu", False),
        ("và", True),
    ],
)
def test_debris_is_not_offered(words: str, readable: bool) -> None:
    assert is_readable(words.split()) is readable
