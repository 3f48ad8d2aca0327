"""Any accent colour of an owner can be read on light and dark pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import ROOT
from web.site.accent_colours import (
    LEAST_CONTRAST,
    LEAST_SIGN_CONTRAST,
    PAPERS,
    accent_sheet,
    contrast,
    faded,
    readable,
    text_on,
)

CHANNEL = st.integers(0, 255)


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_every_colour_becomes_readable(colour: tuple[int, int, int]) -> None:
    for paper in PAPERS.values():
        assert contrast(readable(colour, paper), paper) >= LEAST_CONTRAST


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_bars_are_a_shade_of_every_colour_that_is_seen(colour: tuple[int, int, int]) -> None:
    for paper in PAPERS.values():
        accent = readable(colour, paper)
        bar = faded(accent, paper)
        assert LEAST_SIGN_CONTRAST <= contrast(bar, paper) < contrast(accent, paper)


@pytest.mark.parametrize(
    ("colour", "scheme"), [((0x8A, 0x1F, 0x11), "light"), ((0xFF, 0x9D, 0x8C), "dark")]
)
def test_a_readable_colour_stays(colour: tuple[int, int, int], scheme: str) -> None:
    assert readable(colour, PAPERS[scheme]) == colour


def test_the_sheet_sets_both_schemes_and_readable_text_on_them() -> None:
    sheet = accent_sheet("#ffff00")
    assert len(re.findall(r"--bar:#\w{6}\}", sheet)) == 2
    pairs = re.findall(r"--accent:(#\w{6});--on-accent:(#\w{6})", sheet)
    assert len(pairs) == 2
    for pair in pairs:
        one, other = (tuple(bytes.fromhex(colour[1:])) for colour in pair)
        assert contrast(one, other) >= LEAST_CONTRAST  # type: ignore[arg-type]


def test_the_shipped_bars_are_of_the_shipped_accent() -> None:
    sheet = (ROOT / "web" / "static" / "style.css").read_text(encoding="utf-8")
    accents, bars = (
        dict(zip(PAPERS, re.findall(rf"--{name}: #(\w{{6}})", sheet), strict=True))
        for name in ("accent", "bar")
    )
    for scheme, paper in PAPERS.items():
        red, green, blue = bytes.fromhex(accents[scheme])
        assert bytes(faded((red, green, blue), paper)).hex() == bars[scheme]


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_letters_on_any_accent_can_be_read(colour: tuple[int, int, int]) -> None:
    ink = text_on("#{:02x}{:02x}{:02x}".format(*colour))
    letters = {"#000000": (0, 0, 0), "#ffffff": (255, 255, 255)}[ink]
    assert contrast(letters, colour) >= LEAST_CONTRAST
