"""Unicode normalization: the canonical form that is stored, the folded form without diacritics.

Canonical text is composed (NFC) with every diacritic in its place and holds no invisible,
control or stray combining character. `fold_canonical` then maps it letter for letter, so
an offset into the folded text is the same offset into the canonical text.
"""

import codecs
import re
import unicodedata
from typing import Final

from indexer.vietnamese.spelling_rules import parse

_SEPARATORS: Final = "\x0b\x0c\r\x1c-\x1f\x85"
_DROPPED: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that separate nothing
    "\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"  # invisible
    "\ud800-\udfff"  # lone surrogates: no driver or encoder accepts them
)
_COMBINING: Final = "\u0300-\u036f"
_D_LOOKALIKES: Final = "ðÐɖƉ"

_UNUSUAL: Final = re.compile(f"[{_SEPARATORS}{_DROPPED}{_COMBINING}\xa0{_D_LOOKALIKES}]")
_SEPARATOR: Final = re.compile(f"\r\n|[{_SEPARATORS}]")
_INVISIBLE: Final = re.compile(f"[{_DROPPED}]+")
_STRAY_DIACRITIC: Final = re.compile(f"[{_COMBINING}]+")
_D_LOOKALIKE: Final = re.compile(f"[{_D_LOOKALIKES}]")
_LONGEST_ACRONYM: Final = 8
_WORD_WITH_LOOKALIKE: Final = re.compile(rf"\w*[{_D_LOOKALIKES}]\w*")
_STROKES: Final = str.maketrans(dict(zip(_D_LOOKALIKES, "đĐđĐ", strict=True)))

_LETTER_DIACRITICS: Final = "\u031b\u0306\u0302"  # horn, breve, circumflex
_TONE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"
_DIACRITIC_RUN: Final = re.compile(f"[{_LETTER_DIACRITICS}{_TONE_MARKS}]{{2,}}")
_STROKED_D: Final = re.compile("([dD])\u0335")


def canonical(text: str) -> str:
    """Return the stored form of a text, the same for every way of encoding the same letters.

    Diacritics are ordered and composed (NFC alone leaves e + acute + circumflex apart), those that
    fit no letter, invisible characters and control characters other than newline and tab are
    dropped, a no-break space becomes a space, other line and page breaks become newlines, and
    an eth inside a Vietnamese syllable or an acronym becomes đ. Idempotent; never raises.
    """
    if _UNUSUAL.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text
    text = _SEPARATOR.sub("\n", text.replace("\xa0", " "))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if _STRAY_DIACRITIC.search(text) is not None:
        text = _order_diacritics(text)
    if _D_LOOKALIKE.search(text) is not None:
        text = _WORD_WITH_LOOKALIKE.sub(_repair_stroke, text)
    return text


def _order_diacritics(text: str) -> str:
    """Compose diacritics that came in a wrong order or twice, and drop those that fit no letter."""
    text = _DIACRITIC_RUN.sub(_ordered_run, unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", _STROKED_D.sub(_stroked_d, text))
    return unicodedata.normalize("NFC", _STRAY_DIACRITIC.sub("", text))


def _ordered_run(run: re.Match[str]) -> str:
    """Put horn, breve and circumflex before the tone mark, each diacritic once."""
    return "".join(sorted(dict.fromkeys(run[0]), key=_TONE_MARKS.__contains__))


def _stroked_d(match: re.Match[str]) -> str:
    return "đ" if match[1] == "d" else "Đ"


def _repair_stroke(word: re.Match[str]) -> str:
    """Read a look-alike as đ in a Vietnamese syllable or an acronym (HĐND), else leave it (Guðrún).

    An acronym is a few capitals without any other diacritic.
    """
    repaired = word[0].translate(_STROKES)
    bare = repaired.replace("Đ", "D")
    acronym = len(bare) <= _LONGEST_ACRONYM and bare.isascii() and bare.isupper()
    return repaired if acronym or parse(repaired.lower()) is not None else word[0]


_EXTRA_FOLDS: Final = {
    **dict.fromkeys("đĐðÐɖƉ", "d"),
    **dict(zip("øØłŁħĦŧŦŀĿıſ", "oollhhttllis", strict=True)),
    "ς": "σ",  # str.lower picks between the two by position; a fold must not
}
_WITH_CASE: Final = (  # every block that Unicode 15 to 17 gives upper case, with room to grow
    *(range(0x2E00), range(0xA640, 0xAC00), range(0x10400, 0x10E00), range(0x11800, 0x11900)),
    *(range(0x16E00, 0x16F00), range(0x1E900, 0x1EA00)),
)
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)


def _folded_letter(letter: str) -> str:
    """Return the one character that a character folds to."""
    bare = unicodedata.normalize("NFD", letter)[0]
    bare = _EXTRA_FOLDS.get(bare, bare)
    if bare.isascii() and letter.isalpha():
        return bare.lower()
    return _EXTRA_FOLDS.get(letter, letter.lower() if len(letter.lower()) == 1 else letter)


class _FoldTable(dict[int, str]):
    """What every character folds to, worked out when one is first met: all take a while."""

    def __missing__(self, code: int) -> str:
        """Return the folded form of a character, and remember that of one with a case."""
        if code in _FULL_WIDTH:
            return chr(code - 0xFEE0).lower()
        if not any(code in codes for codes in _WITH_CASE):
            return chr(code)
        letter = self[code] = _folded_letter(chr(code))
        return letter


_FOLD: Final = _FoldTable()

_VOWELS: Final = "aăâeêioôơuưy"
_VIETNAMESE: Final = sorted(
    {
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in _VOWELS + _VOWELS.upper()
        for tone in ("", *_TONE_MARKS)
    }
    | set("đĐ")
)
_COMMON: Final = "".join(
    dict.fromkeys(("\0\t\n", *map(chr, range(0x20, 0x7F)), *_VIETNAMESE, "“”‘’–—…«»•°²³½×éüöäç"))
).ljust(256, "\ufffe")[:256]
"""The characters that nearly all Vietnamese texts are made of, one for each byte."""

_COMMON_LETTERS: Final = codecs.charmap_build(_COMMON)
_FOLDED_COMMON: Final = _COMMON.translate(_FOLD)


def lower_canonical(text: str) -> str:
    """Return canonical text in lower case, of the same length (plain lower makes İ two)."""
    return text.replace("İ", "i").lower()


def fold_canonical(text: str) -> str:
    """Return canonical text in lower case without diacritics, of the same length.

    Every letter that Unicode decomposes to an ASCII letter and diacritics, every đ and its
    look-alikes become one ASCII letter; a letter without such a form (ß, æ, Cyrillic) is only
    lowered, and punctuation stays.
    """
    if text.isascii():
        return text.lower()
    try:
        # Through a byte a letter: six times as fast as `translate`, which asks a dictionary.
        letters, _ = codecs.charmap_encode(text, "strict", _COMMON_LETTERS)
    except UnicodeEncodeError:
        return text.translate(_FOLD)
    return codecs.charmap_decode(letters, "strict", _FOLDED_COMMON)[0]


def fold(text: str) -> str:
    """Return the folded form of any text: canonical, lower case, without diacritics.

    Idempotent; as long as `canonical(text)`, letter for letter.
    """
    return fold_canonical(canonical(text))
