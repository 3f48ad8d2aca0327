"""The files of the acceptance cases of formats: small ones, the same every time, all made up."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping

from indexer.intake.legacy.charsets import Charset
from tests.indexer.intake.containers.made_containers import crawl, mail_with, mailbox
from tests.indexer.intake.legal.decrees import DECREE
from tests.indexer.intake.office.made_packages import docx, paragraph, run, table, zipped
from tests.indexer.intake.pdf.made_pdf import Words, down, file_of_objects, made_pdf
from tests.legacy_bytes import encode_legacy

_THREE = ("cây lúa", "con trâu", "dòng sông")
_LOWER = (
    "phương pháp ước tính được thử ở huyện mường khương\n"
    "đoạn này có đủ dấu: ngã, nặng, hỏi, sắc, huyền, và chữ đ"
)
_BRIDGE = (
    "Sáng 16/2, cầu Đông được sửa xong sau ba tháng thi công liên tục, sớm hơn kế hoạch.",
    "Người dân hai bên sông đi lại thuận tiện hơn trước rất nhiều, nhất là học sinh ở chợ.",
    "Đơn vị thi công cho biết sẽ theo dõi mặt cầu trong một năm và sửa ngay khi có hư hỏng.",
)
_ROWS = (("Tên", "Số"), ("Lúa", "12"))
_SECOND_MESSAGE = (
    b"From: b@example.vn\nSubject: Hai\nDate: Fri, 17 Feb 2023 08:30:00 +0700\n"
    b"Message-ID: <m2@example.vn>\n\nFrom day one.\nDong thu hai.\n"
)


def pages_pdf() -> bytes:
    """Three pages that are labelled from 11, with running heads and numbers in the foot."""
    return made_pdf([_page(number) for number in (1, 2, 3)], first_label=11)


def _page(number: int) -> list[Words]:
    text = f"Trang này nói về {_THREE[number - 1]}."
    lines = down(f"Đoạn thứ {number} của văn bản thử.", text)
    return [(60, 810, "CÔNG BÁO/Số 12/Ngày 15-3-2023"), *lines, (280, 30, str(number + 10))]


def columns_pdf() -> bytes:
    """A page of two columns."""
    left = down("Cột trái dòng một", "cột trái dòng hai", "cột trái dòng ba.")
    right = down("Cột phải dòng một", "cột phải dòng hai", "cột phải dòng ba.", left=330)
    return made_pdf([left + right])


def hyphens_pdf() -> bytes:
    """Hyphens at the ends of lines: of a spelling, of a span of years, of a parted word."""
    first = ("Viện nghiên-", "cứu giai đoạn 2011 -", "2020 ở Bà Rịa - Vũng Tàu đã thử inter-")
    return made_pdf([down(*first, "net và báo Trung-", "ương.")])


def legacy_pdf(text: str, charset: Charset, font: str) -> bytes:
    """A page in a legacy font whose letters no table of the document tells."""
    lines = [encode_legacy(line, charset).decode("latin-1") for line in text.split("\n")]
    return made_pdf([down(*lines)], raw=(font, "latin-1"))


def fonts_docx() -> bytes:
    """A paragraph in three fonts, one in capitals' font, one of Unicode that looks like TCVN3."""
    method = _shown("Phương pháp ước tính ", Charset.TCVN3)
    return docx(
        paragraph(
            run(method, ".VnTime"),
            run("của tổ chức FAO, giá bán ", "Times New Roman"),
            run(_shown("pháp ước", Charset.VNI), "VNI-Times"),
        )
        + paragraph(run(_shown("nghị định", Charset.TCVN3), ".VnTimeH"))
        + paragraph(run("giá bán và cá tháng ba"))
    )


def _shown(text: str, charset: Charset) -> str:
    return encode_legacy(text, charset).decode("latin-1")


def changes_docx() -> bytes:
    """Tracked changes, a box in both of its forms, a table, special hyphens and a line break."""
    box = f"<w:txbxContent>{paragraph(run('Chữ trong khung.'))}</w:txbxContent>"
    deleted = "<w:del><w:r><w:delText>mười</w:delText></w:r></w:del>"
    return docx(
        paragraph(run("Mức cũ là "), deleted, f"<w:ins>{run('hai mươi')}</w:ins>", run(" đồng."))
        + '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>'
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
        + table(*(tuple(paragraph(run(cell)) for cell in row) for row in _ROWS))
        + paragraph(
            "<w:r><w:t>Nghiên</w:t><w:noBreakHyphen/><w:t>cứu</w:t><w:br/><w:t>xong</w:t>"
            "<w:softHyphen/><w:t>.</w:t></w:r>"
        )
    )


