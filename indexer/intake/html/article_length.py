"""The least text of an article, and what a page with less holds instead."""

from __future__ import annotations

from archive.errors import NotAnArticleError
from indexer.intake.html.content_finder import SHORTEST_BODY
from indexer.intake.markup.article_builder import ArticleBody
from indexer.intake.markup.text_density import TextDensities

_SHORTEST_TEXT = 100
_SHORTEST_DECLARED = 20
_DATA = "json"


def check_length(
    body: ArticleBody, densities: TextDensities, is_article: bool, is_named: bool
) -> None:
    """Raise an error unless there is enough text for an article.

    Args:
        body: The body of the article.
        densities: The text densities of the whole page.
        is_article: Whether the page declares that it is an article.
        is_named: Whether the element of the text is named as that of an article.

    Raises:
        NotAnArticleError: there is too little.
    """
    length, page = body.length, densities.page
    if is_article and length >= _SHORTEST_DECLARED:
        return
    if length >= (_SHORTEST_TEXT if is_named else SHORTEST_BODY):
        return
    if page.text < SHORTEST_BODY and _has_program(densities):
        raise NotAnArticleError(
            f"has only {length} characters of text before its scripts run:"
            " save the page as a browser shows it"
        )
    if page.linked > max(page.text / 2, length):
        raise NotAnArticleError(
            f"has only {length} characters of text beside {page.linked} in links"
        )
    if page.text > 2 * length + _SHORTEST_TEXT:
        raise NotAnArticleError(
            f"has only {length} characters of text among {page.text} in short lines and frames"
        )
    if is_article:
        raise NotAnArticleError(f"has only {length} characters of text")
    raise NotAnArticleError(
        f"has only {length} characters of text, and nothing says that it is an article"
    )


def _has_program(densities: TextDensities) -> bool:
    """Tell whether a page has a script that is no data."""
    return any(_DATA not in script.type.lower() for script in densities.scripts)
