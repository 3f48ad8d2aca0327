"""Citations name the date of publication as precisely as it is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import bibtexparser
import pytest

from archive.records import Section
from indexer.vietnamese.dates import VIETNAM
from tests.factories import article
from web.citations.citations import (
    Holding,
    Reference,
    bibtex,
    csl,
    host_of,
    reference,
    ris,
    sentence,
)


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


HOLDING = Holding("Kho báo", "https://kho.vn/article/ab", 2)


@pytest.mark.parametrize(
    ("precision", "words"),
    [("day", ", 19 December 2022, "), ("month", ", December 2022, "), ("year", "(2022)")],
)
def test_a_reference_is_in_the_language_of_its_reader(precision: str, words: str) -> None:
    held = replace(
        cited(precision), captured=datetime(2026, 11, 5, 20, tzinfo=UTC), holding=HOLDING
    )
    text = sentence(held, "en")
    assert words in text
    assert ", captured 5 November 2026, " in text
    assert text.endswith("(version 2).")
    assert "(undated)" in sentence(replace(held, published=None), "en")


def test_nothing_in_an_english_reference_is_said_in_vietnamese() -> None:
    source = article(
        "Bridge", url="https://bao.vn/cau", sections=(Section(("One.",), locator="trang xi"),)
    )
    held = reference(source, 1, replace(HOLDING, archive="Archive", language="en"))
    note = f"Archive: {source.identifier}, version 2; original: https://bao.vn/cau"
    assert f"note = {{p. xi; {note}}}" in bibtex(held)
    assert f"N1  - {note}\r\n" in ris(held)
    assert csl(held)["note"] == note
    assert sentence(held) == sentence(held, "en")
    for word in ("bản gốc", "phiên bản", "trang", "không rõ", "lưu"):
        assert word not in bibtex(held) + ris(held) + str(csl(held)) + sentence(held)


def test_the_day_of_a_capture_is_that_of_vietnam() -> None:
    late = replace(article("Cầu mới"), captured=datetime(2026, 11, 5, 20, tzinfo=UTC))
    assert "lưu ngày 06/11/2026" in sentence(reference(late))
    assert "urldate = {2026-11-06}" in bibtex(reference(late))


def test_a_citation_leads_to_the_archive_and_names_the_original() -> None:
    source = article("Cầu mới", url="https://www.bao.vn/cau", authors=("Lê An",))
    held = reference(replace(source, publisher="Báo Sông"), 0, HOLDING)
    assert "url = {https://kho.vn/article/ab}" in bibtex(held)
    assert "bản gốc: https://www.bao.vn/cau" in bibtex(held)
    assert "phiên bản 2" in bibtex(held)
    assert "UR  - https://kho.vn/article/ab\r\nL2  - https://www.bao.vn/cau\r\n" in ris(held)
    assert "DB  - Kho báo\r\n" in ris(held)
    assert csl(held)["URL"] == "https://kho.vn/article/ab"
    assert csl(held)["archive"] == "Kho báo"
    for part in ("https://www.bao.vn/cau", "Kho báo: https://kho.vn/article/ab (phiên bản 2)"):
        assert part in sentence(held)


@pytest.mark.parametrize(
    ("code", "name"),
    [("vi", "vietnamese"), ("en", "english"), ("en-GB", "english"), ("lo", "lo")],
)
def test_bibtex_names_the_language(code: str, name: str) -> None:
    assert f"  language = {{{name}}}\n" in bibtex(reference(article("Cầu", language=code)))


def test_names_with_a_comma_are_told_apart_by_semicolons() -> None:
    inverted = reference(article("Bridge", authors=("O'Neil, Mary", "Doe, Jane")))
    assert sentence(inverted).startswith("O'Neil, Mary; Doe, Jane (không rõ ngày)")
    assert "author = {{O'Neil, Mary} and {Doe, Jane}}" in bibtex(inverted)
    assert "AU  - O'Neil, Mary\r\nAU  - Doe, Jane\r\n" in ris(inverted)
    assert sentence(reference(article("Cầu", authors=("Lê An", "Hà Vy")))).startswith(
        "Lê An, Hà Vy"
    )


def test_a_publisher_that_only_the_address_names_is_marked_as_supplied() -> None:
    cited = reference(article("Cầu mới", url="https://www.bao.vn/cau"))
    assert cited.publisher == "[bao.vn]"
    assert cited.key.startswith("baovnnd-")
    assert "[bao.vn]" in sentence(cited)
    assert reference(article("Cầu mới")).publisher == ""


REQUIRED = {
    "article": {"author", "title", "journal", "year", "date"},
    "online": {"title", "date", "url"},
    "misc": set[str](),
}
"""The fields that BibTeX and biblatex demand of an entry."""

_COMMON = set("title author note url urldate language year month day date".split())
ALLOWED = {
    "article": {*_COMMON, "journal", "pages"},
    "online": {*_COMMON, "organization"},
    "misc": {*_COMMON, "organization"},
}
"""The fields that biblatex's data model has for an entry (`biber --validate-datamodel`)."""


