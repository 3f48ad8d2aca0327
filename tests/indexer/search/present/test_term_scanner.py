"""The scanner misses no run that the analyzer would match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer
from indexer.search.present.term_scanner import TermScanner
from indexer.vietnamese.normalization import canonical

ANALYZER = Analyzer()
LETTERS = "CôngĐÐđİiyYkỳkíMĩaA1209²Ⅻ.,:…“”()-–'’&%_/# \t\u3000😀ßжＡſ"


def found(text: str, *forms: str, prefixes: tuple[str, ...] = ()) -> list[str]:
    return [text[start:end] for start, end in TermScanner(forms, prefixes).candidate_spans(text)]


@pytest.mark.parametrize(
    ("text", "form", "runs"),
    [
        ("Công an, (công) cộng cônga", "cong", ["Công", "(công)", "cộng"]),
        ("kĩ sư, kỹ sư, ky sư", "ky", ["kĩ", "kỹ", "ky"]),
        ("1.088 và 1088 và 1,088 và 10.88", "1088", ["1.088", "1088", "1,088", "10.88"]),
        ("Mát-xcơ-va, mát xcơ va", "matxcova", ["Mát-xcơ-va,"]),
        ("ở TP.HCM và TPHCM", "tphcm", ["TP.HCM", "TPHCM"]),
        ("snake_case", "case", ["snake_case"]),
        ("0.'A–0", "a0", ["0.'A–0"]),
        ("công\tan\ncông", "cong", ["công", "công"]),
        ("", "cong", []),
        ("an", "an", ["an"]),
        ("công an", "", []),
    ],
)
def test_runs_that_fold_to_a_form_are_found(text: str, form: str, runs: list[str]) -> None:
    assert found(canonical(text), *filter(None, [form])) == runs


def test_runs_that_begin_with_a_prefix_are_found() -> None:
    assert found("công cộng cá nhân kĩ", prefixes=("co",)) == ["công", "cộng"]
    assert found("kĩ kịch ki-lô", prefixes=("ky",)) == ["kĩ", "ki-lô"]


def test_letters_beyond_a_to_z_are_beyond_the_scanner() -> None:
    assert TermScanner(["cong", "2022"]).usable
    assert not TermScanner(["16.67"]).usable
    assert not TermScanner(["cong", "жар"]).usable
    assert not TermScanner(["a" * 64]).usable


def test_a_text_without_blanks_is_one_run() -> None:
    text = "an.an-an" * 20_000
    assert TermScanner(["an"]).candidate_spans(text) == [(0, len(text))]


@given(st.text(alphabet=st.sampled_from(LETTERS), max_size=40))
def test_no_run_is_missed(text: str) -> None:
    text = canonical(text)
    for match in re.finditer(r"\S+", text):
        for token in ANALYZER.tokens(match.group()):
            for form in (token.folded, *map(ANALYZER.folded, token.extras)):
                words, beginnings = TermScanner([form]), TermScanner([], [form[:2]])
                assert not words.usable or match.span() in words.candidate_spans(text)
                if form == token.folded:
                    assert not beginnings.usable or match.span() in beginnings.candidate_spans(text)
