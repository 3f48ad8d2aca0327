"""The walk that a reader takes, in a real browser, with script and without."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import STATES, Site, watch_console

WITHOUT_HITS = {"after the last page", "nothing", "filters that leave nothing"}
"""States of the results page that list no article."""


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A phone in Vietnam; nothing may go wrong on its console."""
    context: BrowserContext = browser.new_context(
        java_script_enabled=request.param,
        viewport={"width": 390, "height": 844},
        locale="vi-VN",
        accept_downloads=True,
    )
    opened = context.new_page()
    problems = watch_console(opened)
    yield opened
    context.close()
    assert problems == []


def test_from_the_form_to_a_citation_and_back(page: Page, site: Site) -> None:
    page.goto(site.full)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("cong an")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("ol.hits mark").first).to_have_text(re.compile("công an", re.IGNORECASE))
    page.locator("figure").get_by_role("link", name="tháng 12/2022").first.click()
    expect(page).to_have_url(re.compile("month=2022-12"))
    results = page.url
    page.get_by_role("link", name="Công an phường").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an phường")
    step(page)
    expect(page.locator("mark:focus, mark:target")).to_have_count(1)
    with page.expect_download() as cited:
        page.get_by_role("link", name="BibTeX", exact=True).click()
    assert "title = {{Công an phường}}" in Path(cited.value.path()).read_text(encoding="utf-8")
    while page.url != results:
        page.go_back()
    expect(page.get_by_role("list", name="Bộ lọc đang dùng")).to_contain_text("12/2022")


def step(page: Page) -> None:
    """Go on to the next hit: by its key where there is script, else by the link of the first."""
    if page.locator(".stepping").is_visible():
        page.keyboard.press("n")
    else:
        page.get_by_role("navigation", name="Các chỗ khớp trong bài").get_by_role("link").click()


def test_results_are_taken_away(page: Page, site: Site) -> None:
    page.goto(f"{site.full}/?q=cong+an&month=2022-12")
    (total,) = re.findall(r"(\d+) bài", page.locator(".totals").inner_text())
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == int(total)
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON lines").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["published"][:7] for line in lines} == {"2022-12"}
    feed = page.request.get(
        site.full + (page.locator("link[rel=alternate][type*=atom]").get_attribute("href") or "")
    )
    entries = feedparser.parse(feed.body()).entries
    assert len(entries) == int(total)


def test_the_filters_are_open_beside_the_results_on_a_wide_screen(
    browser: Browser, site: Site
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    expect(page.locator("summary", has_text="Bộ lọc")).to_be_hidden()
    page.get_by_role("link", name=re.compile(r"^Xã hội \d+")).click()
    expect(page).to_have_url(re.compile("category="))
    page.close()


RESULTS = [
    state.path
    for state in STATES
    if state.archive == "full" and state.path.startswith("/?") and state.name not in WITHOUT_HITS
]


@pytest.mark.parametrize("path", RESULTS)
def test_a_phone_shows_its_first_result_in_the_upper_300_pixels(
    browser: Browser, site: Site, path: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page.goto(site.full + path)
    box = page.locator("ol.hits > li").first.bounding_box()
    assert box is not None
    assert box["y"] <= 300
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_few_stops_of_the_tab_key_come_before_the_first_result(
    browser: Browser, site: Site, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740}, locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.locator("ol.hits a:focus").count():
            break
    expect(page.locator("ol.hits a:focus")).to_have_count(1)
    page.close()


def test_the_link_to_the_results_leads_there(page: Page, site: Site) -> None:
    page.goto(f"{site.full}/?q=cong+an")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("ol.hits a:focus")).to_have_count(1)


def test_nothing_moves_while_a_page_loads(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.moved += one.value }).observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("/", "/?q=cong+an", "/values/author"):
        page.goto(site.full + path, wait_until="networkidle")
        assert page.evaluate("window.moved") == 0
    page.close()
