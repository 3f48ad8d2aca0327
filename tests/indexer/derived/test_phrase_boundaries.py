"""Fragments of longer phrases are told from whole phrases by their neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.derived.phrase_boundaries import whole_phrases
from indexer.derived.phrase_table import PhraseTable
from tests.factories import article
from tests.indexer.derived.deriving import derive, save


def offered_phrases(folder: Path) -> set[str]:
    table = PhraseTable(folder)
    is_whole = whole_phrases(table.phrases, is_exact=True)
    return {
        " ".join(table.words[word_id] for word_id in word_ids)
        for length, phrases in table.phrases.items()
        for word_ids in phrases.word_ids[is_whole[length]].tolist()
    }


@pytest.mark.parametrize(
    ("texts", "phrase", "is_whole"),
    [
        (("a phó thủ tướng x", "b phó thủ tướng y", "c phó thủ tướng z"), "thủ tướng", False),
        (("a phó thủ tướng x", "b phó thủ tướng y", "c phó thủ tướng z"), "phó thủ tướng", True),
        (("a công an x", "b công an y", "công an"), "công an", True),
        (("a công an x", "b công an x", "công an x"), "công an", False),
        (("a công an x", "b công an, x", "công an; x"), "công an", True),
        (("a công an x", "b công an y"), "công an", False),
    ],
)
def test_a_neighbour_of_most_articles_makes_a_fragment(
    tmp_path: Path, texts: tuple[str, ...], phrase: str, is_whole: bool
) -> None:
    articles = [article(f"tin {n}", text, external_id=str(n)) for n, text in enumerate(texts)]
    save(derive(articles), tmp_path)
    assert (phrase in offered_phrases(tmp_path)) is is_whole
