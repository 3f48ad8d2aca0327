"""Kinds of pages: builders, tables, live reports, forums, AMP, frames, paywalls; hostile ones."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article
from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import (
    HEADING,
    lines_of,
    numbers_of,
    paragraph,
    paragraphs,
    shaped_page,
)

OTHER = (
    "Lời bên lề: huyện bên cạnh họp chợ nổi vào sáng chủ nhật, mời bà con xa gần ghé thuyền qua."
)
TEASERS = "".join(
    f"<div class='item'><a href='/{number}'><img src='x.jpg'>Chợ nổi số {number} họp lại sau ba"
    " tháng nước lớn</a></div>"
    for number in range(6)
)
OG = "<meta property='og:type' content='article'>"
LD = json.dumps({"@type": "NewsArticle", "headline": HEADING})
LINKED_DATA = f"<script type='application/ld+json'>{LD}</script>"


def each(box: str, count: int = 8) -> str:
    """Return a box for each of some numbered paragraphs, which stands in the place of `P`."""
    return "".join(box.replace("P", paragraph(number)) for number in range(1, count + 1))


def pairs(box: str) -> str:
    """Return a box for each two of eight numbered paragraphs."""
    return "".join(box.replace("P", paragraphs(first, first + 1)) for first in (1, 3, 5, 7))


def comments(count: int) -> str:
    return f"<div class='comment'><b>Bạn đọc</b><p>{OTHER} {OTHER}</p></div>" * count


EIGHT_PARAGRAPHS = {
    "elementor": "<div class='elementor'>"
    + pairs(
        "<section class='elementor-section'><div class='elementor-column'><div class='elementor-"
        "widget-text-editor'><div class='elementor-widget-container'>P</div></div></div></section>"
    )
    + f"</div><div class='related'>{TEASERS}</div>",
    "wpbakery": "<div class='wpb-content-wrapper'>"
    + pairs(
        "<div class='vc_row wpb_row'><div class='vc_column-inner'><div class='wpb_text_column'>"
        "<div class='wpb_wrapper'>P</div></div></div></div>"
    )
    + "</div>",
    "columns": f"<main>{pairs('<div class=wp-block-column>P</div>')}</main>",
    "a paragraph a widget": each("<div class='rich-text'><p><span>P</span></p></div>"),
    "deep boxes without paragraphs": each(
        "<div><div><div><div><div>P</div></div></div></div></div>"
    ),
    "hashed classes": "<div id='__next'><div class='css-1a'>"
    + each("<div class='css-9z'><p>P</p></div>")
    + f"</div><div class='css-2b'>{TEASERS}</div></div>",
    "components": "<main><article>"
    + each("<div data-component='text-block'><p>P</p></div>")
    + "<div data-component='topics'><ul><li><a href='/t'>Cầu đường</a></li></ul></div></article>"
    f"</main><aside>{TEASERS}</aside>",
    "advertisements between": "<section>"
    + pairs("<div class='col'><div>P</div></div><div class='ad-slot'><p>Quảng cáo</p></div>")
    + "</section>",
    "layout table": f"<table><tr><td>{TEASERS}</td><td><table><tr><td>{paragraphs(1, 4)}</td></tr>"
    f"<tr><td>{paragraphs(5, 8)}</td></tr></table></td></tr></table>",
    "breaks in a cell": f"<table><tr><td><font size=2>{each('P<br><br>')}</font></td></tr></table>",
    "live report": each(
        "<div class='liveblog-entry'><div class='time'><time datetime='2022-12-19T10:02:00+07:00'>"
        "10:02</time></div><div class='entry-content'><p>P</p></div><div class='share'><a href='#'>"
        "Chia sẻ</a></div></div>"
    ),
    "live report as a list": f"<ul>{each('<li><span>10h02</span><div>P</div></li>')}</ul>",
    "forum": each(
        "<div class='post'><div class='postprofile'><a href='/u'>Nam</a></div><div class='body'>"
        "<div class='content'>P</div></div></div>"
    ),
    "questions and answers": f"<div class='question'>{paragraphs(1, 2)}</div><div id='answers'>"
    f"<div class='answer'>{paragraphs(3, 5)}<div class='comments'><div class='comment'>Hay</div>"
    f"</div></div><div class='answer'>{paragraphs(6, 8)}</div></div>",
    "list": f"<div><ol>{each('<li><h3>Một việc</h3>P</li>')}</ol></div>",
    "transcript": f"<div class='transcript'>{each('<p><strong></strong>P</p>')}</div>",
    "unclosed boxes of XHTML": f"<div class='clear'/><div id='c'>{paragraphs(1, 8)}</div>",
    "comments of many readers": f"<div class='entry-content'>{paragraphs(1, 8)}</div>"
    f"<div id='comments'>{comments(40)}</div>",
    "comments in a list": f"<div>{paragraphs(1, 8)}</div><section class='ykien'><ul><li>{OTHER}"
    f"<a href='#'>Trả lời</a></li><li>{OTHER}</li></ul></section>",
    "question about cookies": f"<div class='cookie-banner'><h2>Cookie</h2><p>{OTHER}</p></div>"
    f"<div>{paragraphs(1, 8)}</div>",
    "dialog": f"<div>{paragraphs(1, 8)}</div><div id='onetrust-consent-sdk'><div role='dialog'>"
    f"<p>{OTHER}</p><p>{OTHER}</p></div></div>",
    "folded rest": f"<div class='article-body'>{paragraphs(1, 2)}<div class='more' style='display:"
    f"none'>{paragraphs(3, 8)}</div><a class='read-more' href='#'>Xem thêm</a></div>",
    "tabs": f"<div class='tab-pane'>{paragraphs(1, 3)}</div><div class='tab-pane' style='display:"
    f"none'>{paragraphs(4, 8)}</div>",
    "next article of an endless page": f"</div><article><div>{paragraphs(1, 8)}</div></article>"
    f"<article><h1>Chợ nổi đã họp</h1><div>{f'<p>{OTHER}</p>' * 5}</div></article>",
    "signing up": f"<div class='story-body'>{paragraphs(1, 4)}<div class='newsletter-signup'><p>"
    f"{OTHER}</p></div>{paragraphs(5, 8)}</div>",
    "shop": f"<div>{paragraphs(1, 8)}<div class='paywall'><p>Đăng nhập hoặc mua gói để đọc tiếp bài"
    " viết này với giá hai mươi nghìn đồng.</p></div></div>",
    "shop abroad": f"<div>{paragraphs(1, 8)}<div><p>Subscribe now to continue reading.</p></div>"
    "<p>This article is for subscribers only.</p></div>",
}


def whole_text(article: Article) -> str:
    """Return the title, text and captions of an article."""
    captions = [caption.text for caption in article.captions]
    return "\n".join([article.title, *lines_of(article), *captions])


@pytest.mark.parametrize("name", EIGHT_PARAGRAPHS)
def test_all_paragraphs_are_read_and_nothing_beside_them(name: str) -> None:
    heading = "<h1>Cầu mới ở xã Hòa Bình</h1>"
    body = EIGHT_PARAGRAPHS[name]
    if body.startswith("</div><article>"):
        body, heading = body.replace("<article>", f"<article>{heading}", 1), ""
    article = read_html(shaped_page(body, heading=heading), "page.html")
    assert article.title == HEADING
    assert numbers_of(article) == list(range(1, 9))
    text = whole_text(article)
    beside = (
        "Chợ nổi",
        "Lời bên lề",
        "Quảng cáo",
        "Chia sẻ",
        "Trả lời",
        "mua gói",
        "ubscri",
        "Hay",
    )
    assert [word for word in beside if word in text] == []


BESIDE_PROSE = {
    "prices": (
        "<table><tr><th>Loại</th><th>Mua</th><th>Bán</th></tr><tr><td>SJC Hà Nội</td><td>180,8</td>"
        "<td>183,8</td></tr><tr><td>Nhẫn</td><td></td><td>171,2</td></tr></table>",
        ["Loại | Mua | Bán", "SJC Hà Nội | 180,8 | 183,8", "171,2"],
    ),
    "cells over rows": (
        "<table><thead><tr><th rowspan=2>Tỉnh</th><th colspan=2>Ca</th></tr><tr><th>2021</th>"
        "<th>2022</th></tr></thead><tbody><tr><td>Huế</td><td>12</td><td>34</td></tr></tbody></table>",
        ["Huế | 12 | 34", "2021 | 2022"],
    ),
    "numbers alone": ("<p>1 - 0</p><p>113</p>", ["1 - 0", "113"]),
    "short items": ("<ul><li>Gạo 5 kg</li><li>Dầu ăn</li></ul>", ["Gạo 5 kg", "Dầu ăn"]),
    "terms": ("<dl><dt>Học phí</dt><dd>Ba triệu đồng.</dd></dl>", ["Học phí", "Ba triệu đồng."]),
    "verses": ("<p>Đường vô xứ Nghệ<br>Non xanh nước biếc</p>", ["xứ Nghệ", "Non xanh nước biếc"]),
    "code": ("<pre><code>x = 1\nprint(x)</code></pre>", ["print(x)"]),
    "folded": (
        "<details><summary>Chi tiết</summary><p>Cầu nặng.</p></details>",
        ["Chi tiết", "Cầu nặng."],
    ),
    "pictures": (
        "<div class='slider'><div><img src=1.jpg><p class='desc'>Khung hình một: chợ.</p></div>"
        "<div><img src=2.jpg><p class='desc'>Khung hình hai chụp bến đò.</p></div></div>",
        ["Khung hình một", "Khung hình hai"],
    ),
    "quotation": ("<blockquote class='pull'><p>Cầu là của chung.</p></blockquote>", ["của chung"]),
    "facts": ("<p><b>Địa điểm:</b> Nhà văn hóa xã</p>", ["Nhà văn hóa xã"]),
    "questions": ("<p><b>Ông nghĩ gì về việc này?</b></p>", ["Ông nghĩ gì về việc này?"]),
}


@pytest.mark.parametrize("name", BESIDE_PROSE)
def test_what_is_no_prose_is_kept_among_prose(name: str) -> None:
    box, lines = BESIDE_PROSE[name]
    body = f"<div class='content'>{paragraphs(1, 3)}{box}{paragraphs(4, 5)}</div>"
    article = read_html(shaped_page(body), "page.html")
    assert numbers_of(article) == [1, 2, 3, 4, 5]
    text = whole_text(article)
    assert [line for line in lines if line not in text] == []


def test_a_table_alone_is_an_article_where_the_page_says_so() -> None:
    rows = "".join(f"<tr><td>Hàng {number}</td><td>{number}00</td></tr>" for number in range(1, 9))
    table = f"<article><table>{rows}</table></article>"
    article = read_html(shaped_page(table, OG + LINKED_DATA), "page.html")
    assert lines_of(article)[0] == "Hàng 1 | 100"
    assert lines_of(article)[-1] == "Hàng 8 | 800"
    with pytest.raises(NotAnArticleError):
        read_html(shaped_page(table), "page.html")


@pytest.mark.parametrize("head", [OG, LINKED_DATA])
def test_a_gallery_keeps_its_captions(head: str) -> None:
    figures = "".join(
        f"<figure><img src='{number}.jpg'><figcaption>Ảnh {number}: người dân đi qua cây cầu mới"
        " buổi sáng đầu năm.</figcaption></figure>"
        for number in range(9)
    )
    article = read_html(shaped_page(f"<article>{figures}</article>", head), "page.html")
    text = whole_text(article)
    assert [number for number in range(9) if f"Ảnh {number}:" not in text] == []


@pytest.mark.parametrize(
    "shown",
    [
        "<div class='box'><p>Bạn cần đăng nhập để đọc tiếp.</p></div>",
        "<div class='box'><p>Nội dung này có ở ấn bản giấy phát hành sáng thứ bảy.</p></div>",
        "<div id='app'></div>",
        TEASERS,
    ],
)
def test_the_text_in_the_metadata_is_read_where_the_page_shows_a_notice(shown: str) -> None:
    text = " ".join(paragraph(number) for number in range(1, 7))
    data = json.dumps({"@type": "NewsArticle", "headline": HEADING, "articleBody": text})
    head = f"<script type='application/ld+json'>{data}</script>"
    article = read_html(shaped_page(shown, head), "page.html")
    assert lines_of(article) == [text]


def test_a_longer_text_on_the_page_counts_more_than_that_in_the_metadata() -> None:
    data = json.dumps(
        {"@type": "NewsArticle", "headline": HEADING, "articleBody": paragraph(1) * 2}
    )
    head = f"<script type='application/ld+json'>{data}</script>"
    article = read_html(shaped_page(f"<div>{paragraphs(1, 6)}</div>", head), "page.html")
    assert numbers_of(article) == [1, 2, 3, 4, 5, 6]


FRAMES = "<frameset cols='20%,80%'><frame src='a.html'><frame src='b.html'>{}</frameset></html>"


@pytest.mark.parametrize(
    "inside", ["", "<noframes><body>Hãy dùng trình duyệt khác.</body></noframes>"]
)
def test_a_page_of_frames_is_refused_by_name(inside: str) -> None:
    text = f"<html><head><title>{HEADING}</title></head>{FRAMES.format(inside)}"
    with pytest.raises(NotAnArticleError, match="in frames.*save the page inside"):
        read_html(text, "page.html")


@pytest.mark.parametrize("tag", ["noframes", "NOFRAMES"])
def test_what_a_page_says_beside_its_frames_is_read(tag: str) -> None:
    inside = f"<{tag}><body><h1>{HEADING}</h1>{paragraphs(1, 5)}</body></{tag}>"
    text = f"<html><head><title>{HEADING}</title></head>{FRAMES.format(inside)}"
    assert numbers_of(read_html(text, "page.html")) == [1, 2, 3, 4, 5]


def test_an_amp_page_has_no_side_panels_and_no_questions() -> None:
    body = (
        f"<amp-sidebar id=s><a href='/'>Trang nhất của báo</a></amp-sidebar><article><h1>{HEADING}"
        f"</h1><amp-img src=a.jpg></amp-img>{paragraphs(1, 3)}<amp-ad width=300></amp-ad>"
        f"{paragraphs(4, 6)}</article><amp-consent><p>{OTHER}</p></amp-consent>"
    )
    article = read_html(shaped_page(body, heading=""), "page.html")
    assert numbers_of(article) == [1, 2, 3, 4, 5, 6]
    assert len(lines_of(article)) == 6


def test_both_languages_of_a_page_are_read() -> None:
    english = "The commune has repaired its old bridge, so that no child needs the ferry any more."
    body = f"<div>{paragraphs(1, 4)}</div><div>{f'<p>{english}</p>' * 4}</div>"
    article = read_html(shaped_page(body), "page.html")
    assert numbers_of(article) == [1, 2, 3, 4]
    assert english in lines_of(article)


SECONDS = 15
"""Processor time of a hostile page, some thirty times what the dearest takes."""

TICKED = "<label><input type=checkbox> một việc</label>"
HOSTILE = {
    "attributes": "<div "
    + " ".join(f"a{number}=x" for number in range(60_000))
    + f">{OTHER}</div>",
    "class names": f"<div class='{'side-bar comment ' * 60_000}'>{OTHER}</div>",
    "words of classes": "".join(
        f"<i class='w{number} x{number}-y'>a</i>" for number in range(8_000)
    ),
    "entities": f"<p>{'&amp;&#7841;' * 60_000}</p>",
    "open links": "<a href='/a'>Chợ nổi " * 900,
    "links": "<a href='/a'>Chợ nổi đã họp lại</a>" * 8_000,
    "comments": "<!-- chợ -->" * 20_000,
    "line breaks": "<br>" * 20_000,
    "line breaks in bold": f"<b>{'Chợ nổi<br>' * 8_000}</b>",
    "bold in bold": "<b>chợ<br>" * 900,
    "dates": "<p>19/12/2022 17:02</p>" * 4_000,
    "short years": f"<time>{'19/12/22 ' * 20_000}</time>",
    "siblings": "<div>chợ</div>" * 12_000,
    "tables in tables": "<table><tr><td>" * 300,
    "rows": f"<table>{'<tr><td>1</td><td>2</td></tr>' * 6_000}</table>",
    "hidden boxes": "<div style='display:none'><p>chợ</p></div>" * 6_000,
    "discussions": "<div class='comment'><div class='entry-content'>" * 400,
    "bodies and discussions": (
        f"<div class='entry-content'><p>{OTHER * 3}</p></div><div class='comment'>{OTHER}</div>"
        * 400
    ),
    "a signature of dots": f"<p>{'.' * 20_000} (ký tên)</p>",
    "items to tick": (
        f"<form>{f'<div>{TICKED * 3}</div>' * 130}<span>{'chợ nổi ' * 20_000}</span></form>"
    ),
    "asides": f"<p>{OTHER * 2}</p><aside>{OTHER}</aside>" * 400,
    "offers": f"<p>{'đăng nhập để mua gói ' * 3_000}</p>" * 3,
    "linked data": f"<script type='application/ld+json'>{'[' * 200_000}</script>",
    "frames": "<noframes>" * 10_000,
    "scripts": "<script>var a = {'datePublished\": 1</script>" * 6_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_in_bounded_time(name: str) -> None:
    text = shaped_page(f"{HOSTILE[name]}<div>{paragraphs(1, 7)}</div>", OG)
    started = time.process_time()
    with contextlib.suppress(IntakeError):
        read_html(text, "page.html")
    assert time.process_time() - started < SECONDS
