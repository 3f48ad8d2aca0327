"""Pages that show nothing by themselves: what is in templates, frames and the data of scripts."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from archive.errors import IntakeError, NotAnArticleError
from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import HEADING, numbers_of, paragraphs, shaped_page

TEXT = paragraphs(1, 7)
SHOWN_LATER = {
    "template": f"<div id='app'></div><template><article>{TEXT}</article></template>",
    "shadow root": f"<x-story><template shadowrootmode='open'>{TEXT}</template></x-story>",
    "older shadow root": f"<x-story><template shadowroot='open'>{TEXT}</template></x-story>",
    "noscript": f"<div id='app'></div><noscript><div>{TEXT}</div></noscript>",
    "frame": f'<iframe srcdoc="{escape(TEXT)}"></iframe>',
    "page in a frame": f'<iframe srcdoc="{escape(shaped_page(TEXT))}"></iframe>',
    "frame in a frame": '<iframe srcdoc="{}"></iframe>'.format(
        escape(f'<iframe srcdoc="{escape(TEXT)}"></iframe>')
    ),
}


@pytest.mark.parametrize("kind", SHOWN_LATER)
def test_what_a_script_would_show_is_read(kind: str) -> None:
    article = read_html(shaped_page(SHOWN_LATER[kind]), "page.html")
    assert (article.title, numbers_of(article)) == (HEADING, list(range(1, 8)))


@pytest.mark.parametrize("kind", ["template", "noscript", "frame", "page in a frame"])
def test_what_a_page_shows_comes_before_what_it_does_not(kind: str) -> None:
    hidden = SHOWN_LATER[kind].replace("Đoạn số", "Bản khác, đoạn số")
    article = read_html(shaped_page(f"<div class='x'>{TEXT}</div>{hidden}"), "page.html")
    assert numbers_of(article) == list(range(1, 8))
    assert "Bản khác" not in str(article.sections)


@pytest.mark.parametrize(
    "hidden",
    [
        "<noscript>Xin bật JavaScript để xem trang này.</noscript>",
        "<template><p>Đang tải</p></template>",
        "<iframe srcdoc=''></iframe><iframe src='https://a.example'></iframe>",
        '<iframe srcdoc="&lt;!--"></iframe>',
    ],
)
def test_a_page_that_holds_nothing_anywhere_is_refused(hidden: str) -> None:
    with pytest.raises(NotAnArticleError, match="only 0 characters"):
        read_html(shaped_page(f"<div id='app'></div>{hidden}"), "page.html")


def test_frames_with_too_many_elements_are_refused() -> None:
    frame = f'<iframe srcdoc="{escape("<b>a</b>" * 30_000)}"></iframe>'
    with pytest.raises(IntakeError):
        read_html(shaped_page(frame * 5), "page.html")


STORY = {"headline": HEADING, "body": TEXT, "datePublished": "2022-12-19T10:02:00Z"}
OTHER = {"headline": "Chợ nổi tạm ngừng họp", "body": TEXT.replace("Đoạn", "Mẩu") * 3}
NUXT: list[Any] = [
    {"data": 1, "state": 4},
    {"story": 2},
    {"title": 3, "content": 5, "id": 6},
    HEADING,
    {},
    TEXT,
    42,
]


def data(document: Any, attributes: str = "type='application/json' id='__NEXT_DATA__'") -> str:
    """Return an element of data as frameworks write it."""
    text = json.dumps(document).replace("<", "\\u003c")
    return f"<div id='__next'></div><script {attributes}>{text}</script>"


DATA = {
    "Next.js": data({"props": {"pageProps": {"article": STORY}}}),
    "among others": data({"props": {"list": [OTHER], "article": STORY, "next": [OTHER]}}),
    "blocks": data({"story": {**STORY, "body": [{"type": "p", "text": TEXT}]}}),
    "Nuxt": data(NUXT, "type='application/json' id='__NUXT_DATA__'"),
    "state": f"<script>window.__INITIAL_STATE__ = {json.dumps({'post': STORY})};</script>",
    "Nuxt 2": "<script>window.__NUXT__=(function(a,b,c){return {layout:'default',data:[{story:{"
    + f"title:a,content:{json.dumps(TEXT)},draft:b,at:c}}}}]}}}}({json.dumps(HEADING)},!1,"
    + "void 0));</script>",
    "script's object": "<script>window.__STATE__ = {post:{title:'"
    + HEADING
    + "',body:'"
    + TEXT
    + "',},views:1};</script>",
    "quoted state": f"<script>self['__state'] = {json.dumps([STORY])}; run();</script>",
}


@pytest.mark.parametrize("framework", DATA)
def test_the_data_of_a_page_without_text_hold_its_article(framework: str) -> None:
    article = read_html(shaped_page(DATA[framework]), "page.html")
    assert (article.title, numbers_of(article)) == (HEADING, list(range(1, 8)))


def test_the_data_of_a_page_with_text_are_not_looked_at() -> None:
    page = shaped_page(f"<div class='x'>{TEXT}</div>{data({'article': OTHER})}")
    assert "Mẩu" not in str(read_html(page, "page.html").sections)


@pytest.mark.parametrize(
    "script",
    [
        data({"settings": {"content": "a" * 2000, "text": 7}, "n": [[[]]]}, "type='text/plain'"),
        "<script type='application/json'>{\"body\": " + "[" * 100_000 + "</script>",
        '<script type=\'application/json\'>{"body": "' + "a" * 100_000 + "</script>",
        "<script>window.__NUXT__=(function(a){" + "return {" * 50_000 + "</script>",
        "<script>window.__NUXT__=(function(" + "a," * 50_000 + "</script>",
        "<script>window.a = {b:'" + "\\'" * 100_000 + "</script>",
        "<script>window.a = {" + "a:" * 100_000 + "</script>",
        "<script>window.a = {</script><script>" + "window.a " * 10_000 + "</script>",
        data([{"body": index} for index in range(5000)]),
        data({"title": ["\ud800"], "body": {"a": {"b": None}}}),
    ],
)
def test_data_without_an_article_leave_the_page_refused(script: str) -> None:
    with pytest.raises(NotAnArticleError):
        read_html(shaped_page(script), "page.html")
