"""The whole dictionary: read once, then what is new; never half of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from archive.errors import EngineError
from indexer.opensearch_engine.bulk_requests import BulkSender
from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.remote_index import RemoteIndex
from indexer.opensearch_engine.search_answers import (
    HitList,
    SearchAnswer,
    SearchHit,
    SearchTarget,
    ShardCounts,
    TotalHits,
)
from indexer.opensearch_engine.whole_dictionary import WholeDictionary
from indexer.opensearch_engine.word_dictionary import MOST_WORDS, dictionary_line
from tests.indexer.opensearch_engine.cluster_indices import location_at

WORDS = [("hoa", "hoa"), ("hoa", "hòa"), ("binh", "bình"), ("zalo", "zalo"), ("hoa", "hóa")]


class NumberedWords:
    """A dictionary whose words a test changes; it remembers what was read."""

    def __init__(self, words: Sequence[tuple[str, str]]) -> None:
        self.words, self.primary_term, self.failed = list(words), 1, 0
        self.read: list[tuple[int, int]] = []

    def search(self, bodies: Sequence[Mapping[str, Any]]) -> list[SearchAnswer]:
        return [
            self._newest() if "seq_no_primary_term" in body else self._read(body) for body in bodies
        ]

    def _newest(self) -> SearchAnswer:
        last = len(self.words) - 1
        hits = [SearchHit(primary_term=self.primary_term, sort=[last])] if self.words else []
        return SearchAnswer(hits=HitList(TotalHits(len(self.words)), hits))

    def _read(self, body: Mapping[str, Any]) -> SearchAnswer:
        limits = body["query"]["constant_score"]["filter"]["range"]["_seq_no"]
        start, end = limits["gte"], limits["lt"]
        assert end - start <= body["size"]
        self.read.append((start, end))
        rows = [{"folded": [word[0]], "exact": [word[1]]} for word in self.words[start:end]]
        hits = [SearchHit(fields=row) for row in rows]
        return SearchAnswer(shards=ShardCounts(2, self.failed), hits=HitList(hits=hits))


def whole(words: NumberedWords, at_once: int = 2, most: int = 10) -> WholeDictionary:
    return WholeDictionary(words, at_once, most)  # type: ignore[arg-type]


def test_all_words_are_read_by_pieces() -> None:
    words = NumberedWords(WORDS)
    forms = whole(words).forms()
    assert forms == {"hoa": ("hoa", "hòa", "hóa"), "binh": ("bình",), "zalo": ("zalo",)}
    assert words.read == [(0, 2), (2, 4), (4, 5)]


def test_only_new_words_are_read_again() -> None:
    words = NumberedWords(WORDS[:3])
    dictionary = whole(words)
    before = dictionary.forms()
    words.read.clear()
    assert dictionary.forms() == before
    assert words.read == []
    words.words += WORDS[3:]
    assert dictionary.forms()["hoa"] == ("hoa", "hòa", "hóa")
    assert words.read == [(3, 5)]
    assert before == {"hoa": ("hoa", "hòa"), "binh": ("bình",)}


def test_all_words_are_read_again_where_another_copy_gives_the_numbers() -> None:
    words = NumberedWords(WORDS)
    dictionary = whole(words)
    dictionary.forms()
    words.words, words.primary_term = [("lan", "lan"), *WORDS[1:]], 2
    assert dictionary.forms().keys() == {"lan", "hoa", "binh", "zalo"}


@pytest.mark.parametrize(("count", "is_read"), [(0, False), (5, True), (10, True), (11, False)])
def test_too_many_words_are_none(count: int, is_read: bool) -> None:
    words = NumberedWords([("hoa", f"hoa{number}") for number in range(count)])
    assert bool(whole(words).forms()) is is_read
    assert bool(words.read) is is_read


def test_half_of_a_dictionary_is_refused_and_read_later() -> None:
    words = NumberedWords(WORDS)
    words.failed = 1
    dictionary = whole(words)
    with pytest.raises(EngineError, match="does not answer"):
        dictionary.forms()
    words.failed = 0
    assert len(dictionary.forms()) == 3


def test_threads_read_each_word_once() -> None:
    words = NumberedWords(WORDS)
    dictionary, barrier = whole(words), threading.Barrier(4)

    def read() -> Mapping[str, Sequence[str]]:
        barrier.wait()
        return dictionary.forms()

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(read) for _ in range(4)]]
    assert all(answer == answers[0] for answer in answers)
    assert len(words.read) == 3


def test_words_of_a_real_index_are_read(
    opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    with ClusterClient(location_at(opensearch_urls, opensearch_name)) as client:
        index = RemoteIndex(client, opensearch_name)
        index.create()
        dictionary = WholeDictionary(SearchTarget(client, index.dictionary), 2)
        assert dictionary.forms() == {}
        for words in (WORDS[:3], WORDS):
            lines = [
                dictionary_line(exact, folded, exact.encode().hex()) for folded, exact in words
            ]
            BulkSender(client).send(index.dictionary, lines, accepted=(409,))
            index.refresh()
            forms = {name: set(exact) for name, exact in dictionary.forms().items()}
            assert forms == {
                folded: {exact for name, exact in words if name == folded} for folded, _ in words
            }
        few = WholeDictionary(SearchTarget(client, index.dictionary), MOST_WORDS, most=4)
        assert few.forms() == {}
