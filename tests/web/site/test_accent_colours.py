"""Any accent colour of an owner can be read on light and dark pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.site.accent_colours import LEAST_CONTRAST, PAPERS, accent_sheet, contrast, readable

CHANNEL = st.integers(0, 255)


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_every_colour_becomes_readable(colour: tuple[int, int, int]) -> None:
    for paper in PAPERS.values():
        assert contrast(readable(colour, paper), paper) >= LEAST_CONTRAST


@pytest.mark.parametrize(
    ("colour", "scheme"), [((0x8A, 0x1F, 0x11), "light"), ((0xFF, 0x9D, 0x8C), "dark")]
)
def test_a_readable_colour_stays(colour: tuple[int, int, int], scheme: str) -> None:
    assert readable(colour, PAPERS[scheme]) == colour


def test_the_sheet_sets_both_schemes_and_readable_text_on_them() -> None:
    sheet = accent_sheet("#ffff00")
    pairs = re.findall(r"--accent:(#\w{6});--on-accent:(#\w{6})", sheet)
    assert len(pairs) == 2
    for pair in pairs:
        one, other = (tuple(bytes.fromhex(colour[1:])) for colour in pair)
        assert contrast(one, other) >= LEAST_CONTRAST  # type: ignore[arg-type]
