"""Sniffing: the media type of a document from its content, the name's ending where that is open.

`sniff_head` looks at the first bytes. ZIP and OLE files are packages of other formats: what a ZIP
file is, `sniff_zip` sees in its list of parts; an OLE file is opened by a reading child alone
(`package_types`).
"""

from __future__ import annotations

import codecs
import re
from typing import IO

from indexer.intake import media_types
from indexer.intake.media_types import HTML, JSON, TEXT, UNKNOWN, XML
from indexer.intake.package_parts import MARKING_PARTS, zip_parts
from indexer.intake.unmarked_utf16 import unmarked_utf16

HEAD_LENGTH = 4096
"""Bytes of a document's beginning that are looked at."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", media_types.RTF),
    (0, b"PK\x03\x04", media_types.ZIP),
    (0, b"PK\x05\x06", media_types.ZIP),
    (0, b"PK\x07\x08", media_types.ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", media_types.OLE),
    (0, b"\x78\x9f\x3e\x22", media_types.TRANSPORT),
    (257, b"ustar", media_types.TAR),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (0, b"WARC/", media_types.WARC),
    (0, b"filedesc://", media_types.ARC),
    (0, b"%!PS", "application/postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (0, b"%FDF-", "application/vnd.fdf"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (60, b"BOOKMOBI", "application/x-mobipocket-ebook"),
    (0, b"ITSF", "application/vnd.ms-htmlhelp"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (0, b"\xdb\xa5", "application/x-word-old"),
    (0, b"\x31\xbe\0\0", "application/x-word-old"),
    (0, b"\xffWPC", "application/vnd.wordperfect"),
    (0, b"\x09\x08\x10\0\0\x06\x05\0", media_types.EXCEL),
    (0, b"\x89PNG\r\n\x1a\n", media_types.PNG),
    (0, b"\xff\xd8\xff", media_types.JPEG),
    (0, b"II*\0", media_types.TIFF),
    (0, b"MM\0*", media_types.TIFF),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"\0\0\0\x0cjP  ", "image/jp2"),
    (0, b"\0\0\1\0", "image/x-icon"),
    (0, b"8BPS\0", "image/vnd.adobe.photoshop"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF", "image/emf"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI LIST", "video/x-msvideo"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd\0", "audio/midi"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"CWS", "application/x-shockwave-flash"),
    (0, b"FWS", "application/x-shockwave-flash"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"\0\1\0\0\0", "font/ttf"),
    (0, b"OTTO\0", "font/otf"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (4, b"Standard Jet DB", "application/x-msaccess"),
    (4, b"Standard ACE DB", "application/x-msaccess"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ\x90\0", "application/x-msdownload"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", "application/java-vm"),
    (0, b"\0asm", "application/wasm"),
    (0, b"\x80\x04\x95", "application/x-python-pickle"),
)
"""Offset, bytes there, and the media type that they prove; the first that fits counts."""

_BITMAP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
_PDF = re.compile(rb"%PDF-\d")
_LATEST_PDF = 1024
"""Bytes that may stand before a PDF document's first line, as its readers allow."""

_FIELD_NAMES = frozenset(
    b"from to cc subject date received message-id return-path mime-version content-type reply-to "
    b"delivered-to sender in-reply-to references x-mailer x-originating-ip".split()
)
_FIELD = re.compile(rb"([!-9;-~]{1,80}):")
_MOST_FIELDS = 60

_TEXT_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), media_type)
    for pattern, media_type in (
        (rb"From \S.{0,200}\d\d:\d\d.{0,60}\r?\n>?[!-9;-~]{1,80}:", media_types.MAILBOX),
        (rb"HTTP/\d(?:\.\d)? \d{3}", "application/http"),
        (rb"BEGIN:VCARD\s", "text/vcard"),
        (rb"BEGIN:VCALENDAR\s", "text/calendar"),
        (rb"WEBVTT\s", "text/vtt"),
        (rb"1\r?\n\d\d:\d\d:\d\d,\d{3} --> ", "application/x-subrip"),
        (rb"-----BEGIN [A-Z0-9 ]{3,40}-----", "application/pem-certificate-chain"),
        (rb"begin(?:-base64)? [0-7]{3,4} \S", "text/x-uuencode"),
        (rb"(?:[A-Za-z0-9+/]{60,76}\r?\n){4}", "application/base64"),
        (rb"#!\s?/", "text/x-script"),
        (rb"<\?php", "application/x-httpd-php"),
    )
)
_JSON_START = re.compile(rb"\{|\[\s*(?:\{|\[|\]|$)")
_PROLOGUE = re.compile(rb"(?:\s|<\?xml[^>]{0,400}\?>|<!--.{0,2000}?-->)*", re.DOTALL)
_HTML_START = re.compile(rb"<(?:(?:!doctype )?(?:[a-z]\w{0,15}:)?html|head|body|title|meta)")
_XML_ROOTS: tuple[tuple[bytes, str], ...] = (
    (b"<svg", "image/svg+xml"),
    (b"<!doctype svg", "image/svg+xml"),
    (b"<rss", "application/rss+xml"),
    (b"<rdf:rdf", "application/rss+xml"),
    (b"<feed", "application/atom+xml"),
    (b"<urlset", "application/sitemap+xml"),
    (b"<sitemapindex", "application/sitemap+xml"),
    (b"<mediawiki", "application/mediawiki+xml"),
    (b"<?mso-application", "application/msword+xml"),
    (b"<w:worddocument", "application/msword+xml"),
    (b"<office:document", "application/vnd.oasis.opendocument.text-flat-xml"),
)
_XML_START = re.compile(
    rb"<\?xml|<!doctype\s+(?!html\b)[a-z]|<[a-z_][\w.:-]{0,60}\s[^<>]{0,400}\bxmlns(?::[\w.-]{1,60})?\s?="
)
"""The beginning of a document that is XML by its own word, in small letters."""

