"""Highlights show what was meant; other forms only where the article has nothing better."""

from __future__ import annotations

import pytest

from indexer.open_archive import OpenArchive
from indexer.search.search_records import ResultHit, SearchRequest
from tests.factories import ArchiveFactory, article

ARTICLES = (
    article("Bắt nhóm buôn ma túy", "Mà người buôn ma túy sợ ma. Tụy là một cơ quan."),
    article("Cá mú và tủy xương", "Mã số của mẫu tủy ấy ghi ở đây."),
    *(article(f"Tin {number}", f"Đường dây ma túy số {number} bị phá.") for number in range(9)),
    article("Mới về quê", "Xe mới đẹp. Họ mời về nhà, anh ấy mới về."),
    article("Mời về", "Họ mời về quê."),
)


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES)


def find_hit(archive: OpenArchive, typed: str, title: str) -> ResultHit:
    hits = archive.search.search(SearchRequest(typed, size=50)).hits
    return next(hit for hit in hits if hit.title == title)


def highlighted(hit: ResultHit) -> list[str]:
    return [
        span.text
        for snippet in (hit.title_spans, *hit.snippets)
        for span in snippet
        if span.highlighted
    ]


@pytest.mark.parametrize(
    ("typed", "title", "expected"),
    [
        ("ma túy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
        ("ma tuy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
        ("ma túy", "Cá mú và tủy xương", ["tủy", "Mã", "tủy"]),
        ('"mới về"', "Mới về quê", ["Mới về", "mới về"]),
        ('"mới về"', "Mời về", ["Mời về", "mời về"]),
        ("mới", "Mới về quê", ["Mới", "mới", "mới"]),
        ("mới", "Mời về", ["Mời", "mời"]),
        ("ma túyy", "Bắt nhóm buôn ma túy", ["ma túy", "ma túy"]),
    ],
)
def test_what_was_meant_is_highlighted(
    archive: OpenArchive, typed: str, title: str, expected: list[str]
) -> None:
    assert highlighted(find_hit(archive, typed, title)) == expected


@pytest.mark.parametrize(
    ("typed", "title", "why"),
    [
        ("ma túy", "Bắt nhóm buôn ma túy", ("exact",)),
        ("ma túy", "Cá mú và tủy xương", ("folded",)),
        ('"mới về"', "Mới về quê", ("exact",)),
        ('"mới về"', "Mời về", ("folded",)),
        ("“ma tuy”…", "Bắt nhóm buôn ma túy", ("folded",)),
    ],
)
def test_exact_is_said_where_every_typed_diacritic_is_there(
    archive: OpenArchive, typed: str, title: str, why: tuple[str, ...]
) -> None:
    assert find_hit(archive, typed, title).why == why


def test_the_texts_of_an_article_are_highlighted_as_its_hit(archive: OpenArchive) -> None:
    hit = find_hit(archive, "ma túy", "Bắt nhóm buôn ma túy")
    stored = archive.store.get(hit.identifier)
    highlighter = archive.search.highlighter("ma túy")
    pieces = highlighter.highlight("Ma sợ ma túy", highlighter.selection(stored))
    assert [piece.text for piece in pieces if piece.highlighted] == ["ma túy"]
