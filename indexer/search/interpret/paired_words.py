"""Words of a query in units of one word or two, and the queries that tell which belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import And, Or, Phrase, Query, Term
from indexer.search.interpret.bound_numbers import is_number
from indexer.search.query.syntax import WordNode
from indexer.search.readable_phrases import FUNCTION_WORDS
from indexer.vietnamese.name_words import SURNAMES, TITLES
from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable

MOST_JOINED = 10
"""Words of the longest query whose units are joined to longer ones."""

_PLACES = frozenset(("ở", "tại"))
"""Words before a place."""

OPPOSING = frozenset(("vs",))
"""What stands between two names, and belongs to neither."""

_SURNAMES = frozenset(map(exact_form, SURNAMES))

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PairedWords:
    """The words of a run, in units of one word or two.

    Attributes:
        tokens: one for each word.
        bigrams: the forms that each two neighbours stand for.
        spans: the units.
        read: the exact form that each word stands for by itself.
        is_whole: whether the query is these two words and nothing else.
    """

    tokens: Sequence[Token]
    bigrams: Sequence[tuple[str, ...]]
    spans: Sequence[Span]
    read: Sequence[str]
    is_whole: bool

    @property
    def may_be_joined(self) -> bool:
        """Whether the words are few enough to join their units to longer ones."""
        return len(self.tokens) <= MOST_JOINED

    def stands_apart(self, span: Span) -> bool:
        """Tell whether a span is a word that is told in any way, or not at all.

        `cháy rừng ở Sơn La` is no other fire than the one *tại Sơn La*, and who is `GS` somewhere
        is *giáo sư* or nothing elsewhere.
        """
        word = self.read[span[0]]
        is_told_otherwise = word in _PLACES or word in OPPOSING or is_short_title(word)
        return span[1] - span[0] == 1 and is_told_otherwise

    def read_forms(self, place: int) -> tuple[str, ...]:
        """Return what two neighbours stand for, without the form typed that always fits as well."""
        likeliest, *others = self.bigrams[place]
        typed = " ".join(token.exact for token in self.tokens[place : place + 2])
        return (likeliest, *(form for form in others if form != typed))


def read_words(nodes: Sequence[WordNode]) -> list[str]:
    """Return the exact form that each word stands for: its likeliest one, or as typed."""
    return [(node.likely_forms or (node.tokens[0].exact,))[0] for node in nodes]


def place_alone(nodes: Sequence[WordNode]) -> int | None:
    """Return the place of two neighbouring words that are a query but for function words."""
    if len(nodes) == 2:
        return 0
    forms = read_words(nodes)
    content = [place for place, form in enumerate(forms) if form not in FUNCTION_WORDS]
    are_neighbours = len(content) == 2 and content[1] - content[0] == 1
    return content[0] if are_neighbours else None


def pair_up(strengths: Sequence[float]) -> list[Span]:
    """Return spans of one word or two: the pairs whose strengths have the greatest sum."""
    best: list[tuple[float, list[Span]]] = [(0.0, []), (0.0, [(0, 1)])]
    for end, strength in enumerate(strengths, start=2):
        alone = (best[-1][0], [*best[-1][1], (end - 1, end)])
        paired = (best[-2][0] + strength, [*best[-2][1], (end - 2, end)])
        best.append(paired if paired[0] > alone[0] else alone)
    return best[-1][1]


def pair_leftovers(spans: Sequence[Span], strengths: Sequence[float]) -> list[Span]:
    """Return the spans with those of single words paired where they are neighbours.

    Args:
        spans: units of one word or two.
        strengths: how strongly each word belongs to the next one; 0 if it does not.
    """
    single = {start for start, end in spans if end - start == 1}
    weak = [
        strength if {place, place + 1} <= single else 0.0
        for place, strength in enumerate(strengths)
    ]
    pairs = [span for span in pair_up(weak) if span[1] - span[0] == 2]
    inside = {place for start, end in pairs for place in range(start, end)}
    return sorted([*pairs, *(span for span in spans if span[0] not in inside)])


def without_edges(span: Span, parts: Sequence[Span], words: Sequence[str]) -> list[Span]:
    """Return a stretch of joined units, and by themselves the function words at its ends.

    `khủng bố ở` is *khủng bố*, though it stands in a row as often; `nhà ở` is one of the parts.

    Args:
        span: the stretch.
        parts: the units that it was joined of, and others.
        words: the exact forms that the words stand for.
    """
    inside = [part for part in parts if span[0] <= part[0] and part[1] <= span[1]]
    first, last = 0, len(inside)
    while last - first > 1 and _is_function_word(inside[first], words):
        first += 1
    while last - first > 1 and _is_function_word(inside[last - 1], words):
        last -= 1
    return [*inside[:first], (inside[first][0], inside[last - 1][1]), *inside[last:]]


def _is_function_word(part: Span, words: Sequence[str]) -> bool:
    return part[1] - part[0] == 1 and words[part[0]] in FUNCTION_WORDS


def readings_beside(
    words: PairedWords, candidates: Sequence[Sequence[str]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the places where two units meet, and what is read there as the units are read.

    In `10 ha tinh` the figure is beside *hà*, no hectares.

    Args:
        words: the words of a run.
        candidates: exact bigrams that each two neighbours may be.
    """
    for (start, middle), (_, end) in pairwise(words.spans):
        if end - start == 2:
            continue
        firsts, lasts = [words.tokens[middle - 1].exact], [words.tokens[middle].exact]
        is_first_read, is_last_read = middle - start == 2, end - middle == 2
        if is_first_read:
            firsts = [form.split(" ")[1] for form in words.read_forms(start)]
        if is_last_read:
            lasts = [form.split(" ")[0] for form in words.read_forms(middle)]
        pairs = [form.split(" ") for form in candidates[middle - 1]]
        fitting = [
            f"{first} {last}"
            for first, last in pairs
            if (not is_first_read or first in firsts) and (not is_last_read or last in lasts)
        ]
        yield middle - 1, fitting or [f"{firsts[0]} {lasts[0]}"]


