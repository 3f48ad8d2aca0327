"""The registry of readers: one table from media type to the reader of that format.

To add a reader: write a module of its own with a pure function
`read_…(data: bytes, source: str, encoding: str) -> Article`, its `READER` (a name) and its
`READER_VERSION`, and add one `DocumentReader` here. The function gets the whole document, names
`Origin(source, READER, READER_VERSION)` in the article, and raises `IntakeError` (cannot be read)
or `NotAnArticleError` (holds none); it opens no file and keeps nothing between two documents.
Raise the version, here and there, whenever the same bytes give another article.

Modules are imported when the first document of their format is met: nothing that a reader needs
may be imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from archive.records import Article
from indexer.intake import media_types

ReadFunction = Callable[[bytes, str, str], Article]
"""A function of a document's bytes, their source, and the encoding that an operator said."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """The reader of one format.

    Attributes:
        name: Its name in the origin of every article that it read.
        version: Raised whenever the same bytes give another article.
        module: The module of its function, imported when the first document is met.
        function: The name of its function in the module.
        types: The media types that it reads.
        isolated: Whether documents are read in a child process that can be killed.
        needs: Python modules beyond those that are always there.
        libraries: Distributions of which another version may read another article.
        page_counter: The name of the function that counts the pages of a document, where one may
            be read page by page: then the reading function takes a first page and the one after
            the last as well.
    """

    name: str
    version: int
    module: str
    function: str
    types: tuple[str, ...]
    isolated: bool = False
    needs: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    page_counter: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The Python modules that it needs and that are not installed."""
        return tuple(module for module in self.needs if find_spec(module) is None)

    def load(self) -> ReadFunction:
        """Import the module and return the function that reads a document."""
        function: ReadFunction = getattr(import_module(self.module), self.function)
        return function


UNSUPPORTED = "unsupported"
"""The reader that only keeps documents."""

_OFFICE = "indexer.intake.office"
_HTML_LIBRARIES = ("beautifulsoup4", "lxml")

_TABLE = (
    DocumentReader("text", 5, "indexer.intake.press_text", "read_text", (media_types.TEXT,)),
    DocumentReader(
        name="html",
        version=13,
        module="indexer.intake.html.page",
        function="read_page",
        types=(media_types.HTML,),
        libraries=_HTML_LIBRARIES,
    ),
    DocumentReader(
        name="jsonlines",
        version=8,
        module="indexer.intake.json_lines",
        function="read_kept_record",
        types=(media_types.JSON,),
        libraries=_HTML_LIBRARIES,
    ),
    DocumentReader(
        name="mail",
        version=7,
        module="indexer.intake.containers.mail_message",
        function="read_mail",
        types=(media_types.MAIL,),
        libraries=_HTML_LIBRARIES,
    ),
    DocumentReader(
        name="pdf",
        version=3,
        module="indexer.intake.pdf.pdf_reader",
        function="read_pdf",
        types=(media_types.PDF,),
        isolated=True,
        libraries=("pypdfium2",),
        page_counter="count_pages",
    ),
    DocumentReader(
        name="docx",
        version=3,
        module=f"{_OFFICE}.word_document",
        function="read_docx",
        types=(media_types.DOCX,),
        isolated=True,
        libraries=("lxml",),
    ),
    DocumentReader(
        name="odf",
        version=3,
        module=f"{_OFFICE}.open_document",
        function="read_open_document",
        types=(media_types.ODT, media_types.ODS, media_types.ODP),
        isolated=True,
        libraries=("lxml",),
    ),
    DocumentReader(
        "rtf", 2, f"{_OFFICE}.rtf_reader", "read_rtf", (media_types.RTF,), isolated=True
    ),
    DocumentReader(
        "doc", 2, f"{_OFFICE}.doc_reader", "read_doc", (media_types.WORD,), isolated=True
    ),
    DocumentReader(
        name="msg",
        version=4,
        module=f"{_OFFICE}.outlook_message",
        function="read_msg",
        types=(media_types.OUTLOOK_MESSAGE,),
        isolated=True,
        libraries=_HTML_LIBRARIES,
    ),
    DocumentReader(
        name=UNSUPPORTED,
        version=1,
        module="indexer.intake.unsupported",
        function="keep_unread",
        isolated=True,
        types=(
            media_types.EXCEL,
            media_types.POWERPOINT,
            media_types.ENCRYPTED_OFFICE,
            "application/x-word-old",
            "application/vnd.wordperfect",
            "application/vnd.ms-publisher",
            "application/vnd.rar",
            "application/x-7z-compressed",
            "application/x-mobipocket-ebook",
            "application/oxps",
            "image/vnd.djvu",
        ),
    ),
    DocumentReader(
        name="picture",
        version=1,
        module="indexer.intake.pictures.picture_reader",
        function="read_picture",
        types=(media_types.TIFF, media_types.JPEG, media_types.PNG),
        isolated=True,
        page_counter="count_pictures",
    ),
    DocumentReader(
        name="epub",
        version=3,
        module=f"{_OFFICE}.epub",
        function="read_epub",
        types=(media_types.EPUB,),
        isolated=True,
        libraries=_HTML_LIBRARIES,
    ),
    DocumentReader(
        name="xlsx",
        version=3,
        module=f"{_OFFICE}.workbook",
        function="read_workbook",
        types=(media_types.XLSX,),
        isolated=True,
        libraries=("lxml",),
    ),
    DocumentReader(
        name="pptx",
        version=3,
        module=f"{_OFFICE}.presentation",
        function="read_presentation",
        types=(media_types.PPTX,),
        isolated=True,
        libraries=("lxml",),
    ),
)

READERS: dict[str, DocumentReader] = {reader.name: reader for reader in _TABLE}
"""The readers by their names, for originals that are read again."""

READERS_BY_TYPE: dict[str, DocumentReader] = {
    media_type: reader for reader in _TABLE for media_type in reader.types
}
"""The readers by the media types that they read."""


@cache
def libraries_of(name: str) -> str:
    """Return the names and versions of what a reader reads with, in one line; empty for none."""
    from importlib.metadata import version

    libraries = READERS[name].libraries if name in READERS else ()
    return ", ".join(f"{library} {version(library)}" for library in libraries)


def unread_reason(media_type: str) -> str:
    """Return the reason why documents of a media type are not read, in one line."""
    name = media_types.NAMES.get(media_type, "documents of this type")
    reader = READERS_BY_TYPE.get(media_type)
    if reader is None:
        return f"{media_type}: {name} are not read yet"
    return f"{media_type}: {name} need {', '.join(reader.missing)}, which is not installed"
