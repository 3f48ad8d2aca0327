"""Persons' names in a query: words with capitals that begin with a Vietnamese surname.

`Ngô Thanh Bình` is one unit whether or not the archive knows the name: what holds *Ngô* and the
district of *Thanh Bình* is about somebody else. Names that are typed small are told by the
archive's counts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.search.interpret.paired_words import Span, is_short_title
from indexer.search.query.passing_nodes import words_of
from indexer.search.query.syntax import AcronymNode, UnitNode, WordNode
from indexer.vietnamese.name_words import FORMS_OF_ADDRESS, PLACES, SURNAMES, TITLES
from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable

_SHORTEST, _LONGEST = 3, 4
"""Words of a name that is told by its capitals. Of two any may be a place: `Hà Nội`, `Mai Châu`."""

_MIDDLE = frozenset(("thị", "văn", "thi", "van"))
"""Words that stand in persons' names alone, behind the surname."""

_ALSO_WORDS = frozenset(
    "tăng cao lý lí lương mai thân hứa triệu lục châu thái đào tô kiều đàm mạc hồ lò khổng thạch "
    "la sầm lại chu".split()
)
"""Surnames that begin headlines as other words: `Tăng Lương Hưu`."""

_SURNAMES = frozenset(map(exact_form, SURNAMES))
_BARE_SURNAMES = frozenset(folded_form(name) for name in _SURNAMES - _ALSO_WORDS)

_TITLES = frozenset(" ".join(map(exact_form, title.split(" "))) for title in TITLES)

_Node = WordNode | AcronymNode | UnitNode


def with_names(nodes: Sequence[WordNode], spans: Sequence[Span]) -> list[Span]:
    """Return the units of a run of words, those of a person's name joined to one.

    Args:
        nodes: the words.
        spans: the units that the archive's counts make of them.
    """
    joined = list(spans)
    for start, end in _capitalised(nodes):
        parts = [part for span in joined for part in _parted(nodes, span, start)]
        inside = [span for span in parts if start <= span[0] and span[1] <= end]
        is_whole = inside and (inside[0][0], inside[-1][1]) == (start, end)
        if is_whole and _is_name(nodes[start:end], inside):
            place = parts.index(inside[0])
            joined = [*parts[:place], (start, end), *parts[place + len(inside) :]]
    return joined


def _parted(nodes: Sequence[WordNode], span: Span, name: int) -> list[Span]:
    """Return a unit in two where a name begins in it behind a title.

    Who is *thủ tướng* in a row with his name is plain *ông* in the next report.
    """
    start, end = span
    title = " ".join(word.tokens[0].exact for word in nodes[start:name])
    return [(start, name), (name, end)] if start < name < end and title in _TITLES else [span]


def _capitalised(nodes: Sequence[WordNode]) -> Iterator[Span]:
    """Yield the stretches of syllables with capitals that nothing small parts.

    A form of address in front has its capital from the beginning of the query.
    """
    start = 0
    for place in range(len(nodes) + 1):
        if place < len(nodes) and _has_capital(nodes[place]):
            continue
        if start < place and nodes[start].tokens[0].exact in FORMS_OF_ADDRESS:
            start += 1
        if _SHORTEST <= place - start <= _LONGEST:
            yield start, place
        start = place + 1


def _has_capital(word: WordNode) -> bool:
    return word.text[:1].isupper() and is_bare_syllable(word.tokens[0].folded)


def _is_name(words: Sequence[WordNode], units: Sequence[Span]) -> bool:
    """Tell whether words with capitals are a person's name, by the first and by their units."""
    exact = [word.tokens[0].exact for word in words]
    sizes = [end - start for start, end in units]
    if exact[0] not in _SURNAMES and exact[0] not in _BARE_SURNAMES:
        return False
    lower = [word.text.lower() for word in words]
    if any(PLACES.ending(lower[:size]) == " ".join(lower[:size]) for size in (2, 3)):
        return False
    if exact[1] in _MIDDLE:
        return True
    if len(words) == _SHORTEST:
        # In `Tăng Lương Hưu` the archive has a unit of its own behind the first word.
        return exact[0] not in _ALSO_WORDS or sizes != [1, 2]
    is_led = sizes == [3, 1] and bool(PLACES.ending(lower[3:]))
    return sizes != [2, 2] and not is_led


def with_passing_titles(nodes: Sequence[_Node]) -> list[_Node]:
    """Return the nodes of a conjunction; titles before a person's name are said in passing.

    Who is `TS` in one article is *tiến sĩ* in another, or plain *ông*: it is the name that tells.
    """
    marked = list(nodes)
    for place, (title, name) in enumerate(zip(nodes, nodes[1:], strict=False)):
        words = words_of(title)
        if isinstance(name, UnitNode) and _begins_with_surname(name) and _is_title(words, name):
            read = tuple(replace(word, is_passing=True) for word in words)
            marked[place] = read[0] if isinstance(title, WordNode) else replace(title, words=read)
    return marked


def _begins_with_surname(name: UnitNode) -> bool:
    first = name.words[0]
    form = first.likely_forms[0] if first.likely_forms else first.tokens[0].exact
    return form in _SURNAMES and len(name.words) > 1


def _is_title(words: Sequence[WordNode], name: UnitNode) -> bool:
    """Tell whether words are a short title, or a form of address before a name with capitals."""
    if not words or not all(word.is_plain for word in words):
        return False
    forms = [token.exact for word in words for token in word.tokens]
    if all(map(is_short_title, forms)):
        return True
    is_named = all(word.text[:1].isupper() for word in name.words)
    return is_named and len(forms) == 1 and forms[0] in FORMS_OF_ADDRESS
