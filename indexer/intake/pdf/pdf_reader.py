"""The reader of PDF documents: every page is a section whose locator is the page's label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from archive.document_account import DocumentAccount, ReadingState, WaitingPage
from archive.errors import UnreadableError
from archive.records import LONGEST_HEADLINE, Article, Origin, Section
from indexer.intake.encodings import with_charsets
from indexer.intake.legacy.charsets import Charset
from indexer.intake.pdf.font_lines import FontReader, decode_lines, may_be_legacy
from indexer.intake.pdf.paragraphs import build_paragraphs, continues, join_lines
from indexer.intake.pdf.running_heads import PageEdges, remove_running_heads
from indexer.intake.pdf.text_lines import LineReader, TextLine
from indexer.intake.text_quality import judge_text
from indexer.vietnamese.normalization import canonical, fold

READER = "pdf"
READER_VERSION = 3

MOST_PAGES = 10_000
"""Pages of one document that are read; the account names the others."""

_MOST_NAMED = 8
_FEW_LINES = 5
_MOST_OBJECTS = 100
_HEADING_SIZE = 1.15
_LONGEST_LABEL = 20
_PROGRAM_TITLE = re.compile(
    r"microsoft|untitled|\.(?:docx?|pdf|indd|qxd|rtf|odt|xlsx?|pptx?|txt)$|^\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page.

    Attributes:
        number: From 0.
        label: The label that the document gives it; empty where it gives none.
        height: Its height in points.
        lines: Its lines.
        may_be_scan: Whether it draws a picture, or anything where it has no lines.
        runs: The runs of every line where a legacy font may have drawn some; else empty.
    """

    number: int
    label: str
    height: float
    lines: list[TextLine]
    may_be_scan: bool
    runs: list[list[tuple[str, str]]]


def read_pdf(
    data: bytes, source: str, _encoding: str = "", first: int = 0, end: int | None = None
) -> Article:
    """Read the article in a PDF document, or in its pages from the first up to the end.

    Raises:
        UnreadableError: it is encrypted or damaged, or no page has words.
    """
    with _opened(data) as document:
        count = len(document)
        last = min(count if end is None else min(end, count), first + MOST_PAGES)
        fonts = FontReader()
        pages = [_read_page(document, number, fonts) for number in range(first, last)]
        title = document.get_metadata_value("Title")
    runs = {number: page.runs for number, page in enumerate(pages) if page.runs}
    lines, charsets = [page.lines for page in pages], tuple[Charset, ...]()
    if runs:
        lines, charsets = decode_lines(lines, runs)
    edges = remove_running_heads(lines, [page.height for page in pages])
    if not any(edge.lines for edge in edges) and not any(page.may_be_scan for page in pages):
        # Pages of one line each look like running heads.
        edges = [PageEdges(tuple(own)) for own in lines]
    sections, waiting = _sections(pages, edges)
    unread = count - last if end is None else 0
    if not sections and end is None:
        raise UnreadableError(
            f"has no words on its {count} pages; they need OCR", ReadingState.NEEDS_OCR
        )
    article = Article(
        title=_title(title, edges, sections),
        origin=Origin(source, READER, READER_VERSION),
        sections=sections,
        account=_account(waiting, unread),
    )
    return with_charsets(article, charsets)


def count_pages(data: bytes, _source: str, _encoding: str) -> int:
    """Return the number of pages of a PDF document.

    Raises:
        UnreadableError: it is encrypted or damaged.
    """
    with _opened(data) as document:
        return min(len(document), MOST_PAGES)


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableError("needs a password", ReadingState.ENCRYPTED) from error
        raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error
    try:
        if not len(document):
            raise UnreadableError("has no pages", ReadingState.DAMAGED)
        yield document
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int, fonts: FontReader) -> PdfPage:
    """Read the lines of a page; a damaged one has none."""
    label = " ".join(canonical(document.get_page_label(number)).split())[:_LONGEST_LABEL]
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return PdfPage(number, label, 0.0, [], True, [])
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        lines = LineReader().lines(text_page) if text_page else []
        height = float(pdfium.FPDF_GetPageHeightF(page))
        runs = [fonts.runs(text_page, line) for line in lines] if may_be_legacy(lines) else []
        return PdfPage(number, label, height, lines, _may_be_scan(page, lines), runs)
    finally:
        if text_page:
            pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)


