"""Parts of e-mails: each is read, a member of its own, or named; none vanishes."""

from __future__ import annotations

import base64
import io

import pytest

from indexer.intake.containers.mail_message import mail_members, read_mail
from indexer.intake.containers.members import Budget, Member

TEXT = "Hội chợ khai mạc vào sáng nay ở thị trấn."
LONG = f"{TEXT} " * 20
PLAIN = f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}"
INNER = f"Subject: trong\nFrom: c@d.vn\n\n{TEXT}"
PACKED = base64.encodebytes(INNER.encode()).decode()
FIELDS = "Final-Recipient: rfc822; an@bao.vn\nStatus: 5.1.1"


def message(*parts: str, kind: str = "mixed") -> bytes:
    """Return a message of several parts."""
    head = f"Subject: x\nFrom: a@b.vn\nContent-Type: multipart/{kind}; boundary=B\n\n"
    return (head + "".join(f"--B\n{part}\n" for part in parts) + "--B--\n").encode()


def single(content_type: str, text: str) -> bytes:
    """Return a message that is one part."""
    return f"Subject: x\nFrom: a@b.vn\nContent-Type: {content_type}\n\n{text}".encode()


def lines_in(data: bytes) -> list[str]:
    """Return the lines of the text of a message."""
    sections = read_mail(data, "thu.eml").sections
    return [line for section in sections for line in section.paragraphs]


def members_of(data: bytes) -> list[Member]:
    """Return what is attached to a message."""
    return list(mail_members(io.BytesIO(data), Budget(0)))


def attached(data: bytes) -> dict[str, bytes]:
    """Return the content of what is attached to a message, by its name."""
    return {part.name: part.stream.read() if part.stream else b"" for part in members_of(data)}


@pytest.mark.parametrize(
    "kind",
    [
        "delivery-status",
        "global-delivery-status",
        "disposition-notification",
        "feedback-report",
        "tracking-status",
    ],
)
@pytest.mark.parametrize("transfer", ["", "base64"])
def test_a_report_of_delivery_is_text_of_the_message(kind: str, transfer: str) -> None:
    fields = f"Reporting-MTA: dns; mx.bao.vn\n\n{FIELDS}"
    head = f"Content-Type: message/{kind}\n"
    if transfer:
        head += f"Content-Transfer-Encoding: {transfer}\n"
        fields = base64.encodebytes(fields.encode()).decode()
    returned = f"Content-Type: message/rfc822\n\n{INNER}"
    data = message(PLAIN, f"{head}\n{fields}\n", returned, kind="report")
    wanted = [TEXT, "Reporting-MTA: dns; mx.bao.vn", *FIELDS.split("\n")]
    assert lines_in(data) == wanted
    assert list(attached(data)) == ["1.eml"]


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: message/rfc822",
        "Content-Type: message/global",
        "Content-Type: message/rfc822\nContent-Disposition: inline",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_message_in_a_message_is_a_member(head: str) -> None:
    text = PACKED if head.endswith("base64") else INNER
    (content,) = attached(message(PLAIN, f"{head}\n\n{text}")).values()
    inner = read_mail(content, "1.eml")
    assert (inner.title, lines_in(content)) == ("trong", [TEXT])


def test_headers_of_a_returned_message_are_a_member() -> None:
    data = message(PLAIN, f"Content-Type: text/rfc822-headers\n\n{FIELDS}", kind="report")
    assert attached(data) == {"1": FIELDS.encode()}


def test_what_a_message_only_points_to_is_named() -> None:
    pointer = "message/external-body; access-type=URL;\n URL=https://bao.vn/a.pdf"
    data = message(PLAIN, f"Content-Type: {pointer}\n\nContent-Type: application/pdf\n\n")
    (part,) = members_of(data)
    assert part.is_skipped
    assert part.error.endswith("where it is: https://bao.vn/a.pdf")


def test_an_empty_attachment_is_no_member_less() -> None:
    data = message(PLAIN, "Content-Type: application/pdf; name=a.pdf\n\n")
    assert attached(data) == {"a.pdf": b""}


@pytest.mark.parametrize(
    ("content_type", "text", "name"),
    [
        ("application/pdf; name=a.pdf", "%PDF-1.4 x", "a.pdf"),
        ("image/png", "\x89PNG", "1"),
        ("text/calendar", "BEGIN:VCALENDAR\n", "1"),
        ("message/rfc822", INNER, "1.eml"),
    ],
)
def test_a_message_that_is_nothing_but_a_document_has_it_as_a_member(
    content_type: str, text: str, name: str
) -> None:
    data = single(content_type, text)
    assert list(attached(data)) == [name]
    assert lines_in(data) == []


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/enriched; charset=utf-8", f"<bold>{TEXT}</bold>"),
        ("text/markdown; charset=utf-8", TEXT),
        ("multipart/mixed", TEXT),
        ("multipart/mixed; boundary=other", f"--B\n{PLAIN}\n--B--\n"),
        ("message/partial; id=1; number=2; total=2", TEXT),
    ],
)
def test_a_text_is_read_whatever_its_header_calls_it(content_type: str, text: str) -> None:
    data = single(content_type, text)
    assert lines_in(data) == [TEXT]
    assert attached(data) == {}


HTML = "Content-Type: text/html; charset=utf-8\n\n<html><body>"
STUB = "Content-Type: text/plain; charset=utf-8\n\nThư này cần trình đọc HTML."


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        ((PLAIN, f"{HTML}<p>{TEXT}</p>"), TEXT),
        ((STUB, f"{HTML}<p>{LONG}</p>"), LONG.strip()),
        ((STUB, f"{HTML}<style>{LONG}</style><p>{TEXT}</p>"), "Thư này cần trình đọc HTML."),
        (("Content-Type: text/plain\n\n", f"{HTML}<p>{TEXT}</p>"), TEXT),
        ((f"Content-Type: text/enriched\n\n<bold>{TEXT}</bold>", f"{HTML}<p>{TEXT}</p>"), TEXT),
        ((PLAIN, f"Content-Type: text/x-amp-html\n\n<html amp4email><p>{TEXT}"), TEXT),
    ],
    ids=["plain", "stub", "short page", "empty", "enriched", "amp"],
)
def test_of_versions_one_is_read_that_has_the_words(versions: tuple[str, ...], wanted: str) -> None:
    data = message(*versions, kind="alternative")
    assert lines_in(data) == [wanted]
    assert attached(data) == {}


def test_an_address_in_a_plain_text_is_no_tag() -> None:
    text = "Gửi cho <b@bao.vn> và <a@bao.vn>,\nrồi gửi cho <p@bao.vn>."
    assert lines_in(single("text/plain; charset=utf-8", text)) == text.split("\n")


@pytest.mark.parametrize("charset", ["utf\0-8", "undefined", "x" * 300, "hex", "'"])
@pytest.mark.parametrize("transfer", ["8bit", "base64", "no such"])
def test_a_charset_that_is_none_breaks_nothing(charset: str, transfer: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {transfer}"
    text = base64.b64encode(TEXT.encode()).decode() if transfer == "base64" else TEXT
    data = message(f"{head}\n\n{text}", kind="alternative")
    assert lines_in(data) == [TEXT]
    assert members_of(data) == []
