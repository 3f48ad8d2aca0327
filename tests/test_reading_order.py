"""The accessibility tree of every state, walked in the order in which it is read out.

The screen is that of a browser magnified four times (320 by 256 pixels).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Error, Page

from tests.browsing import STATES, Site, State

NAMED = {"link", "button", "image", "textbox", "searchbox", "combobox", "checkbox", "radio"}
"""Roles that are nothing without a name."""

SAME_PAGE = {"an article with hits", "an article among results"}
"""States of the same article as `an article`."""

LANDMARKS = {"banner", "main", "contentinfo", "navigation", "complementary", "search", "region"}
_LINE = 30.0
"""Pixels by which what follows may stand higher: another on the same line, a float beside it."""


_SMALL_TARGETS = """[...document.querySelectorAll('a[href], button, summary, select')]
.filter(one => {
  const box = one.getBoundingClientRect();
  // Not drawn, or read out alone; a link inside a sentence is as high as its line.
  if (box.width < 3 || !one.checkVisibility({visibilityProperty: true})) return false;
  if (one.closest('.skip, .hidden, svg')) return false;
  return box.height < 23.9 || box.width < 23.9;
}).map(one => one.outerHTML.slice(0, 120))"""
"""The targets that a finger would miss: less than 24 pixels high or wide."""


_CLIPPED_RINGS = """[...document.querySelectorAll('main :is(a[href], button, input, summary)')]
.filter(one => {
  if (!one.checkVisibility({visibilityProperty: true})) return false;
  if (one.closest('.hidden, svg, .chips .label')) return false;
  one.focus();
  if (document.activeElement !== one) return false;
  one.scrollIntoView({block: 'nearest', inline: 'nearest'});
  const ring = one.getBoundingClientRect();
  for (let box = one.parentElement; box !== document.body; box = box.parentElement) {
    if (getComputedStyle(box).overflow === 'visible') continue;
    const room = box.getBoundingClientRect();
    if (ring.left - 5 < room.left || ring.top - 5 < room.top) return true;
    if (ring.right + 5 > room.right || ring.bottom + 5 > room.bottom) return true;
  }
  return false;
}).map(one => one.outerHTML.slice(0, 120))"""
"""The targets whose ring of the focus (3 pixels, 2 away) is cut off by a box around them."""


@dataclass(frozen=True)
class Heard:
    """A piece that is read out: its role, name, level as a heading, and place in the source."""

    role: str
    name: str
    level: int
    node: int


@pytest.fixture(scope="module")
def magnified(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 256}, locale="vi-VN")
    yield context.new_page()
    context.close()


def session_of(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    return session


def tree_of(session: CDPSession) -> list[Heard]:
    """The accessibility tree in reading order, without what is ignored."""
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    heard: list[Heard] = []
    waiting = [nodes[0]["nodeId"]]
    while waiting:
        node = by_id[waiting.pop()]
        waiting += reversed(node.get("childIds", []))
        if not node["ignored"]:
            heard.append(heard_of(node))
    return heard


def heard_of(node: dict[str, Any]) -> Heard:
    levels = [each["value"]["value"] for each in node["properties"] if each["name"] == "level"]
    return Heard(
        node["role"]["value"],
        node.get("name", {}).get("value", ""),
        levels[0] if levels else 0,
        node.get("backendDOMNodeId", 0),
    )


def top_of(session: CDPSession, heard: Heard) -> float | None:
    """How far down something begins, or None where it takes no room."""
    try:
        model = session.send("DOM.getBoxModel", {"backendNodeId": heard.node})["model"]
    except Error:  # only what is drawn has a box
        return None
    return float(model["border"][1]) if model["width"] and model["height"] else None


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_the_tree_is_read_in_order(magnified: Page, site: Site, state: State) -> None:
    magnified.goto(site.address(state))
    session = session_of(magnified)
    heard = tree_of(session)
    nameless = [each for each in heard if each.role in NAMED and not each.name.strip()]
    assert not nameless
    roles = [each.role for each in heard if each.role in LANDMARKS]
    assert roles.count("main") == 1
    assert roles.count("banner") <= 1
    headings = [each for each in heard if each.role == "heading"]
    assert all(each.name.strip() for each in headings)
    levels = [each.level for each in headings]
    assert levels.count(1) == 1
    steps = zip(levels, levels[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps), levels
    inside = heard[[each.role for each in heard].index("main") :]
    tops = [(top_of(session, each), each) for each in inside if each.role == "heading"]
    drawn = [(top, each.name) for top, each in tops if top is not None]
    for (before, _), (after, name) in zip(drawn, drawn[1:], strict=False):
        assert after >= before - _LINE, f"{name!r} is read after what stands below it"
    session.detach()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_magnified_four_times_a_page_has_one_column_and_no_cover(
    magnified: Page, site: Site, state: State
) -> None:
    magnified.goto(site.address(state))
    assert magnified.evaluate("document.documentElement.scrollWidth") <= 320
    assert magnified.evaluate("document.getAnimations().length") == 0
    assert magnified.evaluate(_SMALL_TARGETS) == []
    assert magnified.evaluate(_CLIPPED_RINGS) == []
    magnified.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    covered = magnified.evaluate(
        "[...document.querySelectorAll('body *')].filter(one =>"
        " ['fixed', 'sticky'].includes(getComputedStyle(one).position))"
        ".reduce((sum, one) => sum + one.getBoundingClientRect().height, 0)"
    )
    assert covered <= 256 / 4


def test_every_state_has_a_title_of_its_own(magnified: Page, site: Site) -> None:
    titles: dict[str, str] = {}
    for state in STATES:
        if state.archive == "full" and state.name not in SAME_PAGE:
            magnified.goto(site.address(state))
            title = magnified.title()
            assert title not in titles, f"{state.name} is called as {titles.get(title)}"
            titles[title] = state.name
