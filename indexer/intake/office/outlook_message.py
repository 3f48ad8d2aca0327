"""The reader of Outlook messages (MSG): subject, sender, date and body as an article."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from archive.errors import IntakeError
from archive.records import Article, Origin, Section
from indexer.intake.encodings import DecodedText, decode_text, with_charsets
from indexer.intake.office.compound_file import CompoundFile
from indexer.intake.office.inline_pictures import ATTACHMENT, inline_pictures
from indexer.intake.office.packed_rtf import unpack_rtf
from indexer.intake.office.rtf_reader import read_rtf
from indexer.intake.record_text import read_record_body

READER = "msg"
READER_VERSION = 4

_PROPERTIES = "__properties_version1.0"
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_SENDERS = (0x0042, 0x0C1A, 0x0065, 0x0C1F)
_MESSAGE_ID = 0x1035
_SENT, _RECEIVED, _CODE_PAGE = 0x00390040, 0x0E060040, 0x3FFD0003
_HEADER_LENGTH, _PROPERTY_LENGTH = 32, 16
_FIRST_MOMENT = datetime(1601, 1, 1, tzinfo=UTC)


def read_msg(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an Outlook message.

    Raises:
        UnreadableError: it is damaged.
        IntakeError: it holds no words.
    """
    package = CompoundFile(data)
    message = OutlookMessage(package)
    title = " ".join(message.text(_SUBJECT).text.split())
    sections, decoded = message.read_body(source, title)
    if not title and not sections and not message.has_attachments:
        raise IntakeError("holds no words")
    sender = next(filter(None, (message.text(name).text.strip() for name in _SENDERS)), "")
    article = Article(
        title=title,
        origin=Origin(source, READER, READER_VERSION),
        external_id=" ".join(message.text(_MESSAGE_ID).text.split())[:500],
        sections=sections,
        authors=(" ".join(sender.split())[:200],) if sender else (),
        published=message.sent,
        pictures=inline_pictures(package, len(data)),
    )
    return with_charsets(article, (decoded.charset,) if decoded.charset else ())


class OutlookMessage:
    """The properties of one message."""

    def __init__(self, package: CompoundFile) -> None:
        self._package = package
        values = package.read(_PROPERTIES) or b""
        self._fixed: dict[int, int] = {}
        for place in range(_HEADER_LENGTH, len(values) - _PROPERTY_LENGTH + 1, _PROPERTY_LENGTH):
            tag, _, value = struct.unpack_from("<LLQ", values, place)
            self._fixed[tag] = value

    @property
    def has_attachments(self) -> bool:
        """Whether anything is attached."""
        return any(name.startswith(ATTACHMENT) for name in self._package.names)

    @property
    def sent(self) -> datetime | None:
        """The moment that the message was sent or received; None where it says none."""
        value = self._fixed.get(_SENT) or self._fixed.get(_RECEIVED)
        try:
            moment = _FIRST_MOMENT + timedelta(microseconds=value // 10) if value else None
        except OverflowError:
            return None
        return moment.replace(microsecond=0) if moment else None

    def text(self, name: int) -> DecodedText:
        """Return the text of a property; empty where it has none."""
        wide = self._package.read(f"__substg1.0_{name:04X}001F")
        if wide is not None:
            return DecodedText(wide.decode("utf-16-le", "replace").replace("\0", ""))
        narrow = self._package.read(f"__substg1.0_{name:04X}001E") or b""
        return self._decoded(narrow.rstrip(b"\0"))

    def read_body(self, source: str, title: str) -> tuple[tuple[Section, ...], DecodedText]:
        """Return the body as sections: the plain text, else the page, else the RTF."""
        plain = self.text(_BODY)
        if plain.text.strip():
            return read_record_body(plain.text, "body", title).sections, plain
        page = self._package.read(f"__substg1.0_{_HTML:04X}0102")
        if page and page.strip():
            decoded = self._decoded(page)
            body = read_record_body(decoded.text, "body", title)
            lead = (Section((body.lead,)),) if body.lead else ()
            return lead + body.sections, decoded
        packed = self._package.read(f"__substg1.0_{_RTF:04X}0102") or b""
        rtf = unpack_rtf(packed)
        if not rtf:
            return (), DecodedText("")
        return read_rtf(rtf, source).sections, DecodedText("")

    def _decoded(self, data: bytes) -> DecodedText:
        """Decode bytes in the code page that the message names, if they are in it."""
        code_page = self._fixed.get(_CODE_PAGE, 0) & 0xFFFF
        for encoding in ("", f"cp{code_page}"):
            try:
                return decode_text(data, encoding=encoding)
            except IntakeError:
                continue
        return DecodedText(data.decode("cp1252", "replace"))
