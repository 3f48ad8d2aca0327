"""Look-up keys: one article has one key, however its address or identifier is written."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article_identifiers import identifier_of
from archive.catalogue.lookup_keys import (
    LEAST_WORDS,
    comparable_address,
    external_id_key,
    identifiers_of_address,
    text_keys,
)
from archive.store import Store
from tests.factories import article

ARTICLE = article("Tựa", url="http://www.bao.vn/muc/bai-1.htm", external_id="BM-7", publisher="A")


@pytest.mark.parametrize(
    "address",
    [
        "http://www.bao.vn/muc/bai-1.htm",
        "https://bao.vn/muc/bai-1.htm",
        "HTTPS://WWW.Bao.VN:443/muc/bai-1.htm/",
        "bao.vn/muc/bai-1.htm",
        "m.bao.vn/muc/bai-1.htm#binh-luan",
        "https://bao.vn/muc/bai-1.htm?utm_source=zalo&utm_medium=x&fbclid=1&zarsrc=30",
        " https://bao.vn/muc/bai%2D1.htm ",
    ],
)
def test_an_address_is_compared_without_what_tells_no_article(address: str) -> None:
    assert comparable_address(address) == "bao.vn/muc/bai-1.htm"
    assert ARTICLE.identifier in identifiers_of_address(address)


@pytest.mark.parametrize(
    ("address", "comparable"),
    [
        ("https://bao.vn/?id=7&utm_source=x", "bao.vn?id=7"),
        ("https://bao.vn/x?b=1&a=2", "bao.vn/x?b=1&a=2"),
        ("https://bao.vn:8080/X", "bao.vn:8080/X"),
        ("https://m.vn/x", "m.vn/x"),
        ("https://bao.vn/t%E1%BB%B1a", "bao.vn/tựa"),
        ("https://bao.vn/" + unicodedata.normalize("NFD", "tựa"), "bao.vn/tựa"),
        ("ftp://bao.vn/x", ""),
        ("https://", ""),
        ("https://[bao", ""),
        ("", ""),
    ],
)
def test_what_tells_articles_apart_stays(address: str, comparable: str) -> None:
    assert comparable_address(address) == comparable


@given(st.text())
def test_nothing_that_is_typed_raises(typed: str) -> None:
    for text in (typed, f"https://{typed}", f"\ud800{typed}"):
        identifiers_of_address(text)
        assert len(external_id_key(text)) in (0, 20)


def test_articles_are_found_by_address_and_identifier(store: Store) -> None:
    other = article("Khác", external_id="bm-7", publisher="B")
    for number, kept in enumerate((ARTICLE, other, article("Không địa chỉ"))):
        store.add(b"%d" % number, kept)
    assert store.find_by_address("https://bao.vn/muc/bai-1.htm?utm_source=x") == [
        ARTICLE.identifier
    ]
    assert store.find_by_address("https://bao.vn/muc/bai-2.htm") == []
    assert store.find_by_address("") == []
    assert store.find_by_identifier("bm-7") == sorted([ARTICLE.identifier, other.identifier])
    assert store.find_by_identifier(f" {other.identifier.upper()}") == [other.identifier]
    assert store.find_by_identifier("bm") == []
    assert store.find_by_identifier("") == []


def test_a_changed_article_is_found_by_all_its_addresses_until_it_is_deleted(store: Store) -> None:
    store.add(b"1", ARTICLE)
    store.add(b"2", replace(ARTICLE, url="https://bao.vn/moi"))
    for address in (ARTICLE.url, "https://bao.vn/moi"):
        assert store.find_by_address(address) == [ARTICLE.identifier]
    store.delete(ARTICLE.identifier)
    assert store.find_by_address("https://bao.vn/moi") == []
    assert store.find_by_identifier("BM-7") == []


def test_what_was_not_flushed_is_not_found(store: Store) -> None:
    def fail() -> None:
        with store.batch() as batch:
            batch.add(b"1", ARTICLE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.find_by_identifier("BM-7") == []
    store.add(b"1", ARTICLE)
    assert store.find_by_identifier("BM-7") == [identifier_of(ARTICLE)]


@pytest.mark.parametrize(("words", "count"), [(LEAST_WORDS - 1, 0), (LEAST_WORDS, 2)])
def test_a_text_has_keys_from_so_many_words_on(words: int, count: int) -> None:
    half = words // 2
    texts = [" ".join(f"chữ{n}" for n in part) for part in (range(half), range(half, words))]
    keys = text_keys(article("Tựa", *texts))
    assert len(keys.own) == count
    # Breaks of lines make no difference.
    assert keys == text_keys(article("Tựa", " ".join(texts)))
