"""Derived data is the same in whatever order articles were added, changed and removed."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from archive.errors import EngineError
from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.derived import phrase_table_builder, text_statistics
from indexer.derived.acronym_definitions import DEFINITIONS_FILE
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.derived.near_duplicates import (
    NEAR_DUPLICATES_FILE,
    NearDuplicateIndex,
    estimate_similarity,
    group_near_duplicates,
)
from indexer.derived.phrase_counts import DOCUMENTS, TITLES, WRITTEN
from indexer.derived.phrase_keys import PHRASE_LENGTHS
from indexer.derived.phrase_table import PHRASES_FILE, PhraseTable
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep

REPORT = " ".join(f"dòng {number} của bản tin về lũ ở miền Trung" for number in range(12))

SYLLABLES = (
    "công an nhân dân Điện Biên diễn biến hòa bình hoà Bình, ma túy. TP.HCM 1.088 bắt".split()
)


def random_article(seed: int, words: int = 30) -> Article:
    chosen = random.Random(seed)
    title = " ".join(chosen.choices(SYLLABLES, k=6))
    return article(title, " ".join(chosen.choices(SYLLABLES, k=words)), external_id=str(seed))


def derive(articles: list[Article]) -> DerivedData:
    analyzer, derived = Analyzer(), DerivedData()
    for each in articles:
        derived.add(each, build_document(analyzer, each))
    return derived


def save(derived: DerivedData, folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    derived.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def read_counts(folder: Path) -> dict[str, tuple[int, ...]]:
    """Every phrase: documents, titles, written."""
    table = PhraseTable(folder)
    return {
        " ".join(table.words[word_id] for word_id in word_ids): tuple(counts[:3].tolist())
        for phrases in map(table.counts, PHRASE_LENGTHS)
        for word_ids, counts in zip(phrases.word_ids.tolist(), phrases.counts, strict=True)
    }


def test_phrases_are_counted_by_article_and_cross_no_passage(tmp_path: Path) -> None:
    articles = [
        article("Công an Điện Biên", "công an nhân dân, công an nhân dân", lead="Ma túy."),
        article("Điện Biên", "Công an. Nhân dân"),
    ]
    save(derive(articles), tmp_path)
    counts = read_counts(tmp_path)
    assert counts["công an"] == (2, 1, 1)
    assert counts["công an nhân dân"] == (2, 0, 0)
    assert counts["điện biên"] == (2, 2, 2)
    assert counts["ma túy"] == (1, 0, 1)
    assert counts["công"] == (2, 1, 1)
    assert "biên ma" not in counts
    assert "điện biên ma" not in counts
    assert (DOCUMENTS, TITLES, WRITTEN) == (0, 1, 2)


def test_merged_data_is_that_of_all_articles(tmp_path: Path) -> None:
    articles = [random_article(seed) for seed in range(40)]
    whole = save(derive(articles), tmp_path / "whole")
    merged = derive(articles[:13])
    save(derive(articles[13:30]), tmp_path / "checkpoint")
    merged.merge(load_derived_data(tmp_path / "checkpoint"))
    merged.merge(derive(articles[30:]))
    assert save(merged, tmp_path / "merged") == whole


def test_small_blocks_count_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [random_article(seed) for seed in range(25)]
    whole = save(derive(articles), tmp_path / "whole")
    monkeypatch.setattr(text_statistics, "BLOCK_WORDS", 70)
    assert save(derive(articles), tmp_path / "blocks") == whole


def test_an_updated_index_derives_the_same_as_a_rebuilt_one(store: Store) -> None:
    chosen = random.Random(7)
    reprint = article("Bản tin", REPORT, external_id="reprint")
    keep(store, article("Lũ", REPORT, external_id="report"), *map(random_article, range(20)))
    IndexBuilder(store).update()
    for step in range(6):
        seeds = chosen.sample(range(30), 4)
        keep(store, *(random_article(seed, words=10 + step) for seed in seeds))
        if step == 3:
            keep(store, reprint)
        identifiers = [name for name, _ in store.identifiers() if name != reprint.identifier]
        store.delete(chosen.choice(identifiers))
        IndexBuilder(store).update()
    updated = derived_digests(store.home)
    IndexBuilder(store).rebuild()
    assert derived_digests(store.home) == updated


def test_an_article_added_twice_counts_once(tmp_path: Path) -> None:
    first, analyzer = random_article(1), Analyzer()
    once = save(derive([first]), tmp_path / "once")
    assert save(derive([first, random_article(1)]), tmp_path / "twice") == once
    both = derive([first, random_article(2)])
    both.remove(random_article(2).identifier)
    both.remove("unknown")
    assert save(both, tmp_path / "removed") == once
    loaded = load_derived_data(tmp_path / "once")
    with pytest.raises(EngineError, match="rebuild"):
        loaded.add(first, build_document(analyzer, first))


def test_a_version_that_is_no_longer_kept_is_said(tmp_path: Path, store: Store) -> None:
    save(derive([random_article(1)]), tmp_path)
    with pytest.raises(EngineError, match="rebuild"):
        load_derived_data(tmp_path, store).remove(random_article(1).identifier)


def test_counts_never_fall_below_zero(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The title's phrase is dropped, comes back in texts alone, and then its title is subtracted.
    titled = article("Công an nhân dân", external_id="titled")
    keep(store, titled)
    monkeypatch.setattr(phrase_table_builder, "MAX_PHRASES", 0)
    monkeypatch.setattr(phrase_table_builder, "REDUCED_PHRASES", 1)
    save(derive([store.get(titled.identifier)]), tmp_path)
    monkeypatch.undo()
    derived = load_derived_data(tmp_path, store)
    plain = [article("Tin", "công an nhân dân", external_id=f"t{i}") for i in range(3)]
    derived.merge(derive(plain))
    derived.remove(titled.identifier)
    save(derived, tmp_path)
    counts = read_counts(tmp_path)
    assert counts["công an nhân"] == (2, 0, 0)
    assert min(map(min, counts.values())) == 0


def test_the_rarest_of_too_many_phrases_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [article("Công an", "công an nhân dân", external_id=f"p{i}") for i in range(9)]
    monkeypatch.setattr(phrase_table_builder, "MAX_PHRASES", 100)
    monkeypatch.setattr(phrase_table_builder, "REDUCED_PHRASES", 50)
    save(derive([*articles, *map(random_article, range(9))]), tmp_path)
    counts = read_counts(tmp_path)
    assert len(counts) <= 50
    assert counts["công an nhân dân"][0] >= 9


def test_the_rarest_of_too_many_words_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrase_table_builder, "MAX_WORD_ID", 40)
    articles = [article("Công an", "công an nhân dân", external_id=f"p{i}") for i in range(9)]
    derived = derive(articles)
    for number in range(20):
        derived.merge(derive([article(f"chữ{number} số{number}", f"chữ{number} số{number}")]))
    save(derived, tmp_path)
    assert read_counts(tmp_path)["công an nhân dân"][0] == 9
    assert len(PhraseTable(tmp_path).words) <= 41


@pytest.mark.parametrize("name", [PHRASES_FILE, NEAR_DUPLICATES_FILE, DEFINITIONS_FILE])
def test_a_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    save(derive([article("Công an nhân dân (CAND)", "Công an nhân dân (CAND) họp.")]), tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[len(data) // 2] ^= 255
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EngineError, match="damaged.*rebuild"):
        load_derived_data(tmp_path)


@pytest.mark.parametrize("articles", [[], [article("")], [article("", "☃ 1.2.3.4 ?!")]])
def test_no_words_are_no_error(tmp_path: Path, articles: list[Article]) -> None:
    save(derive(articles), tmp_path)
    load_derived_data(tmp_path)
    assert "công" not in read_counts(tmp_path)


def test_near_duplicates_are_grouped(tmp_path: Path) -> None:
    report = article("Lũ lớn", REPORT)
    reprint = article("Miền Trung ngập", REPORT + " Theo TTXVN.")
    unrelated = article("Khác", " ".join(f"chuyện {i} chẳng liên quan" for i in range(30)))
    short = [article(f"Tin {number}", "Xem video.") for number in range(2)]
    save(derive([report, reprint, unrelated, *short]), tmp_path)
    index = NearDuplicateIndex(tmp_path)
    names = [each.identifier for each in (report, reprint, unrelated, *short)]
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


def derived_digests(home: Path) -> dict[str, str]:
    """The digests of the derived data of the live generation."""
    manifest = Generations(home / "index").current().manifest
    names = (PHRASES_FILE, NEAR_DUPLICATES_FILE, DEFINITIONS_FILE)
    return {name: manifest.files[name].sha256 for name in names}
