"""Pages in legacy fonts: by `<font face>`, style sheets or their bytes alone."""

from __future__ import annotations

import contextlib

import pytest

from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article
from indexer.intake.html.page import read_page
from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

TITLE = "Cầu mới ở xã Hòa Bình đã mở"
PARAGRAPHS = [
    "Sáng nay cây cầu mới ở xã được mở cho người đi bộ qua lại sau ba tháng thi công liên tục.",
    "Người dân hai bên sông đi lại thuận tiện hơn trước rất nhiều, nhất là học sinh ở chợ.",
    "Đơn vị thi công cho biết sẽ theo dõi mặt cầu trong một năm và sửa ngay khi có hư hỏng.",
]


def page(title: str, paragraphs: list[str], head: str = "", font: str = "") -> str:
    lines = [
        f"<p><font face='{font}'>{text}</font></p>" if font else f"<p>{text}</p>"
        for text in paragraphs
    ]
    head = f"<meta property='og:type' content='article'>{head}<title>{title}</title>"
    body = f"<article class='article-content'><h1>{title}</h1>{''.join(lines)}</article>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


def legacy(text: str, charset: Charset = Charset.TCVN3) -> str:
    return encode_legacy(text, charset).decode("cp1252")


def paragraphs_of(article: Article) -> list[str]:
    return [text for section in article.sections for text in section.paragraphs]


@pytest.mark.parametrize("charset", Charset)
@pytest.mark.parametrize(
    "head",
    [
        "",
        "<meta charset=utf-8>",
        "<meta charset=iso-8859-1>",
        "<meta charset=x-user-defined>",
        "<meta charset=no-such>",
    ],
)
def test_a_page_of_legacy_bytes_is_read_whatever_it_declares(charset: Charset, head: str) -> None:
    if charset in (Charset.VISCII, Charset.VPS) and "8859" in head or "user" in head:
        return
    data = encode_legacy(page(TITLE, PARAGRAPHS, head), charset)
    article = read_page(data, "a.html")
    assert (article.title, article.encoding) == (TITLE, charset.value)
    assert paragraphs_of(article) == PARAGRAPHS


def test_a_font_of_an_element_is_decoded_and_unicode_beside_it_stays() -> None:
    text = page("Tin của báo: giá bán", [legacy(text) for text in PARAGRAPHS], font=".VnTime")
    article = read_page(text.encode(), "a.html")
    assert paragraphs_of(article) == PARAGRAPHS
    assert (article.title, article.encoding) == ("Tin của báo: giá bán", "TCVN3")


@pytest.mark.parametrize(
    "rule",
    [
        "body{font-family:'.VnTime'}",
        'p, li { color:red; font-family: ".VnTime", serif }',
        "h1,p{font:12pt .VnTime}",
    ],
)
def test_a_font_of_a_style_sheet_is_decoded(rule: str) -> None:
    text = page(legacy(TITLE), [legacy(text) for text in PARAGRAPHS], f"<style>{rule}</style>")
    article = read_page(text.encode(), "a.html")
    assert (article.title, paragraphs_of(article)) == (TITLE, PARAGRAPHS)


def test_entities_of_western_letters_are_bytes() -> None:
    shown = "".join(
        f"&#{ord(letter)};" if letter in "µ«" else letter
        for letter in page(legacy(TITLE), [legacy(text) for text in PARAGRAPHS])
    )
    for data in (shown.encode("cp1252"), shown.encode()):
        assert paragraphs_of(read_page(data, "a.html")) == PARAGRAPHS


@pytest.mark.parametrize(
    "head", ["<style>td,p{font-family:'.VnTime'}</style>", "<style>.VnTime{}</style>", ""]
)
def test_a_page_in_unicode_stays_whatever_font_it_names(head: str) -> None:
    article = read_page(page(TITLE, PARAGRAPHS, head).encode(), "a.html")
    assert (article.title, paragraphs_of(article), article.encoding) == (TITLE, PARAGRAPHS, "")


@pytest.mark.parametrize(
    "piece",
    ["<style>", "<style>p{font:.vnx}", "font:", "face=.vn", "{", "p,", "<font face=.VnTime>\xb5"],
)
def test_hostile_style_sheets_are_bounded(piece: str) -> None:
    text = page(TITLE, PARAGRAPHS) + "<p style='font:.vntime'>" + piece * 20_000
    with contextlib.suppress(IntakeError, NotAnArticleError):
        read_page(text.encode(), "a.html")
