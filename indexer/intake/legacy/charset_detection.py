"""Detection of legacy character sets: the one that makes Vietnamese syllables of a document.

Text that is Unicode must never be changed: `giá bán` is Vietnamese as it stands, and `giỏ bỏn`
in TCVN3. So one decision is made for a document, from its first 64 KiB; a letter that no font of
that time drew proves Unicode; and what stands there wins unless another reading is better.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from indexer.intake.legacy.charsets import Charset, decode_characters
from indexer.vietnamese.syllables import is_syllable

SAMPLE_LENGTH: Final = 64 << 10
"""Bytes or characters of a document that the decision is made from."""

LEAST_SCORE: Final = 0.5
"""Score that a reading has at least, where no font names the character set."""

_LEAST_VALID = 2
_LEAST_GAIN = 0.25
"""Share of the syllables of a decoded text that are none as it stands."""

_PROBES = 60
"""Chunks of a sample of at least twice as many that are weighed before all of them."""

_MOST_CHUNKS = 2000
_LONGEST_CHUNK = 60
_CHUNK = re.compile(r"[^ \t\r\n\v\f]+")
_WORD = re.compile(r"[^\W\d_¹²³¼½¾]+")
_SYMBOL_INSIDE = re.compile(
    r"(?<=[^\W\d_])[\x00-\x08\x0e-\x1f\x7f-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u0192\u02c6\u02dc"
    r"\u2013-\u203a\u20ac\u2122\ufffd](?=[^\W\d_])"
)
_WESTERN = frozenset(bytes(range(0x80, 0x100)).decode("cp1252", "replace")) | frozenset(
    map(chr, range(0x80, 0x100))
)
_is_syllable = lru_cache(1 << 16)(is_syllable)


@dataclass(frozen=True, slots=True)
class SpellingEvidence:
    """The share of Vietnamese spelling in one reading of a text, from -3 to 1.

    Attributes:
        valid: Words with diacritics that are Vietnamese syllables.
        score: Those less twice the others and twice the symbols inside words, as a share.
    """

    valid: int = 0
    score: float = 0.0


@dataclass(slots=True)
class CharacterSample:
    """The distinct pieces of a text that hold a character outside ASCII, counted.

    Attributes:
        is_unicode: Whether it holds a letter that no legacy font drew.
    """

    chunks: Counter[str] = field(default_factory=Counter)
    is_unicode: bool = False
    _length: int = 0

    def add(self, text: str) -> None:
        """Take in a text, as long as the sample is not full."""
        text = text[: max(SAMPLE_LENGTH - self._length, 0)]
        self._length += len(text)
        # Unicode is Unicode, whatever its other words look like.
        if self.is_unicode or text.isascii():
            return
        self.is_unicode = holds_unicode_letter(text)
        for chunk in _CHUNK.findall(text):
            if not chunk.isascii() and len(self.chunks) < _MOST_CHUNKS:
                self.chunks[chunk[:_LONGEST_CHUNK]] += 1

    def merge(self, other: CharacterSample) -> None:
        """Take in another sample."""
        self.is_unicode = self.is_unicode or other.is_unicode
        self.chunks.update(other.chunks)


def holds_unicode_letter(text: str) -> bool:
    """Tell whether a text holds a letter or combining character beyond windows-1252."""
    unusual = set(text) - _WESTERN
    return any(
        character > "\x7f" and unicodedata.category(character)[0] in "LM" for character in unusual
    )


def weigh_spelling(chunks: Mapping[str, int], charset: Charset | None = None) -> SpellingEvidence:
    """Weigh the spelling of a sample in one character set, or as it stands (None)."""
    valid = wrong = 0
    for chunk, count in chunks.items():
        text = chunk if charset is None else decode_characters(chunk, charset)
        for word in _WORD.findall(text):
            # A single letter may be a dash or a sign (`4×2`) in another reading.
            if len(word) == 1 or word.isascii() or _is_acronym(word):
                continue
            if _is_syllable(word):
                valid += count
            else:
                wrong += count
            # No font mixes small letters and capitals in a word.
            if not (word[1:].islower() or word.isupper()):
                wrong += count
        wrong += count * len(_SYMBOL_INSIDE.findall(text))
    total = valid + wrong
    return SpellingEvidence(valid, (valid - 2 * wrong) / total if total else 0.0)


def detect_in_bytes(data: bytes) -> Charset | None:
    """Return the character set of bytes that are no UTF-8; None if none fits."""
    start = data[:SAMPLE_LENGTH]
    if b"\0" in start:
        return None
    sample = CharacterSample()
    sample.add(start.decode("latin-1"))
    best, evidence = _best(sample.chunks, Charset)
    plain = weigh_spelling(_as_windows_1252(sample.chunks))
    # Bytes that are no UTF-8 are no Unicode: nothing is lost by a guess.
    is_better = evidence.score > plain.score or best is Charset.WINDOWS_1258
    return best if is_better and _is_convincing(evidence) else None


def detect_in_text(text: str) -> Charset | None:
    """Return the character set whose bytes a text shows as windows-1252; None to leave it."""
    sample = CharacterSample()
    sample.add(text)
    return detect_in_sample(sample)


def detect_in_sample(sample: CharacterSample) -> Charset | None:
    """Return the character set of a sampled text without fonts; None to leave it as it is."""
    if sample.is_unicode or not sample.chunks or _is_hopeless(sample.chunks):
        return None
    best, evidence = _best(sample.chunks, Charset)
    plain = weigh_spelling(sample.chunks)
    # A slip or a foreign name (`gói gém cho em`, `Loïc và`) is one word that reads badly.
    gain = evidence.valid - plain.valid
    is_better = evidence.score > plain.score and gain >= max(2, evidence.valid * _LEAST_GAIN)
    return best if is_better and _is_convincing(evidence) else None


def _is_acronym(word: str) -> bool:
    """Tell whether a word is capitals with no other diacritic than the stroke of Đ (UBND, HĐND)."""
    return word.isupper() and word.replace("Đ", "D").isascii() and not _is_syllable(word)


def _is_convincing(evidence: SpellingEvidence) -> bool:
    return evidence.valid >= _LEAST_VALID and evidence.score >= LEAST_SCORE


def _best(
    chunks: Mapping[str, int], charsets: Iterable[Charset]
) -> tuple[Charset, SpellingEvidence]:
    """Return the character set with the best reading of a sample; of equal ones the first."""
    readings = [(charset, weigh_spelling(chunks, charset)) for charset in charsets]
    return max(readings, key=lambda reading: reading[1].score)


def _is_hopeless(chunks: Mapping[str, int]) -> bool:
    """Tell whether a part of a sample reads so badly that no reading of the whole can convince."""
    step = len(chunks) // _PROBES
    if step < 2:
        return False
    probes = {chunk: chunks[chunk] for chunk in islice(chunks, 0, None, step)}
    _, evidence = _best(probes, Charset)
    return evidence.score < -LEAST_SCORE


def _as_windows_1252(chunks: Mapping[str, int]) -> Counter[str]:
    texts = Counter[str]()
    for chunk, count in chunks.items():
        texts[chunk.encode("latin-1").decode("cp1252", "replace")] += count
    return texts
