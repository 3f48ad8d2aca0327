"""Exports hold all results in order, and nothing in them acts on a spreadsheet or a reader."""

from __future__ import annotations

import csv
import io
import json

import bibtexparser
import pytest
import rispy
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pybtex.errors import set_strict_mode

from archive.records import Section
from archive.store import Store
from indexer.engine.queries import Sort
from indexer.open_archive import OpenArchive
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, client_of, day
from web.export.formats import COLUMNS, attachment, csv_line, escape_cells, escape_formula

EVIL = article(
    '=HYPERLINK("http://x";"công an")',
    "công an} 50% & $x_1 \\ {mở",
    lead="+1 công an\nTY  - JOUR\r\nER  - ",
    authors=("@Nguyễn Văn A", "Trần and Bình", "{"),
    publisher="-Báo & {Đài}",
    url="https://bao.vn/a%20b?x={1}",
    published=day(2022, 12, 19),
)
MANY = 260
"""More than are read from the store at a time."""


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    others = (
        article(f"Công an số {n}", "xã", published=day(2020, 1 + n % 12, 1 + n % 28))
        for n in range(MANY)
    )
    return shared_archive_of(EVIL, *others, article("Chuyện khác", sections=(Section(("khác",)),)))


@pytest.fixture
def searcher(archive: OpenArchive) -> SearchService:
    return archive.search


@pytest.fixture(scope="module")
def client(archive: OpenArchive) -> FlaskClient:
    return client_of(archive)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_every_tells_all_hits_in_the_order_of_the_pages(
    searcher: SearchService, sort: Sort, at_once: int
) -> None:
    text = "công an số 1" if at_once == 1 else "công an"
    request = SearchRequest(text, sort=sort, size=1000, match=MatchMode.FULL)
    identifiers = [stored.identifier for stored in searcher.iterate_articles(request, at_once)]
    assert identifiers == [hit.identifier for hit in searcher.search(request).hits]
    assert identifiers


def test_every_answers_what_a_page_answers_when_words_are_left_out(searcher: SearchService) -> None:
    assert not list(searcher.iterate_articles(SearchRequest("công an zzzz", size=1000)))
    request = SearchRequest("công an zzzz", size=1000, match=MatchMode.PARTIAL)
    identifiers = {stored.identifier for stored in searcher.iterate_articles(request)}
    assert identifiers == {hit.identifier for hit in searcher.search(request).hits}
    assert identifiers