@pytest.mark.parametrize("authors", [(), ("Lê An",)])
@pytest.mark.parametrize("publisher", ["", "Báo"])
@pytest.mark.parametrize("published", [None, datetime(2022, 12, 19, tzinfo=VIETNAM)])
@pytest.mark.parametrize("url", ["", "https://bao.vn/1"])
@pytest.mark.parametrize("locator", ["trang 12", "Điều 5"])
def test_an_entry_of_bibtex_has_every_field_that_its_kind_demands_and_no_other(
    authors: tuple[str, ...], publisher: str, published: datetime | None, url: str, locator: str
) -> None:
    values = {"authors": authors, "publisher": publisher, "published": published, "url": url}
    source = article("Cầu", sections=(Section(("Một.",), locator=locator),), **values)
    for section, holding in product((0, 1), (None, HOLDING)):
        text = bibtex(reference(source, section, holding))
        library = bibtexparser.parse_string(text)
        assert not library.failed_blocks
        (entry,) = library.entries
        assert REQUIRED[entry.entry_type] <= set(entry.fields_dict) <= ALLOWED[entry.entry_type]
        is_page_field = entry.entry_type == "article" and locator == "trang 12"
        place = "pages = {12}" if is_page_field else f"note = {{{locator}; "
        assert (place in text) is bool(section)


def test_a_section_is_cited_with_its_page() -> None:
    pages = (Section(("Một.",), locator="trang xi"), Section(("Hai.",), locator="Điều 5"))
    book = article("Công báo", sections=pages)
    first = reference(book, 1)
    assert "  note = {trang xi; tàng thư: " in bibtex(first)
    assert "SP  - xi\r\n" in ris(first)
    assert csl(first)["page"] == "xi"
    assert "tr. xi" in sentence(first)
    second = reference(book, 2)
    assert "Điều 5" in sentence(second)
    assert "N1  - Điều 5; tàng thư: " in ris(second)
    assert csl(second)["note"].startswith("Điều 5; ")
    dated = replace(first, authors=("Lê An",), publisher="Báo", published=datetime(2022, 12, 19))
    assert "  pages = {xi},\n" in bibtex(dated)
    for uncited in (reference(book), reference(book, 3), reference(book, 2)):
        assert "pages" not in bibtex(uncited)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.bao.vn/mot.html?id=7#x", "bao.vn"),
        ("http://b-1.example.com", "b-1.example.com"),
        ("https://Bao.VN/a", "bao.vn"),
        ("https://bao.vn:8080/a", "bao.vn"),
        ("https://ai@bao.vn/a", "bao.vn"),
        ("https://báo.vn/một hai", "báo.vn"),
        (" https://bao.vn/a ", "bao.vn"),
        ("https://bao.vn?q=1", "bao.vn"),
        ("https://bao.vn:x/a", ""),
        ("https:///a", ""),
        ("ftp://bao.vn/a", ""),
        ("bao.vn/a", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_is_read_alike_whether_it_is_plain_or_not(
    url: str, host: str
) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize("language", ["", "en"])
def test_a_reference_names_a_language_that_is_known_alone(language: str) -> None:
    cited = reference(article("Bridge", language=language))
    assert csl(cited).get("language", "") == language
    assert ("LA  - " in ris(cited)) is bool(language)
    assert "vietnamese" not in bibtex(cited)
