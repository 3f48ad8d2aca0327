"""The reader of e-mails: the message as an article, and its attachments as members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import IO

from archive.captured_picture import CapturedPicture
from archive.document_account import DocumentAccount
from archive.errors import IntakeError
from archive.records import Article, Origin, Section, sha256
from indexer.intake.containers.mail_headers import decode_words, header_text, raw_values
from indexer.intake.containers.mail_parts import (
    ELSEWHERE,
    PartKind,
    content_of,
    decode_part,
    file_name,
    is_message,
    parameter_of,
    parse_message,
    parts_of_kind,
    text_parts,
)
from indexer.intake.containers.members import Budget, Member
from indexer.intake.encodings import with_charsets
from indexer.intake.legacy.charsets import Charset
from indexer.intake.markup.pictures import LONGEST_ALT, MOST_PICTURES
from indexer.intake.record_text import read_record_body
from indexer.intake.stated_dates import DatePrecision, StatedDate, read_date
from indexer.vietnamese.dates import VIETNAM

READER = "mail"
READER_VERSION = 7

_KEY_LENGTH = 16
_LONGEST_SENDER = 200
"""Letters of a sender whose address cannot be read."""
_LONGEST_PLACE = 200
_AROUND_SENDERS = ' \t,;("'

_AS_WANTED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s{1,3})?\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}\s{1,3}\d{1,2}[:.]\d\d"
    r"(?:[:.]\d\d)?(?!\d|\s?[AaPp]\.?[Mm])"
)
_UNKNOWN_ZONE = re.compile(r"\s-0000\b")
_LONGEST_DATE = 100
_MOST_SERVERS = 50


def read_mail(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an e-mail: subject, sender, date and body.

    Raises:
        IntakeError: it is nested too deeply, or holds nothing to read.
    """
    message = parse_message(data)
    title = header_text(message, "Subject")
    charsets: list[Charset] = []
    sections: tuple[Section, ...] = ()
    replaced = 0
    parts = text_parts(message)
    for number, part in enumerate(parts, 1):
        decoded = decode_part(part)
        replaced += decoded.replaced
        charsets += [decoded.charset] if decoded.charset else []
        body = read_record_body(_unwrapped(part, decoded.text), "body", title)
        lead = (Section((body.lead,)),) if body.lead else ()
        locator = f"phần {number}" if len(parts) > 1 else ""
        sections += tuple(replace(section, locator=locator) for section in lead + body.sections)
    if not title and not sections and not any(parts_of_kind(message, PartKind.ATTACHED)):
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
    contents = map(content_of, parts_of_kind(parse_message(data), PartKind.PICTURE))
    return next((content for content in contents if sha256(content)[:_KEY_LENGTH] == key), b"")


def _pictures(message: Message) -> tuple[CapturedPicture, ...]:
    """Return the pictures that stand in the text of a message, each once."""
    pictures: dict[str, CapturedPicture] = {}
    for part in islice(parts_of_kind(message, PartKind.PICTURE), MOST_PICTURES):
        key = sha256(content_of(part))[:_KEY_LENGTH]
        pictures.setdefault(key, CapturedPicture(embedded=key, alt=file_name(part)[:LONGEST_ALT]))
    return tuple(pictures.values())


def mail_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the attachments of an e-mail by their names.

    Raises:
        IntakeError: it is nested too deeply, or has too many.
    """
    data = stream.read()
    parent = sha256(data)
    attached = parts_of_kind(parse_message(data), PartKind.ATTACHED)
    for number, part in enumerate(attached, 1):
        budget.count_member()
        name = " ".join(file_name(part).replace("/", "_").split())
        if part.get_content_type() == ELSEWHERE:
            yield Member(name or str(number), error=_place_of(part), is_skipped=True)
            continue
        name = name or (f"{number}.eml" if is_message(part) else str(number))
        content = io.BufferedReader(io.BytesIO(content_of(part)))
        yield Member(name, content, parent=parent)


def _place_of(part: Message) -> str:
    """Return the place of a document that a message only points to."""
    values = (parameter_of(part, name) for name in ("url", "site", "directory", "name"))
    place = " ".join(" ".join(filter(None, values)).split())
    return f"is not in the message, which says where it is: {place[:_LONGEST_PLACE] or '?'}"


def _unwrapped(part: Message, text: str) -> str:
    """Return the text of a part with the lines joined that its sender wrapped (RFC 3676).

    A line that ends with a blank goes on in the next one; the mark of a signature does not.
    """
    if parameter_of(part, "format").lower() != "flowed":
        return text
    blank = " " if parameter_of(part, "delsp").lower() == "yes" else ""
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


def _authors(message: Message) -> tuple[str, ...]:
    """Return the names of the senders; of one without name, the address."""
    values = list(raw_values(message, "From"))
    names = (decode_words(name) or address for name, address in _senders(values))
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
    text = header_text(message, "Date")[:_LONGEST_DATE]
    if sent := _moment(text):
        return sent, ""
    servers = islice(raw_values(message, "Received"), _MOST_SERVERS)
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
