"""Character sets from before Unicode: pure tables, and decoders of bytes and of misread text.

A font of that time draws Vietnamese letters in place of Western ones, so programs that know no
such font take its bytes for windows-1252: `C«ng an` is `Công an` in a font of TCVN3. Decoders
therefore work on text, one character for each byte.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Charset(StrEnum):
    """The legacy character sets, by the names that articles show."""

    TCVN3 = "TCVN3"
    VNI = "VNI"
    VISCII = "VISCII"
    VPS = "VPS"
    WINDOWS_1258 = "windows-1258"


CHARSET_LABELS: Final = {
    **dict.fromkeys(
        "tcvn3 tcvn tcvn-3 tcvn-5712 tcvn5712 tcvn5712-1 abc x-viet-tcvn x-viet-tcvn3"
        " x-viet-tcvn5712 x-tcvn3 vscii".split(),
        Charset.TCVN3,
    ),
    **dict.fromkeys("vni vni-win vni-windows x-viet-vni x-vni".split(), Charset.VNI),
    **dict.fromkeys(
        "viscii viscii1.1 viscii1.1-1 csviscii x-viscii x-viet-viscii".split(), Charset.VISCII
    ),
    **dict.fromkeys("vps vps-win x-viet-vps x-vps".split(), Charset.VPS),
}
"""The labels of the character sets that Python has no codec for."""

_LETTERS: Final = (
    "àáãảạăằắẵẳặâầấẫẩậèéẽẻẹêềếễểệìíĩỉịòóõỏọôồốỗổộơờớỡởợùúũủụưừứữửựỳýỹỷỵđ"
    "ÀÁÃẢẠĂẰẮẴẲẶÂẦẤẪẨẬÈÉẼẺẸÊỀẾỄỂỆÌÍĨỈỊÒÓÕỎỌÔỒỐỖỔỘƠỜỚỠỞỢÙÚŨỦỤƯỪỨỮỬỰỲÝỸỶỴĐ"
)

_ONE_BYTE: Final = {
    Charset.TCVN3: """
        b5 b8 b7 b6 b9 a8 bb be bd bc c6 a9 c7 ca c9 c8 cb cc d0 cf ce d1 aa d2 d5 d4 d3 d6 d7 dd
        dc d8 de df e3 e2 e1 e4 ab e5 e8 e7 e6 e9 ac ea ed ec eb ee ef f3 f2 f1 f4 ad f5 f8 f7 f6
        f9 fa fd fc fb fe ae -- -- -- -- -- a1 -- -- -- -- -- a2 -- -- -- -- -- -- -- -- -- -- a3
        -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- a4 -- -- -- -- -- a5 -- -- -- -- -- -- -- --
        -- -- a6 -- -- -- -- -- -- -- -- -- -- a7""",
    Charset.VISCII: """
        e0 e1 e3 e4 d5 e5 a2 a1 c7 c6 a3 e2 a5 a4 e7 a6 a7 e8 e9 a8 eb a9 ea ab aa ad ac ae ec ed
        ee ef b8 f2 f3 f5 f6 f7 f4 b0 af b2 b1 b5 bd b6 be de b7 fe f9 fa fb fc f8 df d7 d1 e6 d8
        f1 cf fd db d6 dc f0 c0 c1 c3 c4 80 c5 82 81 05 02 83 c2 85 84 06 86 87 c8 c9 88 cb 89 ca
        8b 8a 8d 8c 8e cc cd ce 9b 98 d2 d3 a0 99 9a d4 90 8f 92 91 93 b4 96 95 b3 97 94 d9 da 9d
        9c 9e bf bb ba ff bc b9 9f dd 19 14 1e d0""",
    Charset.VPS: """
        e0 e1 e3 e4 e5 e6 a2 a1 a4 a3 a5 e2 c0 c3 c5 c4 c6 e8 e9 eb c8 cb ea 8a 89 cd 8b 8c ec ed
        ef cc ce f2 f3 f5 d5 86 f4 d2 d3 87 b0 b6 d6 a9 a7 ab aa ae f9 fa db fb f8 dc d8 d9 bb ba
        bf ff 9a cf 9b 9c c7 80 c1 82 81 -- 88 -- 8d f0 8f -- c2 84 83 -- 85 -- d7 c9 fe de -- ca
        93 90 95 94 -- b5 b4 b8 b7 -- bc b9 be bd -- d4 97 96 99 98 -- f7 -- 9d a6 9f -- a8 da ac
        d1 -- d0 af ad -- b1 -- b2 dd b3 fd -- f1""",
}
"""The byte of each of `_LETTERS`. TCVN3 has no capitals with tone marks: a font of its own, whose
name ends in H, draws the small ones as capitals. Those of VPS in control codes are left out."""

_VNI_MARKS: Final = {
    "a": ("øùõûïêèéüúëâàáãåä", "àáãảạăằắẵẳặâầấẫẩậ"),
    "e": ("øùõûïâàáãåä", "èéẽẻẹêềếễểệ"),
    "o": ("øùõûïâàáãåä", "òóõỏọôồốỗổộ"),
    "ô": ("øùõûï", "ờớỡởợ"),
    "u": ("øùõûï", "ùúũủụ"),
    "ö": ("øùõûï", "ừứữửự"),
    "y": ("øùõû", "ỳýỹỷ"),
}
"""Letters that VNI writes as a base letter and a second byte, shown as windows-1252."""

_VNI_LETTERS: Final = ("ìíóæòôöîñ", "ìíĩỉịơưỵđ")
_VNI_PATTERN: Final = re.compile(
    "[aeouyAEOUYôöÔÖ][øùõûïêèéüúëâàáãåäØÙÕÛÏÊÈÉÜÚËÂÀÁÃÅÄ]|[ìíóæòôöîñÌÍÓÆÒÔÖÎÑ]"
)


def _windows_1252(byte: int) -> str:
    """Return the character of a byte in windows-1252; its five gaps stay control characters."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_WESTERN: Final = {byte: _windows_1252(byte) for byte in range(0x80, 0xA0)}


