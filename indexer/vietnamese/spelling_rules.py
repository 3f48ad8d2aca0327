"""The syllables that Vietnamese spelling allows: the rimes that may follow each onset.

The inventory is the spelling system, not a word list: it holds every regular combination,
so it accepts a few thousand syllables that no dictionary has, and rejects all that cannot be
read as Vietnamese (Đắk, Pleiku, Niño).
"""

from dataclasses import dataclass
from typing import Final

from indexer.vietnamese.alphabet import (
    HEAVY_TONE,
    LEVEL_TONE,
    RISING_TONE,
    TONE_OF,
    TONELESS,
    VOWELS,
)

ONSETS: Final = tuple(
    "ngh ng nh gh ph th tr ch kh gi qu b c d đ g h k l m n p r s t v x".split()
) + ("",)
"""Every onset, longest first; the empty one last."""

RIMES: Final = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot ooc oong
    oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt
    oe oen oeo oet
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt
    u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt
    uân uâng uât uây uê uêch uên uênh uêt uêu uơ
    uy uya uych uyên uyêt uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu
    """.split()
)
"""Every rime, without tone marks."""

_AFTER_QU_ONLY: Final = frozenset("am au ăc ăm ăn ăng ăp ăt âc âm âp ich inh ip it ơi".split())
_AFTER_G_I: Final = frozenset("i im in".split())
_STOPS: Final = ("c", "ch", "p", "t")
_FRONT: Final = frozenset("eêiy")


@dataclass(frozen=True, slots=True)
class Shape:
    """The parts of one toneless syllable, and the letter that carries its tone mark.

    Attributes:
        onset: The consonants before the rime; may be empty.
        rime: The letters after the onset, by which the tone mark is placed.
        tone_position: Index in the syllable of the letter with the tone mark, old style (hòa).
        stopped: Whether it ends in c, ch, p or t, which allow only the rising and heavy tones.
    """

    onset: str
    rime: str
    tone_position: int
    stopped: bool

    @property
    def whole_rime_is_i(self) -> bool:
        """Whether the rime is a bare i or y after an onset, the one place where both are written.

        Bare í and y without an onset are different words; so are ai and ay, ui and uy.
        """
        return bool(self.onset) and self.rime in ("i", "y")

    def takes_tone(self, tone: int) -> bool:
        """Tell whether a syllable of this shape may carry a tone: stops take sắc and nặng only."""
        return not self.stopped or tone in (RISING_TONE, HEAVY_TONE)


def tone_position(rime: str) -> int:
    """Return the index in a rime of the letter that carries the tone mark, old style (hòa)."""
    vowels = len(rime)
    while vowels > 0 and rime[vowels - 1] not in VOWELS:
        vowels -= 1
    for index in range(vowels - 1, -1, -1):
        if rime[index] in "ăâêôơư":
            return index
    if vowels < len(rime):
        return vowels - 1
    return 1 if vowels == 3 else 0


def _is_allowed(onset: str, rime: str) -> bool:
    """Tell whether spelling lets this onset stand before this rime."""
    front = rime[0] in _FRONT
    if onset == "gi":
        return rime[0] not in "iy" and (rime in RIMES or "i" + rime in RIMES)
    if onset == "qu":
        return "u" + rime in RIMES or "o" + rime in RIMES or rime in _AFTER_QU_ONLY
    if rime not in RIMES:
        return False
    if onset == "g":
        return not front or rime in _AFTER_G_I
    if onset in ("c", "ng"):
        return not front
    if onset in ("k", "gh", "ngh"):
        return front
    return True


def _shapes() -> dict[str, Shape]:
    after_qu = {rime[1:] for rime in RIMES if rime[0] in "uo" and len(rime) > 1}
    after_gi = {rime[1:] for rime in RIMES if rime[0] == "i" and len(rime) > 1}
    rimes = {rime for rime in RIMES | after_qu | after_gi | _AFTER_QU_ONLY if rime[0] in VOWELS}
    shapes: dict[str, Shape] = {}
    for onset in ONSETS:
        for rime in rimes:
            if _is_allowed(onset, rime):
                position = len(onset) + tone_position(rime)
                shape = Shape(onset, rime, position, rime.endswith(_STOPS))
                shapes.setdefault(onset + rime, shape)
    return shapes


SHAPES: Final = _shapes()
"""Every toneless syllable, lower case -> its parts."""


def parse(token: str) -> tuple[Shape, int] | None:
    """Read a lower-case composed token as one syllable: its shape and tone, or None.

    A tone mark on the wrong letter of the syllable is accepted, two tones are not. A syllable that
    ends in a stop may lack its tone (ât, viêt), because people leave tones out; with a tone, it
    has to be one that the syllable takes (tèt is none).
    """
    shape = SHAPES.get(token.translate(TONELESS))
    if shape is None:
        return None
    tones = [TONE_OF[letter] for letter in token if letter in TONE_OF]
    if not tones:
        return shape, LEVEL_TONE
    if len(tones) > 1 or not shape.takes_tone(tones[0]):
        return None
    return shape, tones[0]
