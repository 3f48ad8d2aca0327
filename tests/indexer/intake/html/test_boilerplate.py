"""Boilerplate that is cut by its name, and prose that no name outvotes."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import (
    lines_of,
    numbers_of,
    paragraph,
    paragraphs,
    shaped_page,
)

WRAPPED = {
    "with sidebar": "<div id='contentWithSidebar'><div>{}</div></div>",
    "content sidebar wrap": "<div class='content-sidebar-wrap'><main><article>{}</article></main>"
    "<aside class='sidebar'><p>Đài truyền thanh xã phát lúc năm giờ sáng mỗi ngày.</p></aside>"
    "</div>",
    "popup": "<div class='popup-page'><div class='inner'>{}</div></div>",
    "footer in a name": "<div class='has-sticky-footer'><div>{}</div></div>",
    "comment in a name": "<div class='page comments-open'><div>{}</div></div>",
    "form": "<form id='f'><div class='cnt'>{}</div></form>",
    "print": "<div class='print-full'><div>{}</div></div>",
    "share": "<div class='share-page'>{}</div>",
    "related": "<div class='related-layout'><div>{}</div></div>",
    "live comments": "<div class='live-comments'><div class='live-comment'>{}</div></div>",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_name_never_outvotes_the_prose(name: str) -> None:
    article = read_html(shaped_page(WRAPPED[name].format(paragraphs(1, 7))), "page.html")
    assert numbers_of(article) == list(range(1, 8))
    assert not any("truyền thanh" in line for line in lines_of(article))


COMMENTS = "".join(
    f"<div class='comment'><p>Bạn đọc {number}: tôi đi qua cầu này mỗi ngày, mừng cho bà con.</p>"
    "</div>"
    for number in range(40)
)
BESIDE_BODY = {
    "comments": f"<div class='comments'>{COMMENTS}</div>",
    "feedback": f"<div class='user-feedback'>{COMMENTS.replace('comment', 'item')}</div>",
    "remarks": f"<ul id='nhanxet'>{COMMENTS.replace('comment', 'item')}</ul>",
    "sidebar": "<div class='sidebar'><p>Ủy ban xã tiếp dân vào sáng thứ ba hằng tuần tại hội"
    " trường lớn, xin mang theo giấy tờ.</p></div>",
    "newsletter": "<div class='newsletter'><p>Ghi tên để nhận bản tin mỗi sáng qua thư điện tử"
    " của bạn, hoàn toàn miễn phí.</p></div>",
    "cookies": "<div class='cookie-consent'><p>Trang này dùng cookie để nhớ bạn đọc, xin đọc kỹ"
    " điều khoản trước khi đồng ý.</p></div>",
    "disclosure": "<div class='editorial-disclosure'><p>Bài có thể dẫn tới hàng hóa mà tòa soạn"
    " được trả hoa hồng khi bạn mua, giá không đổi.</p></div>",
    "facts of the entry": "<div class='postmetadata'>Đăng lúc 17 giờ ngày 19 tháng 12 năm 2022,"
    " trong mục Giao thông nông thôn.</div>",
    "quoted post": "<blockquote class='twitter-tweet'><p>Một người viết trên mạng rằng cầu đẹp"
    " lắm, ai cũng nên đến xem một lần.</p></blockquote>",
    "biography": "<div class='author'>Trần Mẫu viết về giao thông nông thôn từ năm 2010, từng đi"
    " qua hơn ba trăm cây cầu ở đồng bằng và đang soạn một cuốn sách về đò ngang.</div>",
}


@pytest.mark.parametrize("name", BESIDE_BODY)
def test_what_its_name_says_is_no_article_is_cut(name: str) -> None:
    body = f"<div class='x'>{paragraphs(1, 7)}</div>{BESIDE_BODY[name]}"
    article = read_html(shaped_page(body), "page.html")
    assert len(lines_of(article)) == 7


@pytest.mark.parametrize(
    "announced",
    [
        "<h3>Mời đọc</h3><ul><li><a href='/1'>Chợ nổi tạm ngừng họp ba ngày</a></li></ul>",
        "<p>Mời bạn đọc các bài sau:</p><ul><li><a href='/1'>Chợ nổi tạm ngừng họp</a></li></ul>",
        "<h3>Bài khác</h3><p><a href='/1'>Chợ nổi tạm ngừng họp ba ngày</a></p>"
        "<p><a href='/2'>Nhà hát tỉnh lùi ngày khai màn vì mưa</a></p>",
        "<h3>Bài khác</h3><div class='related-news'><a href='/1'>Chợ nổi tạm ngừng</a></div>",
        "<h3>Bài khác</h3>",
    ],
)
def test_a_line_that_announces_what_is_left_out_goes_with_it(announced: str) -> None:
    body = f"<div class='x'>{paragraphs(1, 7)}{announced}</div>"
    assert len(lines_of(read_html(shaped_page(body), "page.html"))) == 7


def test_a_heading_before_a_card_keeps_the_text_below() -> None:
    card = "<ul><li><a href='/1'>Chợ nổi tạm ngừng họp ba ngày</a></li></ul>"
    body = f"<div class='x'>{paragraphs(1, 3)}<h3>Bắc cầu</h3>{card}{paragraphs(4, 7)}</div>"
    article = read_html(shaped_page(body), "page.html")
    assert [section.heading for section in article.sections] == ["", "Bắc cầu"]


def test_an_element_for_browsers_without_scripts_that_is_never_closed_is_the_page() -> None:
    body = f"<noscript><div><h1>Cầu mới ở xã</h1><div class='x'>{paragraphs(1, 7)}</div></div>"
    article = read_html(shaped_page(body, heading=""), "page.html")
    assert numbers_of(article) == list(range(1, 8))


def test_parts_that_a_script_shows_one_by_one_are_the_page() -> None:
    parts = "".join(
        f"<div class='slide' style='display: none'>{paragraphs(n, n)}</div>" for n in range(1, 9)
    )
    article = read_html(shaped_page(f"<div class='slides'>{parts}</div>"), "page.html")
    assert numbers_of(article) == list(range(1, 9))


@pytest.mark.parametrize("name", ["js-readmore", "read-more-content", "xem-them"])
def test_the_name_of_a_button_cuts_no_paragraphs(name: str) -> None:
    body = f"<div class='x'>{paragraphs(1, 5)}<div class='{name}'>{paragraphs(6, 8)}</div></div>"
    article = read_html(shaped_page(body), "page.html")
    assert numbers_of(article) == list(range(1, 9))


@pytest.mark.parametrize("name", ["readmore js_fold", "print-links", "hoso xem-them"])
def test_a_short_text_that_a_button_unfolds_or_prints_stays(name: str) -> None:
    lines = (
        "Cầu dài ba mươi mét, rộng bốn mét, có lan can thép.",
        "Khởi công năm ngoái, làm xong trước mùa nước nổi.",
        "Hai làn xe.",
    )
    facts = "".join(f"<p>{line}</p>" for line in lines)
    body = f"<div class='x'>{paragraphs(1, 7)}<div class='{name}'>{facts}</div></div>"
    article = read_html(shaped_page(body), "page.html")
    assert lines_of(article)[7:] == list(lines)


OWN = "<link rel='canonical' href='https://www.lang.example/cau.html'>"


def listed(*addresses: str) -> str:
    """Return a list of links, one to each address."""
    items = (f"<li><a href='{address}'>Hồ sơ cây cầu ở xã</a></li>" for address in addresses)
    return f"<ul>{''.join(items)}</ul>"


@pytest.mark.parametrize(
    ("head", "addresses", "kept"),
    [
        (OWN, ("https://so.example.org/1", "https://thu-vien.example.net/2"), 2),
        (OWN, ("https://so.example.org/1", "/cau-khac.html"), 0),
        (OWN, ("https://tv.lang.example/1", "https://lang.example/2"), 0),
        (OWN, ("javascript:void(0)", "#"), 0),
        ("", ("https://so.example.org/1", "https://thu-vien.example.net/2"), 0),
    ],
    ids=["other sites", "its own page", "its own sites", "no address", "no site is named"],
)
def test_a_list_of_other_sites_is_the_articles_sources(
    head: str, addresses: tuple[str, ...], kept: int
) -> None:
    body = f"<div class='x'>{paragraphs(1, 7)}{listed(*addresses)}</div>"
    article = read_html(shaped_page(body, head), "page.html")
    assert lines_of(article)[7:] == ["Hồ sơ cây cầu ở xã"] * kept


def test_a_table_with_headings_stays_though_its_rows_are_links() -> None:
    table = (
        "<table><tr><th>Cầu</th><th>Dài</th></tr>"
        "<tr><td><a href='/1'>Cầu Hòa Bình ở xã Hòa Bình</a></td><td>30 m</td></tr></table>"
    )
    article = read_html(shaped_page(f"<div class='x'>{paragraphs(1, 7)}{table}</div>"), "page.html")
    assert lines_of(article)[-1] == "Cầu Hòa Bình ở xã Hòa Bình | 30 m"


CUT_SHORT = {
    "dots and a link": "<b>Chợ nổi</b><p>Chợ nổi tạm ngừng họp… <a href='/1'>Chi tiết</a></p>",
    "a linked headline": "<h3><a href='/1'>Chợ nổi tạm ngừng họp ba ngày</a></h3><p>Nước...</p>",
    "brackets": "<p><b>Chợ nổi</b></p><p>Nước lớn nên [...] <a href='/1'>&raquo; Đọc hết</a></p>",
}


@pytest.mark.parametrize("name", CUT_SHORT)
def test_boxes_whose_text_breaks_off_lead_to_other_articles(name: str) -> None:
    boxes = f"<div>{CUT_SHORT[name]}</div>" * 3
    body = f"<div class='x'><div class='y'>{paragraphs(1, 7)}</div>{boxes}</div>"
    assert len(lines_of(read_html(shaped_page(body), "page.html"))) == 7


def test_a_paragraph_that_breaks_off_stays_though_it_has_a_link() -> None:
    text = "Rồi cầu cũ, <a href='/1'>bắc từ năm 1961</a>, cứ thế mà oằn xuống…"
    body = f"<div class='x'>{paragraphs(1, 7)}<div class='p'><p>{text}</p></div></div>"
    assert lines_of(read_html(shaped_page(body), "page.html"))[-1].endswith("oằn xuống…")


QUESTION = "Câu hỏi {}: cây cầu mới của xã chịu được xe nặng bao nhiêu tấn?"


def answers(markup: str, count: int = 6) -> str:
    return "".join(markup.format(QUESTION.format(i), paragraph(i)) for i in range(1, count + 1))


UNFOLDED = {
    "details": "<details><summary>{}</summary><p>{}</p></details>",
    "collapse": "<h2><button class='accordion-button' aria-expanded=false>{}</button></h2>"
    "<div class='collapse' aria-hidden=true><p>{}</p></div>",
    "hidden": "<h3>{}</h3><div hidden><p>{}</p></div>",
    "style": "<p class='q7'>{}</p><div class='a7' style='display: none'>{}</div>",
    "controlled": "<h3><button aria-controls='a'>{}</button></h3>"
    "<div class='panel' hidden><p>{}</p></div>",
}


@pytest.mark.parametrize("name", UNFOLDED)
def test_answers_that_their_questions_unfold_are_the_text(name: str) -> None:
    article = read_html(shaped_page(f"<div>{answers(UNFOLDED[name])}</div>"), "page.html")
    assert numbers_of(article) == list(range(1, 7))
    assert sum(line.startswith("Câu hỏi") for line in lines_of(article)) == 6


TABS = {
    "of one class": "<div class='tab on'>{}</div><div class='tab' hidden>{}</div>",
    "by role": "<div>{}</div><div role='tabpanel' style='display:none'>{}</div>",
    "by name": "<div class='tab-pane active'>{}</div><div class='tab-pane' hidden>{}</div>",
}


@pytest.mark.parametrize("name", TABS)
def test_the_parts_that_tabs_show_are_the_text(name: str) -> None:
    body = TABS[name].format(paragraphs(1, 5), paragraphs(6, 8))
    assert numbers_of(read_html(shaped_page(f"<div>{body}</div>"), "x")) == list(range(1, 9))


def test_a_table_behind_a_tab_is_kept() -> None:
    table = "<table><tr><td>Tải trọng</td><td>12 tấn</td></tr></table>"
    body = f"{paragraphs(1, 5)}<div class='tab-pane' hidden>{table}</div>"
    assert "Tải trọng | 12 tấn" in lines_of(read_html(shaped_page(f"<div>{body}</div>"), "x"))


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden><p>Đăng nhập để tiếp tục đọc báo và bình luận cùng các bạn khác.</p></div>",
        "<p style='display:none'>Trình duyệt của bạn đã cũ, xin nâng cấp để đọc trang này.</p>",
        "<div class='tab-pane' hidden><a href='/a'>Tin khác về con đường liên xã vừa mở</a></div>",
        "<button aria-expanded=false>Bạn có muốn nhận bản tin mỗi sáng không?</button>",
    ],
)
def test_what_else_is_hidden_is_no_text(hidden: str) -> None:
    article = read_html(shaped_page(f"<div>{paragraphs(1, 7)}{hidden}</div>"), "page.html")
    assert len(lines_of(article)) == 7


@pytest.mark.parametrize("tag", ["nav", "footer", "aside", "menu"])
def test_no_tag_outvotes_all_of_the_prose(tag: str) -> None:
    page = shaped_page(f"<{tag}><div>{paragraphs(1, 7)}</div></{tag}>")
    assert numbers_of(read_html(page, "page.html")) == list(range(1, 8))
    beside = f"<div>{paragraphs(1, 7)}</div><{tag}>{paragraphs(8, 9)}</{tag}>"
    assert numbers_of(read_html(shaped_page(beside), "page.html")) == list(range(1, 8))


def test_links_to_edit_a_section_are_no_part_of_its_heading() -> None:
    heading = "<h2>Lịch sử<span class='mw-editsection'>[sửa]</span></h2>"
    article = read_html(
        shaped_page(f"<div>{paragraphs(1, 4)}{heading}{paragraphs(5, 7)}</div>"), ""
    )
    assert [section.heading for section in article.sections] == ["", "Lịch sử"]
