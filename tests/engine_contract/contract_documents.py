"""The small corpus of the contract, and how to make a document of it."""

from __future__ import annotations

from indexer.analysis.documents import Document
from indexer.analysis.fields import Passage, Zone
from indexer.vietnamese.syllables import exact_form


def passage(
    zone: Zone, text: str, section: int = 0, extras: tuple[tuple[int, str], ...] = ()
) -> Passage:
    return Passage(zone, tuple(exact_form(word) for word in text.split()), extras, section)


def document(identifier: str, *passages: Passage, **columns: object) -> Document:
    return Document(identifier, 1, tuple(passages), **columns)  # type: ignore[arg-type]


def body(identifier: str, text: str, **columns: object) -> Document:
    return document(identifier, passage(Zone.BODY, text), **columns)


POLICE = document(
    "police",
    passage(Zone.TITLE, "Hội nghị Công an toàn quốc"),
    passage(Zone.LEAD, "ngày 19/12/2022 tại hà nội", extras=((1, "2022-12-19"), (1, "2022-12"))),
    passage(Zone.HEADING, "Đại tá Ngô Thanh Bình Giám đốc Công an tỉnh Điện Biên", 1),
    passage(Zone.BODY, "tội phạm ma túy ở điện biên còn phức tạp", 1),
    passage(Zone.PERSON, "Ngô Thanh Bình", 1),
    passage(Zone.HEADING, "Trung úy Nguyễn Kim Anh", 2),
    passage(Zone.BODY, "mong hòa bình và ma trận số", 2),
    passage(Zone.PERSON, "Nguyễn Kim Anh", 2),
    passage(Zone.BYLINE, "Nhóm PV"),
    passage(Zone.PUBLISHER, "Công an nhân dân"),
    passage(Zone.CATEGORY, "Pháp luật"),
    published=1_671_444_120,
    month="2022-12",
    publisher="Công an nhân dân",
    category="Pháp luật",
    authors=("Nhóm PV",),
    people=("Ngô Thanh Bình", "Nguyễn Kim Anh"),
)
PEACE = document(
    "peace",
    passage(Zone.TITLE, "Hoà bình"),
    passage(Zone.BODY, "hòa bình ở điện biên phủ an toàn"),
    passage(Zone.BYLINE, "Nguyễn Kim"),
    passage(Zone.BYLINE, "Anh Thư"),
    published=1_480_000_000,
    month="2016-11",
    publisher="Dân trí",
    category="Thế giới",
    authors=("Nguyễn Kim", "Anh Thư"),
)
FLOWERS = document(
    "flowers",
    passage(Zone.BODY, "hoa bình thường ở công viên an dân toàn là hoa"),
    passage(Zone.CAPTION, "công"),
    passage(Zone.CAPTION, "an"),
    publisher="Dân trí",
    category="Pháp luật",
)
CORPUS = (POLICE, PEACE, FLOWERS)
