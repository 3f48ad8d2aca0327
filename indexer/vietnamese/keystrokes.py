"""Whether a query was typed as keystrokes of an input method, and what it then says.

English words decode as well (2.5 % of the common ones: test is tét), so a query is rewritten
only by this gate: a token is decoded if the archive does not hold it as typed, its reading is a
word of the archive or a complete Vietnamese syllable with a diacritic (boot is bôt, which lacks
its tone), and it is not all capitals; the query is decoded if every other token decodes too or
is in the archive. Whoever calls this must say what was done and offer the words as typed.

Large archives hold almost any string once (coong, cos), which would stop the gate. So where
the caller counts instead of only telling yes from no, a query that has been decoded takes
along the held tokens whose reading is far more frequent (`FAR_MORE`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from indexer.vietnamese.input_methods import METHODS, Method, decode, has_mark
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.spelling_rules import parse

__all__ = [
    "FAR_MORE",
    "METHODS",
    "DecodedQuery",
    "DecodedToken",
    "Method",
    "decode",
    "decode_query",
    "has_mark",
    "suggest_query",
]

Exists = Callable[[str], int]
"""In how many articles a token is, or just whether: bare letters match any marks, typed marks
must match."""

FAR_MORE: Final = 10
"""A held token counts as keys, in a decoded query, if its reading is so many times as frequent."""

MORE: Final = 2
"""The same where three words and half of the query decode: it was typed as keys, beyond doubt."""

MAX_WORDS: Final = 64
MAX_LENGTH: Final = 2_000
"""Longer queries (words, characters) are taken as typed: nobody types so much without looking."""

_VIQR_MARKS: Final = "^(+`?~'’."
_CERTAIN_VIQR: Final = re.compile(r"..*[\^+(`~]|..*['’?][A-Za-z]")  # no sentence has these
_WORD: Final = re.compile(r"[^\W_]+")
_VIQR_WORD: Final = re.compile(rf"(?<!\w)[A-Za-z][A-Za-z{re.escape(_VIQR_MARKS)}]*|[^\W_]+")
_FIELD_NAME: Final = re.compile(r":\S")
_OPERATORS: Final = frozenset(("OR", "AND", "NOT"))


@dataclass(frozen=True, slots=True)
class DecodedToken:
    """One token of a query after decoding.

    Attributes:
        start: Offset of its first character in the query as typed.
        end: Offset after its last character.
        typed: The token as typed.
        word: What it is now: the decoded word, or the token itself.
        alternative: For a token that the archive holds as typed and that also spells a word of
            the archive: the one of the two that `word` is not, else None.
    """

    start: int
    end: int
    typed: str
    word: str
    alternative: str | None = None

    @property
    def is_decoded(self) -> bool:
        """Whether the word differs from what was typed."""
        return self.word != self.typed


@dataclass(frozen=True, slots=True)
class DecodedQuery:
    """A query that was typed as keystrokes.

    Attributes:
        method: The input method.
        text: The query with every decoded token replaced; operators and spacing are kept.
        tokens: Every token in order; at least one of them is decoded.
    """

    method: Method
    text: str
    tokens: tuple[DecodedToken, ...]


def decode_query(text: str, exists: Exists, tolerance: float = 0.0) -> DecodedQuery | None:
    """Decode a query typed as keystrokes, or return None if it should be taken as typed.

    Args:
        text: The query in canonical form, with its quotes and operators.
        exists: Tells whether the archive holds a token, or in how many articles.
        tolerance: How many tokens may neither decode nor be held, as a share of those that
            decode; 0 is the strict gate.
    """
    known: Exists = cache(exists)
    found = {method: _tokens(text, method, known, tolerance) for method in METHODS}
    certain = {method: tokens for method, tokens in found.items() if _decoded_count(tokens)}
    return _fullest(text, certain, known, FAR_MORE)


def suggest_query(text: str, exists: Exists) -> DecodedQuery | None:
    """Give what a query would say as keystrokes, to be offered and never searched unasked.

    Unlike `decode_query` it also decodes tokens that the archive holds as typed, where it holds
    the reading no less often (khoong gif), so English words may decode as well.
    """
    known: Exists = cache(exists)
    return _fullest(
        text, {method: _tokens(text, method, known, 0.0) for method in METHODS}, known, 1
    )


def _decoded_count(tokens: tuple[DecodedToken, ...]) -> int:
    return sum(token.is_decoded for token in tokens)


def _evidence(tokens: tuple[DecodedToken, ...], exists: Exists) -> tuple[int, int, int]:
    """Measure what speaks for a method: ``ddanh`` + backtick is VIQR, not Telex and a backtick."""
    decoded = [token for token in tokens if token.is_decoded]
    held = sum(exists(token.word) > 0 for token in decoded)
    doubtless = sum(_CERTAIN_VIQR.match(token.typed) is not None for token in decoded)
    return len(decoded), held, doubtless


def _fullest(
    text: str, found: dict[Method, tuple[DecodedToken, ...]], exists: Exists, times: int
) -> DecodedQuery | None:
    """Make the query of the method that decodes most tokens, or None if none decodes any."""
    taken = {
        method: tuple(_taken_along(token, exists, _times(tokens, times)) for token in tokens)
        for method, tokens in found.items()
    }
    method = max(taken, key=lambda method: _evidence(taken[method], exists), default=None)
    if method is None or not _decoded_count(taken[method]):
        return None
    return DecodedQuery(method, "".join(_spliced(text, taken[method])), taken[method])


def _times(tokens: tuple[DecodedToken, ...], times: int) -> int:
    """How many times as frequent a held token's reading has to be for it to be taken along."""
    decoded = _decoded_count(tokens)
    return min(times, MORE) if decoded >= 3 and 2 * decoded >= len(tokens) else times


