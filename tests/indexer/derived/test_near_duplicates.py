"""Near-duplicates are grouped by the estimated similarity of their texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.derived.dataset import load_derived_data
from indexer.derived.near_duplicates import NEAR_DUPLICATES_FILE, NearDuplicateIndex
from tests.factories import article
from tests.indexer.derived.deriving import REPORT, derive, save

ARRAYS_OF_OLD_FILES = ("width", "identifiers", "digests", "figures", "groups", "signatures")
BRIEF = " ".join(f"chuyện {number} của mỏ đá" for number in range(30))
BACKGROUND = " ".join(f"thêm {number} điều người xưa kể" for number in range(150))


def write_as_before_samples(folder: Path) -> None:
    """Write the file again as releases did that knew no contained texts."""
    file = ArrayFile(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, None)
    arrays = [(name, file.array(name).read().copy()) for name in ARRAYS_OF_OLD_FILES]
    write_arrays(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, arrays)


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


def test_a_report_that_is_in_a_longer_article_points_to_it(tmp_path: Path) -> None:
    brief = article("Mỏ đá", BRIEF)
    long = article("Chuyện mỏ đá", f"{BACKGROUND} {BRIEF}")
    alone = article("Chuyện xưa", BACKGROUND.replace("điều", "lời"))
    save(derive([brief, long, alone]), tmp_path)
    index = NearDuplicateIndex(tmp_path)
    names = [brief.identifier, long.identifier, alone.identifier, "unknown"]
    part, whole, other, unknown = index.reports(names)
    assert part.container == whole.number != part.number
    assert (whole.container, whole.is_collection, other.container) == (0, False, 0)
    assert len({part.number, whole.number, other.number}) == 3
    assert unknown == (0, 0, False)
    assert index.near_duplicates(brief.identifier) == [long.identifier]
    assert index.near_duplicates(long.identifier) == [brief.identifier]
    assert index.near_duplicates(alone.identifier) == []


def test_a_file_without_samples_is_read_and_extended(tmp_path: Path) -> None:
    old = [article("Lũ lớn", REPORT), article("Miền Trung ngập", REPORT + " Theo TTXVN.")]
    long = article("Chuyện mỏ đá", f"{BACKGROUND} {BRIEF}")
    save(derive([*old, long]), tmp_path)
    write_as_before_samples(tmp_path)
    names = [each.identifier for each in (*old, long)]
    index = NearDuplicateIndex(tmp_path)
    first, second, third = index.reports(names)
    assert first == second != third
    assert not third.is_collection
    assert index.near_duplicates(names[0]) == [names[1]]
    derived, brief = load_derived_data(tmp_path), article("Mỏ đá", BRIEF)
    added = article("Mỏ đá xưa", f"{BRIEF} {BACKGROUND} Hết chuyện.")
    for entry in (brief, added):
        derived.add(entry, build_document(Analyzer(), entry))
    save(derived, tmp_path)
    index = NearDuplicateIndex(tmp_path)
    assert index.groups(names[:2]) == index.groups([names[1]]) * 2 != [0, 0]
    part, whole = index.reports([brief.identifier, added.identifier])
    assert part.container == whole.number