def mixed_rtf() -> bytes:
    """Paragraphs in TCVN3, Unicode, windows-1258 and VNI, and a head of pages."""
    fonts = r"{\f0\fnil\fcharset0 .VnTime;}{\f1\froman\fcharset163 Times New Roman;}"
    wide = "".join(f"\\u{ord(sign)}?" if sign > "\x7f" else sign for sign in "chuyển đổi")
    method = "phương pháp"
    parts = (
        r"{\rtf1\ansi\ansicpg1252\deff1{\fonttbl" + fonts + r"{\f2\fnil VNI-Times;}}",
        r"{\header Trang \chpgn}\f0 " + _escaped(encode_legacy(method, Charset.TCVN3)) + r"\par ",
        r"\f1\uc1 " + wide + r"\par " + _escaped("tiê".encode("cp1258")) + r"\'ecng\par ",
        r"\f2 " + _escaped(encode_legacy(method, Charset.VNI)) + r"\par}",
    )
    return "".join(parts).encode("ascii")


def _escaped(data: bytes) -> str:
    return "".join(f"\\'{code:02x}" if code > 127 else chr(code) for code in data)


def packed_crawl() -> Mapping[str, bytes]:
    """One crawl as a WARC file of many gzip members, of one, and as a WACZ package."""
    text = "".join(f"<p>{part}</p>" for part in _BRIDGE)
    title = "Cầu Đông được sửa xong"
    page = (
        f'<html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
        f"<h1>{title}</h1>{text}</article></body></html>"
    )
    records = crawl(page.encode(), pages_pdf())[:-1]
    apart = b"".join(gzip.compress(record, mtime=0) for record in records)
    package = {"archive/data.warc.gz": apart, "datapackage.json": "{}"}
    return {
        "12-crawl.warc.gz": apart,
        "12-one-member.warc.gz": gzip.compress(b"".join(records), mtime=0),
        "12-crawl.wacz": zipped({**package, "pages/pages.jsonl": '{"id": "pages"}\n'}),
    }


def packed_folders() -> Mapping[str, bytes]:
    """ZIP archives: names that leave it, one in the other, a name without its flag, a bomb."""
    slip = {"../../ngoai.txt": "Ngoài\nKhông.", "/goc.txt": "Gốc\nKhông."}
    nest = b"Day\nSau."
    for number in range(60):
        nest = zipped({"n.zip" if number else "n.txt": nest})
    names = bytearray(zipped({"Công văn.txt": "Công văn\nTên không có cờ UTF-8."}))
    for signature, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        names[names.find(signature) + place] &= ~8
    bomb = {"b.txt": bytes(200_000_000), "tot.txt": "Tốt\nVẫn được nhận."}
    return {
        "13-slip.zip": zipped({**slip, "trong/bai.txt": "Bài trong\nĐược nhận."}),
        "13-nest.zip": nest,
        "13-names.zip": bytes(names),
        "13-bomb.zip": zipped(bomb),
    }


def bomb_pdf() -> bytes:
    """A page of 2.4 MB that unfolds to a gigabyte: to be read under a limit of memory alone."""
    packer = zlib.compressobj(9, wbits=-15)
    part = packer.compress(b"BT /F 1 Tf (aaaaaaaa) Tj ET\n" * 40_000)
    # A part that is whole in itself may be repeated as it is packed.
    packed = b"\x78\xda" + (part + packer.flush(zlib.Z_FULL_FLUSH)) * 900 + b"\x03\x00"
    return file_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>"
            b"/Contents 5 0 R>>",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
            b"<<>>",
        ]
    )


def laughs_docx() -> bytes:
    """A document whose entities unfold to gigabytes."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{entities}]><w>&a9;</w>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def case_files() -> dict[str, bytes]:
    """The files of the cases 1 to 15 by their names, without the one that unfolds in memory."""
    method = "Phương pháp ước tính được thử\nở huyện Mường Khương năm 2003 - 2004."
    republic = "Cộng hòa xã hội chủ nghĩa Việt Nam, phương pháp ước tính."
    inner = docx(paragraph(run("Công văn số 5")) + paragraph(run("Đề nghị sửa cầu Đông.")))
    message = mail_with(zipped({"công văn/số 5.docx": inner}))
    return {
        "01-pages.pdf": pages_pdf(),
        "02-columns.pdf": columns_pdf(),
        "03-hyphens.pdf": hyphens_pdf(),
        "04-tcvn3.pdf": legacy_pdf(method, Charset.TCVN3, ".VnTime"),
        "05-vni.pdf": legacy_pdf(republic, Charset.VNI, "VNI-Times"),
        "06-runs.docx": fonts_docx(),
        "07-changes.docx": changes_docx(),
        "08-mixed.rtf": mixed_rtf(),
        "09-tcvn3.txt": encode_legacy(_LOWER, Charset.TCVN3),
        "09-utf16.txt": _LOWER.encode("utf-16"),
        "09-utf8.txt": _LOWER.encode(),
        "10-thu.mbox": mailbox(message, _SECOND_MESSAGE),
        "11-thu.eml": message,
        **packed_crawl(),
        **packed_folders(),
        "14-laughs.docx": laughs_docx(),
        "15-decree.docx": docx("".join(paragraph(run(line)) for line in DECREE)),
    }
