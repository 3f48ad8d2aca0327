"""Small made-up pages: a heading, numbered paragraphs, and what stands around them."""

from __future__ import annotations

import re

from archive.records import Article

HEADING = "Cầu mới ở xã Hòa Bình"


def paragraph(number: int) -> str:
    """Return the text of a numbered paragraph of some 150 characters."""
    return (
        f"Đoạn số {number}: xã Hòa Bình vừa sửa xong cây cầu cũ dài ba mươi mét, bà con hai bên"
        " sông từ nay đi chợ và đưa trẻ đến trường không còn phải chờ đò mỗi sáng."
    )


def paragraphs(first: int, last: int) -> str:
    """Return numbered paragraphs as HTML."""
    return "".join(f"<p>{paragraph(number)}</p>" for number in range(first, last + 1))


def shaped_page(body: str, head: str = "", heading: str = f"<h1>{HEADING}</h1>") -> str:
    """Return a page with a heading before its body."""
    return f"<!doctype html><html lang=vi><head>{head}</head><body>{heading}{body}</body></html>"


def lines_of(article: Article) -> list[str]:
    """Return the lead, headings and paragraphs of an article in order."""
    lines = [article.lead] if article.lead else []
    for section in article.sections:
        lines += [*([section.heading] if section.heading else []), *section.paragraphs]
    return lines


def numbers_of(article: Article) -> list[int]:
    """Return the numbers of the numbered paragraphs of an article in order."""
    starts = (re.match(r"Đoạn số (\d+):", line) for line in lines_of(article))
    return [int(start[1]) for start in starts if start]
