"""Near-duplicates are grouped by the estimated similarity of their texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.derived.near_duplicates import (
    NearDuplicateIndex,
    estimate_similarity,
    group_near_duplicates,
)
from tests.factories import article
from tests.indexer.derived.deriving import REPORT, derive, save


def test_near_duplicates_are_grouped(tmp_path: Path) -> None:
    report = article("Lũ lớn", REPORT)
    reprint = article("Miền Trung ngập", REPORT + " Theo TTXVN.")
    unrelated = article("Khác", " ".join(f"chuyện {i} chẳng liên quan" for i in range(30)))
    short = [article(f"Tin {number}", "Xem video.") for number in range(2)]
    save(derive([report, reprint, unrelated, *short]), tmp_path)
    index = NearDuplicateIndex(tmp_path)
    names = [article.identifier for article in (report, reprint, unrelated, *short)]
    groups = index.groups([*names, "unknown"])
    assert groups[0] == groups[1] > 0
    assert groups[2:] == [0, 0, 0, 0]
    assert index.near_duplicates(report.identifier) == [reprint.identifier]
    assert index.near_duplicates(unrelated.identifier) == index.near_duplicates("unknown") == []
    assert index.identifiers() == sorted(names)


def test_similarity_is_the_share_of_equal_values() -> None:
    random_numbers = np.random.default_rng(1)
    signatures = random_numbers.integers(1, 1 << 16, (3, 128)).astype(np.uint16)
    signatures[1] = signatures[0]
    signatures[1, :40] += 1
    assert estimate_similarity(signatures[:1], signatures[1:2])[0] == pytest.approx(88 / 128)
    assert group_near_duplicates(signatures, np.zeros(3, np.uint32)).tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("title", "other", "is_group"),
    [
        ("Giá vàng 30/6", "Giá vàng 1/7", False),
        ("Giá vàng hôm nay 30/6", "Giá vàng ngày 30 tháng 6", True),
        ("Vietlott ngày 5/7", "Vietlott ngày 7/7", False),
        ("Tin bão lúc 7h", "Tin bão lúc 16h", False),
        ("Lũ lớn ở miền Trung", "Miền Trung: 14 người chết vì lũ", True),
        ("14 người chết vì lũ", "Lũ: 15 người chết", False),
        ("Lũ lớn", "Miền Trung ngập", True),
    ],
)
def test_reports_of_other_days_and_numbers_are_no_near_duplicates(
    tmp_path: Path, title: str, other: str, is_group: bool
) -> None:
    articles = [article(title, REPORT), article(other, REPORT)]
    save(derive(articles), tmp_path)
    first, second = NearDuplicateIndex(tmp_path).groups([each.identifier for each in articles])
    assert (first == second > 0) is is_group


@pytest.mark.parametrize(
    ("lead", "other", "is_group"),
    [
        ("Sáng 30/6 giá vàng tăng.", "Sáng 1/7 giá vàng tăng.", False),
        ("Sáng 30/6 giá vàng tăng.", "Sáng 30/6 giá vàng đi lên.", True),
        ("", "Sáng 1/7 giá vàng tăng.", True),
    ],
)
def test_the_lead_tells_reports_without_a_title_apart(
    tmp_path: Path, lead: str, other: str, is_group: bool
) -> None:
    articles = [article("", REPORT, lead=text) for text in (lead, other)]
    save(derive(articles), tmp_path)
    first, second = NearDuplicateIndex(tmp_path).groups([each.identifier for each in articles])
    assert (first == second > 0) is is_group


def test_figures_part_articles_that_a_third_one_is_like() -> None:
    signatures = np.ones((4, 128), np.uint16)
    groups = group_near_duplicates(signatures, np.array([7, 0, 9, 9], np.uint32)).tolist()
    assert groups[0] != groups[2] == groups[3]
