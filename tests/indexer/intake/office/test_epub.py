"""EPUB books: chapters in the order of reading, what the book says of itself, locks named."""

from __future__ import annotations

import pytest

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.office import epub as module
from indexer.intake.office.epub import read_epub
from tests.indexer.intake.office.made_packages import epub, zipped

FIRST = "<h1>Chương 1</h1><p>Ngày xưa có <b>một</b> con\n trâu.</p><script>x</script>"
SECOND = "<h2>Chương 2</h2><ul><li>Trâu cày</li><li>ruộng</li></ul><p>Hết<br/>sách.</p>tail"


def test_chapters_are_sections_in_the_order_of_reading() -> None:
    article = read_epub(epub(FIRST, SECOND, title="Con trâu"), "a.epub")
    assert [(s.locator, s.heading, s.paragraphs) for s in article.sections] == [
        ("phần 1", "Chương 1", ("Ngày xưa có một con trâu.",)),
        ("phần 2", "Chương 2", ("Trâu cày", "ruộng", "Hết", "sách.", "tail")),
    ]
    assert (article.title, article.authors, article.language) == (
        "Con trâu",
        ("Người Viết",),
        "vi",
    )


@pytest.mark.parametrize(
    ("locked", "is_refused"), [("OPS/c%200.xhtml", True), ("OPS/font.otf", False)]
)
def test_locked_chapters_are_named_and_locked_fonts_do_not_matter(
    locked: str, is_refused: bool
) -> None:
    lock = {"META-INF/encryption.xml": f'<e><CipherReference URI="{locked}"/></e>'}
    data = epub(FIRST, **lock)
    if not is_refused:
        assert read_epub(data, "a.epub").sections
        return
    with pytest.raises(UnreadableError) as raised:
        read_epub(data, "a.epub")
    assert raised.value.state == ReadingState.ENCRYPTED


def test_a_book_without_a_list_of_chapters_is_damaged() -> None:
    with pytest.raises(UnreadableError):
        read_epub(zipped({"mimetype": "application/epub+zip"}), "a.epub")


@pytest.mark.parametrize("order", ["<spine/>", ""])
def test_a_book_without_an_order_is_read_in_that_of_its_list(order: str) -> None:
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in "ba"
    )
    pages = {f"OPS/{name}.xhtml": f"<html><body><p>Trang {name}</p></body></html>" for name in "ab"}
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest>{order}'
    article = read_epub(epub(**{"OPS/book.opf": f"{package}</package>"} | pages), "a.epub")
    assert [section.paragraphs for section in article.sections] == [("Trang b",), ("Trang a",)]


def test_chapters_beyond_the_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_CHAPTERS", 1)
    article = read_epub(epub(FIRST, SECOND), "a.epub")
    assert article.account
    assert article.account.state == ReadingState.PARTIAL
    assert len(article.sections) == 1
