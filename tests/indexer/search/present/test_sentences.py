"""Every kind of notice has its sentence in both languages, and typed values in JSON."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import msgspec
import pytest

from indexer.search.present.sentences import SENTENCES, with_message
from indexer.search.query_notices import (
    AcronymNotice,
    CutNotice,
    DiacriticsNotice,
    Notice,
    QueryNotice,
    RelaxedNotice,
)

KINDS: tuple[type[QueryNotice], ...] = get_args(Notice)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_kind_has_sentences() -> None:
    assert set(SENTENCES) == set(KINDS) == set(QueryNotice.__subclasses__())


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_say_the_same_values(kind: type[QueryNotice]) -> None:
    vi, en = SENTENCES[kind]
    assert vi
    assert en
    assert placeholders(vi) == placeholders(en) <= set(kind.__struct_fields__)


@pytest.mark.parametrize(
    ("notice", "record"),
    [
        (
            CutNotice(7, 7, limit=7),
            {
                "kind": "cut",
                "start": 7,
                "end": 7,
                "limit": 7,
                "message": "Câu tìm quá dài: chỉ đọc 7 ký tự đầu.",
            },
        ),
        (
            AcronymNotice(short="CA", long="{công} an"),
            {
                "kind": "acronym",
                "start": 0,
                "end": 0,
                "short": "CA",
                "long": "{công} an",
                "message": "Đã tìm cả “{công} an” (CA).",
            },
        ),
        (
            DiacriticsNotice(text="công an", documents=182),
            {
                "kind": "reading",
                "start": 0,
                "end": 0,
                "text": "công an",
                "documents": 182,
                "message": "công an (182 bài)",
            },
        ),
        (
            RelaxedNotice(share=75, missing=("x",), left_out=("x", "y")),
            {
                "kind": "relaxed",
                "start": 0,
                "end": 0,
                "share": 75,
                "missing": ["x"],
                "left_out": ["x", "y"],
                "apart": 0,
                "near": False,
                "message": "Không bài nào có đủ mọi từ; đã bỏ bớt: x, y.",
            },
        ),
        (
            RelaxedNotice(share=100, missing=(), left_out=("x",), apart=7),
            {
                "kind": "relaxed",
                "start": 0,
                "end": 0,
                "share": 100,
                "missing": [],
                "left_out": ["x"],
                "apart": 7,
                "near": False,
                "message": "Không bài nào viết đúng và liền nhau như vậy;"
                " 7 bài có đủ các từ, rời nhau hay khác dấu.",
            },
        ),
        (
            RelaxedNotice(share=100, missing=(), left_out=("x",), near=True),
            {
                "kind": "relaxed",
                "start": 0,
                "end": 0,
                "share": 100,
                "missing": [],
                "left_out": ["x"],
                "apart": 0,
                "near": True,
                "message": "Không bài nào viết đúng như trong ngoặc kép;"
                " đây là những bài có các từ ấy ở gần nhau.",
            },
        ),
    ],
)
def test_numbers_and_lists_stay_what_they_are_in_json(
    notice: Notice, record: dict[str, object]
) -> None:
    encoded = msgspec.json.encode(with_message(notice))
    assert msgspec.json.decode(encoded) == record
    assert msgspec.json.decode(encoded, type=Notice) == with_message(notice)
