"""E-mails, mailboxes, archives and crawls for tests."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Mapping, Sequence

from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

BODY = "Kính gửi kho lưu trữ, xin gửi báo cáo được yêu cầu."


def encoded(data: bytes) -> str:
    """Bytes in base64, in lines."""
    return base64.encodebytes(data).decode()


def mail_with(attachment: bytes) -> bytes:
    """An e-mail in two alternatives of one text, with a ZIP archive attached."""
    name = base64.b64encode("Người Gửi".encode()).decode()
    return (
        f"From: =?utf-8?B?{name}?= <nguoi.gui@example.vn>\nTo: kho@example.vn\n"
        "Subject: =?windows-1258?Q?B=E1o_c=E1o_th=E1ng?=\n"
        "Date: Thu, 16 Feb 2023 08:30:00 +0700\nMessage-ID: <m1@example.vn>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
        "Content-Type: multipart/alternative; boundary=y\n\n--y\n"
        "Content-Type: text/plain; charset=x-viet-tcvn3\nContent-Transfer-Encoding: base64\n\n"
        f"{encoded(encode_legacy(BODY, Charset.TCVN3))}--y\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        f"{encoded(f'<p>{BODY}</p>'.encode())}--y--\n--x\n"
        "Content-Type: image/png\nContent-ID: <a>\n\nPNG\n--x\nContent-Type: application/zip\n"
        "Content-Disposition: attachment; filename*=UTF-8''t%C3%A0i%20li%E1%BB%87u.zip\n"
        f"Content-Transfer-Encoding: base64\n\n{encoded(attachment)}--x--\n"
    ).encode()


def mailbox(*messages: bytes) -> bytes:
    """A mailbox of messages, in which lines like its own are quoted."""
    start = b"From a@example.vn Thu Feb 16 08:30:00 2023\n"
    return b"".join(
        start + message.replace(b"\nFrom ", b"\n>From ") + b"\n" for message in messages
    )


def tarred(parts: Mapping[str, bytes]) -> bytes:
    """A TAR archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def crawl_record(
    kind: str, address: str, content: bytes, declared: str = "", **fields: str
) -> bytes:
    """One record of a crawl; further fields of its head, `WARC_Date` for `WARC-Date`."""
    media_type = declared or "application/http; msgtype=response"
    stated = {"WARC_Date": "2023-02-16T01:30:00Z", **fields}
    more = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in stated.items())
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:0-0>\r\n{more}"
        f"WARC-Target-URI: {address}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def answer(media_type: str, content: bytes, status: str = "200 OK", coding: str = "") -> bytes:
    """An answer of a web server."""
    more = f"Content-Encoding: {coding}\r\n" if coding else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{more}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def crawl(page: bytes, document: bytes) -> Sequence[bytes]:
    """The records of a crawl with a page, a PDF document, and what is no document."""
    site = "http://bao.example"
    packed = gzip.compress(page, mtime=0)
    return (
        crawl_record("warcinfo", "", b"software: thu\r\n", "application/warc-fields"),
        crawl_record("request", f"{site}/a.html", b"GET / HTTP/1.1\r\n\r\n"),
        crawl_record("response", f"{site}/a.html", answer("text/html", packed, coding="gzip")),
        crawl_record("response", f"{site}/b.html", answer("text/html", b"gone", "404 Not Found")),
        crawl_record("response", f"{site}/c.png", answer("image/png", b"\x89PNG\r\n\x1a\n")),
        crawl_record("response", f"{site}/d.pdf", answer("application/pdf", document)),
        crawl_record("revisit", f"{site}/a.html", answer("text/html", b"")),
        crawl_record("resource", "urn:x:1", "Bài rời\nMột đoạn.".encode(), "text/plain"),
    )
