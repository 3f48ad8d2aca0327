"""Saved pages: what their metadata say, what is no article, and what is made to do harm."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.errors import IntakeError, NotAnArticleError
from indexer.intake.html.page import DEEPEST, LARGEST_TEXT, MOST_TAGS, read_html, read_page
from indexer.vietnamese.dates import VIETNAM
from tests.indexer.intake.html.page_shapes import (
    HEADING,
    numbers_of,
    paragraph,
    paragraphs,
    shaped_page,
)
from tests.indexer.intake.html.test_content_finder import (
    AUTHOR,
    BESIDE,
    CAPTION,
    LEAD,
    PARAGRAPHS,
    TITLE,
)
from tests.paths import ROOT

BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SHOWN = f"<h1>{TITLE}</h1><div class='news-content'>{BODY}</div>"
RECORD: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "description": LEAD,
    "datePublished": "2022-12-19T17:02:00+07:00",
    "articleSection": "Văn hóa",
    "author": [{"@type": "Person", "name": AUTHOR}, {"@type": "Person", "name": "Trần An"}],
    "publisher": {"@type": "Organization", "name": "Báo Mẫu"},
}
TEXT = json.dumps(RECORD, ensure_ascii=False)
LINKED = {
    "plain": TEXT,
    "ASCII": json.dumps(RECORD),
    "in a list": f"[{TEXT}]",
    "in lists": f'[[], ["x"], [{TEXT}]]',
    "in @graph": f'{{"@graph": [{{"@type": "WebPage"}}, {TEXT}]}}',
    "several types": TEXT.replace('"NewsArticle"', '["Thing", "NewsArticle"]'),
    "reportage": TEXT.replace('"NewsArticle"', '"ReportageNewsArticle"'),
    "entities": TEXT.replace("Thư viện", "Th&#432; viện"),
    "entities twice": TEXT.replace("Thư viện", "Th&amp;#432; viện"),
    "ends in a semicolon": TEXT + ";",
    "line breaks in strings": TEXT.replace("mở cửa trở lại", "mở cửa\n trở lại"),
    "a comma too many": TEXT[:-1] + ",}",
    "cut short": TEXT[:-30].replace('"author"', '"publisher": {"name": "Báo Mẫu"}, "author"'),
    "quotes unescaped": TEXT[:-1] + ', "keywords": "một "hai" ba"}',
}


def page(head: str = "", body: str = SHOWN) -> str:
    return f"<!doctype html><html lang='vi-VN'><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("name", LINKED)
def test_json_ld_is_read_however_it_is_written(name: str) -> None:
    script = f'<script type="application/ld+json">{LINKED[name]}</script>'
    # The heading and the text say nothing of the rest: it can only come from the metadata.
    article = read_html(page(script, SHOWN.replace(f"<h1>{TITLE}</h1>", "")), "page.html")
    assert article.title == TITLE
    assert article.lead == LEAD
    assert article.published == datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)
    assert article.authors[0] == AUTHOR
    assert article.category == "Văn hóa"


def test_the_first_script_that_is_an_article_counts() -> None:
    scripts = (
        '{"@type": "WebSite", "name": "Báo Mẫu"}',
        "not json at all {",
        '{"@type": "BreadcrumbList", "itemListElement": [{"item": {"name": "Xã hội"}}]}',
        TEXT,
    )
    head = "".join(f'<script type="application/ld+json">{text}</script>' for text in scripts)
    article = read_html(page(head), "page.html")
    assert (article.lead, article.authors) == (LEAD, (AUTHOR, "Trần An"))
    assert article.publisher == "Báo Mẫu"


def test_open_graph_and_meta_tags_say_it_too() -> None:
    head = f"""<title>{TITLE} | Báo Mẫu</title><link rel="canonical"
    href="https://Example.vn:443/a-1.html?utm_source=x#top"><meta property="og:title"
    content="{TITLE}"><meta property="og:description" content="{LEAD}"><meta
    property="og:site_name" content="Báo Mẫu"><meta property="article:published_time"
    content="2022-12-19T10:02:33Z"><meta property="article:section" content="Văn hóa"><meta
    property="article:author" content="{AUTHOR}; Trần An"><meta name="author" content="Báo Mẫu">"""
    article = read_html(page(head), "page.html")
    assert article.url == "https://example.vn/a-1.html"
    assert article.lead == LEAD
    assert article.published == datetime(2022, 12, 19, 10, 2, 33, tzinfo=UTC)
    assert article.authors == (AUTHOR, "Trần An")
    assert (article.publisher, article.category, article.language) == ("Báo Mẫu", "Văn hóa", "vi")
    assert (article.origin.source, article.origin.reader) == ("page.html", "html")


@pytest.mark.parametrize(
    ("clock", "visible", "published"),
    [
        ("2022-12-19T10:02:00Z", "", "2022-12-19T10:02:00+00:00"),
        ("2022-12-19T10:02:00Z", "19/12/2022 17:02", "2022-12-19T10:02:00+00:00"),
        ("2022-12-19T17:02:00Z", "19/12/2022 17:02", "2022-12-19T17:02:00+07:00"),
        ("2022-12-19T17:02:00", "", "2022-12-19T17:02:00+07:00"),
        ("", "Thứ Hai, 19/12/2022, 17:02", "2022-12-19T17:02:00+07:00"),
        ("not a date", "17h02 ngày 19 tháng 12 năm 2022", "2022-12-19T17:02:00+07:00"),
        ("2022-13-40T99:99:00Z", "", None),
        ("", "", None),
    ],
)
def test_the_clock_of_a_page_is_read(clock: str, visible: str, published: str | None) -> None:
    meta = f'<meta property="article:published_time" content="{clock}">'
    body = SHOWN.replace("</h1>", f"</h1><span class='date'>{visible}</span>")
    result = read_html(page(meta, body), "page.html").published
    assert (result.isoformat() if result else None) == published
    assert result is None or result.utcoffset() in (timedelta(0), timedelta(hours=7))


def test_todays_date_in_the_frame_is_not_the_articles() -> None:
    frame = "<div class='top'><span class='time-now'>Thứ ba, 24/11/2026, 15:00</span></div>"
    body = SHOWN.replace("</h1>", "</h1><p class='time'>19/12/2022 | 17:02</p>")
    published = read_html(page("", frame + body), "page.html").published
    assert published == datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)


def test_a_text_that_only_the_metadata_hold_is_read() -> None:
    record = {**RECORD, "articleBody": " ".join(PARAGRAPHS)}
    script = f'<script type="application/ld+json">{json.dumps(record)}</script>'
    article = read_html(page(script, f"<h1>{TITLE}</h1><div id='app'></div>"), "page.html")
    assert article.sections[0].paragraphs == (" ".join(PARAGRAPHS),)


def test_the_text_that_the_metadata_hold_tells_the_article_from_a_longer_neighbour() -> None:
    record = {**RECORD, "articleBody": " ".join(PARAGRAPHS)}
    script = f'<script type="application/ld+json">{json.dumps(record)}</script>'
    footer = "".join(f"<p>{BESIDE['footer']} {number}</p>" for number in range(12))
    body = f"<h1>{TITLE}</h1><div class='x'>{BODY}</div><div class='y'>{footer}</div>"
    article = read_html(page(script, body), "page.html")
    assert [text for section in article.sections for text in section.paragraphs] == list(PARAGRAPHS)


def test_a_lead_that_is_repeated_is_kept_once() -> None:
    body = SHOWN.replace("</h1>", f"</h1><h2 class='sapo'>(BM) - {LEAD}</h2>")
    body = body.replace("<p>", f"<p><strong>{LEAD}</strong></p><p>", 1)
    article = read_html(page("", body), "page.html")
    assert article.lead == f"(BM) - {LEAD}"
    assert article.sections[0].paragraphs == PARAGRAPHS


def test_a_caption_is_kept_once_and_what_is_hidden_is_not_read() -> None:
    figure = f"<figure><img src='a.jpg'><figcaption>{CAPTION}</figcaption></figure>"
    hidden = "<p style='display: none'>Đoạn này người đọc không bao giờ thấy trên trang.</p>"
    article = read_html(page("", SHOWN.replace("</div>", figure * 3 + hidden + "</div>")), "x")
    assert [(caption.text, caption.credit) for caption in article.captions] == [
        (CAPTION, "Minh Tâm")
    ]
    assert article.sections[0].paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f"<title>{TITLE} - Văn hóa - Báo Mẫu</title>", SHOWN, TITLE),
        ("<meta property='og:title' content='Thư viện xã Hòa Bình đón khách'>", SHOWN, TITLE),
        (f"<meta property='og:title' content='{TITLE}'>", f"<h1>Báo Mẫu</h1>{SHOWN}", TITLE),
        (
            f"<meta property='og:title' content='{TITLE}'>",
            SHOWN.replace(TITLE, "Báo Mẫu tin nhanh mỗi giờ"),
            TITLE,
        ),
        ("", f"<h1>Báo Mẫu</h1>{SHOWN}", TITLE),
        (f"<title>{TITLE} | Báo Mẫu</title>", SHOWN.replace("h1>", "div>"), TITLE),
    ],
)
def test_the_title_is_the_heading_that_readers_see(head: str, body: str, title: str) -> None:
    assert read_html(page(head, body), "x").title == title


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1e9"])
def test_a_date_at_the_ends_of_the_calendar_is_none(date: str) -> None:
    meta = f"<meta property='article:published_time' content='{date}'>"
    assert read_html(page(meta), "x").published is None


def test_several_authors_in_one_box_are_each_named() -> None:
    cards = "".join(
        f"<div class='author-item'><a title='{name}'><img></a><div class='author-item-name'>"
        f"<a class='name'>{name}</a></div></div>"
        for name in ("LÊ AN", "TRẦN BÌNH", "BÁO MẪU ONLINE")
    )
    box = (
        "<div class='detail-author' data-role='author'><a class='avata'><img></a><div class="
        "'author-info'><a class='name'>LÊ AN</a><span class='more'>và 2 tác giả khác</span></div>"
        f"{cards}</div>"
    )
    article = read_html(page("", SHOWN.replace("</h1>", f"</h1>{box}")), "x")
    assert article.authors == ("LÊ AN", "TRẦN BÌNH")


@pytest.mark.parametrize(
    "box",
    [
        "<div type='VideoStream' class='X'><video src='v.mp4'></video><p>Mô tả phim ngắn</p></div>",
        "<div class='X' type='RelatedNewsBox'><ul><li><a href='/1'><img></a><h4><a>Bài khác cùng"
        " chuyên mục hôm qua</a></h4><a><span>ĐỌC NGAY</span></a></li></ul></div>",
        "<p><a href='/1'>Xem thêm: một bài khác đã đăng tuần trước</a></p>",
        "<p>&gt;&gt; <a href='/1'>Một bài khác đã đăng tuần trước</a></p>",
        "<p><strong>Đọc thêm:</strong> <a href='/1'>Một bài khác đã đăng tuần trước</a></p>",
        "<blockquote><a href='/1'><img></a><a href='/1'>Một bài khác đã đăng</a><p>Tóm tắt bài"
        " ấy trong một câu ngắn.</p></blockquote>",
        "<table><tr><td><a href='/1'><img></a></td><td><a href='/1'>Một bài khác đã đăng</a>"
        "</td></tr></table>",
        "<div class='box-share'><p>Chia sẻ bài viết này với bạn bè trên mạng xã hội.</p></div>",
        "<ins class='adsbygoogle'>Quảng cáo trả tiền ở giữa bài.</ins>",
    ],
)
def test_what_stands_between_the_paragraphs_is_left_out(box: str) -> None:
    first = f"<p>{PARAGRAPHS[0]}</p>"
    article = read_html(page("", SHOWN.replace(first, first + box)), "x")
    assert [section.paragraphs for section in article.sections] == [PARAGRAPHS]


def test_a_link_inside_a_paragraph_is_part_of_it() -> None:
    words = "thư viện xã đã mở cửa từ sáng sớm"
    linked = f"<p>Hôm qua <a href='/1'>{words}</a>, và đóng lúc trưa vì mất điện.</p>"
    article = read_html(page("", SHOWN.replace("</div>", linked + "</div>")), "x")
    assert article.sections[0].paragraphs[-1].startswith(f"Hôm qua {words}, và đóng")


TEASERS = "".join(
    f"<div class='item'><a href='/{n}'><img src='{n}.jpg'></a><h3><a href='/{n}'>{BESIDE['hot']}"
    f" {n}</a></h3><p>{BESIDE['summary']} {BESIDE['summary']}</p></div>"
    for n in range(20)
)
LIST = "list or front page"
NO_ARTICLES = {
    "a list of teasers": (
        page("<title>Báo Mẫu</title>", f"<h1>Văn hóa</h1><div>{TEASERS}</div>"),
        "characters of text|list or front page",
    ),
    "a front page": (
        page(
            "<title>Báo Mẫu</title><link rel='canonical' href='https://example.vn/'>",
            SHOWN + TEASERS,
        ),
        LIST,
    ),
    "a front page that calls itself an article": (
        page(
            "<title>Báo Mẫu</title><meta property='og:type' content='article'>"
            "<meta property='og:url' content='https://example.vn/'>",
            SHOWN + TEASERS,
        ),
        LIST,
    ),
    "only a frame": (
        page("<title>Báo Mẫu</title>", f"<footer><p>{BESIDE['footer']}</p></footer>"),
        "only 0 characters of text among [0-9]+ in short lines and frames",
    ),
    "only links": (
        page("<title>Báo Mẫu</title>", f"<ul>{'<li><a>một liên kết</a></li>' * 90}</ul>"),
        "only 0 characters of text",
    ),
    "a few words": (
        page("", f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0][:80]}</p>"),
        "only 80 characters of text, and nothing says that it is an article",
    ),
    "a short text without a title": (
        page("", f"<article><p>{PARAGRAPHS[0] * 2}</p></article>"),
        "has no title, and only [0-9]+ characters of text",
    ),
    "nothing": ("", "has no title"),
    "no HTML": ("chỉ có mấy chữ", "has no title"),
    "bytes": ("\x00\x01\x02" * 2000, "has no title"),
    "a broken tag": ("<a " * 4000, "has no title"),
    "a comment without end": ("<!-- " + SHOWN, "has no title"),
    "a script without end": (page("<script>" + SHOWN), "has no title"),
}


def test_a_long_text_without_a_title_is_an_article_without_one() -> None:
    paragraphs = [f"{PARAGRAPHS[0]} Đoạn thứ {number} nói thêm về việc ấy." for number in range(9)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    read = read_html(page("", f"<nav><a>Trang chủ</a></nav><div>{body}</div>"), "page.html")
    assert (read.title, read.has_title) == ("", False)
    assert read.sections[0].paragraphs == tuple(paragraphs)


@pytest.mark.parametrize("name", NO_ARTICLES)
def test_what_is_no_article_is_skipped_and_says_what_was_measured(name: str) -> None:
    text, reason = NO_ARTICLES[name]
    with pytest.raises(NotAnArticleError, match=reason):
        read_html(text, "page.html")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<div>" * (DEEPEST + 1) + SHOWN, "deep"),
        ("<b><font>" * DEEPEST + SHOWN, "deep"),
        ("<br>" * (MOST_TAGS + 1) + SHOWN, "tags"),
        (" " * LARGEST_TEXT + SHOWN, "larger"),
    ],
    ids=["deep", "deep inline", "tags", "large"],
)
def test_what_is_too_much_is_refused(text: str, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason):
        read_html(text, "page.html")


HOSTILE = {
    "deep lists": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "backslashes": '<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
    + "\\" * 100_000
    + "</script>",
    "half an author many times": '<script type="application/ld+json">'
    + '"@type":"NewsArticle" "author":[' * 3000
    + "</script>",
    "numbers for names": '<script type="application/ld+json">'
    '{"@type":"NewsArticle","headline":7,"author":{"name":[[]]},"publisher":[],"url":{},'
    '"datePublished":[1],"articleSection":{"a":1},"articleBody":null}</script>',
    "an address that is none": '<link rel="canonical" href="http://[::1"><meta property="og:url">',
    "an address that is none, and a byline": '<link rel="canonical" href="http://[::1">'
    '<div class="author">Lê Văn An</div>',
    "odd attributes": '<meta property="og:title" content="&#xD800;&#0;"><meta content><meta name>',
    "nested scripts": "<noscript><noscript><iframe><script>" * 50,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_doctored_head_does_no_harm(name: str) -> None:
    article = read_html(page("", HOSTILE[name] + SHOWN) if "nested" not in name else SHOWN, "x")
    assert article.title == TITLE
    assert article.sections[0].paragraphs == PARAGRAPHS


def test_markup_in_an_article_stays_text() -> None:
    body = SHOWN.replace("</div>", "<p>Gõ &lt;script&gt;alert(1)&lt;/script&gt; rồi lưu.</p></div>")
    text = read_html(page("", body), "x").sections[0].paragraphs[-1]
    assert text == "Gõ <script>alert(1)</script> rồi lưu."


SHARED = Path(os.environ.get("TANGTHU_SHARED", ROOT.parent / "shared"))


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "html").is_dir(), reason="needs the saved pages (TANGTHU_SHARED)")
def test_saved_pages_give_what_a_person_read_off_them() -> None:
    expected = json.loads((SHARED / "html" / "expected.json").read_text(encoding="utf-8"))
    for name, facts in expected.items():
        data = (SHARED / "html" / name).read_bytes()
        if "front page" in facts.get("note", ""):
            with pytest.raises(NotAnArticleError):
                read_page(data, name)
            continue
        _agrees(read_page(data, name), facts)


def _agrees(article: Any, facts: dict[str, Any]) -> None:
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    headings = {section.heading for section in article.sections}
    assert article.title.startswith(facts.get("title", facts.get("title_starts")))
    assert article.published.isoformat() == facts["published"]
    assert list(article.authors) == facts["authors"]
    assert article.lead.startswith(facts["lead_starts"])
    assert paragraphs[0].startswith(facts["first_paragraph_starts"])
    # One of the listed headings is a bold word inside a paragraph: there it has to be found.
    for heading in facts.get("headings", ()):
        assert heading in headings or any(f" {heading}," in text for text in paragraphs)
    assert any(
        facts.get("caption_contains", "") in caption.text for caption in article.captions
    ) or ("caption_contains" not in facts)
    for text in facts.get("not_in_body", ()):
        assert not any(text in paragraph for paragraph in paragraphs)


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "html").is_dir(), reason="needs the saved pages (TANGTHU_SHARED)")
def test_a_whole_saved_page_is_read_paragraph_by_paragraph() -> None:
    (page_file,) = (SHARED / "html").glob("vnexpress_article_2*.html")
    facts = json.loads(page_file.with_suffix(".expected.json").read_text(encoding="utf-8"))["V1"]
    article = read_page(page_file.read_bytes(), page_file.name)
    assert (article.title, list(article.authors)) == (facts["title"], facts["authors"])
    assert str(article.published) == facts["publishing_date"]
    assert [article.lead] == facts["body"]["summary"]
    (image,) = facts["images"]
    (caption,) = article.captions
    assert (caption.text, caption.credit) == (
        f"{image['caption']} Ảnh: {image['authors'][0]}",
        image["authors"][0],
    )
    expected = [text for section in facts["body"]["sections"] for text in section["paragraphs"]]
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    assert paragraphs == [text for text in expected if text != caption.text]


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("Lê Bảo Anh", ("Lê Bảo Anh",)),
        ("Nguyễn Đại", ("Nguyễn Đại",)),
        ("Thảo", ("Thảo",)),
        ("T.Hằng", ("T.Hằng",)),
        ("Theo Hồ Hương", ("Hồ Hương",)),
        ("Trần Mẫu - Lê Bình (theo AFP)", ("Trần Mẫu", "Lê Bình")),
        ("Báo Mẫu", ()),
    ],
)
def test_authors_in_metadata_are_split_and_cleaned_as_bylines_are(
    names: str, authors: tuple[str, ...]
) -> None:
    script = json.dumps({**RECORD, "author": {"name": names}})
    declared = read_html(page(f'<script type="application/ld+json">{script}</script>'), "x")
    assert declared.authors == authors
    tag = f"<meta property='article:author' content='{names}'>"
    assert read_html(
        page(tag + "<meta property='og:site_name' content='Báo Mẫu'>"), "x"
    ).authors == (authors)


def test_the_label_of_a_byline_is_no_author_and_no_text() -> None:
    byline = (
        "<section aria-labelledby='article-byline'><strong id='article-byline' aria-hidden='true'>"
        "Article Information</strong><div><ul><li>Author, <span>Lê Mẫu An</span></li><li>Role, "
        "<span>BBC News Tiếng Việt</span></li></ul></div></section>"
    )
    article = read_html(page("", SHOWN.replace(BODY, byline + BODY)), "x")
    assert article.authors == ("Lê Mẫu An",)
    assert [section.paragraphs for section in article.sections] == [PARAGRAPHS]


@pytest.mark.parametrize(
    ("byline", "authors"), [("Thảo", ("Thảo",)), ("<a>Theo dõi</a> <a>Chia sẻ</a>", ())]
)
def test_a_single_word_is_a_name_only_where_it_stands_alone(
    byline: str, authors: tuple[str, ...]
) -> None:
    box = f"<div class='author'>{byline}</div>"
    assert read_html(page("", SHOWN.replace(BODY, box + BODY)), "x").authors == authors


def test_an_article_that_only_json_ld_tells_of_is_kept_with_its_lead() -> None:
    script = f'<script type="application/ld+json">{TEXT}</script>'
    article = read_html(page(script, f"<h1>{TITLE}</h1><div id='app'></div>"), "x")
    assert (article.title, article.lead, article.sections) == (TITLE, LEAD, ())
    # The word of a front page that it is an article is not enough.
    tags = f"<meta property='og:type' content='article'><meta name='description' content='{LEAD}'>"
    with pytest.raises(NotAnArticleError, match="characters"):
        read_html(page(tags, f"<h1>{TITLE}</h1><div id='app'></div>"), "x")


def test_an_author_is_found_where_json_ld_refers_to_one() -> None:
    graph = (
        '{"@graph": [{"@type": "Article", "author": [{"@id": "#a"}, {"@id": "#none"}]},'
        ' {"@type": "Organization", "@id": "#b", "name": "Báo Mẫu"},'
        ' {"@type": "Person", "@id": "#a", "name": "Nguyễn Đại"}]}'
    )
    head = f'<script type="application/ld+json">{graph}</script>'
    assert read_html(page(head), "a.html").authors == ("Nguyễn Đại",)


@pytest.mark.parametrize("address", ["/tac-gia/ngo-bao", "https://example.vn/a?id=7"])
def test_a_link_to_the_author_names_one(address: str) -> None:
    link = f'<p>Viết bởi <a rel="author" href="{address}">Ngô Bảo</a></p>'
    article = read_html(page(body=SHOWN.replace("<p>", f"{link}<p>", 1)), "a.html")
    assert article.authors == ("Ngô Bảo",)
    assert not any("Viết bởi" in line for part in article.sections for line in part.paragraphs)


@pytest.mark.parametrize(
    "line",
    [
        "Bài và ảnh: Trần Mẫu",
        "Bài, ảnh: Trần Mẫu",
        "Tin, ảnh: Trần Mẫu",
        "Thực hiện: Trần Mẫu",
        "Tác giả: Trần Mẫu",
    ],
)
def test_a_labelled_line_beside_the_text_names_the_author(line: str) -> None:
    lines = "".join(f"<div>{paragraph(number)}</div>" for number in range(1, 6))
    side = f"<div><div class=k>{lines}</div><div style='text-align:right'><i>{line}</i></div></div>"
    assert read_html(shaped_page(side), "a.html").authors == ("Trần Mẫu",)


def test_who_held_an_interview_is_named_without_what_was_done() -> None:
    meta = "<div class=post-meta>Trần Mẫu thực hiện</div>"
    body = f"<article><div class=author>Trần Mẫu thực hiện</div>{meta}{paragraphs(1, 5)}</article>"
    assert read_html(shaped_page(body), "a.html").authors == ("Trần Mẫu",)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="DC.creator" content="Trần Mẫu">',
        '<meta name="dcterms.creator" content="Trần Mẫu">',
        '<meta name="citation_author" content="Trần Mẫu">',
        '<script type="application/ld+json">{"@type": "Recipe", "author": {"name": "Trần Mẫu"}}'
        "</script>",
    ],
)
def test_authors_of_documents_and_recipes_are_named(head: str) -> None:
    body = f"<div>{paragraphs(1, 5)}</div>"
    assert read_html(shaped_page(body, head), "a.html").authors == ("Trần Mẫu",)


def test_a_blog_names_its_entry_below_the_first_rank() -> None:
    head = f"<title>Làng tôi: {HEADING}</title>"
    body = (
        "<h2 class=date-header>Thứ Hai, 19 tháng 12, 2022</h2><div class=post>"
        f"<h3 class='post-title entry-title'>{HEADING}</h3><div class=entry-content>"
        f"{paragraphs(1, 5)}</div><div class=post-footer>lúc <abbr class=published"
        " title='2022-12-19T17:02:00+07:00'>17:02</abbr></div></div>"
    )
    article = read_html(shaped_page(body, head, ""), "a.html")
    assert article.title == HEADING
    assert article.published == datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)
    assert numbers_of(article) == [1, 2, 3, 4, 5]


def test_rdfa_names_author_date_and_text() -> None:
    article = read_html(
        "<html lang=vi><h1>Cầu mới ở xã Hòa Bình</h1>"
        '<span property="author" typeof="Person"><span property="name">Mai Thị Chín</span></span>'
        '<span property="datePublished" content="2021-01-02T03:04:05+07:00">2/1/2021</span>'
        f'<div property="articleBody"><p>{"Bà con đi chợ sớm. " * 20}</p></div></html>',
        "trang.html",
    )
    assert article.authors == ("Mai Thị Chín",)
    assert article.published == datetime.fromisoformat("2021-01-02T03:04:05+07:00")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="citation_title" content="Cầu mới ở xã">', ""),
        ('<meta name="DC.title" content="Cầu mới ở xã"><title>Kho số</title>', ""),
        ("", '<h2 itemprop="headline">Cầu mới ở xã</h2>'),
        ("", '<h2 class="ArticleTitle">Cầu mới ở xã</h2>'),
    ],
)
def test_records_and_pages_without_a_window_title_have_one(head: str, body: str) -> None:
    text = "".join(f"<p>Đoạn {number}: {'bà con đi chợ sớm ' * 8}.</p>" for number in range(4))
    page = f"<html><head>{head}</head><body>{body}<div>{text}</div></body></html>"
    assert read_html(page, "trang.html").title == "Cầu mới ở xã"
