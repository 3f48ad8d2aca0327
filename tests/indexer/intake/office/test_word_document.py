"""Word documents: what is printed is read, once, with the letters that legacy fonts drew."""

from __future__ import annotations

import pytest

from archive.errors import IntakeError, UnreadableError
from archive.records import Article
from indexer.intake.legacy.charsets import Charset
from indexer.intake.office.word_document import read_docx
from tests.indexer.intake.office.made_packages import docx, paragraph, run, table, zipped
from tests.legacy_bytes import encode_legacy

BOX = paragraph(run("Chữ trong khung."))
BOXED = (
    '<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx><w:txbxContent>'
    f"{BOX}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><v:textbox><w:txbxContent>"
    f"{BOX}</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent>"
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Old"><w:name w:val="Cũ"/><w:rPr>'
    '<w:rFonts w:ascii=".VnTime"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Older"><w:name w:val="Cũ hơn"/>'
    '<w:basedOn w:val="Old"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
)


def tcvn3(text: str) -> str:
    return encode_legacy(text, Charset.TCVN3).decode("latin-1")


def lines(body: str, **parts: str) -> list[str]:
    article = read_docx(docx(body, STYLES, **parts), "a.docx")
    return [line for section in article.sections for line in section.paragraphs]


def read(body: str, **parts: str) -> Article:
    return read_docx(docx(body, STYLES, **parts), "a.docx")


def test_runs_are_decoded_by_their_fonts_and_unicode_is_left() -> None:
    vni = encode_legacy("pháp ước", Charset.VNI).decode("latin-1")
    body = (
        paragraph(run(tcvn3("Phương pháp ước tính "), ".VnTime"), run("của FAO, giá bán ", "Arial"))
        + paragraph(run(tcvn3("nghị định"), ".VnTimeH"))
        + paragraph(run(vni, "VNI-Times"), run(tcvn3(" thử"), ".VnTime"))
        + paragraph(run("giá bán và cá tháng ba"))
        + paragraph(run(tcvn3("kiểu chữ kế thừa")), style="Older")
    )
    assert lines(body) == [
        "Phương pháp ước tính của FAO, giá bán",
        "NGHỊ ĐỊNH",
        "pháp ước thử",
        "giá bán và cá tháng ba",
        "kiểu chữ kế thừa",
    ]
    assert set(read(body).encoding.split(", ")) == {Charset.TCVN3, Charset.VNI}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            paragraph(
                run("Mức cũ là "),
                "<w:del><w:r><w:delText>mười</w:delText></w:r></w:del>",
                "<w:moveFrom><w:r><w:t>chín</w:t></w:r></w:moveFrom>",
                f"<w:ins>{run('hai mươi')}</w:ins>",
                run(" đồng."),
            ),
            ["Mức cũ là hai mươi đồng."],
        ),
        (paragraph(run("Trước."), f"<w:r>{BOXED}</w:r>"), ["Trước.", "Chữ trong khung."]),
        (
            table(
                (paragraph(run("Tên")), paragraph(run("Số"))),
                (paragraph(run("Lúa")), paragraph(run("12"))),
            ),
            ["Tên Số", "Lúa 12"],
        ),
        (
            table((BOX + paragraph(run("Số 5")), BOX)),
            ["Chữ trong khung.", "Số 5", "Chữ trong khung."],
        ),
        (
            table((table((paragraph(run("a")), paragraph(run("b")))), paragraph(run("c")))),
            ["a b c"],
        ),
        (
            paragraph(
                "<w:r><w:t>Nghiên</w:t><w:noBreakHyphen/><w:t>cứu</w:t><w:br/><w:t>xong</w:t>"
                "<w:softHyphen/><w:t>.</w:t></w:r>"
            ),
            ["Nghiên-cứu", "xong."],
        ),
        (
            paragraph(
                '<w:r><w:instrText>HYPERLINK "a"</w:instrText></w:r>',
                f"<w:hyperlink>{run('liên kết')}</w:hyperlink>",
                f'<w:fldSimple w:instr="DATE">{run(" hôm nay")}</w:fldSimple>',
            ),
            ["liên kết hôm nay"],
        ),
        (
            f"<w:sdt><w:sdtPr/><w:sdtContent>{BOX}</w:sdtContent></w:sdt>",
            ["Chữ trong khung."],
        ),
    ],
)
def test_what_is_printed_is_read_once(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_notes_come_last_and_separators_are_none() -> None:
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph(run("___"))}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph(run("Xem trang 5."))}</w:footnote>'
    )
    assert lines(paragraph(run("Chính.")), footnotes=notes) == ["Chính.", "Xem trang 5."]


def test_headings_begin_sections_and_a_title_names_the_article() -> None:
    article = read(
        paragraph(run("Báo cáo năm"), style="T")
        + paragraph(run("Mở đầu"), style="H")
        + paragraph(run("Năm qua được mùa."))
        + paragraph(run("Kết luận"), style="H")
        + paragraph(run("Sang năm cố gắng."))
    )
    assert article.title == "Báo cáo năm"
    assert [(s.heading, s.paragraphs) for s in article.sections] == [
        ("", ("Báo cáo năm",)),
        ("Mở đầu", ("Năm qua được mùa.",)),
        ("Kết luận", ("Sang năm cố gắng.",)),
    ]


def test_a_short_first_line_is_the_title_and_a_sentence_is_none() -> None:
    assert read(paragraph(run("Công văn số 5")) + BOX).title == "Công văn số 5"
    assert read(BOX + BOX).title == ""
    assert read(paragraph(run("Một dòng"))).title == ""


@pytest.mark.parametrize(
    "data",
    [
        b"an ASCII file",
        zipped({"a": "b"}),
        docx(BOX)[:-40],
        zipped({"word/document.xml": "<w:document>"}),
        zipped({"word/document.xml": '<!DOCTYPE w [<!ENTITY a "ha">]><w>&a;</w>'}),
        docx("<w:x>" * 300 + BOX + "</w:x>" * 300),
    ],
)
def test_damaged_and_hostile_documents_say_so(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_docx(data, "a.docx")


def test_a_document_that_unfolds_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.intake.office.package_files.LARGEST_PART", 1000)
    with pytest.raises(UnreadableError, match="unfolds"):
        read_docx(docx(BOX * 100), "a.docx")


def test_a_document_without_words_holds_no_article() -> None:
    with pytest.raises(IntakeError, match="no words"):
        read_docx(docx(paragraph(run(" … "))), "a.docx")
