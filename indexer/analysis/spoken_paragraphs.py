"""Spoken paragraphs: who says something in which paragraph of an article's running text.

Each is a section of its own in the index, so that a person's statements are found by their words.
The paragraphs of a section that has a speaker already are passed over.
"""

from __future__ import annotations

from collections import defaultdict

from archive.records import Article
from indexer.vietnamese.statements import find_statements

SpokenParagraphs = dict[tuple[int, int], tuple[str, ...]]
"""Number of a section, from 1, and of a paragraph in it, from 0 -> full names of speakers."""

SpeakerStarts = dict[tuple[int, int], dict[str, int]]
"""As `SpokenParagraphs`, and for each speaker the letter where their first statement names them."""


def find_spoken_paragraphs(article: Article) -> SpokenParagraphs:
    """Return the paragraphs of an article in which named persons say something."""
    return {place: tuple(starts) for place, starts in find_speaker_starts(article).items()}


def find_speaker_starts(article: Article) -> SpeakerStarts:
    """Return where in the paragraphs of an article the persons are named who say something."""
    places = [
        (number, index)
        for number, section in enumerate(article.sections, 1)
        if section.speaker is None
        for index in range(len(section.paragraphs))
    ]
    paragraphs = [article.sections[number - 1].paragraphs[index] for number, index in places]
    starts = defaultdict[tuple[int, int], dict[str, int]](dict)
    for statement in find_statements(paragraphs, f"{article.title}\n{article.lead}"):
        named = starts[places[statement.paragraph]]
        named.setdefault(statement.speaker, statement.start)
    return dict(starts)
