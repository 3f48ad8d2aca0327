"""What is learned from articles: the same however they came, changed and went."""

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
from indexer.derived import phrase_table, text_datasets
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.derived.near_duplicates import COPIES, CopyFile, groups, likeness
from indexer.derived.phrase_counts import DOCUMENTS, TITLES, WRITTEN, words_of
from indexer.derived.phrase_table import PHRASES, PhraseFile
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep

REPORT = " ".join(f"dòng {number} của bản tin về lũ ở miền Trung" for number in range(12))

SYLLABLES = (
    "công an nhân dân Điện Biên diễn biến hòa bình hoà Bình, ma túy. TP.HCM 1.088 bắt".split()
)


def made(seed: int, words: int = 30) -> Article:
    """An article of random syllables."""
    chosen = random.Random(seed)
    title = " ".join(chosen.choices(SYLLABLES, k=6))
    return article(title, " ".join(chosen.choices(SYLLABLES, k=words)), external_id=str(seed))


def learned(articles: list[Article]) -> DerivedData:
    analyzer, whole = Analyzer(), DerivedData()
    for one in articles:
        whole.learn(one, build_document(analyzer, one))
    return whole


def saved(whole: DerivedData, folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    whole.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def counted(folder: Path) -> dict[str, tuple[int, ...]]:
    """Every phrase: documents, titles, written."""
    file = PhraseFile(folder)
    words = ["", *file.words]
    return {
        " ".join(words[at] for at in row): tuple(counts[:3].tolist())
        for length in range(1, 5)
        for row, counts in zip(
            words_of(file.keys(length), length).tolist(), file.counts(length), strict=True
        )
    }


def test_phrases_are_counted_by_article_and_cross_no_passage(tmp_path: Path) -> None:
    saved(
        learned(
            [
                article("Công an Điện Biên", "công an nhân dân, công an nhân dân", lead="Ma túy."),
                article("Điện Biên", "Công an. Nhân dân"),
            ]
        ),
        tmp_path,
    )
    found = counted(tmp_path)
    assert found["công an"] == (2, 1, 1)
    assert found["công an nhân dân"] == (2, 0, 0)
    assert found["điện biên"] == (2, 2, 2)
    assert found["ma túy"] == (1, 0, 1)
    assert found["công"] == (2, 1, 1)
    assert "biên ma" not in found
    assert "điện biên ma" not in found
    assert (DOCUMENTS, TITLES, WRITTEN) == (0, 1, 2)


def test_what_parts_learned_is_what_one_learns(tmp_path: Path) -> None:
    articles = [made(seed) for seed in range(40)]
    whole = saved(learned(articles), tmp_path / "whole")
    parts = learned(articles[:13])
    saved(learned(articles[13:30]), tmp_path / "part")
    parts.absorb(load_derived_data(tmp_path / "part"))
    parts.absorb(learned(articles[30:]))
    assert saved(parts, tmp_path / "parts") == whole


def test_what_was_gathered_in_small_blocks_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [made(seed) for seed in range(25)]
    whole = saved(learned(articles), tmp_path / "whole")
    monkeypatch.setattr(text_datasets, "BLOCK_WORDS", 70)
    assert saved(learned(articles), tmp_path / "blocks") == whole


def test_an_updated_index_learned_what_a_rebuilt_one_does(store: Store) -> None:
    chosen = random.Random(7)
    copy = article("Bản tin", REPORT, external_id="copy")
    keep(store, article("Lũ", REPORT, external_id="report"), *map(made, range(20)))
    IndexBuilder(store).update()
    for step in range(6):
        seeds = chosen.sample(range(30), 4)
        keep(store, *(made(seed, words=10 + step) for seed in seeds))
        if step == 3:
            keep(store, copy)
        held = [identifier for identifier, _ in store.identifiers()]
        store.delete(chosen.choice([one for one in held if one != copy.identifier]))
        IndexBuilder(store).update()
    updated = files(store.home)
    IndexBuilder(store).rebuild()
    assert files(store.home) == updated


def test_an_article_learned_twice_counts_once(tmp_path: Path) -> None:
    one, analyzer = made(1), Analyzer()
    once = saved(learned([one]), tmp_path / "once")
    assert saved(learned([one, made(1)]), tmp_path / "twice") == once
    whole = learned([one, made(2)])
    whole.forget(made(2).identifier)
    whole.forget("unknown")
    assert saved(whole, tmp_path / "forgotten") == once
    loaded = load_derived_data(tmp_path / "once")
    with pytest.raises(EngineError, match="rebuild"):
        loaded.learn(one, build_document(analyzer, one))


def test_a_version_that_is_no_longer_kept_is_said(tmp_path: Path, store: Store) -> None:
    saved(learned([made(1)]), tmp_path)
    with pytest.raises(EngineError, match="rebuild"):
        load_derived_data(tmp_path, store).forget(made(1).identifier)


def test_too_many_phrases_let_the_rarest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [article("Công an", "công an nhân dân", external_id=f"p{at}") for at in range(9)]
    monkeypatch.setattr(phrase_table, "MOST_PHRASES", 100)
    monkeypatch.setattr(phrase_table, "KEPT_PHRASES", 50)
    saved(learned([*articles, *map(made, range(9))]), tmp_path)
    found = counted(tmp_path)
    assert len(found) <= 50
    assert found["công an nhân dân"][0] >= 9


def test_too_many_words_let_the_rarest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase_table, "MOST_KNOWN", 40)
    whole = learned(
        [article("Công an", "công an nhân dân", external_id=f"p{at}") for at in range(9)]
    )
    for at in range(20):
        whole.absorb(learned([article(f"chữ{at} số{at}", f"chữ{at} số{at}")]))
    saved(whole, tmp_path)
    found = counted(tmp_path)
    assert found["công an nhân dân"][0] == 9
    assert len(PhraseFile(tmp_path).words) <= 40


