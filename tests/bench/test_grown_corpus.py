"""The archive grown out of a corpus: its words grow as the law says, no article stands twice."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.bench.grown_corpus import GrownCorpus, HeapsLaw, fit_heaps_law, word_of


def corpus(articles: int = 60) -> list[dict[str, Any]]:
    """Return articles whose vocabulary grows: most words are common, each has some of its own."""
    rng = Random(3)
    common = [f"từ{n}" for n in range(40)]
    records = []
    for number in range(articles):
        sentences = [
            " ".join([*rng.choices(common, k=9), f"Riêng{number}x{part}"]) + "."
            for part in range(6)
        ]
        title = " ".join(rng.choices(common, k=6))
        records.append({"id": f"a{number}", "title": title, "body": " ".join(sentences)})
    return records


def grow(count: int, seed: int = 1) -> list[dict[str, Any]]:
    return list(GrownCorpus(corpus(), seed).articles(count))


def test_the_law_goes_through_half_and_whole() -> None:
    texts = ["a b c d", "a b e f"]
    law = fit_heaps_law(texts)
    assert law.words(4) == pytest.approx(4)
    assert law.words(8) == pytest.approx(6)


def test_the_corpus_itself_comes_first_and_a_smaller_archive_is_a_part_of_it() -> None:
    assert grow(60) == corpus()
    assert grow(7) == corpus()[:7]
    assert grow(500)[:60] == corpus()


def test_a_seed_makes_the_same_articles_again() -> None:
    assert grow(200) == grow(200)
    assert grow(200) != grow(200, seed=2)


@pytest.mark.parametrize("count", [600, 3000])
def test_the_vocabulary_grows_as_the_law_says(count: int) -> None:
    grown = GrownCorpus(corpus())
    tokens, words = 0, set()
    for record in grown.articles(count):
        texts = [record["title"], record.get("summary", ""), record["body"]]
        written = [word_of(token) for text in texts for token in text.split()]
        tokens += len(written)
        words.update(written)
    assert tokens == grown.vocabulary.tokens
    assert len(words) == pytest.approx(grown.law.words(tokens), rel=0.05)


def test_no_article_stands_twice() -> None:
    bodies = [record["body"] for record in grow(1000)]
    assert len(set(bodies)) == len(bodies)
    identifiers = [record["id"] for record in grow(1000)]
    assert len(set(identifiers)) == len(identifiers)


def test_texts_that_are_missing_stay_readable() -> None:
    grown = GrownCorpus([{"title": "Một bài ngắn", "body": ""}, *corpus(4)])
    assert all(record["title"] for record in grown.articles(40))


def test_a_law_of_one_word_a_token() -> None:
    assert HeapsLaw(1.0, 1.0).words(100) == 100
