"""Derived data is the same in whatever order articles were added, changed and removed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.errors import EngineError
from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.derived.acronym_definitions import DEFINITIONS_FILE
from indexer.derived.dataset import load_derived_data
from indexer.derived.near_duplicates import NEAR_DUPLICATES_FILE
from indexer.derived.phrase_table import PHRASES_FILE, PhraseTable
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep
from tests.indexer.derived.deriving import REPORT, derive, random_article, save


def test_merged_data_is_that_of_all_articles(tmp_path: Path) -> None:
    articles = [random_article(seed) for seed in range(40)]
    expected = save(derive(articles), tmp_path / "whole")
    merged = derive(articles[:13])
    save(derive(articles[13:30]), tmp_path / "checkpoint")
    merged.merge(load_derived_data(tmp_path / "checkpoint"))
    merged.merge(derive(articles[30:]))
    assert save(merged, tmp_path / "merged") == expected


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
    assert "công" not in PhraseTable(tmp_path).words


def derived_digests(home: Path) -> dict[str, str]:
    """The digests of the derived data of the live generation."""
    manifest = Generations(home / "index").current().manifest
    names = (PHRASES_FILE, NEAR_DUPLICATES_FILE, DEFINITIONS_FILE)
    return {name: manifest.files[name].sha256 for name in names}
