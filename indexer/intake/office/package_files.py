"""The files in a package (DOCX, ODT, EPUB): bounded, and their XML without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from lxml import etree

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from archive.records import sha256

LARGEST_PART = 48 << 20
"""Bytes that one part of a package may unfold to."""

MOST_UNPACKED = 192 << 20
"""Bytes that the parts of one package may unfold to together."""

_MOST_PARTS = 20_000
_START = 4096
_KEY_LENGTH = 16
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class PackageFiles:
    """The files of one package, read by their names."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.names = frozenset(package.namelist()[:_MOST_PARTS])
        self._unpacked = 0

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; empty where there is no such.

        Raises:
            UnreadableError: it is damaged, encrypted, or too large.
        """
        name = name.lstrip("/")
        if name not in self.names:
            return b""
        try:
            with self._package.open(name) as part:
                data = part.read(LARGEST_PART + 1)
        except RuntimeError as error:
            raise UnreadableError("needs a password", ReadingState.ENCRYPTED) from error
        except _FAILURES as error:
            raise UnreadableError(f"is damaged ({name}: {error})") from error
        self._unpacked += len(data)
        if len(data) > LARGEST_PART or self._unpacked > MOST_UNPACKED:
            raise UnreadableError(f"unfolds to more than is read ({name})")
        return data

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of a part that is XML; None where there is no such.

        Raises:
            UnreadableError: it is no XML, declares entities, or is too large.
        """
        data = self.read(name)
        return parse_xml(data, name) if data else None

    def picture_key(self, name: str) -> str:
        """Return the key of a part that may be a picture, by its name and the package's list.

        Empty where there is no such part, or none of a kind that is drawn.
        """
        if name not in self.names or not name.lower().endswith(_PICTURES):
            return ""
        entry = self._package.getinfo(name)
        return sha256(f"{name}:{entry.CRC}:{entry.file_size}".encode())[:_KEY_LENGTH]

    def picture(self, key: str) -> bytes:
        """Return the bytes of the picture with a key; empty where there is no such.

        Raises:
            UnreadableError: as `read`.
        """
        found = (name for name in sorted(self.names) if self.picture_key(name) == key)
        return self.read(next(found, ""))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the kind and target of what a part of an OOXML package refers to, by its name."""
        folder, _, file = part.rpartition("/")
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        if root is None:
            return {}
        relations = {}
        for relation in root:
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External":
                place = target if target.startswith("/") else posixpath.join(folder, target)
                kind = (relation.get("Type") or "").rpartition("/")[2]
                relations[relation.get("Id") or ""] = kind, posixpath.normpath(place).lstrip("/")
        return relations


@contextmanager
def open_package(data: bytes) -> Iterator[PackageFiles]:
    """Open the bytes of a package.

    Raises:
        UnreadableError: it is no ZIP file, or damaged.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except _FAILURES as error:
        raise UnreadableError(f"is damaged ({error})") from error
    with package:
        yield PackageFiles(package)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML document.

    Raises:
        UnreadableError: it is no XML, or declares entities of its own.
    """
    # Honest packages name a document type at most, as old tables of contents do.
    if b"<!DOCTYPE" in data[:_START] and b"<!ENTITY" in data:
        raise UnreadableError(f"is damaged ({name} declares entities)")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
        huge_tree=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"is damaged ({name}: {error})"[:200]) from error


def resolved(base: str, reference: str) -> str:
    """Return the name of the part that a reference in another part means."""
    path = unquote(reference.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")
