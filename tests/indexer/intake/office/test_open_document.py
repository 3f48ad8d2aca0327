"""OpenDocument files: texts with fonts, sheets row by row, slides with their places."""

from __future__ import annotations

import pytest

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.legacy.charsets import Charset
from indexer.intake.office.open_document import read_open_document
from tests.indexer.intake.office.made_packages import open_document
from tests.legacy_bytes import encode_legacy

TCVN3 = encode_legacy("phương pháp ước tính", Charset.TCVN3).decode("latin-1")
STYLES = (
    '<style:style style:name="P1" style:family="paragraph"><style:text-properties '
    'style:font-name=".VnTime"/></style:style>'
    '<style:style style:name="P2" style:parent-style-name="P1" style:family="paragraph"/>'
)


def lines(body: str) -> list[str]:
    article = read_open_document(open_document("text", body, STYLES), "a.odt")
    return [line for section in article.sections for line in section.paragraphs]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<text:p text:style-name="P2">{TCVN3}</text:p>', ["phương pháp ước tính"]),
        (
            f'<text:p>giá bán <text:span text:style-name="P1">{TCVN3}</text:span> cá</text:p>',
            ["giá bán phương pháp ước tính cá"],
        ),
        (
            '<text:p>Một<text:s text:c="3"/>hai<text:tab/>ba<text:line-break/>bốn</text:p>',
            ["Một hai ba", "bốn"],
        ),
        (
            "<text:tracked-changes><text:p>đã xóa</text:p></text:tracked-changes>"
            "<text:p>Còn<office:annotation><text:p>ghi chú</text:p></office:annotation> lại."
            "</text:p>",
            ["Còn lại."],
        ),
        (
            "<text:p>Chính<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Chú thích.</text:p></text:note-body></text:note>.</text:p>"
            "<text:p>Sau.</text:p>",
            ["Chính.", "Sau.", "Chú thích."],
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>Tên</text:p></table:table-cell>"
            "<table:table-cell><text:p>Số</text:p></table:table-cell></table:table-row></table:table>",
            ["Tên Số"],
        ),
        (
            "<text:p>Trước<draw:frame><draw:text-box><text:p>Khung</text:p></draw:text-box>"
            "</draw:frame></text:p>",
            ["Trước", "Khung"],
        ),
    ],
)
def test_texts_are_read_as_they_are_printed(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_headings_begin_sections() -> None:
    body = "<text:h>Mở đầu</text:h><text:p>Một.</text:p><text:h>Kết</text:h><text:p>Hai.</text:p>"
    article = read_open_document(open_document("text", body), "a.odt")
    assert [section.heading for section in article.sections] == ["Mở đầu", "Kết"]


def test_sheets_and_slides_are_sections_with_their_places() -> None:
    cells = (
        "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>"
        "</table:table-row>"
    )
    sheets = "".join(
        f'<table:table table:name="{name}">{cells.format(name)}</table:table>'
        for name in ("Lúa", "Ngô")
    )
    article = read_open_document(open_document("spreadsheet", sheets), "a.ods")
    assert [s.locator for s in article.sections] == ["trang tính Lúa", "trang tính Ngô"]
    slides = "".join(
        f"<draw:page><draw:frame><draw:text-box><text:p>{name}</text:p></draw:text-box>"
        "</draw:frame></draw:page>"
        for name in ("Một", "Hai")
    )
    article = read_open_document(open_document("presentation", slides), "a.odp")
    assert [(s.locator, s.paragraphs) for s in article.sections] == [
        ("trang chiếu 1", ("Một",)),
        ("trang chiếu 2", ("Hai",)),
    ]


def test_an_encrypted_file_says_so() -> None:
    manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    with pytest.raises(UnreadableError) as raised:
        read_open_document(open_document("text", "", **manifest), "a.odt")
    assert raised.value.state == ReadingState.ENCRYPTED
