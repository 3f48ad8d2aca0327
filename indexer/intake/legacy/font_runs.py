r"""Runs of text in fonts: which of them a legacy font drew, decided for every font of a document.

Readers of formats that name fonts (DOCX, ODT, RTF, DOC, PDF, HTML) gather the runs of the whole
document and call `decode_runs` once:

    decoded = decode_runs([("Times New Roman", "Số: "), (".VnTime", "Th«ng t\xad")])
    decoded.texts      # ("Số: ", "Thông tư"), one for each run, in their order
    decoded.charsets   # (Charset.TCVN3,), for `encodings.with_charsets(article, …)`

A text is given as the format has it, each byte of a legacy font shown as windows-1252, and before
soft hyphens (U+00AD is `ư` in TCVN3) or other characters are dropped: `canonical` comes after.
Runs are decoded one by one, so neighbouring runs of one font are best joined first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.intake.legacy.charset_detection import (
    CharacterSample,
    detect_in_sample,
    weigh_spelling,
)
from indexer.intake.legacy.charsets import Charset, decode_characters
from indexer.intake.legacy.lost_horns import restore_lost_horns

_CHARSETS_OF_FONTS: Final = (
    (re.compile(r"\.vn|vn(?:time|arial)h?(?![a-z])"), Charset.TCVN3),
    (re.compile(r"vni[ -]|vni(?:times|helve)"), Charset.VNI),
    (re.compile(r"vps|vntimes|vn[ -]?times new"), Charset.VPS),
    (re.compile(r"viscii|vi (?:times|arial)"), Charset.VISCII),
)
_SUBSET = re.compile(r"\A[A-Z]{6}\+")
_STYLE = re.compile(r"[,-] ?(?:bold|italic|regular|normal|oblique|mt)\w{0,20}\Z", re.IGNORECASE)
_CAPITAL_FONT = re.compile(r"[A-Z]?[a-z]{2,12}H|(?:time|arial|narrow|avant|book|black|univers)h")
_SYMBOL_AREA = {0xF000 + code: chr(code) for code in range(0x20, 0x100)}
"""Word stores the letters of fonts that it takes for symbols in the private use area."""


@dataclass(frozen=True, slots=True)
class DecodedRuns:
    """The texts of some runs, and the legacy character sets that they were in."""

    texts: tuple[str, ...]
    charsets: tuple[Charset, ...] = ()


@dataclass(frozen=True, slots=True)
class FontName:
    """The name of a font as a document writes it: `ABCDEF+.VnTimeH,Bold`."""

    name: str

    @property
    def family(self) -> str:
        """The name without the prefix of a subset, quotation marks and style."""
        name = _SUBSET.sub("", self.name[:100].strip(" \t\"'")).replace("#2E", ".")
        return _STYLE.sub("", name.replace("#20", " ").replace("_", " "))

    @property
    def charset(self) -> Charset | None:
        """The character set that fonts of this name are in; None for any other font."""
        return _charset_of_font(self.name)

    @property
    def draws_capitals(self) -> bool:
        """Whether the font draws small letters as capitals (.VnTimeH)."""
        family = self.family
        last = re.split(r"[ .]|[vV][nN]", family)[-1]
        return self.charset is Charset.TCVN3 and bool(_CAPITAL_FONT.fullmatch(last))


@lru_cache(maxsize=1 << 10)
def _charset_of_font(name: str) -> Charset | None:
    family = FontName(name).family.lower()
    charsets = (charset for pattern, charset in _CHARSETS_OF_FONTS if pattern.match(family))
    return next(charsets, None)


def decode_runs(runs: Sequence[tuple[str, str]], lost_soft_hyphens: bool = False) -> DecodedRuns:
    """Decode the runs of one document that are in legacy fonts, and leave every other as it is.

    A name alone proves nothing: forms in Unicode name `.VnTime` in their style sheets. A font is
    legacy where its runs hold no letter beyond windows-1252 and read better decoded; where they
    read as well either way (`giá bán`), the document's other fonts of that set decide. Fonts of
    other names are taken together, and need at least two words that prove it.

    Args:
        runs: Font (empty where unknown) and text of every run of the document, in order.
        lost_soft_hyphens: Whether the format shows soft hyphens as `-` or U+FFFE (PDF): in
            TCVN3 those that are `ư` are found by the syllables that they make.
    """
    charsets = _charsets_of_fonts(runs)
    texts = []
    for font, text in runs:
        charset = charsets.get(font)
        if charset is None:
            texts.append(text)
            continue
        decoded = decode_characters(text.translate(_SYMBOL_AREA), charset)
        if charset is Charset.TCVN3 and lost_soft_hyphens:
            decoded = restore_lost_horns(decoded)
        texts.append(decoded.upper() if FontName(font).draws_capitals else decoded)
    used = (charsets[font] for font, text in runs if font in charsets and not text.isascii())
    return DecodedRuns(tuple(texts), tuple(dict.fromkeys(used)))


def _charsets_of_fonts(runs: Iterable[tuple[str, str]]) -> dict[str, Charset]:
    """Return the character sets of the fonts whose runs are to be decoded."""
    samples: dict[str, CharacterSample] = {}
    named: dict[str, Charset] = {}
    for font, text in runs:
        if font not in samples:
            samples[font] = CharacterSample()
            if charset := FontName(font).charset:
                named[font] = charset
        samples[font].add(text.translate(_SYMBOL_AREA) if font in named else text)
    decided = _decide_named(samples, named)
    unnamed = [font for font in samples if font not in named]
    others = CharacterSample()
    for font in unnamed:
        others.merge(samples[font])
    other_charset = detect_in_sample(others) or _agreeing(others, set(decided.values()))
    return decided | dict.fromkeys(unnamed, other_charset) if other_charset else decided


def _decide_named(
    samples: Mapping[str, CharacterSample], named: Mapping[str, Charset]
) -> dict[str, Charset]:
    """Return those of the fonts with a telling name that are to be decoded."""
    decided: dict[str, Charset] = {}
    undecided: dict[str, Charset] = {}
    contradicted: set[Charset] = set()
    for font, charset in named.items():
        gain = _gain(samples[font], charset)
        if samples[font].is_unicode or gain < 0:
            contradicted.add(charset)
        elif gain:
            decided[font] = charset
        else:
            undecided[font] = charset
    proven = set(decided.values()) - contradicted
    return decided | {font: charset for font, charset in undecided.items() if charset in proven}


def _gain(sample: CharacterSample, charset: Charset) -> float:
    """Return how much better a sample reads in a character set than as it stands."""
    decoded, plain = weigh_spelling(sample.chunks, charset), weigh_spelling(sample.chunks)
    return decoded.score - plain.score


def _agreeing(sample: CharacterSample, charsets: set[Charset]) -> Charset | None:
    """Return the one character set of a document's fonts, if text without one reads better in it.

    One word is enough then.
    """
    if len(charsets) != 1 or sample.is_unicode:
        return None
    charset = next(iter(charsets))
    return charset if sample.chunks and _gain(sample, charset) > 0 else None
