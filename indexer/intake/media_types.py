"""The media types that documents are sniffed as, each with the name that people have for it."""

from __future__ import annotations

TEXT = "text/plain"
HTML = "text/html"
JSON = "application/json"
XML = "application/xml"
PDF = "application/pdf"
RTF = "application/rtf"
MAIL = "message/rfc822"
MAILBOX = "application/mbox"
OUTLOOK_MESSAGE = "application/vnd.ms-outlook"
TRANSPORT = "application/vnd.ms-tnef"
ZIP = "application/zip"
TAR = "application/x-tar"
OLE = "application/x-ole-storage"
WARC = "application/warc"
ARC = "application/x-ia-arc"
WACZ = "application/wacz"
EPUB = "application/epub+zip"
WORD = "application/msword"
EXCEL = "application/vnd.ms-excel"
POWERPOINT = "application/vnd.ms-powerpoint"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
ODT = f"{_OPEN_DOCUMENT}.text"
ODS = f"{_OPEN_DOCUMENT}.spreadsheet"
ODP = f"{_OPEN_DOCUMENT}.presentation"
ENCRYPTED_OFFICE = "application/x-ole-encrypted"
PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
UNKNOWN = "application/octet-stream"

NAMES = {
    TEXT: "texts",
    HTML: "web pages",
    JSON: "JSON records",
    XML: "XML documents",
    PDF: "PDF documents",
    RTF: "RTF documents",
    MAIL: "e-mails",
    MAILBOX: "mailboxes",
    "multipart/related": "web pages saved as MHTML",
    OUTLOOK_MESSAGE: "Outlook messages",
    TRANSPORT: "attachments sent by Outlook (winmail.dat)",
    "application/vnd.ms-outlook-pst": "Outlook folders (PST)",
    ZIP: "ZIP archives",
    TAR: "TAR archives",
    "application/gzip": "gzip files",
    "application/x-xz": "xz files",
    "application/x-bzip2": "bzip2 files",
    "application/zstd": "Zstandard files",
    "application/x-7z-compressed": "7-Zip archives",
    "application/vnd.rar": "RAR archives",
    "application/vnd.ms-cab-compressed": "cabinet archives",
    "application/x-iso9660-image": "images of disks",
    OLE: "OLE files",
    WARC: "web crawls (WARC)",
    ARC: "web crawls (ARC)",
    WACZ: "web crawls (WACZ)",
    EPUB: "EPUB books",
    "application/x-mobipocket-ebook": "Mobipocket books",
    "application/vnd.ms-htmlhelp": "compiled help files (CHM)",
    WORD: "Word documents (97 to 2003)",
    "application/x-word-old": "Word documents older than Word 97",
    "application/vnd.wordperfect": "WordPerfect documents",
    EXCEL: "Excel workbooks (97 to 2003)",
    POWERPOINT: "PowerPoint presentations (97 to 2003)",
    "application/vnd.visio": "Visio drawings",
    "application/vnd.ms-publisher": "Publisher documents",
    DOCX: "Word documents",
    XLSX: "Excel workbooks",
    PPTX: "PowerPoint presentations",
    ODT: "OpenDocument texts",
    ODS: "OpenDocument spreadsheets",
    ODP: "OpenDocument presentations",
    f"{_OPEN_DOCUMENT}.graphics": "OpenDocument drawings",
    f"{_OPEN_DOCUMENT}.text-flat-xml": "flat OpenDocument texts",
    ENCRYPTED_OFFICE: "encrypted office documents",
    "application/oxps": "XPS documents",
    "application/java-archive": "Java archives",
    "application/vnd.android.package-archive": "Android packages",
    "application/postscript": "PostScript documents",
    "application/vnd.fdf": "PDF form data",
    "image/vnd.djvu": "DjVu documents",
    "application/base64": "base64 data",
    "text/x-uuencode": "uuencoded data",
    "application/pem-certificate-chain": "keys and certificates",
    "application/http": "recorded web answers",
    "application/rss+xml": "feeds (RSS)",
    "application/atom+xml": "feeds (Atom)",
    "application/sitemap+xml": "sitemaps",
    "application/mediawiki+xml": "wiki exports (MediaWiki)",
    "application/msword+xml": "Word documents of 2003 in XML",
    "image/svg+xml": "drawings (SVG)",
    "text/css": "style sheets",
    "text/javascript": "scripts (JavaScript)",
    "application/x-httpd-php": "programs (PHP)",
    "text/x-script": "programs",
    "text/csv": "tables (CSV)",
    "text/tab-separated-values": "tables (TSV)",
    "text/vcard": "visiting cards",
    "text/calendar": "calendars",
    "text/vtt": "subtitles (WebVTT)",
    "application/x-subrip": "subtitles (SubRip)",
    PNG: "pictures (PNG)",
    JPEG: "pictures (JPEG)",
    TIFF: "pictures (TIFF)",
    "image/gif": "pictures (GIF)",
    "image/bmp": "pictures (BMP)",
    "image/webp": "pictures (WebP)",
    "image/jp2": "pictures (JPEG 2000)",
    "image/heic": "pictures (HEIC)",
    "image/avif": "pictures (AVIF)",
    "image/x-icon": "icons",
    "image/vnd.adobe.photoshop": "pictures (Photoshop)",
    "image/wmf": "drawings (WMF)",
    "image/emf": "drawings (EMF)",
    "audio/mpeg": "sound (MP3)",
    "audio/wav": "sound (WAV)",
    "audio/ogg": "sound (Ogg)",
    "audio/flac": "sound (FLAC)",
    "audio/midi": "sound (MIDI)",
    "video/mp4": "videos (MP4)",
    "video/x-msvideo": "videos (AVI)",
    "video/x-matroska": "videos (Matroska)",
    "video/x-flv": "videos (Flash)",
    "video/mpeg": "videos (MPEG)",
    "video/x-ms-asf": "videos (Windows Media)",
    "application/x-shockwave-flash": "Flash films",
    "font/woff": "fonts",
    "font/woff2": "fonts",
    "font/ttf": "fonts",
    "font/otf": "fonts",
    "application/vnd.sqlite3": "SQLite databases",
    "application/x-msaccess": "Access databases",
    "application/x-executable": "programs (ELF)",
    "application/x-msdownload": "programs (Windows)",
    "application/x-mach-binary": "programs (Mach-O)",
    "application/java-vm": "programs (Java)",
    "application/wasm": "programs (WebAssembly)",
    "application/x-python-pickle": "Python pickles",
    UNKNOWN: "files of an unknown format",
}
"""The names of the media types, in the plural."""
