"""Decode a query that was typed as keystrokes of an input method that was not on.

English words decode as well (2.5 % of the common ones: test is tét), so a query is rewritten
only by this gate: a token is decoded if the archive does not hold it as typed, its reading is a
word of the archive or a complete Vietnamese syllable with a diacritic (boot is bôt, which lacks
its tone), and it is not all capitals; the query is decoded if every other token decodes too or
is in the archive. A caller must name the change and offer the words as typed.

Large archives hold almost any string once (coong, cos), which would stop the gate. So where
the caller counts instead of only telling yes from no, a query that has been decoded takes
along the archived tokens whose reading is far more frequent (`MIN_READING_RATIO`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from indexer.vietnamese.input_methods import METHODS, Method, decode, has_diacritic
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.spelling_rules import parse

Exists = Callable[[str], int]
"""Returns the number of articles with a token, or just whether there is one: bare letters match
any diacritics, typed diacritics must match."""

MIN_READING_RATIO: Final = 10
"""Times as frequent as an archived token its reading must be for it to be decoded too."""

_CERTAIN_READING_RATIO: Final = 2
"""The same where three words and half of the query decode: it was typed as keys, beyond doubt."""

MAX_WORDS: Final = 64
MAX_LENGTH: Final = 2_000
"""Longer queries (words, characters) are taken as typed: nobody types so much without looking."""

_VIQR_KEYS: Final = "^(+`?~'’."
_CERTAIN_VIQR: Final = re.compile(r"..*[\^+(`~]|..*['’?][A-Za-z]")  # no sentence has these
_WORD: Final = re.compile(r"[^\W_]+")
_VIQR_WORD: Final = re.compile(rf"(?<!\w)[A-Za-z][A-Za-z{re.escape(_VIQR_KEYS)}]*|[^\W_]+")
_FIELD_NAME: Final = re.compile(r":\S")
_OPERATORS: Final = frozenset(("OR", "AND", "NOT"))


@dataclass(frozen=True, slots=True)
class DecodedToken:
    """One token of a query after decoding.

    Attributes:
        start: Offset of its first character in the query as typed.
        end: Offset after its last character.
        typed: The token as typed.
        word: The decoded word, or the token itself.
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
        """Whether the word differs from the typed token."""
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
        tolerance: Tokens that may neither decode nor be archived, as a share of those that
            decode; 0 is the strict gate.
    """
    cached: Exists = cache(exists)
    candidates = {method: _tokens(text, method, cached, tolerance) for method in METHODS}
    certain = {method: tokens for method, tokens in candidates.items() if _decoded_count(tokens)}
    return _fullest(text, certain, cached, MIN_READING_RATIO)


def suggest_query(text: str, exists: Exists) -> DecodedQuery | None:
    """Decode a query for a suggestion that is offered and never searched unasked.

    Unlike `decode_query` it also decodes tokens that the archive holds as typed, where it holds
    the reading no less often (khoong gif), so English words may decode as well.
    """
    cached: Exists = cache(exists)
    candidates = {method: _tokens(text, method, cached, 0.0) for method in METHODS}
    return _fullest(text, candidates, cached, 1)


def _decoded_count(tokens: tuple[DecodedToken, ...]) -> int:
    return sum(token.is_decoded for token in tokens)


def _evidence(tokens: tuple[DecodedToken, ...], exists: Exists) -> tuple[int, int, int]:
    """Count the evidence for a method: ``ddanh`` + backtick is VIQR, not Telex and a backtick."""
    decoded = [token for token in tokens if token.is_decoded]
    archived = sum(exists(token.word) > 0 for token in decoded)
    certain = sum(_CERTAIN_VIQR.match(token.typed) is not None for token in decoded)
    return len(decoded), archived, certain


def _fullest(
    text: str, candidates: dict[Method, tuple[DecodedToken, ...]], exists: Exists, times: int
) -> DecodedQuery | None:
    """Make the query of the method that decodes most tokens, or None if none decodes any."""
    decoded = {
        method: tuple(_decode_archived(token, exists, _times(tokens, times)) for token in tokens)
        for method, tokens in candidates.items()
    }
    method = max(decoded, key=lambda method: _evidence(decoded[method], exists), default=None)
    if method is None or not _decoded_count(decoded[method]):
        return None
    return DecodedQuery(method, "".join(_splice(text, decoded[method])), decoded[method])


def _times(tokens: tuple[DecodedToken, ...], times: int) -> int:
    """Return the times as frequent as an archived token its reading must be to replace it."""
    decoded = _decoded_count(tokens)
    return (
        min(times, _CERTAIN_READING_RATIO) if decoded >= 3 and 2 * decoded >= len(tokens) else times
    )


def _tokens(
    text: str, method: Method, exists: Exists, tolerance: float
) -> tuple[DecodedToken, ...]:
    """Return the tokens of a query, decoded or not; none if too many are no words and no keys."""
    pattern = _VIQR_WORD if method == "viqr" else _WORD
    bounded = text if len(text) <= MAX_LENGTH else ""
    pieces = [match for match in pattern.finditer(bounded) if not _is_syntax(match)]
    if len(pieces) > MAX_WORDS or not any(_has_reading(piece[0], method) for piece in pieces):
        # Where nothing is keys, the archive need not be asked for any word.
        return ()
    certain = method == "viqr" and any(_is_certain_viqr(piece[0], exists) for piece in pieces)
    decided = [_decode_token(piece, method, exists, certain) for piece in pieces]
    decoded = sum(token is not None and token.is_decoded for token in decided)
    if decided.count(None) > tolerance * decoded:
        return ()
    return tuple(
        token or DecodedToken(*piece.span(), piece[0], piece[0])
        for token, piece in zip(decided, pieces, strict=True)
    )


def _decode_archived(token: DecodedToken, exists: Exists, times: int) -> DecodedToken:
    """Decode an archived token too if its reading is at least `times` as frequent."""
    reading = token.alternative
    if reading is None or exists(reading) < times * max(1, exists(token.typed)):
        return token
    return DecodedToken(token.start, token.end, token.typed, reading, token.typed)


def _is_syntax(match: re.Match[str]) -> bool:
    """Tell whether a word is an operator or the name of a field."""
    return match[0] in _OPERATORS or _FIELD_NAME.match(match.string, match.end()) is not None


def _splice(text: str, tokens: tuple[DecodedToken, ...]) -> Iterator[str]:
    """Yield the pieces of a text with every token replaced by its word."""
    end = 0
    for token in tokens:
        yield text[end : token.start]
        yield token.word
        end = token.end
    yield text[end:]


def _decode_token(
    piece: re.Match[str], method: Method, exists: Exists, certain: bool
) -> DecodedToken | None:
    """Return one token, decoded or as typed, or None if it is neither a word nor keys.

    VIQR keys are punctuation, so ``lac.`` is both a word of the archive and keys of lạc: it
    is read as keys where another token leaves no doubt (`certain`).
    """
    start, typed = piece.start(), piece[0]
    word, length = _best_reading(typed, method, exists)
    is_archived = all(exists(part) for part in _WORD.findall(typed) if not part.isnumeric())
    if is_archived and not (certain and word is not None):
        alternative = word if word is not None and exists(word) else None
        return DecodedToken(start, start + len(typed), typed, typed, alternative)
    if word is None:
        return None
    return DecodedToken(start, start + length, typed[:length], word)


def _key_lengths(typed: str, method: Method) -> range:
    """Return how many characters of a token may be keys, most first; of capitals none."""
    if len(typed) > 1 and typed.isupper():
        return range(0)
    shortest = len(typed.rstrip("?'’.(")) if method == "viqr" else len(typed)
    return range(len(typed), shortest - 1, -1)


def _has_reading(typed: str, method: Method) -> bool:
    return any(decode(typed[:length], (method,)) for length in _key_lengths(typed, method))


def _best_reading(typed: str, method: Method, exists: Exists) -> tuple[str | None, int]:
    """Return the best credible reading of a token and the number of its characters that are keys.

    A final dot, question mark, apostrophe or bracket is a VIQR key or ends the sentence: the
    reading that the archive holds wins, then the one that takes it for a key.
    """
    best: tuple[str | None, int] = (None, len(typed))
    for length in _key_lengths(typed, method):
        for reading in decode(typed[:length], (method,)):
            if exists(reading.word):
                return reading.word, length
            if best[0] is None and reading.is_complete and has_diacritic(reading.word):
                best = reading.word, length
    return best


def _is_certain_viqr(typed: str, exists: Exists) -> bool:
    """Tell whether a token is VIQR beyond doubt: keys that no sentence has, and a syllable."""
    if _CERTAIN_VIQR.match(typed) is None:
        return False
    word, _ = _best_reading(typed, "viqr", exists)
    return word is not None and parse(lower_canonical(word)) is not None
