"""Walks that a reader takes in a real browser, whatever the screen, with script and without."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browsing import Site


def walk_from_words_to_a_trend_and_back(page: Page, site: Site) -> None:
    """Go from bare words to hits, the next result, a person, statements, a trend, and back."""
    page.goto(site.full)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill("ma tuy")
    page.get_by_role("button", name="Tìm").click()
    titles = page.locator("ol.hits h2").all_inner_texts()
    page.locator("ol.hits h2 a").first.click()
    for title in titles[:2]:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        step(page)
        hit = page.locator("mark:focus, mark:target")
        expect(hit).to_have_text(re.compile("ma|túy", re.IGNORECASE))
        assert is_uncovered(page)
        if title == titles[0]:
            page.get_by_role("link", name="kết quả sau").click()
    person = page.locator("section[aria-labelledby=speakers] a").first
    name = person.inner_text()
    person.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    of_person = page.url
    page.locator("ol.hits h3 a").first.click()
    expect(page.locator("article mark").first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="So sánh với từ khóa khác").first.click()
    expect(page.locator("figure.trend svg")).to_be_visible()
    row = page.locator(".scroll-table td a").first
    count = row.inner_text()
    row.click()
    expect(page.locator(".totals strong")).to_have_text(f"{count} bài")
    while page.url != of_person:
        page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def choose_two_categories(page: Page, site: Site) -> None:
    """Choose two values of one filter in the drawer, and give one of them up."""
    page.goto(f"{site.full}/?q=cong+an")
    counts = []
    for name in ("Xã hội", "Pháp luật"):
        page.locator("summary", has_text="Bộ lọc").click()
        value = page.locator(".drawer").get_by_role("link", name=re.compile(rf"^{name} \d+"))
        counts.append(int(re.findall(r"\d+", value.inner_text())[-1]))
        value.click()
    expect(page).to_have_url(re.compile("category=.*category="))
    expect(page.get_by_role("list", name="Bộ lọc đang dùng")).to_contain_text("Pháp luật")
    expect(page.locator(".totals strong")).to_have_text(f"{sum(counts)} bài")
    page.locator("summary", has_text="Bộ lọc").click()
    chosen = page.locator(".drawer a.chosen")
    expect(chosen).to_have_count(2)
    chosen.first.click()
    expect(page.locator(".totals strong")).to_have_text(f"{counts[1]} bài")


def step(page: Page) -> None:
    """Go on to the next hit: by its key where there is script, else by the link of the first."""
    if page.locator(".stepping").is_visible():
        page.keyboard.press("n")
    else:
        page.get_by_role("navigation", name="Các chỗ khớp trong bài").get_by_role("link").click()


def is_uncovered(page: Page) -> bool:
    """Tell whether the current hit is on the screen, above the bar of steps."""
    return bool(
        page.evaluate(
            "(() => { const hit = document.querySelector('mark:focus, mark:target');"
            # A hit may go on in the next line.
            " return [...hit.getClientRects()].every(box => { const top ="
            " document.elementFromPoint(box.left + box.width / 2, box.bottom - 3);"
            " return top === hit || hit.contains(top) }) })()"
        )
    )
