"""The pages as readers set their screens: forced colours, less motion, magnified four times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_walks import choose_two_categories, walk_from_words_to_a_trend_and_back
from tests.browsing import ARTICLE, STATES, Site, watch_console

PHONE = {"width": 360, "height": 740}
SETTINGS: dict[str, dict[str, Any]] = {
    "forced-colours": {"viewport": PHONE, "forced_colors": "active"},
    "forced-dark-colours": {
        "viewport": PHONE,
        "forced_colors": "active",
        "color_scheme": "dark",
    },
    "less-motion": {"viewport": PHONE, "reduced_motion": "reduce"},
    "magnified": {"viewport": {"width": 320, "height": 256}},
}
"""How a reader has set the browser."""

DRAWN = [
    state
    for state in STATES
    if state.name
    in ("results", "filters", "trends", "the calendar", "a month of the calendar", "a person")
]
"""States with something drawn: bars, lines, shades."""

_FAINT = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const luminance = colour => channels(colour)
    .map(value => value / 255)
    .map(value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4)
    .reduce((sum, value, place) => sum + value * [.2126, .7152, .0722][place], 0);
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const contrast = colour => {
    const [low, high] = [luminance(colour), paper].sort((one, other) => one - other);
    return (high + .05) / (low + .05);
  };
  const drawn = [
    ...document.querySelectorAll(".histogram rect:not(.hit), .histogram text, .trend .line > *"),
    ...document.querySelectorAll(".legend line"),
  ].filter(one => one.getClientRects().length);
  return drawn.filter(one => {
    const style = getComputedStyle(one);
    return contrast(one.localName === "line" ? style.stroke : style.fill) < 3;
  }).map(one => one.outerHTML.slice(0, 90));
}"""
"""Find bars, lines and letters of charts with a contrast below three to one."""


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def settled(request: pytest.FixtureRequest, browser: Browser, setting: str) -> Iterator[Page]:
    """A page of a browser that is set so; nothing may go wrong on its console."""
    context = browser.new_context(
        java_script_enabled=request.param, locale="vi-VN", **SETTINGS[setting]
    )
    page = context.new_page()
    problems = watch_console(page)
    yield page
    context.close()
    assert problems == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_archive_is_walked_however_the_browser_is_set(settled: Page, site: Site) -> None:
    walk_from_words_to_a_trend_and_back(settled, site)


@pytest.mark.parametrize("setting", ["forced-colours", "magnified"])
def test_two_categories_are_chosen_however_the_browser_is_set(settled: Page, site: Site) -> None:
    choose_two_categories(settled, site)


@pytest.mark.parametrize("forced", ["active", "none"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_is_seen_in_every_colour(
    browser: Browser, site: Site, scheme: Any, forced: Any
) -> None:
    context = browser.new_context(locale="vi-VN", color_scheme=scheme, forced_colors=forced)
    page = context.new_page()
    for state in DRAWN:
        page.goto(site.address(state))
        assert page.evaluate(_FAINT) == [], state.name
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_do_not_rest_on_colours_that_are_forced(
    browser: Browser, site: Site, scheme: Any
) -> None:
    context = browser.new_context(locale="vi-VN", color_scheme=scheme, forced_colors="active")
    page = context.new_page()
    ground = "element => getComputedStyle(element).backgroundColor"
    # A hit in the text, and the one that was jumped to.
    page.goto(f"{site.full}{ARTICLE}?q=cong+an#h2")
    paper = page.locator("body").evaluate(ground)
    assert page.locator("article mark").first.evaluate(ground) != paper
    expect(page.locator("mark:target")).to_have_css("outline-style", "solid")
    # What is new and what is gone in a version.
    page.goto(f"{site.full}{ARTICLE}/changes")
    expect(page.locator("ins").first).to_have_css("text-decoration-line", "underline")
    # The page of a list, the bar of the chosen month, a field with an error.
    page.goto(f"{site.full}/?q=cong+an&month=2022-03&from=mai")
    for selector in ("input[aria-invalid=true]:visible", ".drawer > summary, .chips a"):
        expect(page.locator(selector).first).not_to_have_css("border-top-style", "none")
    context.close()


_SET_FROM_THE_RIGHT = """one => {
  one.textContent = "النهر والغابة.";
  const text = one.firstChild;
  const [first, stop] = [0, text.length - 1].map(place => {
    const letter = document.createRange();
    letter.setStart(text, place);
    letter.setEnd(text, place + 1);
    return letter.getBoundingClientRect();
  });
  const right = one.getBoundingClientRect().right;
  return [stop.right <= first.left, first.right > right - 8];
}"""
"""Put Arabic in the place of a text: does its full stop end it, and does it begin at the right?"""


def test_a_text_from_right_to_left_is_set_so(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(site.full + ARTICLE)
    for selector in ("article h1", "article .lead", "article h2 + p"):
        assert page.locator(selector).first.evaluate(_SET_FROM_THE_RIGHT) == [True, True]
    page.goto(f"{site.full}/?q=cong+an")
    page.set_viewport_size({"width": 768, "height": 740})
    title = page.locator(".hits h2 a").first
    assert title.evaluate(_SET_FROM_THE_RIGHT) == [True, False], "titles of a list begin alike"
    page.close()
