"""PDF documents: pages as sections, lines as paragraphs, heads and feet out, scans named."""

from __future__ import annotations

import zlib

import pytest

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from archive.records import Article
from indexer.intake.isolation.frames import ChildLimits
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.legacy.charsets import Charset
from indexer.intake.pdf.pdf_reader import count_pages, read_pdf
from indexer.intake.registry import READERS
from tests.indexer.intake.pdf.made_pdf import Words, down, file_of_objects, made_pdf
from tests.legacy_bytes import encode_legacy

TOPICS = ("cây lúa", "con trâu", "dòng sông")
HEADED = [
    [
        (60, 810, "CÔNG BÁO/Số 12/Ngày 15-3-2023"),
        *down(f"Đoạn thứ {number} của văn bản thử.", f"Trang này nói về {topic}."),
        (280, 30, str(number + 10)),
    ]
    for number, topic in enumerate(TOPICS, 1)
]
PAGELESS = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", b"<<>>"]


def texts(article: Article) -> list[tuple[str, ...]]:
    return [section.paragraphs for section in article.sections]


def one_page(*lines: Words) -> Article:
    return read_pdf(made_pdf([lines]), "a.pdf")


def test_pages_are_sections_with_their_labels_and_without_heads_and_feet() -> None:
    article = read_pdf(made_pdf(HEADED, first_label=11), "a.pdf")
    assert [section.locator for section in article.sections] == ["trang 11", "trang 12", "trang 13"]
    assert texts(article)[1] == ("Đoạn thứ 2 của văn bản thử. Trang này nói về con trâu.",)
    assert article.account is None
    assert (article.origin.reader, article.title) == ("pdf", "")


def test_without_labels_the_number_in_the_foot_counts_or_the_page_itself() -> None:
    article = read_pdf(made_pdf(HEADED), "a.pdf")
    assert [section.locator for section in article.sections] == ["trang 11", "trang 12", "trang 13"]
    bodies = [page[1:3] for page in HEADED]
    article = read_pdf(made_pdf(bodies), "a.pdf")
    assert [section.locator for section in article.sections] == ["trang 1", "trang 2", "trang 3"]
    assert "Đoạn thứ 2 của văn bản thử." in texts(article)[1][0]


def test_numbers_that_do_not_count_up_stay() -> None:
    bodies = (down(f"Giá {what} hôm nay", "tính bằng nghìn đồng") for what in TOPICS)
    pages = [[*body, (60, 30, number)] for body, number in zip(bodies, "748", strict=True)]
    article = read_pdf(made_pdf(pages), "a.pdf")
    assert [paragraphs[-1].split()[-1] for paragraphs in texts(article)] == ["7", "4", "8"]


def test_pages_of_one_line_each_are_no_running_heads() -> None:
    pages = [down(f"Đoạn thứ {number}") for number in range(1, 4)]
    assert texts(read_pdf(made_pdf(pages), "a.pdf"))[2] == ("Đoạn thứ 3",)


def test_columns_are_read_one_after_the_other() -> None:
    left = down("Cột trái dòng một", "cột trái dòng hai", "cột trái dòng ba.")
    right = down("Cột phải dòng một", "cột phải dòng hai", "cột phải dòng ba.", left=330)
    text = " ".join(one_page(*left, *right).sections[0].paragraphs)
    assert "cột trái dòng ba. Cột phải dòng một" in text
    assert "dòng một Cột phải" not in text


def test_words_that_a_line_parts_are_joined() -> None:
    lines = down(
        "Viện nghiên-",
        "cứu giai đoạn 2011 -",
        "2020 ở Bà Rịa - Vũng Tàu đã thử inter-",
        "net và báo Trung-",
        "ương, 2021-",
        "2022.",
    )
    (paragraph,) = one_page(*lines).sections[0].paragraphs
    assert paragraph == (
        "Viện nghiên-cứu giai đoạn 2011 - 2020 ở Bà Rịa - Vũng Tàu đã thử internet và báo "
        "Trung-ương, 2021-2022."
    )


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (down("Một đoạn văn dài hơn một dòng thì", "đi tiếp ở dòng sau cho tới hết câu."), 1),
        (down("Một đoạn văn dài hơn một dòng thì đi", "tiếp.", "Đoạn sau bắt đầu ở dòng mới."), 2),
        ([*down("Đoạn một dừng ở đây."), (60, 700, "Đoạn hai sau khoảng trống.")], 2),
        (
            [
                (80, 760, "Đoạn lùi vào đầu dòng và dài"),
                (60, 742, "cho tới hết."),
                (80, 724, "Hai."),
            ],
            2,
        ),
        (down("Gồm các việc sau:", "- Trồng lúa nước;", "- Nuôi trâu cày;"), 3),
    ],
)
def test_paragraphs_end_where_readers_see_it(lines: list[Words], count: int) -> None:
    assert len(one_page(*lines).sections[0].paragraphs) == count


