"""The reader of EPUB books: their chapters in the order of reading, their title and authors."""

from __future__ import annotations

from lxml import etree, html

from archive.document_account import ReadingState, account_of_rest
from archive.errors import IntakeError, UnreadableError
from archive.records import Article, Origin
from indexer.intake.encodings import decode_text
from indexer.intake.office.package_files import PackageFiles, open_package, resolved
from indexer.intake.office.text_blocks import (
    LINE_BREAK,
    DocumentHead,
    RunBlock,
    article_of,
    office_picture,
)

READER = "epub"
READER_VERSION = 3

_MOST_CHAPTERS = 2000
_DEEPEST = 200
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = _HEADINGS | frozenset(
    "p li div section article blockquote tr dt dd pre figcaption caption aside header footer "
    "ul ol dl table tbody thead main figure center address body hr".split()
)
_SILENT = frozenset("script style head nav template title rt rp svg math".split())
_PAGE_TYPES = ("application/xhtml+xml", "text/html", "application/xml", "text/x-oeb1-document")


def read_epub(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an EPUB book.

    Raises:
        UnreadableError: it is damaged or encrypted.
        IntakeError: it holds no words.
    """
    with open_package(data) as files:
        place = _package_place(files)
        package = files.xml(place) if place else None
        if package is None:
            raise UnreadableError("is damaged (it has no list of chapters)")
        chapters = _chapters(package, place)
        _refuse_encrypted(files, set(chapters))
        blocks: list[RunBlock] = []
        part = 0
        for chapter in chapters[:_MOST_CHAPTERS]:
            reader = _ChapterReader(files, chapter)
            reader.read(files.read(chapter))
            own = [block for block in reader.blocks if block.runs or block.pictures]
            has_words = any(block.runs for block in own)
            part += has_words
            for block in own:
                block.locator = f"phần {part}" if has_words else ""
            blocks += own
        head = _head(package)
    account = account_of_rest(_MOST_CHAPTERS, len(chapters))
    return article_of(blocks, head, Origin(source, READER, READER_VERSION), account)


def _package_place(files: PackageFiles) -> str:
    """Return the name of the part that lists the book's parts."""
    container = files.xml("META-INF/container.xml")
    if container is not None:
        for entry in container.iter("{*}rootfile"):
            return entry.get("full-path") or ""
    return next((name for name in sorted(files.names) if name.endswith(".opf")), "")


def _chapters(package: etree._Element, place: str) -> list[str]:
    """Return the names of the chapters in the order of reading, without tables of contents.

    A book that states no order is read in that of its list of files.
    """
    items = {
        item.get("id") or "": item
        for item in package.iterfind("{*}manifest/{*}item")
        if (item.get("media-type") or "") in _PAGE_TYPES
        and "nav" not in (item.get("properties") or "").split()
    }
    references = [
        item.get("idref") or ""
        for item in package.iterfind("{*}spine/{*}itemref")
        if item.get("linear") != "no"
    ]
    listed = [name for name in references if name in items] or list(items)
    names = [resolved(place, items[name].get("href") or "") for name in listed]
    return list(dict.fromkeys(names))


def _refuse_encrypted(files: PackageFiles, chapters: set[str]) -> None:
    """Raise an error where chapters are encrypted; fonts often are, and are not needed."""
    encryption = files.xml("META-INF/encryption.xml")
    if encryption is None:
        return
    for reference in encryption.iter("{*}CipherReference"):
        if resolved("", reference.get("URI") or "") in chapters:
            raise UnreadableError("is locked by its seller (DRM)", ReadingState.ENCRYPTED)


def _head(package: etree._Element) -> DocumentHead:
    """Return what a book states about itself."""

    def values(name: str) -> list[str]:
        stated = package.iterfind(f"{{*}}metadata/{{*}}{name}")
        return [" ".join((element.text or "").split()) for element in stated if element.text]

    return DocumentHead(
        title=next(iter(values("title")), ""),
        is_certain=True,
        authors=tuple(dict.fromkeys(filter(None, values("creator")))),
        language=next(iter(values("language")), ""),
    )


class _ChapterReader:
    """A reader of the blocks of a chapter."""

    def __init__(self, files: PackageFiles, chapter: str) -> None:
        self.blocks: list[RunBlock] = [RunBlock()]
        self._files, self._chapter = files, chapter

    def read(self, content: bytes) -> None:
        """Read a chapter; one that is no markup holds nothing."""
        if not content.strip():
            return
        try:
            text = decode_text(content, trust_declaration=True).text
            root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
        except (IntakeError, etree.LxmlError, ValueError):
            return
        self._read(root, 0)

    def _read(self, element: etree._Element, depth: int) -> None:
        """Read the text in an element; blocks begin and end lines."""
        if depth > _DEEPEST:
            raise UnreadableError("is nested too deeply")
        name = element.tag if isinstance(element.tag, str) else ""
        if name and name not in _SILENT:
            if name in _BLOCKS:
                self.blocks.append(RunBlock(is_heading=name in _HEADINGS))
            if name == "img":
                source = resolved(self._chapter, element.get("src") or "")
                picture = office_picture(
                    self._files.picture_key(source), element.get("alt") or "", (0, 0)
                )
                self.blocks[-1].pictures += picture
            self._add(element.text, name)
            for child in element:
                self._read(child, depth + 1)
            if name in _BLOCKS:
                self.blocks.append(RunBlock())
            elif name == "br":
                self.blocks[-1].add("", LINE_BREAK)
            elif name in ("td", "th"):
                self.blocks[-1].add("", " ")
        self._add(element.tail, "")

    def _add(self, text: str | None, name: str) -> None:
        if text and (text.strip() or self.blocks[-1].runs):
            # Line ends in the markup are blanks.
            flat = text if name == "pre" else " ".join(text.split("\n"))
            self.blocks[-1].add("", flat)
