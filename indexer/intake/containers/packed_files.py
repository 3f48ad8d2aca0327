"""The members of ZIP, WACZ and TAR archives; their names never touch the disk."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from archive.errors import IntakeError
from indexer.intake.containers.members import (
    Budget,
    BudgetedStream,
    Member,
    is_silent,
    name_problem,
)
from indexer.intake.encodings import decode_text, is_utf8
from indexer.intake.legacy.charset_detection import detect_in_bytes
from indexer.intake.legacy.charsets import Charset, decode_bytes
from indexer.vietnamese.normalization import canonical

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_MOST_SAMPLED = 1 << 16
"""Bytes of names that their encoding is told from."""
_FAILURES = (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, ValueError)


def zip_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the members of a ZIP archive.

    Raises:
        IntakeError: it is damaged, or has too many members.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (*_FAILURES, OSError) as error:
        raise IntakeError(f"is damaged ({error})") from error
    with archive:
        charset = _charset_of_names(archive.infolist())
        for entry in archive.infolist():
            name = _shown_name(entry, charset)
            if entry.is_dir() or is_silent(name):
                continue
            budget.count_member()
            problem = name_problem(name)
            if not problem and entry.flag_bits & _ENCRYPTED_FLAG:
                problem = "needs a password"
            if problem:
                yield Member(name, error=problem)
                continue
            try:
                packed = archive.open(entry)
            except (*_FAILURES, OSError, RuntimeError) as error:
                yield Member(name, error=f"is damaged ({error})")
                continue
            with packed:
                yield Member(name, io.BufferedReader(BudgetedStream(packed, budget)))


def crawl_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the crawls in a WACZ package, without its lists of pages and indexes."""
    for member in zip_members(stream, budget):
        if member.name.startswith("archive/"):
            yield member


def tar_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the files in a TAR archive, in one pass.

    Raises:
        IntakeError: it is damaged, or has too many members.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive:
            for entry in archive:
                name = _decoded_name(entry.name.encode("utf-8", "surrogateescape"))
                if not entry.isfile() or is_silent(name):
                    continue
                budget.count_member()
                if problem := name_problem(name):
                    yield Member(name, error=problem)
                    continue
                packed = archive.extractfile(entry)
                if packed is not None:
                    yield Member(name, io.BufferedReader(BudgetedStream(packed, budget)))
    except (*_FAILURES, OSError) as error:
        raise IntakeError(f"is damaged or cut short ({error})") from error


def _charset_of_names(entries: list[zipfile.ZipInfo]) -> Charset | None:
    """Return the legacy character set of the names of an archive, all its names taken together.

    One name alone is often too short to tell.
    """
    names, size = list[bytes](), 0
    for entry in entries:
        name = PurePosixPath(_written_name(entry)).name.rpartition(".")[0]
        data = name.encode("cp437", "ignore")
        if not data.isascii() and not is_utf8(data) and size < _MOST_SAMPLED:
            names.append(data)
            size += len(data)
    return detect_in_bytes(b"\n".join(names)) if names else None


def _written_name(entry: zipfile.ZipInfo) -> str:
    """Return a name as it was written, each byte a letter of cp437; empty for one in UTF-8."""
    return "" if entry.flag_bits & _UTF8_FLAG else entry.orig_filename


def _shown_name(entry: zipfile.ZipInfo, charset: Charset | None) -> str:
    """Return the name of a member, whatever encoding the program wrote it in."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        return _decoded_name(entry.orig_filename.encode("cp437"), charset)
    except UnicodeEncodeError:
        return entry.filename


def _decoded_name(name: bytes, charset: Charset | None = None) -> str:
    if is_utf8(name):
        return name.decode("utf-8")
    if charset:
        return canonical(decode_bytes(name, charset))
    try:
        return decode_text(name).text
    except IntakeError:
        return name.decode("cp437")
