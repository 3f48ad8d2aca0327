"""The words of a document are read as they were written; damaged ones are refused."""

from __future__ import annotations

import pytest

from archive.errors import EngineError
from indexer.opensearch_engine.stored_words import (
    StoredWords,
    read_words,
    syllables_digest,
    write_words,
)

WORDS = [
    StoredWords(7, {"một": 1, "hai": 2}, {"một": 1, "hai": 4, "2022-12-19": 1}),
    StoredWords(3, {"một": 1, "hai": 1}, {"một": 1, "hai": 1}),
    StoredWords(3, {"một": 1}, {"một": 3}),
    StoredWords(7, {"hòa": 90, "hoa": 99_999, "zì": 3}, {"hòa": 95, "hoa": 99_999, "zì": 70_000}),
    StoredWords(2, {"trump": 1, "são": 2}, {"trump": 1, "são": 2, "nghiêng": 4}),
    StoredWords(0, {}, {}),
]


@pytest.mark.parametrize("words", WORDS)
def test_words_are_read_as_they_were_written(words: StoredWords) -> None:
    assert read_words(write_words(words)) == words


def test_a_document_without_words_has_none() -> None:
    assert read_words("") == StoredWords(0, {}, {})


@pytest.mark.parametrize(
    "text",
    ["một", "7\n\n\nx\x1f1", "7\n\n\nx\x1f1\x1fx", "\n\n\nx", "7\n\uffff\n!", "7\n!\n", "7\n!\n~!"],
)
def test_damaged_words_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="damaged"):
        read_words(text)


def test_syllables_keep_their_numbers() -> None:
    # Other rules of spelling number them anew: raise the format of the index with this digest.
    assert syllables_digest().startswith("d65ebda80c20e3db")


def test_syllables_are_short() -> None:
    words = ("công", "an", "tỉnh", "điện", "biên", "phủ", "nhân", "dân")
    text = write_words(StoredWords(8, dict.fromkeys(words, 1), dict.fromkeys(words, 1)))
    assert len(text) == len("8") + 2 * (1 + len(words))
