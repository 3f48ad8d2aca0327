"""The judge of completions reads the articles."""

from __future__ import annotations

import pytest

from tests.bench.completions import judge, spaced_text
from tests.factories import article

TEXTS = (
    "Sáng nay phó giám đốc khen. Trên bầu trời có mây; iPhone tốt. Ở Sở Y tế và sở đó.",
    "Chiều nay phó giám đốc chê. Trên bầu trời có chim, iPhone rẻ. Dự Sở Y tế (Sở này).",
    "Hôm nay phó giám đốc về. Trên bầu trời xanh. Mua iPhone cũ.",
)


@pytest.mark.parametrize(
    ("offered", "faults"),
    [
        ("giám đốc", {"left"}),
        ("bầu trời", {"preposition"}),
        ("iPhone", set()),
        ("iphone", {"capitals"}),
        ("sở", {"rare"}),
        ("Sở", {"rare", "capitals"}),
        ("trâu", {"unknown", "rare"}),
        ("Lê Nam trộm", {"unknown", "rare", "crime"}),
    ],
)
def test_a_completion_is_judged_by_its_neighbours(offered: str, faults: set[str]) -> None:
    spaced = [spaced_text(article("Tin", text)) for text in TEXTS]
    judged = judge([(text, text.lower()) for text in spaced], "x", offered)
    assert set(judged.faults) - {"right"} == faults
