"""The judge of extracted texts: languages pass, signs without sense do not."""

from __future__ import annotations

import pytest

from indexer.intake.text_quality import judge_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sáng nay nước rút, cầu mới thông xe.", True),
        ("Sang nay nuoc rut, cau moi thong xe.", True),
        ("The bridge was opened this morning.", True),
        ("Мост открыли сегодня утром.", True),
        ("12 345,6 789", False),
        ("", False),
        ("\ue001\ue002 \ue003\ue004 ab", False),
        ("\x01\x02\x03\x04\x05 ab", False),
        ("ĖũŶŐ ƚŚƵ ŶŚąƚ ǀăŶ", False),
        ("&{QJ zRlX kKwDq YaQxRd", False),
    ],
)
def test_a_text_is_told_from_signs_without_sense(text: str, expected: bool) -> None:
    assert judge_text(text).is_readable is expected
