"""Texts with their hits highlighted and numbered, so that an address can lead to each."""

from __future__ import annotations

from markupsafe import Markup, escape

from archive.records import Article
from indexer.search.present.highlighter import Highlighter
from indexer.search.search_records import TextSpan


class HitAnchors:
    """A highlighter for the texts of an article's page, to be called in the order of the page.

    Hit 1 has the anchor `h1`. Hits are no links: a reader who tabs through an article, or touches
    a word of it, stays where they read.

    Attributes:
        count: hits so far.
    """

    def __init__(self, highlighter: Highlighter, article: Article) -> None:
        self._highlighter = highlighter
        self._selection = highlighter.selection(article)
        self.count = 0

    def __call__(self, text: str) -> Markup:
        """Return the text, escaped, with its hits."""
        return Markup("").join(
            map(self._span_markup, self._highlighter.highlight(text, self._selection))
        )

    def _span_markup(self, span: TextSpan) -> Markup:
        if not span.highlighted:
            return escape(span.text)
        self.count += 1
        return Markup('<mark id="h{}">{}</mark>').format(self.count, span.text)
