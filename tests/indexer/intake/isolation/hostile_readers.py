"""Readers that do what no reader should; a child of a test calls them by their names."""

from __future__ import annotations

import os
import sys

from archive.errors import IntakeError, NotAnArticleError, UnreadableError
from archive.records import Article, Origin, Section

_documents: list[bytes] = []


def _article(text: str, source: str) -> Article:
    return Article(title="Bài", origin=Origin(source, "test", 1), sections=(Section((text,)),))


def read_text(data: bytes, source: str, _encoding: str) -> Article:
    return _article(data.decode(), source)


def read_environment(_data: bytes, source: str, _encoding: str) -> Article:
    sys.stdout.write("a library prints this")
    sys.stdout.flush()
    os.write(1, b"and this")
    return _article(repr((sorted(os.environ), os.listdir("."), os.getpid())), source)


def refuse(data: bytes, _source: str, _encoding: str) -> Article:
    errors = {
        b"skip": NotAnArticleError("is a list"),
        b"locked": UnreadableError("needs a password", "encrypted"),
        b"plain": IntakeError("holds no words"),
    }
    raise errors.get(data) or ValueError("a library says this")


def nest(data: bytes, source: str, encoding: str) -> Article:
    return nest(data, source, encoding)


def abort(_data: bytes, _source: str, _encoding: str) -> Article:
    os.abort()


def abort_second(data: bytes, source: str, _encoding: str) -> Article:
    _documents.append(data)
    if len(_documents) > 1:
        os.abort()
    return _article(data.decode(), source)


def loop(_data: bytes, _source: str, _encoding: str) -> Article:
    while True:
        pass


def wait(_data: bytes, _source: str, _encoding: str) -> Article:
    read_end, _ = os.pipe()
    os.read(read_end, 1)
    raise AssertionError


def fill_memory(_data: bytes, _source: str, _encoding: str) -> Article:
    blocks = []
    while True:
        blocks.append(bytes(64 << 20))


def write_file(_data: bytes, _source: str, _encoding: str) -> Article:
    with open("a", "wb") as file:
        file.write(b"a")
    raise AssertionError


def lie(_data: bytes, _source: str, _encoding: str) -> Article:
    os.write(3, b"no frame at all, and quite a long one")
    os._exit(0)


def count_pages(data: bytes, _source: str, _encoding: str) -> int:
    return data.count(b"\f") + 1


def read_pages(
    data: bytes, source: str, _encoding: str, first: int = 0, end: int | None = None
) -> Article:
    pages = data.decode().split("\f")[first:end]
    if "bomb" in pages:
        os.abort()
    sections = tuple(Section((page,)) for page in pages)
    return Article(title=pages[0], origin=Origin(source, "test", 1), sections=sections)
