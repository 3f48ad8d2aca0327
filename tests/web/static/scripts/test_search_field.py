"""The list of completions under the search field, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

import web
from tests.browsing import Site, watch_console

LARGEST_SCRIPTS = 14 << 10
"""Bytes that all scripts of the pages may take."""


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    opened = browser.new_page(locale="vi-VN")
    problems = watch_console(opened)
    opened.goto(site.full)
    yield opened
    opened.close()
    assert problems == []


@pytest.fixture
def queries(page: Page) -> list[str]:
    """What the archive was queries to complete."""
    typed: list[str] = []

    def noted(address: str) -> None:
        parts = urlsplit(address)
        if parts.path == "/api/v1/suggest":
            typed.extend(parse_qs(parts.query)["q"])

    page.on("request", lambda request: noted(request.url))
    return typed


def field(page: Page) -> Locator:
    return page.locator("#q")


def typed(page: Page, text: str) -> Locator:
    """Type a text; the options when there are some."""
    field(page).press_sequentially(text)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    return options


def test_the_field_is_a_combobox_whose_list_is_found(page: Page) -> None:
    combobox = page.get_by_role("combobox")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    expect(combobox).to_have_attribute("aria-autocomplete", "list")
    options = typed(page, "cong a")
    expect(combobox).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Gợi ý")).to_have_id(
        combobox.get_attribute("aria-controls") or ""
    )
    expect(page.get_by_role("status")).to_have_text(f"{options.count()} gợi ý")
    assert Axe().run(page).response["violations"] == []


def test_the_keyboard_walks_the_list_and_takes_from_it(page: Page) -> None:
    options = typed(page, "cong a")
    first, last = options.first.inner_text(), options.last.inner_text()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(field(page)).to_have_value(first)
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_have_value("cong a")
    assert field(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_have_value(last)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("cong a")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert parse_qs(urlsplit(page.url).query)["q"] == [first]


def test_enter_without_a_choice_searches_what_was_typed(page: Page) -> None:
    typed(page, "cong a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["cong a"]


def test_a_click_takes_from_the_list(page: Page) -> None:
    options = typed(page, "cong a")
    text = options.last.inner_text()
    options.last.click()
    page.wait_for_url("**/?q=*")
    assert parse_qs(urlsplit(page.url).query)["q"] == [text]


def test_leaving_the_field_closes_the_list(page: Page) -> None:
    typed(page, "cong a")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_nothing_is_asked_while_a_letter_is_composed(page: Page, queries: list[str]) -> None:
    field(page).focus()
    page.evaluate(
        """() => new Promise(resolve => {
            const field = document.getElementById("q");
            const said = (kind, text) => {
                if (text !== undefined) field.value = text;
                const opened = kind === "input" ? new InputEvent(kind, {bubbles: true})
                    : new CompositionEvent(kind, {bubbles: true});
                field.dispatchEvent(opened);
            };
            said("compositionstart");
            for (const text of ["c", "co", "coo", "cô", "côn", "công"]) said("input", text);
            setTimeout(() => { said("input", "công a"); setTimeout(resolve, 400); }, 400);
        })"""
    )
    assert queries == []
    page.evaluate(
        """() => document.getElementById("q").dispatchEvent(
            new CompositionEvent("compositionend", {bubbles: true}))"""
    )
    expect(page.get_by_role("option").first).to_be_visible()
    assert queries == ["công a"]


def test_letters_in_quick_succession_are_one_question(page: Page, queries: list[str]) -> None:
    field(page).focus()
    page.evaluate(
        """() => { const field = document.getElementById("q");
            for (const text of ["c", "co", "con", "cong", "cong ", "cong a"]) {
                field.value = text;
                field.dispatchEvent(new InputEvent("input", {bubbles: true}));
            } }"""
    )
    expect(page.get_by_role("option").first).to_be_visible()
    assert queries == ["cong a"]


def test_without_an_answer_the_form_still_works(page: Page) -> None:
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=200, body="no JSON"))
    field(page).press_sequentially("cong an")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    expect(page.locator("ol.hits")).to_be_visible()


def test_the_scripts_are_small() -> None:
    scripts = (Path(web.__file__).parent / "static").glob("**/*.js")
    assert sum(script.stat().st_size for script in scripts) < LARGEST_SCRIPTS
