"""Pictures that originals hold: found by their keys however they are written, nothing else is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from archive.captured_picture import PLACE_LENGTH
from archive.errors import UnreadableError
from archive.passages import passage_digest
from archive.records import Article
from indexer.intake.containers.mail_message import read_mail
from indexer.intake.markup.pictures import embedded_key
from indexer.intake.office.epub import read_epub
from indexer.intake.office.open_document import read_open_document
from indexer.intake.office.outlook_message import read_msg
from indexer.intake.office.presentation import read_presentation
from indexer.intake.office.rtf_reader import read_rtf
from indexer.intake.office.word_document import read_docx
from indexer.intake.pictures.embedded_pictures import draw_large_embedded, draw_small_embedded
from tests.indexer.intake.markup.test_pictures import embedded
from tests.indexer.intake.office.made_packages import (
    docx,
    epub,
    open_document,
    paragraph,
    presentation,
    relations,
    run,
    shape,
    table,
    zipped,
)
from tests.indexer.intake.office.made_word_97 import compound_file
from tests.indexer.intake.pictures.made_pictures import made_picture, sides_of

FIRST, SECOND = embedded(400), embedded(300)


def page_with(*addresses: str) -> str:
    return "<p>Ảnh</p>" + "".join(f'<img src="{address}">' for address in addresses)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_picture_with_a_key_is_drawn(encoding: str) -> None:
    page = page_with(FIRST, SECOND).encode(encoding)
    assert sides_of(draw_small_embedded(page, embedded_key(FIRST))) == (320, 320)
    assert sides_of(draw_large_embedded(page, embedded_key(SECOND))) == (300, 300)


def test_a_folded_address_is_the_same() -> None:
    page = page_with(FIRST[:900] + "&#10;" + FIRST[900:]).encode()
    assert draw_small_embedded(page, embedded_key(FIRST))


@pytest.mark.parametrize(
    ("page", "key"),
    [
        (page_with(FIRST), embedded_key(SECOND)),
        (page_with(FIRST), ""),
        ("", embedded_key(FIRST)),
        (page_with("data:image/png;base64," + "!" * 900), "0" * 16),
    ],
)
def test_what_is_not_in_the_page_is_not_drawn(page: str, key: str) -> None:
    with pytest.raises(UnreadableError, match="no such picture"):
        draw_small_embedded(page.encode(), key)


@pytest.mark.parametrize("content", ["é" * 900, "AAAA" * 300, "=" * 900])
def test_what_is_no_picture_is_refused(content: str) -> None:
    address = f"data:image/png;base64,{content}"
    with pytest.raises(UnreadableError):
        draw_small_embedded(page_with(address).encode(), embedded_key(address))


def with_parts(package: bytes, **parts: bytes) -> bytes:
    """A package with pictures, their names without a folder's slash."""
    packed = io.BytesIO(package)
    with zipfile.ZipFile(packed, "a") as opened:
        for name, data in parts.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), data)
    return packed.getvalue()


