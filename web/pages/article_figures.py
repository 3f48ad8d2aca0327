"""Figures of an article at their places: below the text that they follow, with their captions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.captured_picture import PLACE_LENGTH
from archive.passages import passage_digest
from archive.records import Article, Caption
from web.pages.article_pictures import ArticleFigure


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """The figures of an article, told apart by where they stand.

    Attributes:
        preview: The first one with a caption, or the first; None without any.
        opening: The first one where it has a caption and no place in the text; else None.
        captioned: By the texts of their captions, the others without a place.
        gallery: Those with neither caption nor place.
    """

    preview: ArticleFigure | None
    opening: ArticleFigure | None
    captioned: dict[str, ArticleFigure]
    gallery: tuple[ArticleFigure, ...]
    _placed: dict[str, list[ArticleFigure]]
    _said: frozenset[str]

    def below(self, text: str) -> list[ArticleFigure]:
        """Return the figures below a heading or paragraph; where it is repeated, only once."""
        return self._placed.pop(_place_of(text), []) if self._placed and text else []

    def left_captions(self, captions: Sequence[Caption]) -> list[Caption]:
        """Return the captions that do not stand with a figure above or in the text."""
        return [caption for caption in captions if caption.text not in self._said]


def place_figures(article: Article, figures: Sequence[ArticleFigure]) -> ArticleFigures:
    """Return the figures of an article at their places in the whole of it."""
    places = set(map(_place_of, _texts(article))) if any(map(_follows, figures)) else set()
    placed: defaultdict[str, list[ArticleFigure]] = defaultdict(list)
    others = []
    for figure in figures:
        if figure.follows in places:
            placed[figure.follows].append(figure)
        else:
            others.append(figure)
    captioned = [figure for figure in figures if figure.caption]
    preview = next(iter(captioned or figures), None)
    opening = preview if preview in others and captioned else None
    shown = [figure for each in placed.values() for figure in each] + ([opening] if opening else [])
    return ArticleFigures(
        preview,
        opening,
        {figure.caption.text: figure for figure in others if figure.caption},
        tuple(figure for figure in others if not figure.caption),
        placed,
        frozenset(figure.caption.text for figure in shown if figure.caption),
    )


def _follows(figure: ArticleFigure) -> str:
    return figure.follows


def _texts(article: Article) -> Iterator[str]:
    for section in article.sections:
        yield from filter(None, (section.heading, *section.paragraphs))


def _place_of(text: str) -> str:
    return passage_digest(text)[:PLACE_LENGTH]