@pytest.mark.parametrize("name", [PHRASES, COPIES])
def test_a_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    saved(learned([made(1)]), tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EngineError, match="damaged"):
        load_derived_data(tmp_path)


@pytest.mark.parametrize("articles", [[], [article("")], [article("", "☃ 1.2.3.4 ?!")]])
def test_nothing_to_learn_is_no_error(tmp_path: Path, articles: list[Article]) -> None:
    saved(learned(articles), tmp_path)
    load_derived_data(tmp_path)
    assert "công" not in counted(tmp_path)


def test_copies_are_grouped(tmp_path: Path) -> None:
    report = article("Lũ lớn", REPORT)
    copy = article("Miền Trung ngập", REPORT + " Theo TTXVN.")
    other = article("Khác", " ".join(f"chuyện {number} chẳng liên quan" for number in range(30)))
    short = [article(f"Tin {number}", "Xem video.") for number in range(2)]
    saved(learned([report, copy, other, *short]), tmp_path)
    file = CopyFile(tmp_path)
    names = [one.identifier for one in (report, copy, other, *short)]
    numbers = file.groups([*names, "unknown"])
    assert numbers[0] == numbers[1] > 0
    assert numbers[2:] == [0, 0, 0, 0]
    assert file.near(report.identifier) == [copy.identifier]
    assert file.near(other.identifier) == file.near("unknown") == []


def test_likeness_estimates_the_share_of_common_runs() -> None:
    random_numbers = np.random.default_rng(1)
    one = random_numbers.integers(1, 1 << 16, (3, 128)).astype(np.uint16)
    one[1] = one[0]
    one[1, :40] += 1
    assert likeness(one[:1], one[1:2])[0] == pytest.approx(88 / 128)
    assert groups(one).tolist() == [1, 1, 0]


def files(home: Path) -> dict[str, str]:
    """The digests of what the live generation learned."""
    manifest = Generations(home / "index").current().manifest
    return {
        name: record.sha256
        for name, record in manifest.files.items()
        if name in (PHRASES, COPIES, "learned.json")
    }