def zipped_over(package: bytes, **parts: str) -> bytes:
    """A package with other parts in the place of some."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return zipped({name: opened.read(name) for name in opened.namelist()} | parts)


def drawing(relation: str, alt: str = "", side: int = 400) -> str:
    return (
        '<w:r><w:drawing xmlns:wp="urn:wp" xmlns:a="urn:a" xmlns:r="urn:r"><wp:inline>'
        f'<wp:extent cx="{side * 9525}" cy="{side * 9525}"/><wp:docPr descr="{alt}"/>'
        f'<a:graphic><a:blip r:embed="{relation}"/></a:graphic></wp:inline></w:drawing></w:r>'
    )


WORD = with_parts(
    docx(
        paragraph(run("Đoạn đầu."))
        + paragraph(drawing("image", "  Bản đồ\nquận "))
        + paragraph(run("Đoạn sau."), drawing("image__2"), drawing("image__3"))
        + paragraph(drawing("image__4", side=20), drawing("none"))
        + table((paragraph(drawing("image__5")), paragraph(run("Ô chữ")))),
        **{
            "word/_rels/document.xml.rels": relations(
                image="media/1.png",
                image__2="media/2.jpg",
                image__3="media/3.emf",
                image__4="media/1.png",
                image__5="/word/media/5.gif",
            )
        },
    ),
    word__media__1_png=made_picture(400, 300, "PNG"),
    word__media__2_jpg=made_picture(640, 200),
    word__media__3_emf=b"drawn by programs",
    word__media__5_gif=made_picture(90, 90, "GIF"),
)
BOOK = with_parts(
    epub('<p>Chương một.</p><img src="img/a%20b.jpg" alt="Bìa"/>', '<img src="img/a b.jpg"/>'),
    **{"OPS__img__a b_jpg": made_picture(640, 200)},
)
OPEN = with_parts(
    open_document(
        "text",
        "<text:p>Đoạn đầu.</text:p><text:p><draw:frame svg:width='10cm' svg:height='5.5cm'>"
        "<draw:image href='x' xlink:href='Pictures/1.png' xmlns:xlink='urn:xlink'/>"
        "<svg:desc>Sơ đồ</svg:desc></draw:frame>Đoạn có ảnh.</text:p>",
    ),
    Pictures__1_png=made_picture(400, 300, "PNG"),
)


def shown(relation: str, alt: str = "", side: int = 400) -> str:
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr descr="{alt}"/></p:nvPicPr><p:blipFill><a:blip '
        f'r:embed="{relation}"/></p:blipFill><p:spPr><a:xfrm><a:ext cx="{side * 9525}" '
        f'cy="{side * 9525}"/></a:xfrm></p:spPr></p:pic>'
    )


SLIDES = with_parts(
    zipped_over(
        presentation(
            shown("image", "Bản đồ") + shape("Tựa", kind="title") + shape("Lời dưới bản đồ."),
            f"<p:grpSp>{shown('image')}</p:grpSp>" + shown("image__2", side=20) + shape("Hết."),
            notes=shape("Lời ghi."),
        ),
        **{
            "ppt/slides/_rels/slide1.xml.rels": relations(
                notesSlide="../notesSlides/notes1.xml", image="../media/1.png"
            ),
            "ppt/slides/_rels/slide0.xml.rels": relations(
                image="../media/2.jpg", image__2="../media/1.png"
            ),
        },
    ),
    ppt__media__1_png=made_picture(400, 300, "PNG"),
    ppt__media__2_jpg=made_picture(640, 200),
)


def mail() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Thư có ảnh"
    message.set_content("Lời thư.")
    message.add_related(made_picture(400, 300, "PNG"), "image", "png", cid="<1>", filename="a.png")
    message.add_attachment(made_picture(500, 300), "image", "jpeg", filename="dinh-kem.jpg")
    return message.as_bytes()


def outlook() -> bytes:
    stored = "__attach_version1.0_#0000000{}/__substg1.0_{}"
    return compound_file(
        {
            "__substg1.0_1000001F": "Lời thư.".encode("utf-16-le"),
            stored.format(0, "37010102"): made_picture(500, 300),
            stored.format(1, "37010102"): made_picture(400, 300, "PNG"),
            stored.format(1, "3712001F"): "a@b".encode("utf-16-le"),
            stored.format(2, "37010102"): b"no picture",
            stored.format(2, "3712001F"): "c@d".encode("utf-16-le"),
        }
    )


def rtf_picture(content: bytes, kind: str = "png", width: int = 6000) -> str:
    lines = "\r\n".join(content.hex()[place : place + 128] for place in range(0, 1 << 20, 128))
    head = rf"{{\pict{{\*\picprop{{\sp{{\sn x}}{{\sv 00}}}}}}\{kind}blip\picwgoal{width}"
    return rf"{head}\pichgoal4500{{\*\blipuid 0123abcd}} {lines.strip()}}}"


def rich_text() -> bytes:
    png, jpeg = made_picture(400, 300, "PNG"), made_picture(500, 300)
    raw = made_picture(640, 200).decode("latin-1")
    binary = rf"{{\pict\jpegblip\bin{len(raw)} {raw}}}"
    fallback = rf"{{\nonshppict{rtf_picture(jpeg, 'jpeg')}}}"
    shape = rf"{{\shp{{\*\shpinst{{\sp{{\sn pib}}{{\sv {binary}}}}}}}{{\shprslt {fallback}}}}}"
    return (
        rf"{{\rtf1\ansi{{\header Logo {rtf_picture(jpeg, 'jpeg')}}}{{\info{{\title x}}}}"
        rf"One.\par {{\*\shppict{rtf_picture(png)}}}{fallback}\par"
        rf"{rtf_picture(png, width=300)}{rtf_picture(b'no picture')}{{\v {rtf_picture(jpeg)}}}"
        rf"{{\pict\wmetafile8 0100}}{{\pict\pngblip 8}} Two.\par {shape}\par}}"
    ).encode("latin-1")


@pytest.mark.parametrize(
    ("read", "data", "reader", "expected"),
    [
        (
            read_docx,
            WORD,
            "docx",
            [
                ("Bản đồ quận", (400, 400), "Đoạn đầu.", (400, 300)),
                ("", (400, 400), "Đoạn sau.", (640, 200)),
                ("", (400, 400), "Ô chữ", (90, 90)),
            ],
        ),
        (read_epub, BOOK, "epub", [("Bìa", (0, 0), "Chương một.", (640, 200))]),
        (
            read_open_document,
            OPEN,
            "odf",
            [("Sơ đồ", (378, 207), "Đoạn có ảnh.", (400, 300))],
        ),
        (
            read_presentation,
            SLIDES,
            "pptx",
            [
                ("Bản đồ", (400, 400), "Lời dưới bản đồ.", (400, 300)),
                ("", (400, 400), "Hết.", (640, 200)),
            ],
        ),
        (read_mail, mail(), "mail", [("a.png", (0, 0), "", (400, 300))]),
        (read_msg, outlook(), "msg", [("", (0, 0), "", (400, 300))]),
        (
            read_rtf,
            rich_text(),
            "rtf",
            [("", (400, 300), "One.", (400, 300)), ("", (0, 0), "Two.", (640, 200))],
        ),
    ],
    ids=["docx", "epub", "odf", "pptx", "mail", "msg", "rtf"],
)
def test_originals_hold_pictures_at_their_places(
    read: Callable[[bytes, str], Article],
    data: bytes,
    reader: str,
    expected: list[tuple[str, tuple[int, int], str, tuple[int, int]]],
) -> None:
    pictures = read(data, "a").pictures
    places = [passage_digest(text)[:PLACE_LENGTH] if text else "" for _, _, text, _ in expected]
    assert [
        (picture.alt, (picture.width, picture.height), picture.follows) for picture in pictures
    ] == [(alt, sides, place) for (alt, sides, _, _), place in zip(expected, places, strict=True)]
    drawn = [draw_large_embedded(data, picture.embedded, reader) for picture in pictures]
    assert list(map(sides_of, drawn)) == [sides for _, _, _, sides in expected]
    with pytest.raises(UnreadableError, match="no such picture"):
        draw_small_embedded(data, "0" * 16, reader)


def test_pictures_leave_the_text_of_a_document_as_it_is() -> None:
    texts = [paragraph(run("Một")), paragraph(run("Hai"))]
    row = table((paragraph(run("Ô")) + paragraph(drawing("image")), paragraph(run("kề"))))
    plain = read_docx(docx("".join(texts) + table((texts[0], texts[1]))), "a")
    shown = read_docx(docx(paragraph(drawing("x")).join(texts) + row), "a")
    assert shown.sections[0].paragraphs == ("Một", "Hai", "Ô kề")
    assert plain.sections[0].paragraphs == ("Một", "Hai", "Một Hai")
