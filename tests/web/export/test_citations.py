"""Citations name the date of publication as precisely as it is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from archive.records import Section
from indexer.vietnamese.dates import VIETNAM
from tests.factories import article
from web.export.citations import Reference, bibtex, csl, reference, ris, sentence


def cited(precision: str) -> Reference:
    moment = datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)
    return reference(replace(article("Cầu mới"), published=moment, published_precision=precision))


def test_first_words_in_the_place_of_a_title_are_not_quoted() -> None:
    untitled = article("", lead="Sáng nay nước rút, cầu mới thông xe.")
    shown = "[Sáng nay nước rút, cầu mới thông xe …]"
    cited = reference(untitled)
    assert (cited.title, csl(cited)["title"]) == (shown, shown)
    assert f"title = {{{{{shown}}}}}" in bibtex(cited)
    assert f"TI  - {shown}\r\n" in ris(cited)
    assert sentence(cited).startswith(f"{shown} (không rõ ngày)")
    assert sentence(replace(cited, authors=("Lê An",))).startswith(
        f"Lê An (không rõ ngày), {shown}"
    )
    assert "“" not in sentence(cited)


@pytest.mark.parametrize(
    ("precision", "parts", "in_bibtex", "in_ris", "words"),
    [
        ("", [2022, 12, 19], "date = {2022-12-19}", "DA  - 2022/12/19/", "ngày 19/12/2022"),
        ("day", [2022, 12, 19], "date = {2022-12-19}", "DA  - 2022/12/19/", "ngày 19/12/2022"),
        ("month", [2022, 12], "date = {2022-12}", "DA  - 2022/12//", "tháng 12/2022"),
        ("year", [2022], "date = {2022}", "DA  - 2022///", "(2022)"),
    ],
)
def test_a_citation_holds_no_more_than_is_stated(
    precision: str, parts: list[int], in_bibtex: str, in_ris: str, words: str
) -> None:
    assert csl(cited(precision))["issued"] == {"date-parts": [parts]}
    assert in_bibtex in bibtex(cited(precision))
    assert ("day = " in bibtex(cited(precision))) is (len(parts) == 3)
    assert in_ris in ris(cited(precision))
    assert words in sentence(cited(precision))
    assert ("ngày" in sentence(cited(precision))) is (len(parts) == 3)


def test_a_section_is_cited_with_its_page() -> None:
    pages = (Section(("Một.",), locator="trang xi"), Section(("Hai.",), locator="Điều 5"))
    book = article("Công báo", sections=pages)
    first = reference(book, 1)
    assert "  pages = {xi},\n" in bibtex(first)
    assert "SP  - xi\r\n" in ris(first)
    assert csl(first)["page"] == "xi"
    assert "tr. xi" in sentence(first)
    assert "Điều 5" in sentence(reference(book, 2))
    for uncited in (reference(book), reference(book, 3), reference(book, 2)):
        assert "pages" not in bibtex(uncited)
