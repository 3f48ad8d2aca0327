"""Every state of the pages by axe-core in a real browser, and by the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import ARTICLE, STATES, Site, State

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
]
EXTRA_RULES = {"label-content-name-mismatch": {"enabled": True}}
"""Rules that axe-core holds for experimental, and Lighthouse asks for."""


@dataclass(frozen=True)
class Screen:
    """Somebody's screen: its width, the scheme of colours and the browser's language."""

    width: int
    color_scheme: Literal["light", "dark"]
    locale: str


PHONE = Screen(320, "dark", "vi-VN")
WIDE = Screen(1280, "light", "en-GB")


def opened(browser: Browser, address: str, screen: Screen) -> Page:
    """A page in a context of its own."""
    page = browser.new_context(
        viewport={"width": screen.width, "height": 800},
        color_scheme=screen.color_scheme,
        locale=screen.locale,
    ).new_page()
    page.goto(address)
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds, each as rule, place and help."""
    page.evaluate(AXE)
    results = page.evaluate(
        "([runOnly, rules]) => axe.run({runOnly, rules, resultTypes: ['violations']})"
        ".then(found => found.violations)",
        [RULES, EXTRA_RULES],
    )
    return [
        f"{rule['id']}: {node['html'][:200]} ({rule['help']})"
        for rule in results
        for node in rule["nodes"]
    ]


def turns(first: Screen, second: Screen) -> list[Any]:
    """Every state on one of the two screens, turn about."""
    return [
        pytest.param(state, (first, second)[number % 2], id=state.name)
        for number, state in enumerate(STATES)
    ]


def check(browser: Browser, site: Site, state: State, screen: Screen) -> None:
    page = opened(browser, site.address(state), screen)
    assert page.locator("html").get_attribute("lang") == screen.locale[:2]
    assert page.evaluate("document.documentElement.scrollWidth") <= screen.width
    # What is folded away has to be right as well.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    # At the end a bar that stays on the screen lies over nothing that could be scrolled free.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize(("state", "screen"), turns(PHONE, WIDE))
def test_axe_finds_nothing(browser: Browser, site: Site, state: State, screen: Screen) -> None:
    check(browser, site, state, screen)


@pytest.mark.slow
@pytest.mark.parametrize(("state", "screen"), turns(WIDE, PHONE))
def test_axe_finds_nothing_on_the_other_screen(
    browser: Browser, site: Site, state: State, screen: Screen
) -> None:
    check(browser, site, state, screen)


def test_axe_is_the_real_one(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='data:,'><button></button></body></html>")
    results = " ".join(violations(page))
    assert "image-alt" in results
    assert "button-name" in results
    page.close()


def focused(page: Page) -> str:
    """The accessible text of what has the focus."""
    return page.evaluate(
        "() => { const one = document.activeElement;"
        " return one.getAttribute('aria-label') || one.innerText"
        " || one.querySelector('title')?.textContent || one.name || one.tagName }"
    ).strip()


def tab_until(page: Page, text: str, most: int = 80) -> None:
    """Press the tabulator until the focus is on something with this text."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if text in focused(page):
            return
    pytest.fail(f"{text!r} cannot be reached by the keyboard")


def test_a_search_and_a_filter_by_the_keyboard_alone(browser: Browser, site: Site) -> None:
    page = opened(browser, site.full + "/", PHONE)
    tab_until(page, "Đến nội dung", 1)
    tab_until(page, "q", 3)
    page.keyboard.type("cong an")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=cong+an*")
    tab_until(page, "Bộ lọc")
    page.keyboard.press("Enter")
    tab_until(page, "Trừ Báo 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**not.publisher=*")
    tab_until(page, "Bỏ bộ lọc:")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=cong+an")
    tab_until(page, "tháng 3/2022")
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2022-03")
    page.context.close()


def test_the_first_stop_leads_past_the_form(browser: Browser, site: Site) -> None:
    page = opened(browser, site.full + "/?q=cong+an", WIDE)
    tab_until(page, "Skip to results", 1)
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.context.close()


@pytest.mark.parametrize("path", ["/?q=cong+an", f"{ARTICLE}?q=cong+an"], ids=["results", "hits"])
def test_every_stop_is_seen_and_none_is_a_trap(browser: Browser, site: Site, path: str) -> None:
    page = opened(browser, site.full + path, PHONE)
    seen = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        seen += 1
        assert stop["ring"] != "none", stop
        assert stop["uncovered"], stop
    else:
        pytest.fail("the focus never leaves the page")
    assert seen > 20
    page.context.close()


_STOP = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const boxes = [...one.getClientRects()].filter(box => box.width && box.height);
  const uncovered = boxes.some(box => [.25, .5, .75].some(part => {
    const top = document.elementFromPoint(box.x + box.width * part, box.y + box.height / 2);
    return top && (one.contains(top) || top.contains(one));
  }));
  return {text: one.outerHTML.slice(0, 120), ring: getComputedStyle(one).outlineStyle, uncovered};
}"""
"""What has the focus: how its ring is drawn, and whether any of it can be seen (WCAG 2.4.11)."""
