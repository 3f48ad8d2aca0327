"""Labels of encodings as browsers read them (the WHATWG Encoding Standard).

Pages declare a narrow encoding and are written in the wider one that browsers take it for:
`iso-8859-1` is windows-1252, with its quotation marks and dashes, and `gb2312` is GBK.
"""

from __future__ import annotations

import codecs

from indexer.intake.legacy.python_codecs import LEGACY_CODECS

_LABELS = {
    "utf-8": "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "cp1252": "windows-1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987"
    " iso-ir-100 csisolatin1 latin1 latin-1 l1 cp819 ibm819 us-ascii ascii ansi_x3.4-1968"
    " x-user-defined ansi",
    "cp1254": "windows-1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso-ir-148"
    " csisolatin5 latin5 l5",
    "cp1258": "windows-1258 x-cp1258",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "gb18030": "gb2312 gb_2312 gb_2312-80 gbk x-gbk chinese csgb2312 csiso58gb231280 iso-ir-58",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis",
    "cp949": "euc-kr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"
    " iso-ir-149",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "koi8_r": "koi8-r koi koi8 koi8_r cskoi8r",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh mac csmacintosh x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e logical csiso88598i",
}
"""Python's name of an encoding, and the labels that browsers take for it but Python does not."""

_NO_DECLARATION = frozenset("utf-16 utf-16le utf-16be ucs-2 unicode utf-7 utf-32".split())
"""Labels that no page can declare in its own letters: it is UTF-8."""

_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_CODECS |= LEGACY_CODECS
_NO_TEXT = frozenset("idna punycode undefined raw_unicode_escape unicode_escape".split())
"""Encodings of Python's that no document is written in."""


def declared_codec(label: str) -> str | None:
    """Return Python's name of the encoding that a page declares; None if there is no such."""
    return "utf-8" if label.strip().lower() in _NO_DECLARATION else codec_of(label)


def codec_of(label: str) -> str | None:
    """Return Python's name of the encoding that a label names; None if there is no such."""
    name = label.strip().lower()
    codec = _CODECS.get(name, name)
    try:
        found = codecs.lookup(codec)
        # Some of Python's codecs make no text of bytes, or need none.
        known = isinstance(b"a\0\0\0".decode(codec), str) and found.name not in _NO_TEXT
    except (LookupError, UnicodeError, ValueError):
        return None
    return codec if known and found.name.replace("-", "_") not in _NO_TEXT else None
