"""The records of an article: identity, digests, and JSON that comes back or is refused."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from archive import article_identifiers, records
from archive.article_identifiers import identifier_of
from archive.document_account import DocumentAccount, ReadingState
from archive.errors import DamagedError
from archive.records import (
    Article,
    Caption,
    Origin,
    Section,
    Speaker,
    canonical_url,
    from_json,
    text_digest,
    to_dict,
    to_json,
)
from tests.archive.test_store import FULL
from tests.factories import ORIGIN, day


@pytest.mark.parametrize(
    ("first", "two", "same"),
    [
        ({"url": "http://bao.vn/a#x"}, {"url": "https://BAO.vn/a?utm_source=z"}, True),
        ({"url": "https://bao.vn/a"}, {"url": "https://bao.vn/b"}, False),
        ({"external_id": "1"}, {"external_id": "1", "title": "Khác"}, True),
        ({"external_id": "1", "publisher": "A"}, {"external_id": "1", "publisher": "B"}, False),
        ({}, {"title": "Khác"}, False),
        ({}, {"captured": day(2022, 1, 1)}, True),
    ],
)
def test_one_article_has_one_identifier(
    first: dict[str, str], two: dict[str, str], same: bool
) -> None:
    base = Article(title="Tựa", origin=ORIGIN)
    equal = identifier_of(replace(base, **first)) == identifier_of(replace(base, **two))  # type: ignore[arg-type]
    assert equal is same


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://x/y", "http://[", "http://h:99999/"]
)
def test_what_is_no_web_address_names_nothing(url: str) -> None:
    assert canonical_url(url) == ""


LEAD = "Sáng nay nước rút, các cô lau từng bộ bàn ghế để ngày mai, trường mở cửa."


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"title": "Tựa", "lead": LEAD}, "Tựa"),
        ({"lead": LEAD}, "[Sáng nay nước rút, các cô lau từng bộ bàn ghế để …]"),
        ({"lead": "Nước rút."}, "[Nước rút …]"),
        ({"sections": (Section(()), Section(("Đoạn một, đoạn hai",)))}, "[Đoạn một, đoạn hai …]"),
        ({"sections": (Section((), "Đầu mục"),)}, "[Đầu mục …]"),
        ({"captions": (Caption("Ảnh chụp cầu mới"),)}, "[Ảnh chụp cầu mới …]"),
        ({"lead": "a" * 1000}, f"[{'a' * 120} …]"),
        ({}, "[…]"),
    ],
)
def test_an_article_without_a_title_is_named_by_its_first_words(
    values: dict[str, Any], shown: str
) -> None:
    named = Article(**{"title": "", "origin": ORIGIN, **values})
    assert (named.shown_title, named.has_title) == (shown, shown == named.title)
    assert json.loads(to_json(named))["title"] == named.title


LONG = "Đoạn. " * 50
TEXT = Origin("bai.txt", "text", 2)


@pytest.mark.parametrize(
    ("values", "once"),
    [
        ({"lead": LEAD}, {"title": LEAD}),
        ({"sections": (Section((LONG,)),)}, {"title": LONG[:200]}),
        ({"origin": TEXT, "sections": (Section((LONG,)),)}, {"title": LONG, "sections": ()}),
        (
            {"origin": TEXT, "sections": (Section((LONG, "Hai.", "Ba.")),)},
            {"title": LONG, "sections": (Section(("Hai.", "Ba.")),)},
        ),
    ],
)
def test_its_identifier_is_that_of_the_title_once_made_up(
    values: dict[str, Any], once: dict[str, Any]
) -> None:
    untitled = Article(**{"title": "", "origin": ORIGIN, **values})
    assert identifier_of(untitled) == identifier_of(replace(untitled, **once))
    assert text_digest(untitled) != text_digest(replace(untitled, **once))


def test_the_text_digest_is_about_the_text_alone() -> None:
    assert text_digest(FULL) == text_digest(replace(FULL, digest="x", captured=day(2022, 1, 1)))
    assert text_digest(FULL) != text_digest(replace(FULL, lead="Khác"))


@pytest.mark.parametrize(
    "moment",
    [
        day(2022, 12, 19),
        datetime(2022, 12, 19, 5, 6, 7, 890, UTC),
        datetime(1905, 3, 1, tzinfo=timezone(timedelta(hours=7, minutes=6, seconds=30))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-12))),
        None,
    ],
)
def test_a_record_comes_back_byte_for_byte(moment: datetime | None) -> None:
    article = replace(FULL, published=moment, captured=moment, title='Tựa "một"\n\u2028')
    again = from_json(to_json(article).encode())
    assert again == article
    assert to_json(again) == to_json(article)


@pytest.mark.parametrize(
    "change",
    [
        {"title": 5},
        {"title": None},
        {"origin": None},
        {"origin": {"source": "x"}},
        {"sections": [{"paragraphs": "một"}]},
        {"sections": {"paragraphs": []}},
        {"captions": [{"credit": "x"}]},
        {"authors": [1]},
        {"published": 7},
        {"published": "hôm qua"},
        {"captured": "2022-13-01T00:00:00+07:00"},
    ],
)
def test_a_record_with_a_wrong_value_is_damage(change: dict[str, Any]) -> None:
    record = json.loads(to_json(FULL)) | change
    with pytest.raises(DamagedError, match="run `tangthu verify`"):
        from_json(json.dumps(record))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b'{"title": "\xff"}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_record_is_damage(content: bytes) -> None:
    with pytest.raises(DamagedError, match="run `tangthu verify`"):
        from_json(content)


ACCOUNT = DocumentAccount(3000, 900, ("3 giờ trước",), ("content",), 2)


def test_the_account_of_a_document_is_kept_and_no_part_of_the_text() -> None:
    article = replace(FULL, account=ACCOUNT)
    assert from_json(to_json(article)) == article
    assert text_digest(article) == text_digest(FULL)
    # Records from before there were accounts keep their bytes.
    assert "account" not in json.loads(to_json(FULL))


@pytest.mark.parametrize(
    ("account", "kinds"),
    [
        (ACCOUNT, ["text", "dates", "keys", "bytes"]),
        (DocumentAccount(3000, 1500), []),
        (DocumentAccount(3000, 1499), ["text"]),
        (DocumentAccount(300, 20), []),
        (DocumentAccount(replaced=1), ["bytes"]),
        (DocumentAccount(), []),
    ],
)
def test_the_problems_of_a_document_are_told_by_kind(
    account: DocumentAccount, kinds: list[str]
) -> None:
    assert list(account.problems) == kinds
    assert all(account.problems.values())


def test_fields_that_older_programs_did_not_write_change_no_digest() -> None:
    record = json.loads(to_json(FULL))
    assert not {"published_precision", "encoding"} & set(record)
    assert from_json(json.dumps(record)) == FULL
    dated = replace(FULL, published_precision="day", encoding="windows-1258")
    assert from_json(to_json(dated)) == dated
    assert text_digest(dated) != text_digest(FULL)
    assert text_digest(replace(FULL, encoding="windows-1258")) == text_digest(FULL)


def test_a_section_without_locator_keeps_the_digest_of_older_programs() -> None:
    assert "locator" not in to_json(FULL)
    first, *others = FULL.sections
    located = replace(FULL, sections=(replace(first, locator="trang 12"), *others))
    assert from_json(to_json(located)) == located
    assert text_digest(located) != text_digest(FULL)


def test_a_section_without_a_page_keeps_the_digest_of_older_programs() -> None:
    assert '"page"' not in to_json(FULL)
    first, *others = FULL.sections
    placed = replace(FULL, sections=(replace(first, page=12), *others))
    assert to_json(placed).count('"page"') == 1
    assert from_json(to_json(placed)) == placed


def test_how_far_a_document_was_read_is_a_problem_of_its_own_kind() -> None:
    account = DocumentAccount(state=ReadingState.NEEDS_OCR, reason="2 pages have no words")
    assert account.problems == {"needs-ocr": "2 pages have no words"}
    kept = replace(FULL, account=account)
    assert from_json(to_json(kept)) == kept
    assert text_digest(kept) == text_digest(replace(FULL, account=None))


@pytest.mark.parametrize("text", ["", "Đ", '"\\/', "\x00\x1f\x7f\u2028", "\r\n\t\b\f", "𝄞</a>"])
def test_records_have_the_bytes_that_digests_were_made_of(text: str) -> None:
    speaker = Speaker(text, text, "")
    changed = replace(FULL, title=text, sections=(Section((text, "b"), text, speaker), Section(())))
    packed = json.dumps(to_dict(changed), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert to_json(changed) == packed


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("year", "2022"),
        ("month", "2022-12"),
        ("day", "2022-12-19"),
        ("", "2022-12-19T08:30:00+07:00"),
    ],
)
def test_a_date_is_written_as_precisely_as_it_is_known(precision: str, text: str) -> None:
    moment = datetime(2022, 12, 19, 8, 30, tzinfo=timezone(timedelta(hours=7)))
    assert records.iso_date(moment, precision) == text


def test_records_never_change() -> None:
    kinds = [kind for kind in vars(records).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) > 5
    for kind in kinds:
        assert isinstance(kind, type)
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("speaker", "heading", "line"),
    [
        (None, "Đầu mục", "Đầu mục"),
        (Speaker("Ngô Thanh Bình"), "", "Ngô Thanh Bình"),
        (Speaker("Ngô Thanh Bình"), "Đầu mục", "Ngô Thanh Bình: Đầu mục"),
        (Speaker("Bình", "Đại tá"), "", "Đại tá Bình"),
        (Speaker("Bình", "", "Giám đốc"), "", "Bình, Giám đốc"),
        (Speaker("Bình", "Đại tá", "Giám đốc"), "Đầu mục", "Đại tá Bình, Giám đốc: Đầu mục"),
    ],
)
def test_a_heading_is_shown_with_its_speaker(
    speaker: Speaker | None, heading: str, line: str
) -> None:
    assert Section((), heading, speaker).heading_line == line


@pytest.mark.parametrize(
    ("account", "stated"),
    [
        (None, "TCVN3"),
        (DocumentAccount(), "TCVN3"),
        (DocumentAccount(is_encoding_detected=True), ""),
    ],
)
def test_an_encoding_that_was_recognised_was_not_stated(
    account: DocumentAccount | None, stated: str
) -> None:
    assert replace(FULL, encoding="TCVN3", account=account).stated_encoding == stated


@pytest.mark.parametrize("parent", ["", "a" * 64])
def test_the_record_names_what_an_original_was_a_part_of(parent: str) -> None:
    origin = replace(FULL.origin, parent=parent)
    record = to_dict(replace(FULL, origin=origin))
    assert record["origin"].get("parent", "") == parent
    assert ("parent" in record["origin"]) == bool(parent)
    assert from_json(json.dumps(record)).origin == origin


@pytest.mark.parametrize(
    ("speaker", "expected"),
    [
        (Speaker("Lan"), "Lan: Đầu"),
        (Speaker("Lan", "Đại tá"), "Đại tá Lan: Đầu"),
        (Speaker("Lan", "Đại tá", "Giám đốc"), "Đại tá Lan, Giám đốc: Đầu"),
        (None, "Đầu"),
    ],
)
def test_a_heading_names_its_speaker(speaker: Speaker | None, expected: str) -> None:
    assert Section((), "Đầu", speaker).heading_line == expected


@pytest.mark.parametrize("reader", ["html", "warc", "text"])
def test_readers_of_texts_made_titles_of_the_first_line(reader: str) -> None:
    origin = replace(ORIGIN, reader=reader)
    nameless = Article(title="", origin=origin, sections=(Section(("Một", "Hai")),))
    made_up = article_identifiers._with_made_up_title(nameless)
    paragraphs = ("Hai",) if reader == "text" else ("Một", "Hai")
    assert (made_up.title, made_up.sections) == ("Một", (Section(paragraphs),))
    assert article_identifiers._with_made_up_title(replace(nameless, title="Có")).title == "Có"


def test_only_an_encoding_that_was_not_detected_was_stated() -> None:
    read = Article(title="Một", origin=ORIGIN, encoding="windows-1258")
    assert read.stated_encoding == "windows-1258"
    assert replace(read, account=DocumentAccount()).stated_encoding == "windows-1258"
    detected = replace(read, account=DocumentAccount(is_encoding_detected=True))
    assert detected.stated_encoding == ""
