"""Prepared articles: all but the place is known, and packing twice changes nothing."""

from __future__ import annotations

import zlib
from dataclasses import replace

from archive.prepared_article import prepare
from archive.records import from_json, identifier_of, sha256, text_digest
from archive.store import Store
from tests.factories import article

ARTICLE = replace(article("Cầu mới", "Xã vừa sửa cầu."), identifier="", url="https://bao.vn/1")


def test_identifier_digests_and_keys_are_known() -> None:
    prepared = prepare(b"page", ARTICLE)
    assert prepared.identifier == identifier_of(ARTICLE)
    assert (prepared.digest, prepared.text_digest) == (sha256(b"page"), text_digest(ARTICLE))
    assert prepared.captured.endswith("+00:00")
    assert len(prepared.keys) == 1
    assert from_json(prepared.record).sections == ARTICLE.sections


def test_a_packed_article_is_kept_as_an_unpacked_one(store: Store) -> None:
    prepared = prepare(b"page", ARTICLE)
    packed = prepared.packed()
    assert packed.packed() is packed
    assert zlib.decompress(packed.content) == prepared.record
    with store.batch() as batch:
        kinds = [batch.add_prepared([form])[0].kind.value for form in (packed, prepared)]
    assert kinds == ["added", "unchanged"]
    assert store.read_original(prepared.identifier) == b"page"
