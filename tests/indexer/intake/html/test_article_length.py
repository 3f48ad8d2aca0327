"""Refusals of pages with too little text say what was measured there."""

from __future__ import annotations

import pytest

from archive.errors import NotAnArticleError
from indexer.intake.html.page import read_html
from tests.indexer.intake.html.page_shapes import shaped_page

LINKS = "".join(f"<li><a href=/{number}>Bài số {number} của báo</a></li>" for number in range(40))
LABELS = "".join(f"<div>Ô số {number}</div>" for number in range(60))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            f"<ul>{LINKS}</ul>",
            "has only 0 characters of text beside 670 in links",
        ),
        (
            '<div id="app"></div><script src="/app.js"></script>',
            "has only 0 characters of text before its scripts run:"
            " save the page as a browser shows it",
        ),
        (
            f'{LABELS}<script type="application/json">{{}}</script>',
            r"has only \d+ characters of text among 431 in short lines and frames",
        ),
        (
            "<p>Hết.</p>",
            r"has only \d+ characters of text, and nothing says that it is an article",
        ),
    ],
)
def test_a_refusal_tells_what_was_measured(body: str, reason: str) -> None:
    with pytest.raises(NotAnArticleError, match=f"^{reason}$"):
        read_html(shaped_page(body), "trang.html")
