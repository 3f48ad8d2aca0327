"""Scanned pages for tests: texts drawn with a font of the system, as PNG, TIFF and PDF files."""

from __future__ import annotations

import ctypes
import os
import random
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from archive.errors import IntakeError
from indexer.intake.ocr.tesseract import Tesseract, find_tesseract

REQUIRED = "TANGTHU_OCR_REQUIRED"
"""The variable that forbids to skip tests for want of the program or the font."""

FONTS = ("DejaVuSerif.ttf", "NotoSerif-Regular.ttf", "DejaVuSans.ttf")
_FONT_FOLDER = Path("/usr/share/fonts")

TEXT = (
    "Sáng 5/3, Ủy ban nhân dân tỉnh khai mạc hội chợ tại trung tâm thành phố.",
    "Người dân các huyện vùng cao đem đến hội chợ gạo nếp, mật ong, thổ cẩm,",
    "rượu ngô và nhiều nông sản khác. Ông Nguyễn Văn Thưởng cho biết năm nay",
    "có hơn một trăm hai mươi gian hàng, tăng gấp đôi so với năm 2021 - 2022.",
    "Theo kế hoạch, chợ mở cửa đến hết ngày 12/3; mỗi tối đều có biểu diễn văn",
    "nghệ. Phương pháp ước tính được thử ở huyện Mường Khương: khoảng 35%",
    "khách mua hàng quay lại, lượng hàng bán ra đạt 4.500 tấn.",
)
"""A page of news."""

BUFFALO = ("Trang thứ hai nói về con trâu và con bò.", "Hết tài liệu.")
"""A second page."""


@dataclass(frozen=True, slots=True)
class GreyPicture:
    """A picture of a byte for each pixel."""

    width: int
    height: int
    pixels: bytes


def require_tesseract() -> Tesseract:
    """The program; a test skips where it is not installed and not required."""
    try:
        return find_tesseract()
    except IntakeError as error:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(error))


@cache
def font_path() -> Path | None:
    """A font of the system that has all Vietnamese letters."""
    files = {path.name: path for path in _FONT_FOLDER.rglob("*.ttf")}
    return next((files[name] for name in FONTS if name in files), None)


def require_font() -> Path:
    path = font_path()
    if path is None:
        assert not os.environ.get(REQUIRED), f"none of {', '.join(FONTS)} is installed"
        pytest.skip("no font with Vietnamese letters is installed")
    return path


def drawn_page(lines: Sequence[str], resolution: int = 200, size: float = 12) -> GreyPicture:
    """A page of A4 with lines below one another."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    data = require_font().read_bytes()
    buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    font = pdfium.FPDFText_LoadFont(document, buffer, len(data), pdfium.FPDF_FONT_TRUETYPE, True)
    for number, line in enumerate(lines):
        encoded = (line + "\0").encode("utf-16-le")
        units = (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded)
        text = pdfium.FPDFPageObj_CreateTextObj(document, font, size)
        pdfium.FPDFText_SetText(text, units)
        pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 60, 760 - number * size * 1.5)
        pdfium.FPDFPage_InsertObject(page, text)
    pdfium.FPDFPage_GenerateContent(page)
    bitmap = page.render(scale=resolution / 72, grayscale=True)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = bytes(bitmap.buffer)
    rows = (pixels[row * stride : row * stride + width] for row in range(height))
    picture = GreyPicture(width, height, b"".join(rows))
    for opened in (bitmap, page, document):
        opened.close()
    return picture


def noisy(picture: GreyPicture, seed: int = 1, spread: int = 60) -> GreyPicture:
    """The picture as a bad scan: every pixel lighter or darker by up to some steps."""
    noise = random.Random(seed)
    steps = [noise.randint(-spread, spread) for _ in range(65_521)]
    pixels = bytes(
        min(255, max(0, pixel + steps[place % len(steps)]))
        for place, pixel in enumerate(picture.pixels)
    )
    return GreyPicture(picture.width, picture.height, pixels)


def png(picture: GreyPicture) -> bytes:
    """A PNG file."""
    width = picture.width
    rows = b"".join(
        b"\0" + picture.pixels[row * width : (row + 1) * width] for row in range(picture.height)
    )
    head = struct.pack(">IIBBBBB", width, picture.height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def tiff(pictures: Sequence[GreyPicture]) -> bytes:
    """A TIFF file of several pages."""
    place, strips = 8, list[int]()
    for picture in pictures:
        strips.append(place)
        place += len(picture.pixels)
    directories = b""
    for number, (picture, strip) in enumerate(zip(pictures, strips, strict=True), 1):
        fields = (
            (256, 4, picture.width),
            (257, 4, picture.height),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, strip),
            (277, 3, 1),
            (278, 4, picture.height),
            (279, 4, len(picture.pixels)),
        )
        directories += struct.pack("<H", len(fields))
        directories += b"".join(struct.pack("<HHII", tag, kind, 1, n) for tag, kind, n in fields)
        is_last = number == len(pictures)
        directories += struct.pack("<I", 0 if is_last else place + len(directories) + 4)
    pixels = b"".join(picture.pixels for picture in pictures)
    return b"II*\0" + struct.pack("<I", place) + pixels + directories


def jpeg_head(width: int, height: int) -> bytes:
    """The beginning of a JPEG file, up to the head of its frame."""
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + application + frame


def scanned_pdf(pages: Sequence[GreyPicture | None]) -> bytes:
    """A PDF document of pictures alone; None is a blank page."""
    document = pypdfium2.PdfDocument.new()
    for picture in pages:
        page = document.new_page(595, 842)
        if picture:
            _insert(document, page, picture)
        page.close()
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def _insert(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, picture: GreyPicture) -> None:
    bitmap = pypdfium2.PdfBitmap.new_native(
        picture.width, picture.height, pdfium.FPDFBitmap_Gray, stride=picture.width
    )
    ctypes.memmove(bitmap.buffer, picture.pixels, len(picture.pixels))
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(image)
    page.gen_content()
    bitmap.close()


def error_rate(text: str, truth: str) -> float:
    """The share of characters that are wrong: edit distance by length of the truth."""
    text, truth = " ".join(text.split()), " ".join(truth.split())
    row = list(range(len(truth) + 1))
    for number, letter in enumerate(text, 1):
        before, row = row, [number]
        for place, true_letter in enumerate(truth, 1):
            change = before[place - 1] + (letter != true_letter)
            row.append(min(before[place] + 1, row[-1] + 1, change))
    return row[-1] / len(truth)
