"""Names in ZIP archives that do not say their encoding."""

from __future__ import annotations

import io
import zipfile

import pytest

from indexer.intake.containers.members import Budget
from indexer.intake.containers.packed_files import zip_members
from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

NAMES = ["Công văn.txt", "thư/Báo cáo.doc", "Dự thảo 2.docx", "plain.txt", "Tổng kết năm.txt"]


def packed(names: list[bytes]) -> bytes:
    """A ZIP archive of names as an old program wrote them, without a word on their encoding."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(zipfile.ZipInfo(chr(0x40 + number) * len(name)), b"a")
    data = written.getvalue()
    for number, name in enumerate(names):
        data = data.replace(bytes([0x40 + number]) * len(name), name)
    return data


def names_in(data: bytes) -> list[str]:
    return [member.name for member in zip_members(io.BytesIO(data), Budget(0))]


@pytest.mark.parametrize(
    "charset", [Charset.TCVN3, Charset.VNI, Charset.VISCII, Charset.WINDOWS_1258]
)
def test_names_are_in_one_encoding_together(charset: Charset) -> None:
    assert names_in(packed([encode_legacy(name, charset) for name in NAMES])) == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_other_names_are_left_alone(encoding: str) -> None:
    names = ["Été à Genève.txt", "Ñandú.txt", "plain.txt"]
    assert names_in(packed([name.encode(encoding) for name in names])) == names
