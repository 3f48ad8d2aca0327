"""One made-up article in the shapes of newspapers' pages: what is read is always the same."""

from __future__ import annotations

import json
from datetime import datetime
from string import Template

import pytest

from indexer.intake.html.page import read_html
from indexer.vietnamese.dates import VIETNAM
from tests.indexer.intake.html.page_shapes import (
    lines_of,
    numbers_of,
    paragraph,
    paragraphs,
    shaped_page,
)
from tests.paths import DATA

PAGES = DATA / "pages"
TITLE = "Thư viện xã Hòa Bình mở cửa trở lại sau ba năm sửa chữa"
LEAD = (
    "Sau ba năm đóng cửa để thay mái và chuyển kho, thư viện của xã đón lại bạn đọc từ sáng"
    " nay, với một phòng đọc dành riêng cho trẻ em."
)
PARAGRAPHS = (
    "Sáng 19/12, hơn hai trăm người đã xếp hàng trước cổng thư viện từ lúc trời còn mờ sương."
    " Người đến sớm nhất là bà Tư, bán xôi ở chợ, mang theo thẻ bạn đọc đã cũ của con trai.",
    "Theo ban quản lý, phần mái ngói được thay toàn bộ, nền nhà nâng thêm nửa mét để tránh nước"
    " lũ, còn kho sách chuyển lên tầng hai cùng với hệ thống hút ẩm do tỉnh cấp.",
    "Khoảng một vạn cuốn sách và báo cũ đã được chụp lại trong hai năm qua. Bạn đọc có thể xem"
    " bản chụp tại chỗ, hoặc mượn bản giấy nếu cuốn đó còn từ hai bản trở lên trong kho.",
    "Phòng đọc thiếu nhi rộng tám mươi mét vuông, có bàn thấp, giá sách quay và một góc nghe kể"
    " chuyện vào chiều thứ bảy. Mỗi buổi nhận tối đa ba mươi em, phụ huynh ghi tên trước.",
    "Thư viện mở cửa từ 7 giờ 30 đến 19 giờ tất cả các ngày trong tuần, trừ thứ hai đầu tháng."
    " Năm tới xã dự định nối thêm một phòng cho người cao tuổi đọc báo và tập dùng máy tính.",
)
HEADINGS = ("Một vạn cuốn sách được chụp lại", "Phòng đọc cho thiếu nhi")
CAPTION = "Bạn đọc nhỏ tuổi trong phòng đọc mới sáng 19/12. Ảnh: Minh Tâm"
AUTHOR = "Lê Minh Tâm"
BESIDE = {
    "related": "Nhà hát tỉnh lùi ngày khai màn vì mưa lớn kéo dài",
    "summary": "Ban tổ chức cho biết vé đã bán vẫn có giá trị và sẽ đổi miễn phí tại quầy.",
    "comment": "Tôi chờ ngày này đã lâu, mong thư viện mở cả buổi tối cho người đi làm.",
    "hot": "Chợ nổi tạm ngừng họp ba ngày để nạo vét luồng vào",
    "menu": "Thể thao trong nước",
    "ad": "Mua một tặng một tại mọi cửa hàng trong tuần lễ vàng tri ân khách hàng thân thiết",
    "footer": "Cơ quan chủ quản: Hội Mẫu. Giấy phép số 1/GP-BTTTT. Tổng biên tập: Trần Văn Mẫu."
    " Tòa soạn: số 1 phố Mẫu, phường Mẫu, thành phố Mẫu. Đường dây nóng: 0900 000 000. Ghi rõ"
    " nguồn khi phát hành lại thông tin từ trang này, bản quyền thuộc về báo Mẫu từ năm 2010.",
}
WITHOUT_CATEGORY = ("bold_lead", "line_breaks", "wrapped_paragraphs")
WITHOUT_AUTHOR: tuple[str, ...] = ()


