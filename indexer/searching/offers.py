"""What is offered beside the results: readings of a bare query, and did you mean."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis import Analyzer, Field
from indexer.engine import Engine
from indexer.query import Phrase, Query, Term
from indexer.searching.readings import likeliest
from indexer.searching.results import Note, NoteKind
from indexer.searching.typed import And, Node, Word
from indexer.vietnamese.syllable import is_bare_syllable

MOST_READINGS = 4
"""Readings offered for one query."""

LONGEST_READ = 6
"""Words of a query for which readings are offered; longer ones have hardly more than one."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_TOKEN = 24


def bare_words(tree: Node | None, analyzer: Analyzer) -> list[str]:
    """The folded words of a query that is nothing but words without marks; else nothing."""
    nodes = tree.children if isinstance(tree, And) else (tree,)
    folded: list[str] = []
    for node in nodes:
        if not isinstance(node, Word) or node.exact or node.prefix or node.literal:
            return []
        tokens = analyzer.tokens(node.text)
        if len(tokens) != 1 or tokens[0].exact != tokens[0].folded:
            return []
        folded.append(tokens[0].folded)
    return folded if len(folded) <= LONGEST_READ else []


def readings_of(engine: Engine, folded: Sequence[str]) -> list[tuple[str, Query]]:
    """The likeliest readings of some bare words, each with the query that counts it."""
    found = likeliest(engine, folded, MOST_READINGS)
    return [(" ".join(forms), _exactly(forms)) for forms in found if tuple(forms) != tuple(folded)]


def reading_notes(readings: Sequence[str], counts: Sequence[int]) -> tuple[Note, ...]:
    """The readings that exist, with their counts, commonest first."""
    held = [pair for pair in zip(readings, counts, strict=True) if pair[1]]
    held.sort(key=lambda pair: -pair[1])
    return tuple(
        Note(NoteKind.READING, params=(("text", text), ("documents", str(count))))
        for text, count in held
    )


def correction(tree: Node | None, engine: Engine, analyzer: Analyzer) -> str:
    """The query with words that the archive does not hold put right; empty when nothing helps.

    Glued syllables are split (`nhandan`); a word is changed by one letter only when it does not
    exist at all; an accented pair that does not exist gives way to the commonest form of its
    folded pair (`lãng mạng` to `lãng mạn`).
    """
    nodes = tree.children if isinstance(tree, And) else (tree,)
    words = [node for node in nodes if isinstance(node, Word) and not node.exact]
    if len(words) != len(nodes):
        return ""
    pieces = [_mended(word.text, engine, analyzer) for word in words]
    pieces = _with_real_pairs(pieces, engine, analyzer)
    mended = " ".join(pieces)
    return "" if mended.lower() == " ".join(word.text for word in words).lower() else mended


def _exactly(forms: Sequence[str]) -> Query:
    if len(forms) == 1:
        return Term(Field.EXACT, forms[0])
    return Phrase(Field.EXACT, tuple(forms))


def _mended(text: str, engine: Engine, analyzer: Analyzer) -> str:
    tokens = analyzer.tokens(text)
    if len(tokens) != 1 or len(text) > _LONGEST_TOKEN or not text.isalpha():
        return text
    folded = tokens[0].folded
    if engine.frequencies(Field.FOLDED, [folded])[0]:
        return text
    return _split(folded, engine) or _one_letter_off(folded, engine) or text


def _split(folded: str, engine: Engine) -> str:
    """Two or three syllables that were glued together, as their likeliest form."""
    cuts = [(folded[:at], folded[at:]) for at in range(1, len(folded))]
    pairs = [pair for pair in cuts if all(map(is_bare_syllable, pair))]
    counts = engine.frequencies(Field.PAIRS, [" ".join(pair) for pair in pairs])
    best = max(zip(counts, pairs, strict=True), default=(0, ("", "")))
    if best[0]:
        return " ".join(likeliest(engine, best[1])[0])
    return ""


def _one_letter_off(folded: str, engine: Engine) -> str:
    """The commonest word at one insertion, deletion, substitution or swap from this one."""
    word = _commonest(Field.FOLDED, _near(folded), engine)
    forms = engine.readings(word) if word else []
    return forms[0].text if forms else word


def _near(folded: str) -> list[str]:
    """Everything at one edit from a word."""
    cuts = [(folded[:at], folded[at:]) for at in range(len(folded) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _ALPHABET}
    near |= {head + letter + tail for head, tail in cuts for letter in _ALPHABET}
    return sorted(near - {folded, ""})


def _commonest(field: Field, texts: Sequence[str], engine: Engine) -> str:
    """The text that the most documents hold; empty when none does."""
    count, text = max(zip(engine.frequencies(field, texts), texts, strict=True), default=(0, ""))
    return text if count else ""


def _with_real_pairs(pieces: list[str], engine: Engine, analyzer: Analyzer) -> list[str]:
    """Accented neighbours that never stand together, in the form in which they do."""
    for at in range(len(pieces) - 1):
        tokens = analyzer.tokens(f"{pieces[at]} {pieces[at + 1]}")
        if len(tokens) != 2 or all(token.exact == token.folded for token in tokens):
            continue
        exact = " ".join(token.exact for token in tokens)
        if engine.frequencies(Field.EXACT_PAIRS, [exact])[0]:
            continue
        one, two = (token.folded for token in tokens)
        pair = f"{one} {two}"
        if not engine.frequencies(Field.PAIRS, [pair])[0]:
            near = [f"{other} {two}" for other in _near(one)]
            near += [f"{one} {other}" for other in _near(two)]
            pair = _commonest(Field.PAIRS, near, engine)
        found = engine.readings(pair) if pair else []
        if found:
            pieces[at], _, pieces[at + 1] = found[0].text.partition(" ")
    return pieces
