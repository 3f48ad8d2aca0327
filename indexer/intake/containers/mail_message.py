"""The reader of e-mails: the message as an article, and its attachments as members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import IO

from archive.captured_picture import CapturedPicture
from archive.document_account import DocumentAccount
from archive.errors import IntakeError
from archive.records import Article, Origin, Section, sha256
from indexer.intake.containers.members import Budget, Member
from indexer.intake.encoding_labels import codec_of
from indexer.intake.encodings import DecodedText, decode_text, with_charsets
from indexer.intake.html.pictures import LONGEST_ALT, MOST_PICTURES
from indexer.intake.legacy.charsets import Charset
from indexer.intake.record_text import read_record_body
from indexer.intake.stated_dates import DatePrecision, StatedDate, read_date
from indexer.vietnamese.dates import VIETNAM

READER = "mail"
READER_VERSION = 6

_TOO_DEEP = "is nested too deeply"
_DEEPEST = 50
_KEY_LENGTH = 16
_LONGEST_SENDER = 200
"""Letters of a sender whose address cannot be read."""
_AROUND_SENDERS = ' \t,;("'

_LONGEST_HEADER = 20_000
"""Letters of a header field that are read."""
_ENCODED_WORD = r"=\?[^?\s]{1,80}\?[bBqQ]\?.{0,1000}?\?="
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD}(?:\s+{_ENCODED_WORD})*")
"""Encoded words in a row: blanks between them are none, and letters may go over their ends."""

_AS_WANTED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s{1,3})?\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}\s{1,3}\d{1,2}[:.]\d\d"
    r"(?:[:.]\d\d)?(?!\d|\s?[AaPp]\.?[Mm])"
)
_UNKNOWN_ZONE = re.compile(r"\s-0000\b")
_LONGEST_DATE = 100
_MOST_SERVERS = 50

_UNSAID = ("ascii", "us-ascii", "utf-8", "unknown-8bit", "default", "")
_TEXTS = ("text/plain", "text/html")


def read_mail(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an e-mail: subject, sender, date and body.

    Raises:
        IntakeError: it is nested too deeply, or holds nothing to read.
    """
    message = _parsed(data)
    title = _header(message, "Subject")
    charsets: list[Charset] = []
    sections: tuple[Section, ...] = ()
    replaced = 0
    parts = _body_parts(message, 0)
    for number, part in enumerate(parts, 1):
        decoded = _decoded(part)
        replaced += decoded.replaced
        charsets += [decoded.charset] if decoded.charset else []
        body = read_record_body(_unwrapped(part, decoded.text), "body", title)
        lead = (Section((body.lead,)),) if body.lead else ()
        locator = f"phần {number}" if len(parts) > 1 else ""
        sections += tuple(replace(section, locator=locator) for section in lead + body.sections)
    if not title and not sections and not any(_attachment_parts(message, 0)):
        raise IntakeError("holds no words")
    sent, unread = _date(message)
    account = DocumentAccount(unread_dates=(unread,) if unread else (), replaced=replaced)
    article = Article(
        title=title,
        origin=Origin(source, READER, READER_VERSION),
        external_id=" ".join(str(message.get("Message-ID") or "").split())[:500],
        sections=sections,
        authors=_authors(message),
        published=sent.when if sent else None,
        published_precision=sent.precision.of_record if sent else "",
        account=account if account.problems else None,
        pictures=_pictures(message),
    )
    return with_charsets(article, tuple(dict.fromkeys(charsets)))


def picture_in_mail(data: bytes, key: str) -> bytes:
    """Return the picture with a key in an e-mail; empty where there is no such.

    Raises:
        IntakeError: it is damaged or nested too deeply.
    """
    contents = map(_payload, _picture_parts(_parsed(data), 0))
    return next((content for content in contents if sha256(content)[:_KEY_LENGTH] == key), b"")


def _pictures(message: Message) -> tuple[CapturedPicture, ...]:
    """Return the pictures that stand in the text of a message, each once."""
    pictures: dict[str, CapturedPicture] = {}
    for part in islice(_picture_parts(message, 0), MOST_PICTURES):
        key = sha256(_payload(part))[:_KEY_LENGTH]
        pictures.setdefault(key, CapturedPicture(embedded=key, alt=_file_name(part)[:LONGEST_ALT]))
    return tuple(pictures.values())


