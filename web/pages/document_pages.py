"""The pages of a document as it was printed or scanned, with the sections that begin on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.catalogue.origins import ArticleOrigin
from archive.errors import WithdrawnError
from archive.records import Article, Section
from archive.store import Store
from indexer.intake import media_types
from web.pages.article_parts import ArticlePart

SHOWN_PAGES = 12
"""Pages of a document that its article shows as thumbnails: each is a stop of the Tab key."""


_DRAWN = (media_types.PDF, media_types.TIFF, media_types.JPEG, media_types.PNG)


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page.

    Attributes:
        number: From 1.
        locator: The page as people cite it (`trang 12`).
        section: The number of the section that begins on it; 0 where none does.
    """

    number: int
    locator: str
    section: int = 0


def has_drawn_pages(origin: ArticleOrigin) -> bool:
    """Tell whether pages of an original are drawn: of a PDF document or a scan."""
    return origin.media_type in _DRAWN or origin.origin.reader == "pdf"


def page_number(article: Article, section: Section) -> int:
    """Return the page of the original that a section begins on; 0 where that is unknown."""
    recognized = article.account.recognized if article.account else ()
    same = (page.number for page in recognized if page.locator == section.locator)
    return section.page or next(same, 0)


def document_pages(article: Article) -> list[DocumentPage]:
    """Return the pages of a document that are known, in order; several sections may be on one."""
    pages: dict[int, DocumentPage] = {}
    for number, section in enumerate(article.sections, 1):
        if place := page_number(article, section):
            # A section of a legal document is cited by its article first: `Điều 3, trang 2`.
            locator = section.locator.rpartition(", ")[2]
            page = pages.setdefault(place, DocumentPage(place, locator, number))
            pages[place] = replace(page, locator=page.locator or locator)
    for waiting in article.account.waiting if article.account else ():
        pages.setdefault(waiting.number, DocumentPage(waiting.number, waiting.locator))
    return [_named(pages[number]) for number in sorted(pages)]


def _named(page: DocumentPage) -> DocumentPage:
    return page if page.locator else replace(page, locator=f"trang {page.number}")


def sections_on(article: Article, number: int) -> list[tuple[int, Section]]:
    """Return the sections that begin on a page, with their numbers."""
    numbered = enumerate(article.sections, 1)
    return [each for each in numbered if page_number(article, each[1]) == number]


def shown_pages(store: Store, article: Article, origin: ArticleOrigin) -> list[DocumentPage]:
    """Return the pages of a document that readers may see; none where its original is withheld."""
    if not has_drawn_pages(origin):
        return []
    try:
        store.refuse_original(article.identifier)
    except WithdrawnError:
        return []
    return document_pages(article)


def pages_in_part(pages: list[DocumentPage], part: ArticlePart) -> list[DocumentPage]:
    """Return those of the pages whose text is in a part of an article."""
    if part.count == 1:
        return pages
    numbers = {number for number, _ in part.numbered_sections}
    return [page for page in pages if page.section in numbers]
