"""Pictures of pages: where papers name them, the caption that is theirs, and what is none."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from archive.captured_picture import CapturedPicture
from indexer.intake.html.page import read_html
from indexer.intake.markup.pictures import MOST_PICTURES, embedded_key

TEXT = "Một đoạn văn đủ dài về học phí của các trường đại học trong năm học mới. " * 3


def pictures_of(*parts: str) -> tuple[CapturedPicture, ...]:
    body = "".join(f"{part}<p>{TEXT}</p>" for part in parts)
    page = f"<html><body><article><h1>Học phí tăng</h1><p>{TEXT}</p>{body}</article></body></html>"
    return read_html(page, "bai.html").pictures


def figure(name: str, caption: str) -> str:
    return f'<figure><img src="{name}"><figcaption>{caption}</figcaption></figure>'


def embedded(side: int = 400) -> str:
    buffer = io.BytesIO()
    Image.effect_noise((side, side), 60).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("markup", "addresses"),
    [
        ('<img src="/a.jpg">', ("/a.jpg",)),
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="a.jpg">', ("a.jpg",)),
        ('<img src="wait.gif" data-original="a.jpg">', ("a.jpg", "wait.gif")),
        ('<img data-lazy-src="//cdn.vn/a.jpg">', ("//cdn.vn/a.jpg",)),
        ('<img srcset="s.jpg 300w, l.jpg 900w" src="m.jpg">', ("m.jpg", "l.jpg", "s.jpg")),
        ('<a href="/x"><img src="a.jpg"></a>', ("a.jpg",)),
        ('<picture><source srcset="a.webp"><img src="a.jpg"></picture>', ("a.jpg",)),
        ('<amp-img src="a.jpg" width="800" height="600"></amp-img>', ("a.jpg",)),
    ],
)
def test_papers_name_their_pictures_in_many_ways(markup: str, addresses: tuple[str, ...]) -> None:
    (picture,) = pictures_of(f"<p>{markup}</p>")
    assert picture.addresses == addresses


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img src="icon.png" width="16" height="16">',
        '<img src="count.gif" width="1" height="1">',
        '<img alt="no address">',
        f'<img src="/{"a" * 3000}.jpg">',
    ],
)
def test_icons_and_counters_are_no_pictures(markup: str) -> None:
    assert pictures_of(f"<p>{markup}</p>") == ()


def test_captions_belong_to_the_picture_before_them() -> None:
    pictures = pictures_of(
        figure("a.jpg", "Cổng trường ngày nhập học."),
        '<p><img src="b.jpg"></p>',
        figure("c.jpg", "Lễ trao học bổng."),
        '<table><tr><td><img src="d.jpg"></td></tr><tr><td>Sinh viên nhận áo.</td></tr></table>',
    )
    assert [(each.addresses[0], each.caption) for each in pictures] == [
        ("a.jpg", "Cổng trường ngày nhập học."),
        ("b.jpg", ""),
        ("c.jpg", "Lễ trao học bổng."),
        ("d.jpg", "Sinh viên nhận áo."),
    ]


def test_a_picture_shown_twice_is_one_and_there_are_only_so_many() -> None:
    twice = '<p><img src="a.jpg"></p><p><img data-src="a.jpg"></p>'
    assert len(pictures_of(twice)) == 1
    many = "".join(f'<p><img src="{number}.jpg"></p>' for number in range(MOST_PICTURES + 20))
    assert len(pictures_of(many)) == MOST_PICTURES


@pytest.mark.parametrize(
    ("sides", "read"),
    [
        ('width="800" height="600"', (800, 600)),
        ('width="800px" height="600px"', (800, 600)),
        ('width="100%" height="600"', (0, 0)),
        ('width="800"', (0, 0)),
        ('width="²" height="600"', (0, 0)),
        ('width="999999999" height="600"', (0, 0)),
    ],
)
def test_sides_are_read_where_both_are_said(sides: str, read: tuple[int, int]) -> None:
    (picture,) = pictures_of(f'<p><img src="a.jpg" alt="  Ảnh  {sides[0]}\n " {sides}></p>')
    assert (picture.width, picture.height) == read
    assert picture.alt == f"Ảnh {sides[0]}"


def test_a_picture_in_the_page_has_the_key_of_its_bytes() -> None:
    address = embedded()
    (picture,) = pictures_of(f'<p><img src="{address}" alt="Biểu đồ"></p>')
    assert picture.addresses == ()
    assert picture.embedded == embedded_key(address)
    assert len(picture.embedded) == 16
    folded = address[:900] + "\n  " + address[900:]
    assert embedded_key(folded) == picture.embedded