def mail_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the attachments of an e-mail by their names.

    Raises:
        IntakeError: it is nested too deeply, or has too many.
    """
    data = stream.read()
    parent = sha256(data)
    for number, part in enumerate(_attachment_parts(_parsed(data), 0), 1):
        budget.count_member()
        name = " ".join(_file_name(part).replace("/", "_").split())
        if part.get_content_type() == "message/rfc822":
            content = b"".join(map(_bytes_of, _subparts(part)[:1]))
            name = name or f"{number}.eml"
        else:
            content = _payload(part)
            name = name or str(number)
        if content.strip():
            stream = io.BufferedReader(io.BytesIO(content))
            yield Member(name, stream, parent=parent)


def _parsed(data: bytes) -> Message:
    try:
        return message_from_bytes(data, policy=compat32)
    except RecursionError as error:
        raise IntakeError(_TOO_DEEP) from error
    except (MessageError, ValueError, LookupError, TypeError) as error:
        raise IntakeError(f"is damaged ({error})") from error


def _bytes_of(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except RecursionError as error:
        raise IntakeError(_TOO_DEEP) from error
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return b""


def _subparts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return (
        [inner for inner in payload if isinstance(inner, Message)]
        if isinstance(payload, list)
        else []
    )


def _is_attachment(part: Message) -> bool:
    if part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_maintype() == "multipart":
        return False
    disposition = str(part.get("Content-Disposition") or "").lower().lstrip()
    is_named = bool(_file_name(part))
    return disposition.startswith("attachment") or is_named or part.get_content_type() not in _TEXTS


def _body_parts(part: Message, depth: int) -> list[Message]:
    """Return the parts that are the text of a message: of alternatives the plainest with words."""
    if depth > _DEEPEST:
        raise IntakeError(_TOO_DEEP)
    if part.get_content_maintype() != "multipart":
        return [] if _is_attachment(part) else [part]
    bodies = [_body_parts(inner, depth + 1) for inner in _subparts(part)]
    if part.get_content_subtype() == "alternative":
        worded = [body for body in bodies if any(_payload(text).strip() for text in body)]
        plain = [body for body in worded if body[0].get_content_type() == "text/plain"]
        return next(iter(plain or worded), [])
    return [text for body in bodies for text in body]


def _is_inline(part: Message) -> bool:
    """Tell whether a part is a picture inside the text."""
    return part.get_content_maintype() == "image" and bool(part.get("Content-ID"))


def _picture_parts(part: Message, depth: int) -> Iterator[Message]:
    """Yield the pictures inside the text of a message."""
    if depth > _DEEPEST:
        raise IntakeError(_TOO_DEEP)
    if part.get_content_maintype() == "multipart":
        for inner in _subparts(part):
            yield from _picture_parts(inner, depth + 1)
    elif depth and _is_inline(part):
        yield part


def _attachment_parts(part: Message, depth: int) -> Iterator[Message]:
    """Yield the parts that are documents of their own; pictures inside the text are none."""
    if depth > _DEEPEST:
        raise IntakeError(_TOO_DEEP)
    if depth and _is_attachment(part):
        if not _is_inline(part):
            yield part
    elif part.get_content_maintype() == "multipart":
        for inner in _subparts(part):
            yield from _attachment_parts(inner, depth + 1)


def _payload(part: Message) -> bytes:
    """Return the decoded bytes of a part that is no multipart."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):
        return b""
    return content if isinstance(content, bytes) else b""


def _unwrapped(part: Message, text: str) -> str:
    """Return the text of a part with the lines joined that its sender wrapped (RFC 3676).

    A line that ends with a blank goes on in the next one; the mark of a signature does not.
    """
    if _parameter(part, "format") != "flowed":
        return text
    blank = " " if _parameter(part, "delsp") == "yes" else ""
    joined, goes_on = list[str](), False
    for line in text.replace("\r\n", "\n").split("\n"):
        # What begins with a blank, `From ` or a mark was stuffed with one.
        line = line.removeprefix(" ")
        if goes_on:
            joined[-1] = joined[-1].removesuffix(blank) + line
        else:
            joined.append(line)
        goes_on = line.endswith(" ") and line != "-- "
    return "\n".join(joined)


def _parameter(part: Message, name: str) -> str:
    """Return a parameter of the type of a part in small letters; empty where it has none."""
    try:
        return str(part.get_param(name) or "").lower()
    except (ValueError, LookupError, TypeError):
        return ""