def page(name: str) -> str:
    values = {"title": TITLE, "lead": LEAD, "caption": CAPTION, "author": AUTHOR, **BESIDE}
    values |= {f"p{number}": text for number, text in enumerate(PARAGRAPHS, 1)}
    values |= {f"h{number}": text for number, text in enumerate(HEADINGS, 1)}
    values |= {"category": "Văn hóa", "author_upper": AUTHOR.upper()}
    values |= {"caption_text": CAPTION.partition(" Ảnh:")[0], "url": "https://example.vn/a-1.html"}
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8")).substitute(values)


NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_articles_and_nothing_else(name: str) -> None:
    article = read_html(page(name), "page.html")
    assert article.title == TITLE
    assert article.lead.endswith(LEAD)
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    assert paragraphs == list(PARAGRAPHS)
    assert [section.heading for section in article.sections] == ["", *HEADINGS]


@pytest.mark.parametrize("name", NAMES)
def test_captions_stand_apart_and_are_credited(name: str) -> None:
    (caption,) = read_html(page(name), "page.html").captions
    assert caption.text.startswith(CAPTION.partition(" Ảnh:")[0])
    assert caption.credit.lower() == "minh tâm"


@pytest.mark.parametrize("name", NAMES)
def test_date_and_names_are_found(name: str) -> None:
    article = read_html(page(name), "page.html")
    assert article.published == datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)
    assert [author.title() for author in article.authors] == [AUTHOR]
    assert article.category == ("" if name in WITHOUT_CATEGORY else "Văn hóa")


TEASERS = "".join(
    f"<div class='item'><h3><a href='/{number}'>{BESIDE['related']} {number}</a></h3>"
    f"<p>{BESIDE['summary']}</p></div>"
    for number in range(8)
)
SPLIT_BODIES = {
    "sections with headings": (
        "<article>"
        + "".join(
            f"<section><h2>Phần {n}</h2><div class='t'>{paragraphs(3 * n - 2, 3 * n)}</div>"
            "</section>"
            for n in range(1, 5)
        )
        + "</article>",
        12,
    ),
    "columns between places for advertisements": (
        "<section>"
        + "".join(
            f"<div class='col'><div class='in'>{paragraphs(2 * n - 1, 2 * n)}</div></div>"
            "<div class='ad-slot'></div>"
            for n in range(1, 7)
        )
        + "</section>",
        12,
    ),
    "brothers of other classes": (
        f"<div><div class='chunk a'>{paragraphs(1, 3)}</div><div class='chunk b'>"
        f"{paragraphs(4, 13)}</div><div class='chunk c'>{paragraphs(14, 14)}</div></div>",
        14,
    ),
    "a box for each paragraph": (
        "<div id='article-body'>"
        + "".join(
            f"<div class='card'><div class='card-content'>{paragraphs(n, n)}</div></div>"
            for n in range(1, 9)
        )
        + "</div>",
        8,
    ),
    "a page builder's rows, columns and widgets": (
        "<div class='x-post'>"
        + "".join(
            "<div class='row'><div class='column'><div class='widget-wrap'><div class='editor'>"
            f"{paragraphs(2 * n - 1, 2 * n)}</div></div></div></div>"
            for n in range(1, 6)
        )
        + "</div>",
        10,
    ),
    "boxes without paragraphs": (
        "<div>" + "".join(f"<div><div>{paragraph(n)}</div></div>" for n in range(1, 9)) + "</div>",
        8,
    ),
    "lists and paragraphs": (
        f"<div>{paragraphs(1, 2)}<ul>"
        + "".join(f"<li>{paragraph(n)}</li>" for n in range(3, 7))
        + f"</ul></div><div><blockquote>{paragraphs(7, 8)}</blockquote></div>",
        8,
    ),
}


@pytest.mark.parametrize("name", SPLIT_BODIES)
def test_a_split_body_is_read_whole(name: str) -> None:
    body, count = SPLIT_BODIES[name]
    article = read_html(shaped_page(body), "page.html")
    assert numbers_of(article) == list(range(1, count + 1))


@pytest.mark.parametrize("name", SPLIT_BODIES)
def test_what_stands_beside_a_split_body_is_left_out(name: str) -> None:
    body, count = SPLIT_BODIES[name]
    beside = f"<div class='column-2'><h2>Bài khác</h2>{TEASERS}</div>"
    text = shaped_page(f"<div class='page'><div class='column-1'>{body}</div>{beside}</div>")
    article = read_html(text, "page.html")
    assert numbers_of(article) == list(range(1, count + 1))
    assert not any(BESIDE["related"] in line or "vé đã bán" in line for line in lines_of(article))


