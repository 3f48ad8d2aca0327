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


def find_spoken_paragraphs(article: Article) -> SpokenParagraphs:
    """Return the paragraphs of an article in which named persons say something."""
    places = [
        (number, index)
        for number, section in enumerate(article.sections, 1)
        if section.speaker is None
        for index in range(len(section.paragraphs))
    ]
    paragraphs = [article.sections[number - 1].paragraphs[index] for number, index in places]
    speakers = defaultdict[tuple[int, int], list[str]](list)
    for statement in find_statements(paragraphs, f"{article.title}\n{article.lead}"):
        speakers[places[statement.paragraph]].append(statement.speaker)
    return {place: tuple(dict.fromkeys(names)) for place, names in speakers.items()}
