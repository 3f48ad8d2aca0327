"""Phrases are counted by article, exactly in small archives and bounded in large ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.store import Store
from indexer.derived import phrase_table_builder, text_statistics
from indexer.derived.dataset import load_derived_data
from indexer.derived.phrase_counts import DOCUMENTS, TITLES, WRITTEN
from indexer.derived.phrase_table import PhraseTable
from tests.factories import article, keep
from tests.indexer.derived.deriving import derive, random_article, save


def read_counts(folder: Path) -> dict[str, tuple[int, ...]]:
    """Every phrase: documents, titles, written."""
    table = PhraseTable(folder)
    return {
        " ".join(table.words[word_id] for word_id in word_ids): tuple(counts[:3].tolist())
        for phrases in table.phrases.values()
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


def test_small_blocks_count_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [random_article(seed) for seed in range(25)]
    expected = save(derive(articles), tmp_path / "whole")
    monkeypatch.setattr(text_statistics, "BLOCK_WORDS", 70)
    assert save(derive(articles), tmp_path / "blocks") == expected


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
