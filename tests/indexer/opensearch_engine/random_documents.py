"""Documents of few words, so that random queries match some of them; always the same."""

from __future__ import annotations

import random

from indexer.analysis.documents import Document
from indexer.analysis.fields import Passage, Zone
from indexer.vietnamese.syllables import exact_form
from tests.oracle.test_oracle import DAY, EXTRAS, NAMES, WORDS


def documents_of(count: int, seed: int) -> list[Document]:
    """Return documents with titles, sections, speakers, extra terms and columns."""
    chance = random.Random(seed)
    return [_document(chance, number) for number in range(count)]


def _document(chance: random.Random, number: int) -> Document:
    people = tuple(chance.sample(NAMES, chance.randrange(3)))
    return Document(
        identifier=f"d{number:02}",
        version=number + 1,
        passages=tuple(_passages(chance)),
        published=chance.choice((None, chance.randrange(-3, 4) * DAY)),
        month=chance.choice(("", "2022-11", "2022-12")),
        publisher=chance.choice(("", "Báo A", "Báo B")),
        authors=tuple(chance.choices(NAMES, k=chance.randrange(3))),
        people=people,
    )


def _passages(chance: random.Random) -> list[Passage]:
    passages = [Passage(Zone.TITLE, _words(chance))] if chance.random() < 0.7 else []
    for section in range(1, chance.randrange(2, 5)):
        text = _words(chance)
        places = sorted(chance.randrange(len(text)) for _ in range(chance.randrange(3)))
        extras = tuple((place, chance.choice(EXTRAS)) for place in places)
        passages.append(Passage(Zone.BODY, text, extras, section))
        if chance.random() < 0.5:
            name = tuple(exact_form(word) for word in chance.choice(NAMES).split())
            passages.append(Passage(Zone.PERSON, name, (), section))
    if chance.random() < 0.5:
        name = tuple(exact_form(word) for word in chance.choice(NAMES).split())
        passages.append(Passage(Zone.BYLINE, name))
    return passages


def _words(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.choices(WORDS, k=chance.randrange(1, 13)))
