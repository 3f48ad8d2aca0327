"""Bytes as programs of the time before Unicode wrote them, from the vectors in `tests/data`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from indexer.intake.legacy.charsets import Charset
from tests.paths import DATA

_CHARSETS = {"VNI-WIN": Charset.VNI, "CP1258": Charset.WINDOWS_1258}
_PLAIN = str.maketrans("“”‘’–—\xa0", "\"\"''-- ")


@dataclass(frozen=True, slots=True)
class CharsetVector:
    """Bytes in a legacy character set, and their text."""

    charset: Charset
    kind: str
    data: bytes
    text: str

    def __str__(self) -> str:
        return f"{self.charset}-{self.data.hex()[:40]}"


@cache
def charset_vectors() -> tuple[CharsetVector, ...]:
    """Return the vectors, each letter one of its own."""
    vectors = []
    for line in (DATA / "charset.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, kind, codes, text = line.split("\t")
        charset = _CHARSETS[name] if name in _CHARSETS else Charset(name)
        pairs = (
            zip(codes.split(), text.split(), strict=True) if kind == "letters" else [(codes, text)]
        )
        vectors += [CharsetVector(charset, kind, bytes.fromhex(data), part) for data, part in pairs]
    return tuple(vectors)


@cache
def _letters_of(charset: Charset) -> dict[str, bytes]:
    return {
        vector.text: vector.data
        for vector in charset_vectors()
        if vector.charset is charset and vector.kind == "letters"
    }


def encode_legacy(text: str, charset: Charset) -> bytes:
    """Return the bytes of a text; capitals that a set lacks become small, others `?`."""
    letters = _letters_of(charset)
    parts = []
    for character in unicodedata.normalize("NFC", text.translate(_PLAIN)):
        written = letters.get(character) or letters.get(character.lower())
        parts.append(written or character.encode("ascii", "replace"))
    return b"".join(parts)