def test_a_paragraph_over_two_pages_stays_where_it_begins() -> None:
    pages = [down("Một đoạn văn đi từ trang"), down("này sang trang kia.", "Đoạn mới.")]
    article = read_pdf(made_pdf(pages), "a.pdf")
    assert texts(article)[0] == ("Một đoạn văn đi từ trang này sang trang kia. Đoạn mới.",) or (
        texts(article)[0] == ("Một đoạn văn đi từ trang này sang trang kia.",)
    )


def test_the_title_is_stated_and_shown_or_set_in_larger_letters() -> None:
    lines = down("Báo cáo mùa vụ", "Năm nay được mùa lúa.", "Giá lúa tăng.", "Người dân vui mừng.")
    stated = read_pdf(made_pdf([lines], title="BÁO CÁO MÙA VỤ"), "a.pdf")
    assert stated.title == "BÁO CÁO MÙA VỤ"
    unseen = read_pdf(made_pdf([lines], title="Microsoft Word - bc.doc"), "a.pdf")
    assert unseen.title == ""
    larger = read_pdf(made_pdf([lines], sizes={"Báo cáo": 18}), "a.pdf")
    assert larger.title == "Báo cáo mùa vụ"


@pytest.mark.parametrize("picture", [False, True])
def test_a_document_without_words_needs_ocr(picture: bool) -> None:
    with pytest.raises(UnreadableError, match="need OCR") as raised:
        read_pdf(made_pdf([[], []], picture=picture), "a.pdf")
    assert raised.value.state == ReadingState.NEEDS_OCR


def test_a_stamp_on_every_scan_is_no_text() -> None:
    stamp = [down("Số hóa bởi một máy quét")] * 3
    with pytest.raises(UnreadableError, match="3 pages"):
        read_pdf(made_pdf(stamp, picture=True), "a.pdf")


def test_pages_without_words_among_others_are_named() -> None:
    pages = [down("Trang này có chữ."), down("\ue001\ue002\ue003 \ue004\ue005"), []]
    article = read_pdf(made_pdf(pages), "a.pdf")
    assert len(article.sections) == 1
    assert article.account is not None
    assert article.account.problems == {
        ReadingState.NEEDS_OCR: "1 pages have no words (2); they need OCR"
    }


def test_some_pages_alone_can_be_read() -> None:
    data = made_pdf(HEADED)
    assert count_pages(data, "a.pdf", "") == 3
    article = read_pdf(data, "a.pdf", "", 1, 2)
    assert ["con trâu" in " ".join(paragraphs) for paragraphs in texts(article)] == [True]


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"%PDF-1.4\nnothing", ReadingState.DAMAGED),
        (made_pdf(HEADED)[:300], ReadingState.DAMAGED),
        (
            file_of_objects(
                [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", b"<<>>"]
            ),
            ReadingState.DAMAGED,
        ),
    ],
)
def test_a_damaged_document_says_so(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        read_pdf(data, "a.pdf")
    assert raised.value.state == state


def legacy_pdf(font: str, charset: Charset, *lines: str) -> bytes:
    texts = [encode_legacy(line, charset).decode("cp1252") for line in lines]
    return made_pdf([down(*texts)], raw=(font, "cp1252"))


def test_letters_that_legacy_fonts_drew_are_decoded() -> None:
    lines = ("Phương pháp ước tính được thử", "ở huyện Mường Khương năm 2003 - 2004.")
    article = read_pdf(legacy_pdf(".VnTime", Charset.TCVN3, *lines), "a.pdf")
    assert texts(article) == [(" ".join(lines),)]
    assert article.encoding == Charset.TCVN3
    vni = "Cộng hòa xã hội chủ nghĩa Việt Nam, phương pháp ước tính."
    assert texts(read_pdf(legacy_pdf("VNI-Times", Charset.VNI, vni), "a.pdf")) == [(vni,)]


def test_an_horn_at_the_end_of_a_line_is_no_hyphen() -> None:
    lines = ("Ông ấy chưa biết chuyện này, cũng như", "mọi người ở phương xa ấy.")
    article = read_pdf(legacy_pdf(".VnTime", Charset.TCVN3, *lines), "a.pdf")
    assert texts(article) == [(" ".join(lines),)]


def test_a_page_that_unfolds_without_end_costs_one_document() -> None:
    deflate = zlib.compressobj(1)
    drawn = b"BT /F 1 Tf (aaaaaaaa) Tj ET\n" * 40_000
    packed = b"".join(deflate.compress(drawn) for _ in range(200)) + deflate.flush()
    bomb = file_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
            b"<<>>",
        ]
    )
    with ReaderChildren(ChildLimits(memory=400 << 20)) as children:
        with pytest.raises(UnreadableError):
            children.read(READERS["pdf"], bomb, "a.pdf", "")
        article = children.read(READERS["pdf"], made_pdf(HEADED), "b.pdf", "")
    assert len(article.sections) == 3
