"""Documents with pictures for the served archive: a PDF of several pages, a page with figures."""

from __future__ import annotations

import base64

from archive.article_identifiers import identifier_of
from indexer.intake.article_passes import with_passes
from indexer.intake.html.page import read_page
from indexer.intake.pdf.pdf_reader import read_pdf
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.indexer.intake.pictures.made_pictures import made_picture

_TEXT = "Một đoạn văn đủ dài về chợ nổi và những chiếc ghe chở trái cây mỗi sáng sớm. " * 4


def _address_of(width: int, height: int) -> str:
    picture = base64.b64encode(made_picture(width, height, "PNG", compress_level=0))
    return f"data:image/png;base64,{picture.decode()}"


PRINTED = made_pdf(
    [
        down(*(f"Trang {page} của báo cáo kể về mùa nước nổi, dòng {line}" for line in range(12)))
        for page in range(1, 5)
    ],
    picture=True,
    title="Trang 1 của báo cáo kể về mùa nước nổi",
)
"""A PDF document of four pages."""

PICTURED = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>Chợ nổi có ảnh</title><meta property="og:url" content="https://bao.vn/cho-noi.html"></head>
<body><article><h1>Chợ nổi có ảnh</h1><p>{_TEXT}</p>
<figure><img src="{_address_of(300, 200)}"><figcaption>Ghe trên sông.</figcaption></figure>
<p>{_TEXT}</p>
<figure><img src="{_address_of(200, 300)}" alt="Một phụ nữ đội nón"><figcaption>Người bán
trái cây.</figcaption></figure><p>{_TEXT}</p><p><img src="{_address_of(310, 200)}"></p>
<p>{_TEXT}</p></article></body></html>""".encode()
"""A saved page with two figures and a picture without a caption."""

PRINTED_ARTICLE = f"/article/{identifier_of(with_passes(read_pdf(PRINTED, 'bao-cao.pdf')))}"
PICTURED_ARTICLE = f"/article/{identifier_of(with_passes(read_page(PICTURED, 'cho-noi.html')))}"
