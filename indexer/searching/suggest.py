"""Completion: how a query that is still being typed may go on, by what the archive holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.analysis import Analyzer, Field, Token
from indexer.engine import Engine, Reading
from indexer.vietnamese.letters import canonical, fold

LONGEST_TYPED = 200
"""Characters of an unfinished query that are looked at, from its end."""

MOST_SUGGESTIONS = 20
"""Suggestions that can be asked for at once."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that is offered, and how many articles hold its completed end."""

    text: str
    documents: int


def suggested(engine: Engine, analyzer: Analyzer, text: str, limit: int) -> tuple[Suggestion, ...]:
    """The commonest ways in which a query may go on; none for what cannot be completed."""
    typed = canonical(text[-LONGEST_TYPED:])
    tokens = analyzer.tokens(typed)
    limit = min(max(0, limit), MOST_SUGGESTIONS)
    if not tokens or not limit:
        return ()
    if not typed[tokens[-1].end :]:
        head, last = tokens[:-1], typed[tokens[-1].start : tokens[-1].end]
    else:
        head, last = tokens, ""
    found: dict[str, int] = {}
    for reading in _endings(engine, head, last, 4 * limit):
        found[reading.text] = max(found.get(reading.text, 0), reading.documents)
    start = head[-1].start if head else tokens[-1].start
    before = typed[:start]
    found.pop(typed[start:].lower(), None)
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return tuple(Suggestion(before + end, documents) for end, documents in best)


def _endings(engine: Engine, head: Sequence[Token], last: str, limit: int) -> list[Reading]:
    """The commonest words and pairs of words that end the query, in their commonest form."""
    begun = f"{head[-1].folded} {fold(last)}" if head else fold(last)
    terms = engine.terms(Field.PAIRS, begun, limit)
    if not head:
        terms += engine.terms(Field.FOLDED, begun, limit)
    return [
        form
        for term in terms
        for form in engine.readings(term.text)[:2]
        if _agrees(form.text, head, last) and 4 * form.documents >= term.documents
    ]


def _agrees(form: str, head: Sequence[Token], last: str) -> bool:
    """Whether a form has every mark that was typed; the last syllable is still being made."""
    words = form.split(" ")
    typed = [token.exact for token in head[-1:]]
    return all(
        mark in (word, fold(word)) for mark, word in zip(typed, words, strict=False)
    ) and fold(words[len(typed)] if len(words) > len(typed) else "").startswith(fold(last))
