"""The pages walked by the keyboard alone: what stops it, in which order, and that it is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ARTICLE, STATES, Site, State

MOST_STOPS = 400
"""Presses of the Tab key after which a walk is given up."""

SIZES = [(1280, 700), (320, 256)]

WALKED = [
    state
    for state in STATES
    if state.name in ("results with marks", "an article with hits", "a person")
]

RESULTS = [state for state in STATES if state.path.startswith("/?q=") and state.archive == "full"]

_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const scope = one.closest("header, article, .drawer, ol.hits, aside, footer");
  const style = getComputedStyle(one);
  const boxes = [...one.getClientRects()].filter(box => box.width > 2 && box.height > 2);
  const seen = boxes.some(box => [.2, .5, .8].some(across => {
    const top = document.elementFromPoint(
      box.left + box.width * across, box.top + box.height / 2);
    return top && (one.contains(top) || top.contains(one));
  }));
  return {
    tag: one.localName, href: one.getAttribute("href"), text: one.textContent.trim().slice(0, 60),
    scope: scope ? scope.localName + "." + scope.className.split(" ").pop() : "", seen,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isResult: !!one.closest("ol.hits h2"),
  };
}"""
"""What has the focus: whether any of it is drawn on top, and whether it has a ring."""


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def sized(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param[0], "height": request.param[1]}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def walk(page: Page, key: str = "Tab") -> Iterator[dict[str, Any]]:
    """Press a key until the focus leaves the page; yield what had it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            return
        yield focused
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("state", WALKED, ids=lambda state: state.name)
def test_what_has_the_focus_is_seen_and_has_a_ring(sized: Page, site: Site, state: State) -> None:
    sized.goto(site.address(state))
    forward = list(walk(sized))
    assert len(forward) > 10
    assert [stop for stop in forward if not (stop["seen"] and stop["ring"])] == []
    # And backwards, where what stays at the top would cover it.
    sized.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    backward = list(islice(walk(sized, "Shift+Tab"), len(forward)))
    assert [stop for stop in backward if not (stop["seen"] and stop["ring"])] == []
    assert [stop["text"] for stop in reversed(backward)] == [stop["text"] for stop in forward]


@pytest.mark.parametrize("state", RESULTS, ids=lambda state: state.name)
@pytest.mark.parametrize("width", [360, 1280])
def test_eight_stops_at_most_come_before_the_first_result(
    browser: Browser, site: Site, state: State, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740}, locale="vi-VN")
    page.goto(site.address(state))
    if page.locator("ol.hits h2").count():
        stops = 0
        for focused in walk(page):
            if focused["isResult"]:
                break
            stops += 1
        assert focused["isResult"]
        assert stops <= 8
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_drawer_of_filters_is_used_by_the_keyboard(
    browser: Browser, site: Site, script: bool
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=script
    )
    page = context.new_page()
    page.goto(f"{site.full}/?q=cong+an")
    drawer = page.locator(".drawer")
    press_until(page, page.locator(".drawer > summary:focus"))
    page.keyboard.press("Enter")
    expect(drawer).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(drawer.get_by_label("Từ", exact=True)).to_be_focused()
    press_until(page, drawer.locator("a:not(.minus):focus", has_text="Xã hội"))
    page.keyboard.press("Tab")
    expect(drawer.locator(".minus:focus")).to_have_attribute("aria-label", "Trừ Xã hội")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("category="))
    expect(page.get_by_role("list", name="Bộ lọc đang dùng")).to_contain_text("Xã hội")
    # The other fold closes it, and the results follow it.
    press_until(page, page.locator(".drawer > summary:focus"))
    page.keyboard.press("Space")
    expect(drawer).to_have_attribute("open", "")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".menu > summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer).not_to_have_attribute("open", "")
    context.close()


def press_until(page: Page, locator: Any) -> None:
    """Press the Tab key until something has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if locator.count():
            return
    raise AssertionError(f"never reached: {locator}")


@pytest.mark.parametrize(
    "path", [ARTICLE, f"{ARTICLE}?q=cong+an", f"{ARTICLE}?q=cong+an&at=2", f"{ARTICLE}?version=1"]
)
def test_only_real_links_stop_the_key_inside_an_article(
    browser: Browser, site: Site, path: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page.goto(site.full + path)
    inside = [stop for stop in walk(page) if stop["scope"].startswith("article")]
    links = page.locator("article a[href]:visible, article summary:visible")
    assert len(inside) == links.count()
    assert all(stop["href"] or stop["tag"] == "summary" for stop in inside)
    expect(page.locator("article a mark, article mark a, mark[tabindex]")).to_have_count(0)
    page.close()


def test_the_field_stays_on_a_wide_screen_and_leaves_a_phone_to_the_text(
    browser: Browser, site: Site
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 700}, locale="vi-VN")
    for width, stays in ((1280, True), (700, True), (360, False)):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{site.full}/?q=cong+an")
        page.evaluate("window.scrollTo(0, 900)")
        assert (
            page.evaluate("document.querySelector('.top').getBoundingClientRect().top") == 0
        ) is stays
    page.close()


def test_no_page_moves_by_itself(browser: Browser, site: Site) -> None:
    for motion in ("reduce", "no-preference"):
        context = browser.new_context(reduced_motion=motion, locale="vi-VN")  # type: ignore[arg-type]
        page = context.new_page()
        for state in WALKED:
            page.goto(site.address(state))
            moving = page.evaluate(
                "[...document.querySelectorAll('*')].filter(one => {"
                " const style = getComputedStyle(one); return style.animationName !== 'none' ||"
                " !/^0s(, 0s)*$/.test(style.transitionDuration) ||"
                " style.scrollBehavior === 'smooth' }).map(one => one.outerHTML.slice(0, 80))"
            )
            assert moving == [], state.name
        context.close()