def test_an_export_holds_a_bounded_number_of_articles(
    searcher: SearchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_sizes: list[int] = []
    read = Store.get_many

    def counted(self: Store, identifiers: tuple[str, ...]) -> object:
        batch_sizes.append(len(identifiers))
        return read(self, identifiers)

    monkeypatch.setattr(Store, "get_many", counted)
    articles = searcher.iterate_articles(SearchRequest("công an"))
    next(articles)
    assert batch_sizes == [250]
    assert len(list(articles)) == MANY
    assert batch_sizes == [250, MANY + 1 - 250]


def test_every_is_empty_where_nothing_matches(searcher: SearchService) -> None:
    assert list(searcher.iterate_articles(SearchRequest("zzzz"))) == []


def test_csv_holds_every_result_and_no_formula(client: FlaskClient) -> None:
    answer = client.get("/export.csv?q=công+an&lang=en")
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == MANY + 2
    assert not [text for row in rows for text in row if text.startswith(("=", "+", "-", "@"))]
    (evil,) = (row for row in rows if row[0] == EVIL.identifier)
    assert evil[COLUMNS.index("title")] == f"'{EVIL.title}"
    assert evil[-1] == f"http://localhost/article/{EVIL.identifier}"


def test_a_csv_for_programs_has_no_mark(client: FlaskClient) -> None:
    assert client.get("/export.csv?q=công+an&bom=0").text.startswith('"id","title"')


def test_json_lines_are_the_articles(client: FlaskClient) -> None:
    records = [
        json.loads(line) for line in client.get("/export.jsonl?q=công+an").text.split("\n")[:-1]
    ]
    assert len(records) == MANY + 1
    (evil,) = (record for record in records if record["identifier"] == EVIL.identifier)
    stored = client.get(f"/api/v1/articles/{EVIL.identifier}").get_json()
    # The interface sends long articles in parts, and says which part this is.
    assert [stored.pop(name) for name in ("part", "parts", "first_section")] == [1, 1, 1]
    assert {name: evil[name] for name in stored} == stored


def test_bibtex_is_read_back_by_another_program(client: FlaskClient) -> None:
    text = client.get("/export.bib?q=công+an").text
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert len(library.entries) == MANY + 1
    evil = next(entry for entry in library.entries if entry.key.endswith(EVIL.identifier))
    assert evil["author"] == r"{@Nguyễn Văn A} and {Trần and Bình} and {\textbraceleft{}}"
    assert evil["year"] == "2022"
    assert evil["journal"] == r"-Báo \& \textbraceleft{}Đài\textbraceright{}"


def test_a_strict_reader_has_nothing_to_say_of_the_bibtex(client: FlaskClient) -> None:
    set_strict_mode(True)
    entries = parse_string(client.get("/export.bib?q=công+an").text, "bibtex").entries
    assert len(entries) == MANY + 1
    (evil,) = (entry for key, entry in entries.items() if key.endswith(EVIL.identifier))
    assert [str(person) for person in evil.persons["author"]] == [
        *("{@Nguyễn Văn A}", "{Trần and Bình}", r"{\textbraceleft{}}")
    ]


@pytest.mark.parametrize("kind", ["bib", "ris"])
@pytest.mark.parametrize(("code", "word"), [("vi", "bản gốc"), ("en", "original")])
def test_every_reference_is_in_the_readers_language_and_names_the_owner(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch, kind: str, code: str, word: str
) -> None:
    monkeypatch.setenv("TANGTHU_SITE_NAME", "Kho Sông")
    client = client_of(archive)
    answers = (
        client.get(f"/export.{kind}?q=công+an&lang={code}"),
        client.get(f"/export.{kind}?q=công+an", headers={"Accept-Language": code}),
        client.get(f"/article/{EVIL.identifier}/cite.{kind}?lang={code}"),
    )
    for answer in answers:
        assert "Accept-Language" in answer.vary
        assert f"; {word}: https://bao.vn/" in answer.text
        # Many blocks of an export are made after the end of the request.
        assert answer.text.count("Kho Sông: ") >= answer.text.count("\n@")
        assert "tàng thư" not in answer.text


def test_ris_is_read_back_by_another_program(client: FlaskClient) -> None:
    entries = rispy.loads(client.get("/export.ris?q=công+an").text)
    assert len(entries) == MANY + 1
    (evil,) = (entry for entry in entries if entry["accession_number"] == EVIL.identifier)
    assert evil["type_of_reference"] == "NEWS"
    assert evil["authors"] == list(EVIL.authors)
    assert evil["abstract"] == "+1 công an TY - JOUR ER -"
    assert evil["date"] == "2022/12/19/"


def test_exports_are_kept_as_files(client: FlaskClient) -> None:
    answer = client.get("/export.bib?q=Công+an+%22../x%0d%0a")
    assert answer.headers["Content-Disposition"] == "attachment; filename=tangthu-cong-an-x.bib"


def test_an_unknown_kind_of_file_is_not_there(client: FlaskClient) -> None:
    assert client.get("/export.exe?q=an").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=an&endpoint=x&_external=1", ["_external", "endpoint"]),
        ("form=2022&sort=best", ["form", "sort"]),
        ("q=an&bom=no", ["bom"]),
    ],
)
def test_a_slip_exports_nothing(client: FlaskClient, query: str, names: list[str]) -> None:
    problem = client.get(f"/export.csv?{query}")
    assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")
    assert sorted(each["name"] for each in problem.get_json()["parameters"]) == names


@pytest.mark.parametrize("kind", ["csv", "jsonl", "bib", "ris"])
@pytest.mark.parametrize("query", ["", "q=", "q=zzzz", "q=%22(", "q=an&lang=en&bom=0"])
def test_whatever_is_asked_exports_are_answered(client: FlaskClient, kind: str, query: str) -> None:
    # Closed, as a server does: an export occupies its slot until then.
    with client.get(f"/export.{kind}?{query}") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, expected: str) -> None:
    assert escape_formula(text) == expected


@pytest.mark.parametrize("separator", list(",;\t|:^~ "))
@given(texts=st.lists(st.text("=+-@;,\t|: \"'\n\rab\uff1d^~"), max_size=3))
@example(texts=['Tin; =HYPERLINK("http://evil";"x")'])
@example(texts=["a\t@x", "b\n-2+3", 'c;""=x'])
def test_no_cell_is_a_formula_under_any_separator(separator: str, texts: list[str]) -> None:
    line = csv_line(["id", *texts])
    for row in csv.reader(io.StringIO(line, newline=""), delimiter=separator):
        cells = [cell.strip() for cell in row]
        assert not [cell for cell in cells if len(cell) > 1 and cell[0] in "=+-@\uff1d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hà Nội - Huế", "Hà Nội - Huế"),
        ("https://bao.vn/?a=1&b=-2", "https://bao.vn/?a=1&b=-2"),
        ("2022-12-19T10:00:00+07:00", "2022-12-19T10:00:00+07:00"),
        ("Tin; =1+1", "Tin; '=1+1"),
        ("=1", "'=1"),
    ],
)
def test_only_what_could_be_a_formula_is_escaped(text: str, expected: str) -> None:
    assert escape_cells(text) == expected


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Đồng ý.csv", "attachment; filename=dong-y.csv"),
        ('a"b\r\nX: y.csv', "attachment; filename=a-b-x-y.csv"),
        ("../../etc/passwd", "attachment; filename=etc-passwd"),
        ("新聞", "attachment; filename=tangthu"),
    ],
)
def test_an_attachment_has_a_harmless_name(name: str, header: str) -> None:
    assert attachment(name) == header
