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
    assert group_near_duplicates(signatures).tolist() == [1, 1, 0]