def test_headings_of_sections_stay_with_them() -> None:
    article = read_html(shaped_page(SPLIT_BODIES["sections with headings"][0]), "page.html")
    headings = [section.heading for section in article.sections if section.heading]
    assert headings == [f"Phần {number}" for number in range(1, 5)]


@pytest.mark.parametrize("count", [9, 30])
def test_prose_between_heading_and_body_is_kept(count: int) -> None:
    body = f"<div class='x'><p>{LEAD}</p></div><div class='share'><a>Chia sẻ</a></div>"
    text = shaped_page(f"{body}<div class='y'>{paragraphs(1, count)}</div>")
    article = read_html(text, "page.html")
    assert lines_of(article)[0] == LEAD
    assert numbers_of(article) == list(range(1, count + 1))


SHORT = paragraph(1)[:118]
GALLERY = "".join(
    f"<figure><img src='{n}.jpg'><figcaption>Ảnh {n}: các em nhỏ đi qua cây cầu mới trong"
    " buổi sáng đầu tiên sau ngày thông xe.</figcaption></figure>"
    for n in range(1, 11)
)
DECLARED = {
    "Open Graph": "<meta property='og:type' content='article'>",
    "JSON-LD": '<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_short_text_is_an_article_where_the_page_says_so(name: str) -> None:
    article = read_html(shaped_page(f"<div><p>{SHORT}</p></div>", DECLARED[name]), "page.html")
    assert lines_of(article) == [SHORT]


def test_a_short_text_in_an_article_element_is_an_article() -> None:
    article = read_html(shaped_page(f"<article><p>{SHORT}</p></article>"), "page.html")
    assert lines_of(article) == [SHORT]


def test_a_gallery_is_an_article_of_captions() -> None:
    body = f"<article>{GALLERY}</article>"
    article = read_html(shaped_page(body, DECLARED["Open Graph"]), "page.html")
    assert [caption.text.partition(":")[0] for caption in article.captions] == [
        f"Ảnh {number}" for number in range(1, 11)
    ]


def test_what_is_longer_than_an_article_with_the_heading_is_not_joined_to_it() -> None:
    other = "".join(f"<p>{PARAGRAPHS[number % 5]} ({number})</p>" for number in range(20))
    text = f"<div class='entry-content'>{paragraphs(1, 6)}</div>"
    body = f"<article><h1>Cầu mới</h1>{text}</article><div>{other}</div>"
    article = read_html(shaped_page(body, heading=""), "page.html")
    assert len(lines_of(article)) == 6


def test_a_box_with_a_real_paragraph_is_no_teaser() -> None:
    box = f"<div><h3><a href='/1'>{BESIDE['related']}</a></h3><p>{paragraph(9)} {paragraph(9)}"
    box += f" {paragraph(9)}</p></div>"
    article = read_html(shaped_page(f"<div>{paragraphs(1, 8)}</div>{box}"), "page.html")
    assert numbers_of(article) == list(range(1, 10))


MANY_TEASERS = TEASERS.replace(BESIDE["summary"], 2 * BESIDE["summary"]) * 2


@pytest.mark.parametrize(
    ("head", "name"), [(DECLARED["JSON-LD"], "x"), (DECLARED["Open Graph"], "entry-content")]
)
def test_short_news_among_many_teasers_are_an_article(head: str, name: str) -> None:
    body = f"<div class='{name}'>{paragraphs(1, 2)}</div><div>{MANY_TEASERS}</div>"
    article = read_html(shaped_page(body, head), "page.html")
    assert numbers_of(article) == [1, 2]
    assert len(lines_of(article)) == 2


INGREDIENTS = "<ul><li>200 g gạo</li><li>3 quả trứng</li><li>1/2 thìa muối</li></ul>"


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='ingredients'><h2>Nguyên liệu</h2>{INGREDIENTS}</div>",
        f"<div><div><p>Cho bốn người:</p>{INGREDIENTS}</div></div>",
        "<section><table><tr><td>200 g gạo</td></tr><tr><td>3 quả trứng</td></tr>"
        "<tr><td>1/2 thìa muối</td></tr></table></section>",
        "<div><dl><dt>200 g gạo</dt><dd>3 quả trứng</dd><dd>1/2 thìa muối</dd></dl></div>",
    ],
)
def test_short_lines_of_a_list_beside_the_prose_are_kept(box: str) -> None:
    steps = "".join(f"<li><p>{paragraph(number)}</p></li>" for number in range(2, 8))
    dish = f"<div><p>{paragraph(1)}</p>{box}<div class='how'><ol>{steps}</ol></div></div>"
    lines = lines_of(read_html(shaped_page(dish), "a.html"))
    assert {"200 g gạo", "3 quả trứng", "1/2 thìa muối"} <= set(lines)


