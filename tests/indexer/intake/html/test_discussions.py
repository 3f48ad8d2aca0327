"""Readers' comments without a telling name are left out; articles about comments are kept."""

from __future__ import annotations

import pytest

from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import lines_of, numbers_of, paragraphs, shaped_page

_COMMENT = (
    "Mình thấy bài viết này rất hay, cầu ở quê mình cũng hỏng mà chưa ai sửa, mong các bác quan"
    " tâm giúp bà con."
)


def _comments(count: int) -> str:
    one = f"<b>Bạn đọc</b> <i>2 giờ trước</i><p>{_COMMENT}</p><a href=#>Thích</a> <a>Trả lời</a>"
    return "".join(f"<div class=item>{one}</div>" for _ in range(count))


@pytest.mark.parametrize(
    "heading",
    [
        "<h3>Ý kiến bạn đọc (30)</h3>",
        "<div><b>30 bình luận</b></div>",
        "<p>Bình luận:</p>",
        "<h4>Comments</h4>",
        "<h2><span>30</span> <span>Comments</span></h2>",
    ],
)
@pytest.mark.parametrize("wrap", ["{}", "<div class=x1>{}</div>", "<div><div>{}</div></div>"])
def test_comments_longer_than_the_article_are_left_out(heading: str, wrap: str) -> None:
    story = f"<div class=story>{paragraphs(1, 4)}</div>"
    body = shaped_page(f"<div>{story}{wrap.format(heading + _comments(30))}</div>")
    article = read_html(body, "a.html")
    assert numbers_of(article) == [1, 2, 3, 4]
    assert all("quê mình" not in line and "bình luận" not in line for line in lines_of(article))


@pytest.mark.parametrize(
    "body",
    [
        # A section that is headed so, without a count and without buttons.
        f"<div>{paragraphs(1, 3)}<h2>Bình luận</h2>{paragraphs(4, 6)}</div>",
        f"<div>{paragraphs(1, 3)}<h2>Phản hồi của bạn đọc</h2>{paragraphs(4, 6)}</div>",
        # The counter stands above the article.
        f"<div><div>30 bình luận</div>{paragraphs(1, 6)}</div>",
        # It is inside of a line.
        f"<div>{paragraphs(1, 3)}<p>Có 30 bình luận dưới bài.</p>{paragraphs(4, 6)}</div>",
    ],
)
def test_what_is_no_discussion_stays(body: str) -> None:
    assert numbers_of(read_html(shaped_page(body), "a.html")) == [1, 2, 3, 4, 5, 6]


def test_a_counter_in_the_frame_around_the_body_removes_nothing() -> None:
    intro = f"<div>{paragraphs(7, 8)}</div>"
    text = f"<div class=entry-content>{paragraphs(1, 6)}</div>"
    body = f"{intro}<div><span>3 bình luận</span>{text}</div>"
    assert set(numbers_of(read_html(shaped_page(body), "a.html"))) >= {1, 2, 3, 4, 5, 6}