def _decoded(part: Message) -> DecodedText:
    """Return the text of a part; its charset counts if its bytes are in it."""
    content = _payload(part)
    try:
        label = str(part.get_content_charset() or "")
    except (ValueError, LookupError, TypeError):
        label = ""
    known = label if label not in _UNSAID and codec_of(label) else ""
    is_page = part.get_content_type() == "text/html"
    for encoding in dict.fromkeys((known, "")):
        try:
            return decode_text(
                content, trust_declaration=is_page and not encoding, encoding=encoding
            )
        except IntakeError:
            continue
    return DecodedText(content.decode("cp1252", "replace"))


def _header(message: Message, name: str) -> str:
    """Return the text of a header field, its encoded words decoded."""
    return _decoded_words(next(_raw_values(message, name), ""))


def _raw_values(message: Message, name: str) -> Iterator[str]:
    """Yield the values of a header field; asked by its name, it loses the bytes in it."""
    for own, value in message.raw_items():
        if own.lower() == name.lower():
            yield _letters_of(str(value)[:_LONGEST_HEADER])


def _letters_of(value: str) -> str:
    """Return the text of a header with the bytes in it, which standards forbid, as letters."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    try:
        return decode_text(data).text
    except IntakeError:
        return data.decode("cp1252", "replace")


def _decoded_words(value: str) -> str:
    """Return a text with the encoded words in it decoded, whatever letters are around them."""
    text = _ENCODED_WORDS.sub(lambda words: _decoded_run(words[0]), _letters_of(value))
    return " ".join(text.split())


def _decoded_run(words: str) -> str:
    """Return the text of encoded words in a row."""
    try:
        pieces = decode_header(words)
    except (HeaderParseError, ValueError, TypeError):
        return words
    texts = []
    for piece, label in pieces:
        data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        known = label if label and label not in _UNSAID and codec_of(label) else ""
        try:
            texts.append(decode_text(data, encoding=known).text)
        except IntakeError:
            texts.append(data.decode("cp1252", "replace"))
    return "".join(texts)


def _file_name(part: Message) -> str:
    """Return the name of an attached file; empty where it has none."""
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, HeaderParseError):
        return ""
    return _decoded_words(name) if name else ""


def _authors(message: Message) -> tuple[str, ...]:
    """Return the names of the senders; of one without name, the address."""
    values = list(_raw_values(message, "From"))
    names = (_decoded_words(name) or address for name, address in _senders(values))
    return tuple(dict.fromkeys(filter(None, names)))


def _senders(values: list[str]) -> list[tuple[str, str]]:
    """Return the names and addresses of senders.

    Pythons differ in headers that are not as RFC 5322 wants them (a bracket left open, `[TP.HCM]`
    or a comma in a name): some refuse them, some return pieces of names as addresses, some run out
    of stack. There the name is what stands before each `<`, and without one the whole header.
    """
    try:
        senders = getaddresses(values)
    except RecursionError:
        senders = []
    if senders and all("@" in address and " " not in address for _, address in senders):
        return senders
    before = ", ".join(values).split("<")[:-1]
    named = [piece.rpartition(">")[2].strip(_AROUND_SENDERS) for piece in before]
    names = named if any(named) else [value.strip(_AROUND_SENDERS) for value in values]
    return [("", name[:_LONGEST_SENDER]) for name in names]


def _date(message: Message) -> tuple[StatedDate | None, str]:
    """Return when a message was sent, and the text of a date that is none.

    Without such a date it is when the first server on its way had it.
    """
    text = _header(message, "Date")[:_LONGEST_DATE]
    if sent := _moment(text):
        return sent, ""
    servers = islice(_raw_values(message, "Received"), _MOST_SERVERS)
    received = (value.rpartition(";")[2] for value in servers if ";" in value)
    moments = filter(None, (_moment(" ".join(stamp.split())) for stamp in received))
    return next(iter([*moments][-1:]), None), text


def _moment(text: str) -> StatedDate | None:
    """Return the moment that a header field states: as RFC 5322 wants it, or in another way."""
    if not text:
        return None
    if not _AS_WANTED.match(text) and (stated := read_date(text)):
        return stated
    try:
        sent = parsedate_to_datetime(text)
        # Three digits count the years from 1900, as programs wrote them that forgot the century.
        sent = sent.replace(year=sent.year + 1900) if sent.year < 1000 else sent
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if sent.tzinfo is None:
        # `-0000` is UTC that says nothing of where the sender was.
        sent = sent.replace(tzinfo=UTC if _UNKNOWN_ZONE.search(text) else VIETNAM)
    return StatedDate(sent, DatePrecision.CLOCK)