@pytest.mark.parametrize(
    "box",
    [
        "<div><ul><li><a href=/a>Món khác</a></li><li>Tin vắn</li></ul></div>",
        "<div>Tin vắn<ul><li>Tin vắn</li></ul></div>",
        "<div><span>Tin vắn</span></div>",
    ],
)
def test_other_short_lines_beside_the_prose_are_not(box: str) -> None:
    steps = "".join(f"<li><p>{paragraph(number)}</p></li>" for number in range(2, 8))
    dish = f"<div><p>{paragraph(1)}</p>{box}<div class='how'><ol>{steps}</ol></div></div>"
    assert "Tin vắn" not in "\n".join(lines_of(read_html(shaped_page(dish), "a.html")))


def test_nested_boxes_around_a_list_are_looked_through() -> None:
    box = "<div>" * 900 + INGREDIENTS + "</div>" * 900
    steps = "".join(f"<li><p>{paragraph(number)}</p></li>" for number in range(2, 8))
    dish = f"<div><p>{paragraph(1)}</p>{box}<div class='how'><ol>{steps}</ol></div></div>"
    assert "200 g gạo" in lines_of(read_html(shaped_page(dish), "a.html"))


PLACES = {
    "never closed": f"<a name='top'>{paragraphs(1, 7)}",
    "around the article": f"<div class='x'><a id='bai'>{paragraphs(1, 7)}</a></div>",
    "around each paragraph": "<div class='x'>"
    + "".join(f"<p><a name='p{number}'>{paragraph(number)}</a></p>" for number in range(1, 8))
    + "</div>",
}


@pytest.mark.parametrize("kind", PLACES)
def test_anchors_that_lead_nowhere_are_no_links(kind: str) -> None:
    article = read_html(shaped_page(PLACES[kind]), "page.html")
    assert numbers_of(article) == list(range(1, 8))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_box_around_each_line_is_as_good_as_none(depth: int) -> None:
    start, end = "<div>" * depth, "</div>" * depth
    lines = [
        line
        for number in range(8)
        for line in (f"<h3>Phần {number}</h3>", f"<p>{paragraph(number)}</p>")
    ]
    text = "".join(f"{start}{line}{end}" for line in lines)
    article = read_html(shaped_page(f"<div>{text}</div>"), "p.html")
    assert [section.heading for section in article.sections] == [f"Phần {n}" for n in range(8)]
    assert numbers_of(article) == list(range(8))


def test_metadata_that_repeat_the_first_paragraph_do_not_make_it_the_article() -> None:
    first = " ".join(paragraph(number) for number in range(3))
    boxes = "".join(f"<div><p>{text}</p></div>" for text in (first, *map(paragraph, range(3, 9))))
    data = json.dumps({"@type": "NewsArticle", "headline": "Cầu mới", "articleBody": first})
    head = f'<script type="application/ld+json">{data}</script>'
    text = f"<html><head>{head}</head><body><h1>Cầu mới</h1><div>{boxes}</div></body></html>"
    article = read_html(text, "p.html")
    length = sum(len(line) for part in article.sections for line in part.paragraphs)
    assert length + len(article.lead) >= sum(len(paragraph(number)) for number in range(3, 9))
