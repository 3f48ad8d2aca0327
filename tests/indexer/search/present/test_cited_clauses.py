"""Queries that name an article, clause or point of a legal document lead to its anchor."""

from __future__ import annotations

import pytest

from indexer.intake.legal.legal_pass import with_legal_record
from indexer.search.present.cited_clauses import (
    CitedClause,
    find_cited_section,
    read_cited_clause,
)
from indexer.search.search_records import SearchRequest
from tests.factories import ArchiveFactory, article, client_of
from tests.indexer.intake.legal.decrees import DECREE, document

LAW = with_legal_record(document(*DECREE))
NEWS = with_legal_record(article("Thử máy", "Theo khoản 2 Điều 1 Nghị định 99/2031/NĐ-CP."))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Điều 5", CitedClause("5")),
        ("dieu 2a nghi dinh 99/2031/nd-cp", CitedClause("2a")),
        ("khoản 2 Điều 5", CitedClause("5", "2")),
        ("Điều 5 khoản 2, điểm Đ", CitedClause("5", "2", "đ")),
        ("khoản 2", None),
        ("điều tra 5 vụ", None),
        ("theo điều 5000000", None),
        ("", None),
    ],
)
def test_the_place_is_read(typed: str, expected: CitedClause | None) -> None:
    assert read_cited_clause(typed) == expected


@pytest.mark.parametrize(
    ("cited", "anchor", "locator"),
    [
        (CitedClause("1"), "dieu-1", "Điều 1"),
        (CitedClause("2a"), "dieu-2a", "Điều 2a"),
        (CitedClause("1", "2"), "dieu-1-khoan-2", "khoản 2 Điều 1"),
        (CitedClause("1", "2", "đ"), "dieu-1-khoan-2-diem-dd", "điểm đ khoản 2 Điều 1"),
        (CitedClause("1", "1", "đ"), "dieu-1-khoan-1", "khoản 1 Điều 1"),
        (CitedClause("1", "7", "a"), "dieu-1", "Điều 1"),
    ],
)
def test_the_anchor_is_as_near_as_the_document_has_it(
    cited: CitedClause, anchor: str, locator: str
) -> None:
    section = find_cited_section(LAW, cited)
    assert section
    assert (section.anchor, section.locator) == (anchor, locator)


def test_no_section_is_made_up() -> None:
    assert find_cited_section(LAW, CitedClause("7")) is None
    assert find_cited_section(NEWS, CitedClause("1")) is None


def test_pages_stay_in_the_locator() -> None:
    law = with_legal_record(document(*DECREE, locator="trang 4"))
    section = find_cited_section(law, CitedClause("1", "2"))
    assert section
    assert section.locator == "khoản 2 Điều 1, trang 4"


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ("Điều 1 nghị định 99/2031/NĐ-CP", "dieu-1"),
        ("khoản 2 Điều 1 Nghị định 99/2031/NĐ-CP", "dieu-1-khoan-2"),
        ("diem đ khoan 2 dieu 1 99/2031/nd-cp", "dieu-1-khoan-2-diem-dd"),
        ("Điều 2a", "dieu-2a"),
    ],
)
def test_hits_lead_to_anchors_that_the_page_has(
    archive_of: ArchiveFactory, typed: str, anchor: str
) -> None:
    archive = archive_of(LAW, NEWS)
    hits = {hit.identifier: hit for hit in archive.search.search(SearchRequest(typed)).hits}
    section = hits[LAW.identifier].section
    assert section
    assert section.anchor == anchor
    client = client_of(archive)
    assert f"#{anchor}" in client.get("/", query_string={"q": typed}).text
    assert f'id="{anchor}"' in client.get(f"/article/{LAW.identifier}").text
