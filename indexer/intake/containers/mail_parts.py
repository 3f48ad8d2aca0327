"""The parts of an e-mail: each is text of the message, a picture in it, or attached to it.

No part is none of these: reports of delivery are text of the message, and what a message only
points to is attached without content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.message import Message
from email.policy import compat32
from enum import Enum

from archive.errors import IntakeError
from indexer.intake import media_types
from indexer.intake.containers.mail_headers import decode_words, said_encoding
from indexer.intake.encodings import DecodedText, decode_text
from indexer.intake.record_text import read_record_body
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head

_TOO_DEEP = "is nested too deeply"
_DEEPEST = 50
_MESSAGES = ("message/rfc822", "message/global")
ELSEWHERE = "message/external-body"
"""The type of a part that says where something stands, and does not hold it."""

_TEXTS = frozenset(
    f"text/{kind}" for kind in "plain html enriched richtext x-amp-html watch-html".split()
)
"""Types of the versions of a message's text; other texts are documents beside it."""

_BOUNDARY = re.compile(rb"^--([^\s\"]{1,70})\r?\n[A-Za-z][A-Za-z-]{1,60}:", re.MULTILINE)
_TRANSFERS = ("base64", "quoted-printable")
_LONGEST_STUB = 500
"""Letters of a plain text that may only say that there is one in HTML."""
_STUB_SHARE = 4


class PartKind(Enum):
    """The role of a part in its message."""

    GROUP = "group"
    TEXT = "text"
    PICTURE = "picture"
    ATTACHED = "attached"


def parse_message(data: bytes) -> Message:
    """Return the message in some bytes; a boundary that its header leaves out is found.

    Raises:
        IntakeError: it is nested too deeply, or damaged.
    """
    message = _parsed(data)
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        if found := _BOUNDARY.search(data):
            head = b'Content-Type: multipart/mixed; boundary="' + found[1] + b'"\r\n\r\n'
            message.set_payload(_parsed(head + data[found.start() :]).get_payload())
    return message


def text_parts(part: Message, depth: int = 0) -> list[Message]:
    """Return the parts that are the text of a message; of alternatives one.

    Raises:
        IntakeError: it is nested too deeply.
    """
    kind = _kind_at(part, depth)
    if kind is not PartKind.GROUP:
        return [part] if kind is PartKind.TEXT else []
    texts = [text_parts(inner, depth + 1) for inner in _subparts(part)]
    if part.get_content_subtype() == "alternative":
        return _best_version([version for version in texts if any(map(_has_words, version))])
    return [text for version in texts for text in version]


def parts_of_kind(part: Message, wanted: PartKind, depth: int = 0) -> Iterator[Message]:
    """Yield the parts of a kind in a message.

    Raises:
        IntakeError: it is nested too deeply.
    """
    kind = _kind_at(part, depth)
    if kind is wanted:
        yield part
    elif kind is PartKind.GROUP:
        for inner in _subparts(part):
            yield from parts_of_kind(inner, wanted, depth + 1)


def is_message(part: Message) -> bool:
    """Tell whether a part is a message of its own."""
    return part.get_content_type() in _MESSAGES


def content_of(part: Message) -> bytes:
    """Return the decoded bytes of a part that is no group of others."""
    if inner := _subparts(part):
        return _enclosed(part, inner)
    return _payload(part)


def decode_part(part: Message) -> DecodedText:
    """Return the text of a part; its charset counts if its bytes are in it."""
    content = content_of(part)
    try:
        label = str(part.get_content_charset() or "")
    except (ValueError, LookupError, TypeError):
        label = ""
    is_page = part.get_content_type() == "text/html"
    for encoding in dict.fromkeys((said_encoding(label), "")):
        try:
            return decode_text(
                content, trust_declaration=is_page and not encoding, encoding=encoding
            )
        except IntakeError:
            continue
    return DecodedText(content.decode("cp1252", "replace"))


def parameter_of(part: Message, name: str) -> str:
    """Return a parameter of the type of a part; empty where it has none."""
    try:
        value = part.get_param(name) or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return value if isinstance(value, str) else str(value[-1])


def file_name(part: Message) -> str:
    """Return the name of an attached file; empty where it has none."""
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, HeaderParseError):
        return ""
    return decode_words(name) if name else ""


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
    # Asked for the text of a part, the library may stumble over the charset that it names.
    payload = part.get_payload() if part.is_multipart() else []
    inner = payload if isinstance(payload, list) else []
    return [one for one in inner if isinstance(one, Message)]


def _kind_at(part: Message, depth: int) -> PartKind:
    if depth > _DEEPEST:
        raise IntakeError(_TOO_DEEP)
    main, media_type = part.get_content_maintype(), part.get_content_type()
    if main == "multipart":
        return PartKind.GROUP if part.is_multipart() else PartKind.TEXT
    if main == "message":
        is_document = media_type in (*_MESSAGES, ELSEWHERE)
        return PartKind.ATTACHED if is_document else PartKind.TEXT
    if main == "image" and depth and part.get("Content-ID"):
        return PartKind.PICTURE
    disposition = str(part.get("Content-Disposition") or "").lower().lstrip()
    if disposition.startswith("attachment") or file_name(part):
        return PartKind.ATTACHED
    is_text = media_type in _TEXTS or (main == "text" and not depth and _is_prose(part))
    return PartKind.TEXT if is_text else PartKind.ATTACHED


def _is_prose(part: Message) -> bool:
    """Tell whether the only part of a message is a text or page, by its content."""
    content = content_of(part)
    return sniff_head(content[:HEAD_LENGTH]) in (media_types.TEXT, media_types.HTML)


def _best_version(versions: list[list[Message]]) -> list[Message]:
    """Return the plainest of some versions of a text; not one that only points to another."""
    by_type = {version[0].get_content_type(): version for version in reversed(versions)}
    plain, page = by_type.get("text/plain", []), by_type.get("text/html", [])
    if plain and page and _is_stub(plain, page):
        return page
    return plain or page or next(iter(versions), [])


def _is_stub(plain: list[Message], page: list[Message]) -> bool:
    """Tell whether a short plain text has few of the words that stand in a page."""
    length = sum(len(decode_part(part).text) for part in plain)
    return length <= _LONGEST_STUB and _STUB_SHARE * length < sum(map(_length_of_page, page))


def _length_of_page(part: Message) -> int:
    """Return how many letters the text of a page has; 0 where it cannot be read."""
    try:
        body = read_record_body(decode_part(part).text, "body", "")
    except IntakeError:
        return 0
    return len(body.lead) + sum(len(line) for part in body.sections for line in part.paragraphs)


def _has_words(part: Message) -> bool:
    return bool(content_of(part).strip())


def _enclosed(part: Message, inner: list[Message]) -> bytes:
    """Return the messages or groups of fields in a part, unpacked where a sender packed them."""
    content = b"\n".join(map(_bytes_of, inner))
    transfer = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if transfer not in _TRANSFERS or inner[0].keys():
        return content
    packed = Message()
    packed["Content-Transfer-Encoding"] = transfer
    packed.set_payload(content.decode("ascii", "surrogateescape"))
    return _payload(packed)


def _payload(part: Message) -> bytes:
    """Return the decoded bytes of a part that holds no others."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):
        return b""
    return content if isinstance(content, bytes) else b""