def _tokens(
    text: str, method: Method, exists: Exists, tolerance: float
) -> tuple[DecodedToken, ...]:
    """Decide on every token of a query; none if too many are neither words nor keys."""
    pattern = _VIQR_WORD if method == "viqr" else _WORD
    bounded = text if len(text) <= MAX_LENGTH else ""
    pieces = [match for match in pattern.finditer(bounded) if not _is_syntax(match)]
    if len(pieces) > MAX_WORDS:
        return ()
    certain = method == "viqr" and any(_is_certain_viqr(piece[0], exists) for piece in pieces)
    decided = [_decided(piece, method, exists, certain) for piece in pieces]
    decoded = sum(token is not None and token.is_decoded for token in decided)
    if decided.count(None) > tolerance * decoded:
        return ()
    return tuple(
        token or DecodedToken(*piece.span(), piece[0], piece[0])
        for token, piece in zip(decided, pieces, strict=True)
    )


def _taken_along(token: DecodedToken, exists: Exists, times: int) -> DecodedToken:
    """Decode a held token too if its reading is at least so many times as frequent."""
    other = token.alternative
    if other is None or exists(other) < times * max(1, exists(token.typed)):
        return token
    return DecodedToken(token.start, token.end, token.typed, other, token.typed)


def _is_syntax(match: re.Match[str]) -> bool:
    """Tell whether a word is an operator or the name of a field."""
    return match[0] in _OPERATORS or _FIELD_NAME.match(match.string, match.end()) is not None


def _spliced(text: str, tokens: tuple[DecodedToken, ...]) -> Iterator[str]:
    at = 0
    for token in tokens:
        yield text[at : token.start]
        yield token.word
        at = token.end
    yield text[at:]


def _decided(
    piece: re.Match[str], method: Method, exists: Exists, certain: bool
) -> DecodedToken | None:
    """Decide on one token: decoded, left as typed, or None if it is neither a word nor keys.

    VIQR marks are punctuation, so ``lac.`` is both a word of the archive and keys of lạc: it
    is read as keys where another token leaves no doubt (`certain`).
    """
    start, typed = piece.start(), piece[0]
    word, length = _best_reading(typed, method, exists)
    held = all(exists(part) for part in _WORD.findall(typed) if not part.isnumeric())
    if held and not (certain and word is not None):
        alternative = word if word is not None and exists(word) else None
        return DecodedToken(start, start + len(typed), typed, typed, alternative)
    if word is None:
        return None
    return DecodedToken(start, start + length, typed[:length], word)


def _best_reading(typed: str, method: Method, exists: Exists) -> tuple[str | None, int]:
    """Give the best credible reading of a token and how many characters of it are keys.

    A final dot, question mark, apostrophe or bracket is a VIQR key or ends the sentence: the
    reading that the archive holds wins, then the one that takes it for a key.
    """
    if len(typed) > 1 and typed.isupper():
        return None, len(typed)
    best: tuple[str | None, int] = (None, len(typed))
    shortest = len(typed.rstrip("?'’.(")) if method == "viqr" else len(typed)
    for length in range(len(typed), shortest - 1, -1):
        for reading in decode(typed[:length], (method,)):
            if exists(reading.word):
                return reading.word, length
            if best[0] is None and reading.is_complete and has_mark(reading.word):
                best = reading.word, length
    return best


def _is_certain_viqr(typed: str, exists: Exists) -> bool:
    """Tell whether a token is VIQR beyond doubt: marks that no sentence has, and a syllable."""
    if _CERTAIN_VIQR.match(typed) is None:
        return False
    word, _ = _best_reading(typed, "viqr", exists)
    return word is not None and parse(lower_canonical(word)) is not None
