"""Encoding detection: byte order mark, UTF-8, declared or legacy encodings; mojibake repair.

Bytes that are no letter of the encoding are replaced, as browsers do, and counted; a document in
which they are many is in another encoding, and refused.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.document_account import DocumentAccount
from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.encoding_labels import codec_of, declared_codec
from indexer.intake.legacy.charset_detection import detect_in_bytes, detect_in_text
from indexer.intake.legacy.charsets import Charset, decode_bytes, decode_characters
from indexer.intake.unmarked_utf16 import unmarked_utf16
from indexer.vietnamese.normalization import canonical

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w\-:.]+)", re.IGNORECASE
)
MOJIBAKE = re.compile(
    "[ÃÄÅÆÂáº»\u0080-\u009f][\u0080-\u00bf\u0152-\u02dc\u2010-\u203a\u20ac\u2122]"
)
"""Two characters that UTF-8 read in a one-byte encoding always shows, and Vietnamese hardly."""

_HIGH_ENTITY = re.compile(rb"&(?:#\d{3,4}|#[xX][\da-fA-F]{2,4}|[a-zA-Z]{2,8}\d{0,2});")

_FEW_LETTERS = 4
_MOST_REPLACED = 3
_SHARE_REPLACED = 0.1
"""Bytes that may be replaced in any document that says its encoding; above that, the share of
its letters outside ASCII."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The canonical text of some bytes.

    Attributes:
        replaced: Places of it that were replaced by U+FFFD.
        charset: The legacy character set that they were recognised as; None if they are in none.
    """

    text: str
    replaced: int = 0
    charset: Charset | None = None


def decode_text(data: bytes, trust_declaration: bool = False, encoding: str = "") -> DecodedText:
    """Return the canonical text of some bytes; of markup, a text that is yet to be parsed.

    Args:
        data: The bytes of a document.
        trust_declaration: Whether it is markup, whose declared encoding is to be believed.
        encoding: The encoding, where somebody knows it; empty otherwise.

    Raises:
        IntakeError: no encoding fits; the message says so.
    """
    decoded = _decode(data, trust_declaration, encoding)
    if not (trust_declaration or encoding or decoded.charset):
        decoded = _without_legacy_letters(decoded)
    repair = _repair_markup if trust_declaration else repair_mojibake
    return replace(decoded, text=repair(decoded.text))


def served_encoding(data: bytes, label: str) -> str:
    """Return the encoding that a web server said, where its bytes are in it and need it.

    Browsers believe it before what the page declares. Bytes that are UTF-8 need none, nor those of
    a legacy character set: servers say `iso-8859-1` of anything by default.

    Args:
        data: The bytes that it sent.
        label: The encoding by its label; empty where it said none.
    """
    codec = codec_of(label) if label else None
    if codec is None or any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return ""
    if is_utf8(data) or (codec == "cp1252" and detect_in_bytes(data)):
        return ""
    try:
        _checked(_with_replacements(data, codec), f"the {label} it declares")
    except IntakeError:
        return ""
    return label


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are a text in UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def with_decoding(article: Article, decoded: DecodedText, encoding: str) -> Article:
    """Return an article with what its decoding replaced, and the encoding of its original."""
    if decoded.replaced:
        account = replace(article.account or DocumentAccount(), replaced=decoded.replaced)
        article = replace(article, account=account)
    if decoded.charset and not encoding:
        return with_charsets(article, (decoded.charset,))
    return replace(article, encoding=encoding) if encoding else article


def with_charsets(article: Article, charsets: Sequence[Charset]) -> Article:
    """Return an article with the legacy character sets that its letters were recognised as."""
    if not charsets:
        return article
    account = replace(article.account or DocumentAccount(), is_encoding_detected=True)
    return replace(article, account=account, encoding=", ".join(charsets))


def repair_mojibake(text: str) -> str:
    """Return the canonical form of a text, UTF-8 that was read in another encoding put right."""
    if MOJIBAKE.search(text):
        # Few texts need it, and every reading child and command would wait for it.
        import ftfy

        text = ftfy.fix_encoding(text)
    return canonical(text)


def _without_legacy_letters(decoded: DecodedText) -> DecodedText:
    """Return a text with the letters that a legacy font drew, where a program kept its bytes."""
    charset = detect_in_text(decoded.text)
    if charset is None:
        return decoded
    return replace(decoded, text=decode_characters(decoded.text, charset), charset=charset)


def _repair_markup(text: str) -> str:
    """Return the text of a page for its parser; the texts inside are made canonical one by one."""
    if MOJIBAKE.search(text) or not unicodedata.is_normalized("NFC", text):
        return repair_mojibake(text)
    return text.replace("\0", "")


def _decode(data: bytes, trust_declaration: bool, encoding: str) -> DecodedText:
    mark = next((codec for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)), "")
    if mark:
        return _checked(_with_replacements(data, mark), f"the {mark} that it begins as")
    if encoding:
        if not (codec := codec_of(encoding)):
            raise IntakeError(f"the encoding {encoding!r} is unknown")
        return _checked(_with_replacements(data, codec), f"the {encoding} that you say it is")
    if codec := unmarked_utf16(data):
        return _checked(_with_replacements(data, codec), f"the {codec} that it looks like")
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        declaration = _DECLARATION.search(data[:4096]) if trust_declaration else None
        if declaration:
            return _decode_as_declared(data, declaration[1].decode("ascii", "replace"))
        decoded = _with_replacements(data, "utf-8")
        letters = _letters_outside_ascii(decoded.text)
        # Letters that UTF-8 writes with several bytes come about by chance in no other encoding.
        if decoded.replaced <= max(_SHARE_REPLACED * letters, letters >= _FEW_LETTERS):
            return decoded
        if legacy := _legacy_text(data, trust_declaration):
            return legacy
        raise IntakeError(
            f"is not UTF-8 (byte {error.start}) and does not say what it is; convert it to UTF-8, "
            "or say it with --encoding"
        ) from error


def _decode_as_declared(data: bytes, label: str) -> DecodedText:
    """Decode bytes in the encoding that they declare.

    Raises:
        IntakeError: there is no such encoding, or too many of the bytes are none of its letters.
    """
    codec = declared_codec(label)
    try:
        if codec is None:
            raise IntakeError(f"declares the unknown encoding {label!r}; convert it to UTF-8")
        return _checked(_with_replacements(data, codec), f"the {label} it declares")
    except IntakeError:
        if legacy := _legacy_text(data, is_markup=True):
            return legacy
        raise


def _legacy_text(data: bytes, is_markup: bool) -> DecodedText | None:
    """Decode bytes in the legacy character set that they are recognised as; None if in none."""
    charset = detect_in_bytes(data)
    if charset is None:
        return None
    if is_markup:
        # Editors wrote some of the bytes as entities of Western letters.
        data = _HIGH_ENTITY.sub(_high_byte, data)
    return DecodedText(decode_bytes(data, charset), charset=charset)


def _high_byte(entity: re.Match[bytes]) -> bytes:
    """Return the byte that an entity stands for, or the entity."""
    try:
        byte = html.unescape(entity[0].decode("ascii")).encode("cp1252")
    except UnicodeError:
        return entity[0]
    return byte if len(byte) == 1 and byte > b"\x7f" else entity[0]


def _checked(decoded: DecodedText, description: str) -> DecodedText:
    """Return a text in which few bytes were replaced.

    Raises:
        IntakeError: there are many.
    """
    share = _SHARE_REPLACED * _letters_outside_ascii(decoded.text)
    is_wordless = decoded.replaced and not any(map(str.isalnum, decoded.text))
    if is_wordless or decoded.replaced > max(_MOST_REPLACED, share):
        raise IntakeError(f"is not {description}; convert it to UTF-8, or say it with --encoding")
    return decoded


def _with_replacements(data: bytes, codec: str) -> DecodedText:
    try:
        return DecodedText(data.decode(codec))
    except UnicodeError:
        text = data.decode(codec, "replace")
    # The bytes may hold the sign itself; only UTF-8 and its kin can write it.
    own = data.count("\ufffd".encode()) if codec.startswith("utf") else 0
    return DecodedText(text, max(text.count("\ufffd") - own, 1))


def _letters_outside_ascii(text: str) -> int:
    return sum(character > "\x7f" and character != "\ufffd" for character in text)
