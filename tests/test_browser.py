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
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser_walks import (
    choose_two_categories,
    is_uncovered,
    step,
    walk_from_words_to_a_trend_and_back,
)
from tests.browsing import ARTICLE, STATES, Site, watch_console
from tests.pictured_documents import PRINTED_ARTICLE
from web.http.page_script import page_scripts

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


WITH_PICTURES = [state.path for state in STATES if state.name.endswith(("pictures", "document"))]

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


CUT = """(element) => {
  element.textContent = "Nguyễn Thị Phượng ".repeat(40).trim();
  const style = getComputedStyle(element), sign = getComputedStyle(element, "::before");
  return {
    ownSign: style.webkitLineClamp,
    lines: Math.round(100 * element.clientHeight / parseFloat(style.lineHeight)) / 100,
    signTop: Math.round(100 * parseFloat(sign.top) / parseFloat(style.lineHeight)) / 100,
    room: parseFloat(style.paddingRight) / parseFloat(style.fontSize),
  };
}"""
"""Give an element a long text; return how it ends: the browser's own sign cuts words."""


@pytest.mark.parametrize(("selector", "lines"), [(".snippet", 4), ("h2 a", 3)])
def test_a_phone_cuts_no_word_of_a_result(
    browser: Browser, site: Site, selector: str, lines: int
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    cut = page.locator(f".hits > li {selector}").first.evaluate(CUT)
    assert cut.pop("lines") == pytest.approx(lines, abs=0.05)
    assert cut == {"ownSign": "none", "signTop": lines - 1, "room": 1}
    page.close()


def test_a_phone_cuts_no_hit_in_two(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    # Wherever a line ends, both syllables are on the same one.
    lines = page.locator(".snippet:has(mark)").first.evaluate(
        """(element) => [...Array(12).keys()].map(words => {
          element.innerHTML = "chữ ".repeat(words) + "<mark>công an</mark>";
          const range = document.createRange();
          range.selectNodeContents(element.querySelector("mark").firstChild);
          return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
        })"""
    )
    assert lines == [1] * 12
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
    for path in ("/", "/?q=cong+an", "/values/author", *WITH_PICTURES):
        page.goto(site.full + path, wait_until="networkidle")
        # Pictures come when they are near.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        pictures = page.locator("main img")
        assert (pictures.count() > 0) is (path in WITH_PICTURES)
        for picture in pictures.all():
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("one => one.naturalWidth") > 0
        # Where the parser pauses between an icon and its label, the icon moves by a label: .002.
        assert page.evaluate("window.moved") < 0.005
    page.close()


def test_results_are_walked_from_inside_the_articles(page: Page, site: Site) -> None:
    page.goto(f"{site.full}/?q=cong+an&sort=newest")
    titles = page.locator("ol.hits h2").all_inner_texts()
    page.locator("ol.hits h2 a").first.click()
    for title in titles[1:3]:
        page.get_by_role("link", name="kết quả sau").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="kết quả trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    page.get_by_role("link", name="← Kết quả tìm “cong an”").click()
    expect(page.locator("ol.hits li:target h2")).to_have_text(titles[1])


def test_the_slash_goes_to_the_search_field_unless_keys_are_off(
    browser: Browser, site: Site
) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("/a")
    expect(page.locator("#q")).to_have_value("/a")
    page.evaluate("localStorage.setItem('tangthu-hit-keys', 'off')")
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    page.close()


def test_a_range_of_time_is_dragged_over_the_bars(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page.goto(f"{site.full}/?q=cong+an")
    bars = page.locator("a[data-time]")
    times = [bar.get_attribute("data-time") for bar in bars.all()]
    first, last = bars.nth(0).locator("rect.hit"), bars.nth(-1).locator("rect.hit")
    last.scroll_into_view_if_needed()
    last.hover()
    page.mouse.down()
    first.hover()
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"from={times[0]}&to={times[-1]}"))
    page.close()


def test_the_reference_is_copied(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="vi-VN", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.full}/?q=cong+an")
    page.locator("ol.hits h2 a").first.click()
    page.get_by_role("button", name="Chép trích dẫn").click()
    expect(page.locator(".copying [role=status]")).to_have_text("Đã chép")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#reference").inner_text()
    context.close()


def test_the_buttons_to_copy_have_their_place_before_the_script_runs(
    browser: Browser, site: Site
) -> None:
    page = browser.new_page(locale="vi-VN")

    def serve_without_script(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(page_scripts()["copy"], ""))

    page.route(f"**{ARTICLE}", serve_without_script)
    page.goto(site.full + ARTICLE)
    before = page.locator("#address").bounding_box()
    assert page.locator(".copying").is_hidden()
    page.unroute(f"**{ARTICLE}")
    page.reload()
    expect(page.locator(".copying")).to_be_visible()
    assert page.locator("#address").bounding_box() == before
    page.close()


def test_a_script_that_is_not_the_pages_own_does_not_run(browser: Browser, site: Site) -> None:
    page = browser.new_page(locale="vi-VN")
    blocked = watch_console(page)
    page.goto(site.full)
    page.evaluate("""() => {
        const foreign = document.createElement("script");
        foreign.textContent = "document.title = 'foreign'";
        document.body.append(foreign);
        const file = document.createElement("script");
        file.src = "/static/style.css";
        document.body.append(file);
        document.body.insertAdjacentHTML("beforeend", "<b id=b onclick=document.title=1>b</b>");
        document.getElementById("b").click();
    }""")
    assert len(blocked) == 3
    assert all("Content Security Policy" in message for message in blocked)
    assert page.title() not in ("foreign", "1")
    page.close()


def test_from_a_result_to_a_person_and_a_day(page: Page, site: Site) -> None:
    page.goto(f"{site.full}/?q=phong+chong+ma+tuy")
    page.locator("ol.hits h2 a").filter(has_text="Công an phường").click()
    page.get_by_role("link", name="Lê Văn Cả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lê Văn Cả")
    expect(page.locator("blockquote").first).to_contain_text("ma túy")
    page.get_by_role("link", name="So sánh với từ khóa khác").first.click()
    expect(page.locator("input[name=q]").first).to_have_value('"Lê Văn Cả"')
    page.get_by_role("link", name="Lịch").click()
    page.get_by_role("link", name="tháng 12/2022: ").click()
    page.get_by_role("link", name="05/12/2022: ").click()
    expect(page.locator("section.day")).to_contain_text("Công an phường")


def test_a_phone_is_walked_from_bare_words_to_a_trend_and_back(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    walk_from_words_to_a_trend_and_back(page, site)


def test_two_categories_are_chosen_at_once(page: Page, site: Site) -> None:
    choose_two_categories(page, site)


@pytest.mark.parametrize("size", [(1280, 900), (360, 740), (320, 256)])
def test_every_hit_that_is_jumped_to_is_uncovered(
    browser: Browser, site: Site, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, locale="vi-VN")
    page.goto(f"{site.full}/?q=toi+pham")
    page.locator("ol.hits h2 a").filter(has_text="Nêu cao trách nhiệm").click()
    hits = page.locator("article mark[id]").count()
    assert hits > 3
    address = page.url.partition("#")[0]
    for number in (1, 2, hits):
        page.goto(f"{address}#h{number}")
        assert is_uncovered(page)
    for key in "nnpp":
        page.keyboard.press(key)
        assert is_uncovered(page)
    page.close()


def test_paper_says_where_its_text_is_from(browser: Browser, site: Site) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(site.full + ARTICLE)
    expect(page.locator(".on-paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".on-paper")).to_have_text(site.full + ARTICLE)
    page.goto(f"{site.full}/?q=cong+an")
    box = page.locator("h1").bounding_box()
    assert box is not None
    assert box["height"] > 20
    # Nothing is cut on paper, and no cover of a cut is seen.
    for selector in ("ol.hits h2 a", ".snippet"):
        sign = 'element => getComputedStyle(element, "::after").content'
        assert page.locator(selector).first.evaluate(sign) == "none"
    page.close()


REFUSED = re.compile("Content Security Policy|sandbox|^Unsafe attempt to load|ERR_BLOCKED_BY_")
"""What the console says of what a page of a frame may not do."""


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_hostile_page_is_replayed_and_cannot_run(
    browser: Browser, site: Site, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="vi-VN")
    page = context.new_page()
    requests: list[str] = []
    problems = watch_console(page)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{site.full}/?q=trang+lưu+có+mã+lạ")
    page.locator("ol.hits h2 a").first.click()
    page.get_by_role("link", name="Trang như lúc lưu").click()
    frame = page.frame_locator("iframe.capture")
    expect(frame.get_by_role("heading", level=1)).to_have_css("color", "rgb(0, 102, 0)")
    frame.get_by_text("bấm vào đây").click()
    sending = frame.get_by_role("button", name="gửi đi")
    if sending.count():  # a form that is shown sends nothing
        sending.click()
    page.wait_for_timeout(1200)  # longer than the page waits before it would lead away
    expect(page).to_have_title(re.compile("^Trang như lúc lưu"))
    expect(frame.locator("body")).not_to_contain_text("CHẠY")
    assert all(url.startswith((site.full, "data:")) for url in requests)
    frame.get_by_role("link", name="bài về phường").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an phường")
    # The browser says only what it refused.
    assert [problem for problem in problems if not REFUSED.search(problem)] == []
    context.close()


def test_a_hit_in_a_document_opens_at_its_page(page: Page, site: Site) -> None:
    page.goto(f'{site.full}/?q="Trang+3+của+báo+cáo"')
    hit = page.locator("ol.hits > li").filter(has=page.locator(f'a[href^="{PRINTED_ARTICLE}"]'))
    expect(hit.locator("p.locator")).to_have_text("trang 3")
    hit.locator("h2 a").click()
    expect(page).to_have_url(re.compile(r"#s3$"))
    expect(page.locator("#s3")).to_be_in_viewport()
    expect(page.locator("article mark").first).to_be_in_viewport()
    page.locator("p.sheet a").first.click()
    expect(page).to_have_url(re.compile(r"/pages/3\?q="))
    expect(page.locator("mark").first).to_have_text("Trang 3 của báo cáo")


TEXT_SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
word-spacing: .16em !important } p { margin-bottom: 2em !important }"""
"""The spacing of WCAG 1.4.12, as a reader's own style sheet sets it."""


def test_wider_spacing_of_text_makes_no_page_wider(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 740}, locale="vi-VN", bypass_csp=True
    )
    page = context.new_page()
    for state in STATES:
        page.goto(site.address(state))
        page.add_style_tag(content=TEXT_SPACING)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state.name
    context.close()


def test_hits_and_fields_stand_out_in_forced_colours(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="vi-VN", forced_colors="active")
    page = context.new_page()
    page.goto(f"{site.full}/?q=cong+an")
    ground = "element => getComputedStyle(element).backgroundColor"
    hit, paper = page.locator("ol.hits mark").first, page.locator("body")
    assert hit.evaluate(ground) != paper.evaluate(ground)
    border = "element => getComputedStyle(element).borderTopWidth"
    assert page.locator("#q").evaluate(border) != "0px"
    page.locator("#q").focus()
    outline = "element => getComputedStyle(element).outlineStyle"
    assert page.locator("#q").evaluate(outline) != "none"
    context.close()
