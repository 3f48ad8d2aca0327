"""Decode keystrokes of a Vietnamese input method that was not on: Telex, VNI and VIQR.

`decode` reads one token, in whatever order its keys were struck (``dienedj``, ``ddieenj``,
``dien965``). It is a matter of spelling only; `keystrokes` decides whether a query should be
decoded at all, because English words decode too (test is tét in Telex).

The keys are those of the three methods as UniKey documents them; VIQR is RFC 1456.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from indexer.vietnamese.alphabet import LEVEL_TONE, VOWELS, with_tone
from indexer.vietnamese.normalization import fold_canonical, lower_canonical
from indexer.vietnamese.spelling_rules import SHAPES, parse, tone_position
from indexer.vietnamese.syllables import is_syllable

Method = Literal["telex", "vni", "viqr"]

METHODS: Final[tuple[Method, ...]] = ("telex", "vni", "viqr")

MAX_TOKEN: Final = 20
"""Longer tokens are not decoded; nghiêng with every key is 11 keystrokes."""

_TELEX_TONES: Final = {"f": 1, "r": 2, "x": 3, "s": 4, "j": 5, "z": LEVEL_TONE}
_VNI_TONES: Final = {"2": 1, "3": 2, "4": 3, "1": 4, "5": 5, "0": LEVEL_TONE}
_VIQR_TONES: Final = {"`": 1, "?": 2, "~": 3, "'": 4, "’": 4, ".": 5}
_WITH_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô"}
_VIQR_AS_VNI: Final = str.maketrans("^+(", "678")


@dataclass(frozen=True, slots=True)
class DecodedKeystrokes:
    """One way to read a token as keystrokes.

    Attributes:
        method: The input method the keys belong to.
        word: The Vietnamese word, tone in the old style, capitals as typed.
    """

    method: Method
    word: str

    @property
    def is_syllable(self) -> bool:
        """Whether the word is spelled as a syllable, perhaps without its tone; Đắk is none."""
        return is_syllable(self.word)

    @property
    def is_complete(self) -> bool:
        """Whether the word is a syllable with a tone that it takes (ất); ât still lacks one.

        Other words should be believed only if the archive holds them.
        """
        parsed = parse(lower_canonical(self.word))
        return parsed is not None and parsed[0].takes_tone(parsed[1])


@dataclass(slots=True)
class _Keys:
    """The letters and the diacritic keys of a token, counted or named as the method does.

    Attributes:
        plain: The letters without diacritics.
        tone: The tone of a tone key that was struck and not taken back, else the level one.
        circumflex: The letters doubled (Telex), or one ``?`` for each 6 or ^ (any letter).
        hooks: Strikes of w, which is horn or breve.
        horns: Strikes of 7 or +.
        breves: Strikes of 8 or (.
        strokes: Strikes that turn d into đ.
    """

    plain: str = ""
    tone: int = LEVEL_TONE
    circumflex: str = ""
    hooks: int = 0
    horns: int = 0
    breves: int = 0
    strokes: int = 0

    def set_tone(self, tone: int) -> bool:
        """Take a tone key; False if nobody would type it there (a second tone, none to clear)."""
        if not any(letter in VOWELS for letter in self.plain):
            return False
        if (tone == LEVEL_TONE) == (self.tone == LEVEL_TONE):
            return False
        self.tone = tone
        return True

    def fits(self, bare: str) -> bool:
        """Tell whether these diacritics, no more and no fewer, turn the plain letters into `bare`.

        One horn key is enough for ươ.
        """
        letters = zip(self.plain, bare, strict=True)
        circumflex = "".join(plain for plain, letter in letters if letter in "âêô")
        horns = bare.count("ơ") + bare.count("ư")
        breves = bare.count("ă")
        if self.strokes != bare.count("đ") or len(self.circumflex) != len(circumflex):
            return False
        if self.circumflex not in (circumflex, "?" * len(circumflex)):
            return False
        if self.hooks:
            return 1 <= self.hooks <= horns + breves
        return self.breves == breves and min(horns, 1) <= self.horns <= horns


def _sort_telex(token: str, doubled: str) -> _Keys | None:
    """Sort Telex keys; letters in `doubled` are letters when they come twice (xoong)."""
    keys = _Keys()
    for key in token:
        if key in _TELEX_TONES and any(letter in VOWELS for letter in keys.plain):
            if not keys.set_tone(_TELEX_TONES[key]):
                return None
        elif key == "w":
            if not any(letter in keys.plain for letter in "aou"):
                keys.plain += "u"
            if keys.circumflex in ("a", "o"):
                # Unikey and its like take the last key: `aaw` is ă.
                keys.circumflex = ""
            keys.hooks += 1
        elif key in "aeo" and key in keys.plain and key not in doubled:
            keys.circumflex += key
        elif key == "d" and keys.plain.startswith("d"):
            keys.strokes += 1
        else:
            keys.plain += key
    return keys


def _sort_vni(token: str, tones: dict[str, int]) -> _Keys | None:
    """Sort VNI keys, or VIQR keys with ^ + ( written as 6 7 8."""
    keys = _Keys()
    for key in token:
        if key in tones:
            if not keys.set_tone(tones[key]):
                return None
        elif key == "6":
            keys.circumflex += "?"
        elif key == "7":
            keys.horns += 1
        elif key == "8":
            keys.breves += 1
        elif key == "9" or (key == "d" and tones is _VIQR_TONES and keys.plain[:1] == "d"):
            keys.strokes += 1
        else:
            keys.plain += key
    return keys


def _by_plain_letters() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for bare in SHAPES:
        plain = fold_canonical(bare)
        table[plain] = (*table.get(plain, ()), bare)
    return table


_BARE: Final = _by_plain_letters()
"""Letters without any diacritic -> the toneless syllables they may stand for."""


def _syllables(keys: _Keys) -> list[str]:
    """Return the syllables that these keys spell; one that ends in a stop may lack its tone."""
    words: list[str] = []
    for bare in _BARE.get(keys.plain, ()):
        shape = SHAPES[bare]
        if keys.fits(bare):
            word = with_tone(bare, shape.tone_position, keys.tone)
            if parse(word) is not None:
                words.append(word)
    return words


def _name(keys: _Keys) -> str | None:
    """Spell a one-vowel-group word that is no Vietnamese syllable (Đắk, Krông), if it is one."""
    first = next((i for i, letter in enumerate(keys.plain) if letter in VOWELS), None)
    if first is None:
        return None
    group = keys.plain[first:].rstrip("bcdfghjklmnpqrstvxz")
    vowels = _vowels_with_diacritics(keys, group)
    bare = keys.plain[:first] + vowels + keys.plain[first + len(group) :]
    if keys.strokes and bare[0] == "d":
        bare = "đ" + bare[1:]
    if any(letter not in VOWELS for letter in group) or not keys.fits(bare):
        return None
    return with_tone(bare, first + tone_position(bare[first:]), keys.tone)


def _vowels_with_diacritics(keys: _Keys, group: str) -> str:
    """Put circumflex, breve and horn on the last letter of a vowel group that can take them."""
    if keys.circumflex:
        letters = keys.circumflex[0] if keys.circumflex[0] != "?" else "aeo"
        index = max(map(group.rfind, letters))
        if index < 0:
            return group
        return group[:index] + _WITH_CIRCUMFLEX[group[index]] + group[index + 1 :]
    if keys.breves or (keys.hooks and "a" in group):
        return group.replace("a", "ă")
    if keys.horns or keys.hooks:
        return group.replace("uo", "ươ") if "uo" in group else _with_horn(group)
    return group


def _with_horn(group: str) -> str:
    return group.replace("o", "ơ") if "o" in group else group.replace("u", "ư")


def _keys_of(token: str, method: Method) -> list[_Keys]:
    """Return the ways to sort a lower-case token into letters and keys of a method."""
    if method == "telex":
        # a third o undoes the circumflex, so that xooong is xoong
        sorted_keys = [_sort_telex(token, ""), _sort_telex(token.replace("ooo", "oo"), "o")]
    elif method == "vni":
        sorted_keys = [_sort_vni(token, _VNI_TONES)]
    else:
        sorted_keys = [_sort_vni(token.translate(_VIQR_AS_VNI), _VIQR_TONES)]
    return [keys for keys in sorted_keys if keys is not None]


def _can_hold(token: str, method: Method) -> bool:
    """Tell whether a token is made of the letters and keys of a method, with a letter first."""
    if not token[:1].isalpha() or len(token) > MAX_TOKEN:
        return False
    letters = "".join(key for key in token if key not in "^+(`?~'’." or method != "viqr")
    if method == "vni":
        return letters.isascii() and letters.isalnum() and not letters.isalpha()
    has_keys = method == "telex" or len(letters) < len(token)
    return has_keys and letters.isascii() and letters.isalpha()


def _cased_like(token: str) -> Callable[[str], str]:
    """Return the function that gives a lower-case word the capitals of a token."""
    letters = [key for key in token if key.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return str.upper
    return str.capitalize if token[:1].isupper() else str.lower


def decode(token: str, methods: tuple[Method, ...] = METHODS) -> tuple[DecodedKeystrokes, ...]:
    """Read one token as keystrokes; no reading if it holds none, or no word comes of them.

    Syllables come first. A reading differs from the token and, if it is a syllable, may still
    carry no diacritic (``su30`` is su with its tone taken back). Keys may be struck late and in
    any order; a tone struck twice, or a second tone, is taken for another language.
    """
    readings: list[DecodedKeystrokes] = []
    for method in methods:
        readings += _decode_method(token, method)
    return tuple(readings)


@lru_cache(4096)
def _decode_method(token: str, method: Method) -> tuple[DecodedKeystrokes, ...]:
    """Read one token as keystrokes of one method; a query asks for the same ones several times."""
    if not _can_hold(token, method):
        return ()
    cased = _cased_like(token)
    keys = _keys_of(token.lower(), method)
    syllables = [word for sorted_keys in keys for word in _syllables(sorted_keys)]
    names = [word for sorted_keys in keys if (word := _name(sorted_keys)) is not None]
    readings = [DecodedKeystrokes(method, cased(word)) for word in syllables or names]
    return tuple(dict.fromkeys(reading for reading in readings if reading.word != token))


def has_diacritic(word: str) -> bool:
    """Tell whether a word carries a tone mark, breve, circumflex, horn or stroke."""
    return lower_canonical(word) != fold_canonical(word)