def readings_behind(
    words: PairedWords, candidates: Sequence[Sequence[str]]
) -> Iterator[tuple[int, str]]:
    """Yield the places of bare units behind others, and what is likeliest there by what meets.

    Args:
        words: the words of a run.
        candidates: exact bigrams that each two neighbours may be, commonest first.
    """
    for (start, middle), (_, end) in pairwise(words.spans):
        tokens = words.tokens[middle:end]
        is_bare = all(token.exact == token.folded for token in tokens)
        if middle - start != 2 or end - middle != 2 or not is_bare:
            continue
        first = words.read_forms(start)[0].split(" ")[1]
        met = [form for form in candidates[middle - 1] if form.startswith(f"{first} ")]
        second = met[0].split(" ")[1] if met else ""
        forms = [form for form in candidates[middle] if form.startswith(f"{second} ")]
        yield from ((middle, form) for form in forms[:1])


def without_chance(
    strengths: Sequence[float], tokens: Sequence[Token], read: Sequence[str]
) -> list[float]:
    """Return the strengths of neighbours without those of words that only happen to meet.

    In `ở quận 5` the number is the district's, and `bitcoin là` has a lift since *bitcoin* is rare.
    `cháy ở` and `GS Ngô` are parts of what follows: the place, the name.
    """
    numbered = {place - 2 for place, token in enumerate(tokens) if is_number(token)}
    if len(tokens) == 2:
        return list(strengths)
    led = {place for place in numbered if place >= 0 and read[place] in _PLACES}
    led |= {place for place in range(len(read) - 2) if _leads_on(read[place], read[place + 1])}
    return [
        0.0 if place in led or _meet_by_chance(read[place : place + 2]) else strength
        for place, strength in enumerate(strengths)
    ]


def _leads_on(first: str, second: str) -> bool:
    """Tell whether the second of two words belongs to the third one rather.

    Short titles are in few articles, so that any surname behind one is far from chance.
    """
    return second == "ở" or (is_short_title(first) and second in _SURNAMES)


def is_short_title(word: str) -> bool:
    """Tell whether an exact form is a title that is no syllable: `gs`, `bs`."""
    return word in TITLES and not is_bare_syllable(folded_form(word))


def _meet_by_chance(words: Sequence[str]) -> bool:
    return not OPPOSING.isdisjoint(words) or _is_name_and_function_word(words)


def _is_name_and_function_word(words: Sequence[str]) -> bool:
    are_foreign = [not is_bare_syllable(folded_form(word)) for word in words]
    return any(
        word in FUNCTION_WORDS and is_foreign
        for word, is_foreign in zip(words, reversed(are_foreign), strict=True)
    )


def _chain(words: PairedWords, span: Span) -> Query:
    """Match the bigrams of a span: nearly the same as its words in a row, and much cheaper."""
    start, end = span
    if end - start == 1:
        return Term(Field.EXACT, words.tokens[start].exact)
    links = [
        Or(tuple(Term(Field.EXACT_PAIRS, form) for form in forms))
        for forms in words.bigrams[start : end - 1]
    ]
    return And(tuple(links))


def cohesion_queries(words: PairedWords, pair: tuple[Span, Span]) -> list[Query]:
    """Return what is counted of two neighbouring units: in a row, both, and each."""
    (start, middle), (_, end) = pair
    parts = [_part(words, span, middle) for span in pair]
    return [_row(words, (start, end)), And(tuple(parts)), *parts]


def _part(words: PairedWords, span: Span, middle: int) -> Query:
    """Match one of two neighbouring units, which meet at a place.

    A bare word stands for what it is beside the other unit: `don` of `don tan cong` is *đòn*, and
    no *đơn*, which is in far more articles.
    """
    start, end = span
    token = words.tokens[start]
    if end - start > 1 or token.exact != token.folded:
        return _chain(words, span)
    readings = [form.split(" ") for form in words.bigrams[middle - 1]]
    own = dict.fromkeys(pair[start - middle + 1] for pair in readings)
    return Or(tuple(Term(Field.EXACT, form) for form in own))


def _row(words: PairedWords, span: Span) -> Query:
    """Match the words of a span in a row.

    Bigrams alone would do so for words that meet nowhere: an article with *ông Park* and with
    *Park Hang Seo* has all bigrams of a name that it never writes.
    """
    folded = tuple(token.folded for token in words.tokens[span[0] : span[1]])
    return And((_chain(words, span), Phrase(Field.FOLDED, folded, 0.0)))