_ENDINGS = {
    TEXT: (".txt", ".text", ".md"),
    HTML: (".html", ".htm", ".xhtml"),
    JSON: (".json", ".jsonl", ".ndjson"),
    XML: (".xml",),
    "text/css": (".css",),
    "text/javascript": (".js", ".mjs"),
    "text/csv": (".csv",),
    "text/tab-separated-values": (".tsv",),
    "text/x-script": (".py", ".sh", ".bat", ".ps1", ".vbs"),
}
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_COMPRESSED = (".gz", ".xz", ".bz2")

_CONTROLS = re.compile(rb"[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.1
"""Share of control characters in a text; the old Vietnamese encodings have some for letters."""


def sniff_head(head: bytes, name: str = "", encoding: str = "") -> str:
    """Return the media type of a document.

    Args:
        head: Its first bytes, decompressed.
        name: Its file name in small letters; only its ending counts, and only where the content
            is that of several types.
        encoding: Its encoding where somebody knows it; empty otherwise.
    """
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    if _PDF.search(head, 0, _LATEST_PDF):
        return media_types.PDF
    if _BITMAP.match(head):
        return "image/bmp"
    if _is_old_tar(head):
        return media_types.TAR
    return _sniff_text(_as_bytes_of_letters(head, encoding), name)


def sniff_zip(stream: IO[bytes]) -> str:
    """Return what a ZIP file, which can be sought in, is a package of."""
    return type_of_parts(zip_parts(stream), media_types.ZIP)


def type_of_parts(parts: tuple[str, ...], media_type: str) -> str:
    """Return the media type that a part of a package marks; that of the package where none does."""
    for part in parts:
        if part.startswith("mimetype="):
            stated = part.removeprefix("mimetype=").removesuffix("-template")
            if stated in media_types.NAMES:
                return stated
    names = frozenset(parts)
    if "datapackage.json" in names and any(part.startswith("archive/") for part in parts):
        return media_types.WACZ
    return next((kind for part, kind in MARKING_PARTS if part in names), media_type)


def _as_bytes_of_letters(head: bytes, encoding: str) -> bytes:
    """Return the head in an encoding in which ASCII letters are single bytes, without a mark."""
    codec = next(
        (
            codec
            for mark, codec in (
                (codecs.BOM_UTF8, "utf-8-sig"),
                (codecs.BOM_UTF16_LE, "utf-16"),
                (codecs.BOM_UTF16_BE, "utf-16"),
            )
            if head.startswith(mark)
        ),
        encoding if encoding.lower().startswith("utf-16") else unmarked_utf16(head),
    )
    return head.decode(codec, "replace").encode() if codec else head


def _sniff_text(head: bytes, name: str) -> str:
    """Return the media type of what has no signature."""
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    by_name = next((kind for end, kind in _BY_ENDING.items() if name.endswith(end)), "")
    text = head.lstrip(b" \t\r\n")
    for pattern, media_type in _TEXT_SIGNATURES:
        if pattern.match(text):
            return media_type
    if _is_mail(text):
        return "multipart/related" if b"multipart/related" in head.lower() else media_types.MAIL
    markup = _sniff_markup(head, by_name)
    if markup:
        return markup
    if by_name and by_name != XML:
        return by_name
    controls = len(_CONTROLS.findall(head))
    if b"\0" in head or controls > _MOST_CONTROLS * len(head):
        return UNKNOWN
    return JSON if _JSON_START.match(text) else TEXT


def _sniff_markup(head: bytes, by_name: str) -> str:
    """Return the media type of a page or an XML document; empty where it is none."""
    prologue = _PROLOGUE.match(head)
    start = head[prologue.end() if prologue else 0 :].lower()
    if _HTML_START.match(start):
        return HTML
    if by_name == HTML:
        return by_name
    for root, media_type in _XML_ROOTS:
        if start.startswith(root):
            return media_type
    is_xml = _XML_START.match(head.lstrip().lower()) or _XML_START.match(start)
    return XML if is_xml or (by_name == XML and start.startswith(b"<")) else ""


def _is_mail(text: bytes) -> bool:
    """Tell whether a text begins with the header fields of an e-mail, at least two known ones."""
    known: set[bytes] = set()
    for line in text.splitlines()[:_MOST_FIELDS]:
        if line.startswith((b" ", b"\t")):
            continue
        field = _FIELD.match(line)
        if not field:
            # The body begins at an empty line, and the head may be cut within a field.
            break
        known.add(field[1].lower())
    return len(known & _FIELD_NAMES) >= 2


def _is_old_tar(head: bytes) -> bool:
    """Tell whether a head is the first record of a TAR archive without the newer signature."""
    record = head[:512]
    if len(record) < 512 or not record[0]:
        return False
    try:
        stated = int(record[148:156].strip(b" \0"), 8)
    except ValueError:
        return False
    return stated == sum(record[:148]) + 8 * ord(" ") + sum(record[156:])
