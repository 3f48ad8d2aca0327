"""The letter ư that readers of PDF show as a hyphen."""

from __future__ import annotations

import pytest

from indexer.intake.legacy.lost_horns import restore_lost_horns


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("Ph-ơng pháp -ớc tính đ-ợc thử", "Phương pháp ước tính được thử"),
        ("ở huyện M-ờng Kh-ơng năm 2003 - 2004.", "ở huyện Mường Khương năm 2003 - 2004."),
        ("t- t-ởng, th- ký, T- pháp", "tư tưởng, thư ký, Tư pháp"),
        ("nh\ufffe\nông dân", "như\nông dân"),
        ("m-ời-bảy", "mười-bảy"),
        ("gi-ờng nằm, g-ơng, t-ơi", "giường nằm, gương, tươi"),
        ("Hà-Nội, xã-hội", "Hà-Nội, xã-hội"),
        ("F-35 và C-130, 17-8, U-23", "F-35 và C-130, 17-8, U-23"),
        ("-", "-"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Rolls-Royce", "Rolls-Royce"),
        ("- Nghị định", "- Nghị định"),
        ("", ""),
    ],
)
def test_a_hyphen_is_a_letter_where_it_makes_syllables(shown: str, text: str) -> None:
    assert restore_lost_horns(shown) == text


@pytest.mark.parametrize("piece", ["-", "a", "a-", "-\ufffe", "ph-", "- "])
def test_hostile_runs_are_bounded(piece: str) -> None:
    restore_lost_horns(piece * 20_000)