def _may_be_scan(page: pdfium.FPDF_PAGE, lines: list[TextLine]) -> bool:
    """Tell whether a page with few lines or none draws what may be words."""
    if len(lines) > _FEW_LINES:
        return False
    count = pdfium.FPDFPage_CountObjects(page)
    if not lines:
        return bool(count > 0)
    objects = (pdfium.FPDFPage_GetObject(page, n) for n in range(min(count, _MOST_OBJECTS)))
    return any(pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_IMAGE for drawn in objects)


def _sections(
    pages: list[PdfPage], edges: list[PageEdges]
) -> tuple[tuple[Section, ...], tuple[WaitingPage, ...]]:
    """Return a section for each page with words, and the pages that wait for OCR."""
    sections: list[Section] = []
    waiting: list[WaitingPage] = []
    for page, edge in zip(pages, edges, strict=True):
        paragraphs = [clean for line in build_paragraphs(edge.lines) if (clean := _clean(line))]
        text = "\n".join(paragraphs)
        locator = f"trang {page.label or edge.shown_number or page.number + 1}"
        if not judge_text(text).is_readable:
            # A page of heads and feet alone, or a blank one, lacks nothing.
            if text or page.may_be_scan:
                waiting.append(WaitingPage(page.number + 1, locator, len(sections)))
            continue
        append_page(sections, paragraphs, locator, page.number + 1)
    return tuple(sections), tuple(waiting)


def append_page(sections: list[Section], paragraphs: list[str], locator: str, number: int) -> None:
    """Append the section of a page, counted from 1; a paragraph that runs over stays."""
    if sections and continues(sections[-1].paragraphs[-1], paragraphs[0]):
        *before, last = sections[-1].paragraphs
        joined = join_lines(last, paragraphs[0])
        sections[-1] = replace(sections[-1], paragraphs=(*before, joined))
        paragraphs = paragraphs[1:]
    if paragraphs:
        sections.append(Section(tuple(paragraphs), locator=locator, page=number))


def _clean(text: str) -> str:
    return " ".join(canonical(text).split())


def _account(waiting: tuple[WaitingPage, ...], unread: int) -> DocumentAccount | None:
    """Return the account of pages without words, and of those beyond the limit."""
    if unread:
        reason = f"{unread} pages are beyond the {MOST_PAGES} that are read"
        return DocumentAccount(state=ReadingState.PARTIAL, reason=reason, waiting=waiting)
    if waiting:
        named = ", ".join(str(page.number) for page in waiting[:_MOST_NAMED])
        more = " …" if len(waiting) > _MOST_NAMED else ""
        reason = f"{len(waiting)} pages have no words ({named}{more}); they need OCR"
        return DocumentAccount(state=ReadingState.NEEDS_OCR, reason=reason, waiting=waiting)
    return None


def _title(stated: str, edges: list[PageEdges], sections: tuple[Section, ...]) -> str:
    """Return the title that a document states and shows, else the heading that its lines show."""
    first = " ".join(sections[0].paragraphs) if sections else ""
    title = _clean(stated)
    is_named = title and not _PROGRAM_TITLE.search(title)
    if is_named and " " in title and fold(title).lower() in fold(first).lower():
        return title
    lines = next((edge.lines for edge in edges if edge.lines), ())
    sizes = sorted(line.size for edge in edges[:3] for line in edge.lines)
    if not sizes or len(sizes) < 4:
        return ""
    usual, largest = sizes[len(sizes) // 2], max(line.size for line in lines)
    if largest < _HEADING_SIZE * usual:
        return ""
    heading = _clean(" ".join(_largest_run(lines, largest)))
    return heading if 1 < len(heading.split()) <= LONGEST_HEADLINE else ""


def _largest_run(lines: tuple[TextLine, ...], size: float) -> list[str]:
    """Return the first lines in a row that are in the largest letters."""
    texts: list[str] = []
    for line in lines:
        if line.size >= size * 0.97:
            texts.append(line.text)
        elif texts:
            break
    return texts
