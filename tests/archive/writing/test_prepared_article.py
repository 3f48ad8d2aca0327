"""Prepared articles: all but the place is known, and packing twice changes nothing."""

from __future__ import annotations

import zlib
from dataclasses import replace

import msgspec
import pytest

from archive.article_identifiers import identifier_of
from archive.records import from_json, sha256, text_digest
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, PreparedArticle, prepare
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


def test_what_came_in_an_answer_of_a_crawl_has_no_record_of_its_own() -> None:
    for captured_at in ("", "https://bao.vn/1"):
        prepared = prepare(b"page", ARTICLE, OriginDescription(captured_at=captured_at))
        packed = prepared.packed()
        assert zlib.decompress(packed.content) == prepared.record
        assert bool(packed.member) is not bool(captured_at)
        assert packed.original == (b"page" if captured_at else b"")


@pytest.mark.parametrize(
    ("change", "is_by_text", "place"),
    [
        ({}, True, "place:a"),
        ({"url": "https://bao.vn/1"}, False, ""),
        ({"external_id": "1"}, False, ""),
        ({"identifier": "0a" * 10}, False, "place:a"),
    ],
)
def test_what_has_no_name_is_known_by_its_text(
    change: dict[str, str], is_by_text: bool, place: str
) -> None:
    nameless = replace(article("Cầu mới", "chữ " * 60), identifier="", url="", external_id="")
    prepared = prepare(b"1", replace(nameless, **change), OriginDescription("place:a"))  # type: ignore[arg-type]
    assert (prepared.is_by_text, bool(prepared.words), prepared.place) == (
        is_by_text,
        is_by_text,
        place,
    )


@pytest.mark.parametrize(("parent", "kind"), [("", b"resource"), ("0a" * 32, b"conversion")])
def test_a_part_is_a_conversion_of_the_whole(parent: str, kind: bytes) -> None:
    part = replace(ARTICLE, origin=replace(ARTICLE.origin, parent=parent))
    record = zlib.decompress(prepare(b"page", part).pack_original(), wbits=31)
    assert b"WARC-Type: " + kind + b"\r\n" in record


@pytest.mark.parametrize(("parent", "kind"), [("", "resource"), ("a" * 64, "conversion")])
def test_what_was_a_part_of_a_file_is_a_conversion_of_it(parent: str, kind: str) -> None:
    member = zlib.decompress(replace_parent(parent).pack_original(), wbits=31).decode()
    assert f"\r\nWARC-Type: {kind}\r\n" in member
    assert ("WARC-Refers-To:" in member) is bool(parent)


def replace_parent(parent: str) -> PreparedArticle:
    return msgspec.structs.replace(prepare(b"page", ARTICLE), parent=parent)
