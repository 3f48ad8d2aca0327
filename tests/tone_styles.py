"""Words in the two styles of placing a tone mark: old is hòa, thúy; new is hoà, thuý."""

from __future__ import annotations

from typing import Literal

from indexer.vietnamese.alphabet import TONE_OF, TONELESS, with_tone
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.spelling_rules import parse

ToneStyle = Literal["old", "new"]


def place_tone(token: str, style: ToneStyle = "old") -> str:
    """Move the tone mark of a syllable to its letter in a style; leave other tokens alone."""
    parsed = parse(lower_canonical(token))
    tone = next((TONE_OF[letter] for letter in token if letter in TONE_OF), 0)
    # The Turkish capital of i has no form with a tone mark; in lower case it is an i.
    if parsed is None or not tone or "İ" in token:
        return token
    shape, _ = parsed
    is_new = style == "new" and shape.rime in ("oa", "oe", "uy")
    return with_tone(token.translate(TONELESS), shape.tone_position + is_new, tone)
