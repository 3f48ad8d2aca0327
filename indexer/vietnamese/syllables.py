"""Vietnamese syllables: one spelling for every word that Vietnamese writes in two ways.

Two habits of spelling split the same word: the place of the tone mark, in open oa, oe and uy
(old style hòa, thúy; new style hoà, thuý), and the letter of a rime that is a bare i or y (kĩ,
kỹ). `exact_form` and `folded_form` make one index term of both. All functions take canonical
text (see `normalization.canonical`) and leave alone every token that is no Vietnamese syllable
(Đắk, Pleiku, Niño).

The tone rule is that of Vietnamese orthography as spelling dictionaries apply it: it reaches
the same 6,590 spellings as hunspell-vi.
"""

from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.alphabet import LEVEL_TONE, TONELESS, WITH_TONE, with_tone
from indexer.vietnamese.normalization import fold_canonical, lower_canonical
from indexer.vietnamese.spelling_rules import ONSETS, SHAPES, parse

_WRITTEN_WITH_Y: Final = frozenset(
    "hy hỷ ký kỳ kỷ kỹ kỵ ly lý lỷ lỹ lỵ my mỹ quy quý quỳ quỷ quỹ quỵ ty tý tỷ".split()
)
"""Syllables that newspapers write with y more often than with i; all others take i.

Counted on 11.9 million syllables of news: mỹ 21,266 and mĩ 54, but sĩ 11,281 and sỹ 1,776.
"""

_FOLDED_WITH_Y: Final = frozenset(("h", "k", "l", "m", "qu", "t"))
"""Onsets after which y outnumbers i when the tones are counted together, in the same text."""


def _folded_merges() -> dict[str, str]:
    onsets = {fold_canonical(onset) for onset in ONSETS if onset}
    pairs = ((onset, "y" if onset in _FOLDED_WITH_Y else "i") for onset in onsets)
    return {onset + spelt: onset + letter for onset, letter in pairs for spelt in "iy"}


_FOLDED_MERGES: Final = _folded_merges()
_SPELLINGS: Final = {
    form: tuple(spelt for spelt, merged in _FOLDED_MERGES.items() if merged == form)
    for form in set(_FOLDED_MERGES.values())
}
_BARE_SYLLABLES: Final = frozenset(fold_canonical(bare) for bare in SHAPES)

FOLDED_SYLLABLES: Final = frozenset(_FOLDED_MERGES.get(bare, bare) for bare in _BARE_SYLLABLES)
"""The folded forms of all syllables."""


def is_syllable(token: str) -> bool:
    """Tell whether a token is spelled as one Vietnamese syllable, in any case or tone style.

    A missing tone is allowed (việt, viêt and the bare tan are syllables), a missing circumflex,
    breve or horn is not (duong is none); see `is_bare_syllable`.
    """
    return parse(lower_canonical(token)) is not None


def is_bare_syllable(token: str) -> bool:
    """Tell whether a token could be a syllable without any diacritic (duong, nguyen, mot)."""
    return lower_canonical(token) in _BARE_SYLLABLES


def are_vietnamese(words: Sequence[str]) -> bool:
    """Tell whether the words of a name or a query are Vietnamese, as far as they show it.

    A diacritic on a syllable does, or that all words could be syllables (cong an).
    """
    is_marked = any(
        fold_canonical(lowered) != lowered and is_syllable(lowered)
        for lowered in map(lower_canonical, words)
    )
    return is_marked or (bool(words) and all(map(is_bare_syllable, words)))


def exact_form(token: str) -> str:
    """Return the index term with its diacritics: lower case, old tone style, i and y merged.

    The letter of the merged pair is the one newspapers write more often in that very syllable
    (kỹ, lý, quý, but sĩ, vĩ), so an exact form can be shown to a reader.
    """
    token = lower_canonical(token)
    parsed = parse(token)
    if parsed is None:
        return token
    shape, tone = parsed
    if not shape.whole_rime_is_i:
        bare = token.translate(TONELESS)
        return token if tone == LEVEL_TONE else with_tone(bare, shape.tone_position, tone)
    with_y = shape.onset + WITH_TONE["y", tone]
    return with_y if with_y in _WRITTEN_WITH_Y else shape.onset + WITH_TONE["i", tone]


def folded_form(token: str) -> str:
    """Return the index term without diacritics: folded, i and y merged (sỹ, sĩ, sy, si are one).

    A function of the exact form: ``folded_form(exact_form(t)) == folded_form(t)``. Of the same
    length as the token.
    """
    folded = fold_canonical(token)
    return _FOLDED_MERGES.get(folded, folded)


def diacritics_agree(typed: str, form: str) -> bool:
    """Tell whether a form has every diacritic that was typed; bare letters agree with any.

    Both are exact forms with the same folded form.
    """
    if len(typed) != len(form):
        return False
    # Most are typed bare, or as they are written.
    return (
        typed.isascii()
        or typed == form
        or all(
            typed_letter.isascii() or typed_letter == letter
            for typed_letter, letter in zip(typed, form, strict=True)
        )
    )


def may_be_read(form: str) -> bool:
    """Tell whether a folded form has a vowel; without one it is a short form, spelt out by letters.

    `sdt` (số điện thoại) and `hdqt` are short forms, `so` is a syllable and `with` a foreign word.
    """
    return any(letter in "aeiouy" for letter in form)


def folded_spellings(form: str) -> tuple[str, ...]:
    """Return the spellings, folded letter by letter, with this folded form (ky: ki and ky)."""
    return _SPELLINGS.get(form, (form,))


def spellings_begun(prefix: str) -> list[str]:
    """Return spellings without this prefix of the syllables whose folded form has it."""
    return [
        spelt
        for spelt, form in _FOLDED_MERGES.items()
        if form.startswith(prefix) and not spelt.startswith(prefix)
    ]
