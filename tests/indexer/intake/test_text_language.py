"""The language of a text whose document names none, and what follows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.article_identifiers import identifier_of
from archive.catalogue.operations import correct
from archive.records import Article, Section, from_json, text_digest, to_json
from archive.store import Store
from indexer.intake.article_passes import with_passes
from indexer.intake.html.page import read_page
from indexer.intake.ingest import ingest
from indexer.intake.json_lines import read_record
from indexer.intake.press_text import read_text
from indexer.intake.reparse import reparse
from indexer.intake.text_language import text_language, with_language
from indexer.vietnamese.normalization import fold
from tests.factories import ORIGIN, article, keep

VIETNAMESE = (
    "Xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét. Người dân hai bên sông đi lại dễ hơn "
    "trước, và học sinh không phải chờ đò mỗi sáng. Ủy ban xã cho biết chi phí là hai tỷ đồng."
)
ENGLISH = (
    "The commune of Hoa Binh has repaired its old bridge, which is thirty metres long. People on "
    "both banks of the river say that they no longer wait for the ferry in the morning."
)
FRENCH = (
    "La commune a réparé le vieux pont, long de trente mètres. Les habitants des deux rives ne "
    "sont plus obligés d'attendre le bac à l'aube, et les écoliers arrivent à l'heure."
)
PORTUGUESE = "Não há mais água na ponte, e já não são precisos os barcos que lá há de manhã."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (VIETNAMESE, "vi"),
        (fold(VIETNAMESE), "vi"),
        (VIETNAMESE.upper(), "vi"),
        ("Công an xã Đông", "vi"),
        ("Kết quả: Real Madrid 2, Bayern München 1; Liverpool thắng Chelsea ở lượt về", "vi"),
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        ("Nguyễn Phú Trọng is the man who was at Đà Nẵng and Huế for the opening.", "en"),
        (FRENCH, ""),
        (PORTUGUESE, ""),
        ("Die Gemeinde hat die alte Brücke repariert, die dreißig Meter lang ist. Bürger", ""),
        ("Masyarakat desa itu sudah bisa menyeberang sungai tanpa menunggu perahu.", ""),
        ("โรงเรียนเปิดใหม่ในเดือนนี้", "th"),
        ("학교가 이번 달에 다시 문을 열었다", "ko"),
        ("学校は今月から再開しました", "ja"),
        ("学校的学生今天开始上课了", "zh"),
        ("南國山河南帝居", ""),
        ("Школа открылась снова в этом месяце", ""),
        ("Hai", ""),
        ("", ""),
        ("12.500 – 7.300 / 99 %", ""),
    ],
)
def test_a_text_tells_its_language_or_it_stays_unknown(text: str, language: str) -> None:
    assert text_language(text) == language


@pytest.mark.parametrize("unit", [".", "a", "ạ", "a ", "的", "ạ ", "\u0301", "the "])
def test_only_the_beginning_of_a_text_is_looked_at(unit: str) -> None:
    assert text_language(unit * 2_000_000) == text_language(unit * 20_000)


READ: list[tuple[str, Callable[[str, str], Article]]] = [
    ("json", lambda text, stated: read_record(_record(text, stated), "a.jsonl:1")),
    ("page", lambda text, stated: read_page(_page(text, stated), "a.html", "")),
]


def _record(text: str, stated: str) -> bytes:
    named = {"language": stated} if stated else {}
    return json.dumps({"id": "1", "title": "1", "body": text, **named}).encode()


def _page(text: str, stated: str) -> bytes:
    named = f' lang="{stated}"' if stated else ""
    body = f"<p>{text}</p>" * 5
    return f"<html{named}><title>1</title><article><h1>1</h1>{body}</article></html>".encode()


@pytest.mark.parametrize(("name", "read"), READ)
@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (VIETNAMESE, "", "vi"),
        (ENGLISH, "", "en"),
        (FRENCH, "", ""),
        (FRENCH, "fr", "fr"),
        (ENGLISH, "vi", "vi"),
        (VIETNAMESE, "en", "en"),
    ],
)
def test_what_a_document_says_counts_and_else_its_text(
    name: str, read: Callable[[str, str], Article], text: str, stated: str, language: str
) -> None:
    del name
    whole = with_passes(read(text, stated))
    assert (whole.language, whole.is_language_detected) == (language, not stated)


def test_texts_of_old_records_keep_digest_and_identifier() -> None:
    plain = read_text(ENGLISH.encode(), "a.txt", "")
    older = replace(plain, language="vi")
    assert text_digest(with_language(plain)) == text_digest(older)
    assert identifier_of(with_language(plain)) == identifier_of(older)
    stated = replace(plain, language="en")
    assert text_digest(stated) != text_digest(older)


def test_a_record_says_how_its_language_is_known() -> None:
    detected = with_language(article("Bridge", ENGLISH))
    assert from_json(to_json(detected)) == detected
    assert "is_language_detected" not in to_json(replace(detected, is_language_detected=False))
    corrected = correct(detected, {"language": "fr"})
    assert (corrected.language, corrected.is_language_detected) == ("fr", False)
    assert with_language(corrected) == corrected


def test_captions_and_headings_are_text_too() -> None:
    headed = Article(title="", origin=ORIGIN, sections=(Section((), "Chương trình của Đông"),))
    assert with_language(headed).language == "vi"


def test_reading_again_mends_the_language_of_an_older_reader(tmp_path: Path) -> None:
    place = tmp_path / "a.jsonl"
    place.write_bytes(_record(ENGLISH, ""))
    with Store(tmp_path / "home") as store:
        assert ingest(store, [str(place)]).added == 1
        (identifier,) = dict(store.identifiers())
        read = store.get(identifier)
        older = replace(read, language="vi", is_language_detected=False)
        with store.batch() as batch:
            batch.enrich_record(store.versions(identifier)[-1], older)
        assert store.get(identifier).language == "vi"
        report = reparse(store, force=True)
        assert (report.changed, len(store.versions(identifier))) == (0, 1)
        assert store.get(identifier) == read
        assert read.language == "en"


def test_an_article_that_is_added_again_is_no_new_version(tmp_path: Path) -> None:
    text = article("Bridge", ENGLISH, language="vi")
    with Store(tmp_path / "home") as store:
        keep(store, text)
        (change,) = keep(store, with_language(replace(text, language="")))
        assert change.kind == "unchanged"
