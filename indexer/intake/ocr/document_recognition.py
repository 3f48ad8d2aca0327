"""The recognition of one document: its reader's article, with the words of its scanned pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from archive.document_account import (
    DocumentAccount,
    ReadingState,
    RecognizedPage,
    WaitingPage,
)
from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article, Origin, Section
from indexer.intake import media_types
from indexer.intake.isolation.frames import ReadRequest
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.ocr.page_spool import PageSpool, SpooledPage
from indexer.intake.ocr.recognized_lines import RecognizedWords, read_table
from indexer.intake.ocr.tesseract import OcrInterruptedError, OcrLimits, Tesseract
from indexer.intake.package_types import document_type
from indexer.intake.pdf.page_drawing import RESOLUTION
from indexer.intake.pdf.paragraphs import build_paragraphs
from indexer.intake.pdf.pdf_reader import MOST_PAGES, append_page
from indexer.intake.pdf.running_heads import PageEdges, remove_running_heads
from indexer.intake.registry import READERS_BY_TYPE
from indexer.intake.reparse import OCR_READER
from indexer.intake.text_quality import judge_text
from indexer.vietnamese.normalization import canonical

READER_VERSION = 2

_DRAWING = "indexer.intake.pdf.page_drawing"
_TURNING = "indexer.intake.pictures.turned_pages"
_TURNS = ("turn_0", "turn_2", "turn_1", "turn_3")
"""As the head of the picture says, then upside down, then on its sides, as they are common."""

_UPRIGHT = 70
"""Per cent of certainty from which on a page was read upright; one upside down has some 40."""

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """A document with pages whose words only OCR can read.

    Attributes:
        data: Its bytes.
        media_type: Its media type.
        article: What its reader read, with the account of the pages that wait.
    """

    data: bytes
    media_type: str
    article: Article

    @property
    def waiting(self) -> tuple[WaitingPage, ...]:
        """The pages that wait for OCR."""
        return self.article.account.waiting if self.article.account else ()


@dataclass(frozen=True, slots=True)
class PageScan:
    """The picture of a page.

    Attributes:
        data: A file in a format that was proved by its head.
        page: The number of the picture in its file, from 0.
        resolution: Dots per inch; 0 where only the picture may say it.
    """

    data: bytes
    page: int = 0
    resolution: int = 0


def open_scanned(
    data: bytes, source: str, encoding: str, children: ReaderChildren
) -> ScannedDocument:
    """Read a document as far as its reader can, with the account of its pages without words.

    Raises:
        IntakeError: it cannot be read, or has no pages.
    """
    media_type = document_type(data, children)
    reader = READERS_BY_TYPE.get(media_type)
    if reader is None or not reader.page_counter:
        raise NotAnArticleError(f"{media_type} has no pages that OCR could read")
    request = ReadRequest(reader.module, reader.function, source, encoding, (0, MOST_PAGES))
    return ScannedDocument(data, media_type, children.read_article(request, data))


def recognize_page(
    document: ScannedDocument,
    number: int,
    children: ReaderChildren,
    program: Tesseract,
    limits: OcrLimits | None = None,
) -> RecognizedWords:
    """Recognise the words of one page, however it was laid into the scanner.

    Where its words are hardly words, or uncertain, it is turned as the head of its picture says,
    and by quarters; the reading that is the most certain counts.

    Args:
        document: The document.
        number: The page, from 1.
        children: They draw the page.
        program: Recognises its words.
        limits: The limits of the program.

    Raises:
        OcrInterruptedError: the program was ended from outside.
        IntakeError: the page cannot be drawn or recognised.
    """
    scan = _draw(document, number, children)
    words = _recognize(scan, program, limits)
    if not words.lines or _is_upright(words):
        # A page without a line is blank, and none that lies on its side.
        return words
    readings = [words]
    for turn in _TURNS:
        try:
            turned = _turn(scan, turn, children)
            readings += [_recognize(turned, program, limits)] if turned.data else []
        except OcrInterruptedError:
            raise
        except IntakeError:
            # The page was read as it lies; what cannot be turned is no reason to lose that.
            continue
        if _is_upright(readings[-1]):
            break
    return max(readings, key=_certainty)


def _draw(document: ScannedDocument, number: int, children: ReaderChildren) -> PageScan:
    if document.media_type != media_types.PDF:
        return PageScan(document.data, number - 1)
    pages = (number - 1, number)
    request = ReadRequest(_DRAWING, "draw_page", document.article.origin.source, pages=pages)
    return PageScan(children.read_bytes(request, document.data), 0, RESOLUTION)


def _turn(scan: PageScan, turn: str, children: ReaderChildren) -> PageScan:
    """Return a page turned; without data where it would be the page as it is."""
    request = ReadRequest(_TURNING, turn, "", pages=(scan.page, scan.page + 1))
    return PageScan(children.read_bytes(request, scan.data), 0, scan.resolution)


def _recognize(scan: PageScan, program: Tesseract, limits: OcrLimits | None) -> RecognizedWords:
    return read_table(program.recognize(scan.data, scan.page, scan.resolution, limits))


def _is_upright(words: RecognizedWords) -> bool:
    """Tell whether words are such as an upright page has; others may be turned or are hard."""
    is_readable, certainty = _certainty(words)
    return is_readable and certainty >= _UPRIGHT


def _certainty(words: RecognizedWords) -> tuple[bool, int]:
    text = "\n".join(line.text for line in words.lines)
    return judge_text(text).is_readable, words.confidence


def spool_pages(
    document: ScannedDocument,
    spool: PageSpool,
    recognize: Callable[[int], RecognizedWords],
    program: Tesseract,
    is_stopped: Callable[[], bool],
) -> dict[int, SpooledPage]:
    """Recognise the pages that wait and are not in the spool, and put each into it.

    Args:
        document: The document.
        spool: Its spool.
        recognize: Recognises the page with a number, from 1.
        program: What recognises.
        is_stopped: Asked before each page.

    Raises:
        OcrInterruptedError: it was stopped; the pages so far are in the spool.
        StoreError: the disk refuses the spool.
    """
    pages = spool.read()
    for page in document.waiting:
        if page.number in pages:
            continue
        if is_stopped():
            raise OcrInterruptedError("was stopped; the pages so far are kept")
        try:
            outcome = SpooledPage(page.number, program.label, recognize(page.number))
        except OcrInterruptedError:
            raise
        except IntakeError as error:
            outcome = SpooledPage(page.number, program.label, failure=str(error))
        spool.append(outcome)
        pages[page.number] = outcome
    return pages


def with_recognized_pages(
    document: ScannedDocument, pages: Mapping[int, SpooledPage], program: Tesseract
) -> Article:
    """Return the article of a document with the words of its scanned pages in their places."""
    article = document.article
    texts = _texts(document.waiting, pages)
    sections: list[Section] = []
    own = list(article.sections)
    for page in document.waiting:
        while own and len(article.sections) - len(own) < page.place:
            sections.append(own.pop(0))
        if paragraphs := texts.get(page.number):
            append_page(sections, paragraphs, page.locator, page.number)
    recognized = tuple(
        RecognizedPage(page.number, page.locator, pages[page.number].words.confidence)
        for page in document.waiting
        if page.number in texts
    )
    return replace(
        article,
        sections=(*sections, *own),
        origin=Origin(article.origin.source, OCR_READER, READER_VERSION, article.origin.parent),
        account=_account(document, pages, recognized, program),
    )


def _texts(
    waiting: tuple[WaitingPage, ...], pages: Mapping[int, SpooledPage]
) -> dict[int, list[str]]:
    """Return the paragraphs of the pages with readable words, by number."""
    words = [pages[page.number].words for page in waiting]
    lines, heights = [page.text_lines for page in words], [page.height for page in words]
    edges = remove_running_heads(lines, heights)
    if not any(edge.lines for edge in edges):
        # Pages of one line each look like running heads.
        edges = [PageEdges(tuple(own)) for own in lines]
    texts: dict[int, list[str]] = {}
    for page, edge in zip(waiting, edges, strict=True):
        paragraphs = [" ".join(canonical(text).split()) for text in build_paragraphs(edge.lines)]
        paragraphs = [text for text in paragraphs if text]
        if judge_text("\n".join(paragraphs)).is_readable:
            texts[page.number] = paragraphs
    return texts


def _account(
    document: ScannedDocument,
    pages: Mapping[int, SpooledPage],
    recognized: tuple[RecognizedPage, ...],
    program: Tesseract,
) -> DocumentAccount:
    """Return the account of the pages that were recognised, and of those that could not be."""
    earlier = document.article.account or DocumentAccount()
    state, reasons = "", _reasons(document, pages, {page.number for page in recognized})
    has_words = bool(recognized or document.article.sections)
    if reasons or not has_words:
        is_damaged = not has_words and all(page.failure for page in pages.values())
        state = ReadingState.DAMAGED if is_damaged else ReadingState.PARTIAL
    if earlier.state == ReadingState.PARTIAL:
        state, reasons = ReadingState.PARTIAL, [earlier.reason, *reasons]
    return replace(
        earlier,
        state=state,
        reason="; ".join(reasons) or ("" if has_words else "OCR reads no words on its pages"),
        waiting=(),
        recognized=recognized,
        program=program.label,
    )


def _reasons(
    document: ScannedDocument, pages: Mapping[int, SpooledPage], recognized: set[int]
) -> list[str]:
    """Return why pages that are not blank have no words, the first few of them."""
    unread = [pages[page.number] for page in document.waiting if page.number not in recognized]
    reasons = [
        f"page {page.number}: {page.failure or 'no words that OCR can read'}"
        for page in unread
        if page.failure or page.words.lines
    ]
    more = len(reasons) - _MOST_NAMED
    return [*reasons[:_MOST_NAMED], f"and {more} more pages"] if more > 0 else reasons
