"""Canonical and folded letters, against vectors, an independent folder and counterexamples."""

import unicodedata

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from indexer.vietnamese.alphabet import WITH_TONE
from indexer.vietnamese.normalization import canonical, fold, fold_canonical, lower_canonical
from tests.paths import DATA

VECTORS = DATA / "fold.tsv"
ALPHABET = sorted(WITH_TONE.values()) + ["đ", "Đ"]
OWN = "ĸẟỻỼỽỾỿ"
"""Letters of their own (kra, insular delta, medieval Welsh) that hold no ASCII letter."""
TONES = "\u0300\u0301\u0303\u0309\u0323"


def folded_vectors() -> list[tuple[str, str]]:
    rows = [line.split("\t") for line in VECTORS.read_text("utf-8").splitlines()]
    rows = [row for row in rows if len(row) == 4 and row[0] != "class"]
    return [(row[1].encode("ascii").decode("unicode_escape"), row[3]) for row in rows]


def reversed_diacritics(text: str) -> str:
    """Decompose with the tone before the circumflex, breve or horn, as some keyboards do."""
    clusters: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character) and clusters:
            base, *marks = clusters[-1]
            clusters[-1] = base + "".join(sorted([*marks, character], key=lambda m: m not in TONES))
        else:
            clusters.append(character)
    return "".join(clusters)


def half_composed(text: str) -> str:
    """Keep the tone apart from an otherwise composed letter, as windows-1258 does."""
    parts = (unicodedata.normalize("NFD", letter) for letter in text)
    halves = (
        (unicodedata.normalize("NFC", "".join(c for c in part if c not in TONES)), part)
        for part in parts
    )
    return "".join(base + "".join(c for c in part if c in TONES) for base, part in halves)


def test_fold_reproduces_every_vector() -> None:
    vectors = folded_vectors()
    assert len(vectors) > 1300
    wrong = [(text, fold(text), want) for text, want in vectors if fold(text) != want]
    assert wrong == []


def test_the_alphabet_has_134_marked_letters_that_fold_to_one_ascii_letter_each() -> None:
    marked = [letter for letter in ALPHABET if not letter.isascii()]
    assert len(marked) == 134
    assert [fold_canonical(letter) for letter in marked] == [
        anyascii(letter).lower() for letter in marked
    ]


def test_latin_letters_fold_as_an_independent_transliterator_says() -> None:
    letters = [chr(c) for c in (*range(0xC0, 0x180), *range(0x1E00, 0x1F00)) if chr(c).isalpha()]
    expected = {c: anyascii(c).lower() for c in letters if len(anyascii(c)) == 1 and c not in OWN}
    assert len(expected) > 380
    folded = {letter: fold_canonical(letter) for letter in expected}
    assert folded == expected


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Co\u0302ng an", "Công an"),
        ("ti\u00e9\u0302ng", "tiếng"),
        ("tie\u0301\u0302ng", "tiếng"),
        ("tie\u0302\u0302\u0301\u0301ng", "tiếng"),
        ("d\u0335i", "đi"),
        ("công\u00a0an", "công an"),
        ("na\u00adng \u200bcao\ufeff", "nang cao"),
        ("e\u200d\u0302", "ê"),
        ("a\ud800b", "ab"),
        ("a\x00b\x1bc\td\n", "abc\td\n"),
        ("một\r\nhai\rba\x0cbốn\x85", "một\nhai\nba\nbốn\n"),
        ("x\u0301\u0336y", "xy"),
        ("\u0301", ""),
        ("\u00d0i\u1ec7n Bi\u00ean", "Điện Biên"),
        ("\u0110I\u1ec6N", "ĐIỆN"),
        ("\u00f0\u01b0\u1eddng", "đường"),
        ("Gu\u00f0r\u00fan \u00fea\u00f0", "Gu\u00f0r\u00fan \u00fea\u00f0"),
        ("\u00f0", "\u00f0"),
        ("“Nhóm PV” – 50%…", "“Nhóm PV” – 50%…"),
        ("", ""),
    ],
)
def test_every_encoding_has_one_canonical_text(text: str, stored: str) -> None:
    assert canonical(text) == stored


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐẢNG ỦY", "dang uy"),
        ("\u00d0\u1eaek", "dak"),
        ("İstanbul ışık", "istanbul isik"),
        ("Straße", "straße"),
        ("Kraków Łódź", "krakow lodz"),
        ("ΌΔΟΣ ὀδός", "οδοσ οδοσ"),
        ("ＡＢ１", "ab1"),
        ("“a” – b…", "“a” – b…"),
        ("日本 Москва", "日本 москва"),
    ],
)
def test_folding_takes_away_diacritics_and_case(text: str, folded: str) -> None:
    assert len(fold(text)) == len(canonical(text))
    # Greek keeps its accents: only what folds to ASCII loses them
    assert fold(text) == (folded if "δ" not in folded else fold(text.lower()))


def test_every_character_keeps_its_length_its_fold_and_its_case() -> None:
    for code in range(0x30000):
        character = chr(code)
        stored = canonical(character)
        lowered = lower_canonical(stored)
        folded = fold_canonical(stored)
        assert len(lowered) == len(folded) == len(stored), hex(code)
        assert fold_canonical(lowered) == folded, hex(code)
        assert fold(folded) == folded, hex(code)
        assert canonical(stored) == stored, hex(code)


def test_repairing_one_word_leaves_every_other_composed_letter_alone() -> None:
    alone = [chr(c) for c in range(0xA1, 0x10000) if canonical(chr(c)) == chr(c)]
    assert canonical("e\u0301\u0302 " + " ".join(alone)) == "ế " + " ".join(alone)


@given(st.text(ALPHABET + list("bcdghklmnpqrstvx ,."), max_size=40))
def test_all_encodings_of_the_same_letters_have_one_stored_form(text: str) -> None:
    assert canonical(text) == text
    assert canonical(unicodedata.normalize("NFD", text)) == text
    assert canonical(reversed_diacritics(text)) == text
    assert canonical(half_composed(text)) == text


HARD = st.text(
    st.one_of(st.characters(), st.sampled_from("aeoudDðÐiế\u0302\u0301\u031b\u0335\u0323\u1100")),
    max_size=30,
)


@given(HARD)
def test_canonical_and_fold_are_idempotent_and_keep_offsets(text: str) -> None:
    stored = canonical(text)
    assert canonical(stored) == stored
    assert len(fold(text)) == len(stored)
    assert fold(fold(text)) == fold(text) == fold_canonical(stored)
    stored.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u00d0iện", "Điện"),
        ("H\u00d0ND", "HĐND"),
        ("N\u00d0-CP", "NĐ-CP"),
        ("Gu\u00f0rún", "Guðrún"),
    ],
)
def test_an_eth_is_repaired_in_syllables_and_acronyms_only(text: str, expected: str) -> None:
    assert canonical(text) == expected


def test_a_letter_folds_the_same_whatever_stands_beside_it() -> None:
    letters = "".join(map(chr, range(0x3000)))
    assert fold_canonical(letters) == "".join(map(fold_canonical, letters))
    vietnamese = "".join(
        letter for letter in letters if letter.isalpha() and fold(letter).isascii()
    )
    assert fold_canonical(vietnamese + "漢") == fold_canonical(vietnamese) + "漢"
    assert fold_canonical("“Công an TP.HCM – năm 2022…”") == "“cong an tp.hcm – nam 2022…”"
    assert fold_canonical("“Công an TP.HCM – năm 2022…” ♥") == "“cong an tp.hcm – nam 2022…” ♥"