def _translation(pairs: dict[int, str]) -> dict[int, str]:
    """Return a `str.translate` table: a byte may come as itself or as windows-1252 shows it."""
    table = dict(_WESTERN)
    for byte, letter in pairs.items():
        table[byte] = table[ord(_windows_1252(byte))] = letter
    return table


def _one_byte_tables() -> dict[Charset, dict[int, str]]:
    tables = {
        charset: _translation(
            {
                int(code, 16): letter
                for code, letter in zip(codes.split(), _LETTERS, strict=True)
                if code != "--"
            }
        )
        for charset, codes in _ONE_BYTE.items()
    }
    high = {byte: bytes([byte]).decode("cp1258", "replace") for byte in range(0x80, 0x100)}
    known = {byte: letter for byte, letter in high.items() if letter != "\ufffd"}
    return tables | {Charset.WINDOWS_1258: _translation(known)}


def _vni_letters() -> dict[str, str]:
    letters = dict(zip(*_VNI_LETTERS, strict=True))
    for base, (marks, composed) in _VNI_MARKS.items():
        letters |= {base + mark: letter for mark, letter in zip(marks, composed, strict=True)}
    capitals = {written.upper(): letter.upper() for written, letter in letters.items()}
    # Many wrote a capital with the mark of the small letter (`Aùnh`).
    careless = {
        written[0].upper() + written[1:]: letter.upper()
        for written, letter in letters.items()
        if len(written) == 2
    }
    return letters | careless | capitals


_TABLES: Final = _one_byte_tables()
_VNI: Final = _vni_letters()


def decode_characters(text: str, charset: Charset) -> str:
    """Return the text that was written in a character set and read as windows-1252 or Latin-1.

    Characters that are none of its letters stay as they are.
    """
    if charset is Charset.VNI:
        return _VNI_PATTERN.sub(_vni_letter, text.translate(_WESTERN))
    text = text.translate(_TABLES[charset])
    return unicodedata.normalize("NFC", text) if charset is Charset.WINDOWS_1258 else text


def decode_bytes(data: bytes, charset: Charset) -> str:
    """Return the text of some bytes in a character set; every byte is a character."""
    return decode_characters(data.decode("latin-1"), charset)


def _vni_letter(match: re.Match[str]) -> str:
    written = match[0]
    letter = _VNI.get(written)
    return letter if letter else "".join(_VNI.get(part, part) for part in written)
