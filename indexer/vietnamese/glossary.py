"""The glossary of acronyms: the long forms of a short form, and the short form of a phrase.

Three sources meet in one `Glossary`: the list shipped with the program, the definitions in the
articles of the archive (see `acronym_extraction.extract`), and a file that the operator edits.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final, Literal

from indexer.vietnamese.acronym_extraction import FUNCTION_WORDS, extract, is_aligned
from indexer.vietnamese.input_methods import has_diacritic
from indexer.vietnamese.normalization import canonical, fold_canonical
from indexer.vietnamese.road_numbers import find_roads
from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable, is_syllable

EntrySource = Literal["operator", "shipped", "archive"]

LEAST_ARTICLES: Final = 2
"""Articles that must give a definition before it is believed, unless a list has it too."""

LEAST_SHARE: Final = 0.25
"""The share of the definitions of a short form without initials that have one long form."""

MAX_SHORT: Final = 24
MAX_LONG: Final = 120
MAX_ENTRIES: Final = 100_000
"""Bounds of a glossary file: characters of a short and a long form, and entries."""

_SOURCES: Final[tuple[EntrySource, ...]] = ("operator", "shipped", "archive")
_WORD: Final = re.compile(r"[^\W_]+")
_PIECE: Final = re.compile(r"&|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of one short form.

    Attributes:
        short: The short form, as shown.
        long: The long form, as shown.
        source: The list that has it, or the archive if only its articles do.
        articles: Number of articles of the archive that define it.
    """

    short: str
    long: str
    source: EntrySource = "operator"
    articles: int = 0


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a glossary file that was left out.

    Attributes:
        number: The line's number, from 1.
        text: Its beginning.
        reason: The fault that makes it unusable.
    """

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found among the words of a query.

    Attributes:
        start: Index of its first word.
        end: Index after its last word.
        entry: The entry.
        is_short: Whether the short form was typed, so that the long one is to be added.
    """

    start: int
    end: int
    entry: Entry
    is_short: bool


def short_key(short: str) -> str:
    """Return the key of all ways to write a short form: GD&ĐT, GD-ĐT and gd va dt are gddt."""
    pieces = [fold_canonical(piece) for piece in _PIECE.findall(short)]
    letters = [piece for piece in pieces if piece != "&" and piece not in FUNCTION_WORDS]
    return "".join(letters or pieces)


def long_key(long: str) -> str:
    """Return the key of all ways to write a long form: folded words without punctuation."""
    return " ".join(folded_form(word) for word in _WORD.findall(long))


def exact_long(long: str) -> str:
    """Return a long form as it is counted and shown: exact forms without punctuation."""
    return " ".join(exact_form(word) for word in _WORD.findall(long))


def defined_pairs(text: str) -> frozenset[tuple[str, str]]:
    """Return the pairs (short form, `exact_long`) that one article defines, each once.

    Add one to each pair's count for every article, and give the counts to `merge_glossaries`.
    """
    return frozenset((acronym.short, exact_long(acronym.long)) for acronym in extract(text))


def parse_glossary(
    text: str, source: EntrySource = "operator"
) -> tuple[tuple[Entry, ...], tuple[BadLine, ...]]:
    """Read a glossary file: short form, tab, long form; ``#`` begins a comment line.

    Never raises: lines that cannot be used are returned with their number and the reason.
    """
    entries: list[Entry] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        short, tab, columns = line.partition("\t")
        entry = Entry(canonical(short).strip(), canonical(columns.split("\t")[0]).strip(), source)
        reason = _fault(entry, tab) if len(entries) < MAX_ENTRIES else "too many entries"
        if reason:
            bad.append(BadLine(number, canonical(line[:80]), reason))
        else:
            entries.append(entry)
    return tuple(entries), tuple(bad)


def _fault(entry: Entry, tab: str) -> str:
    """Say why a line cannot be used; empty if it can."""
    if "\ufffd" in entry.short + entry.long:
        return "not in UTF-8"
    if not tab:
        return "no tab between short form and long form"
    if not short_key(entry.short):
        return "no short form before the tab"
    if not long_key(entry.long):
        return "no long form after the tab"
    if len(entry.short) > MAX_SHORT:
        return f"short form longer than {MAX_SHORT} characters"
    if len(entry.long) > MAX_LONG:
        return f"long form longer than {MAX_LONG} characters"
    return ""


def shipped_entries() -> tuple[Entry, ...]:
    """Read the glossary shipped with the program; its sources are named in the file's head."""
    return _read_shipped("glossary.tsv")


def common_names() -> tuple[Entry, ...]:
    """Read the shipped short forms of bodies and places, most of which are no initials."""
    return _read_shipped("common_names.tsv")


def _read_shipped(name: str) -> tuple[Entry, ...]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return parse_glossary(text, "shipped")[0]


def merge_glossaries(
    shipped: Iterable[Entry],
    definitions: Mapping[tuple[str, str], int],
    operator: Iterable[Entry] = (),
    least_articles: int = LEAST_ARTICLES,
) -> "Glossary":
    """Make one glossary of all sources.

    Args:
        shipped: The entries shipped with the program.
        definitions: Pairs as `defined_pairs` returns them -> number of articles with them.
        operator: The operator's entries; how they are written wins.
        least_articles: Articles that must give a definition which is in neither list.
    """
    entries: dict[tuple[str, str], Entry] = {}
    for entry in (*operator, *shipped):
        entries.setdefault(_identity(entry), entry)
    known_shorts = {short for short, _ in entries}
    for identity, entry in _count_definitions(definitions).items():
        if identity in entries:
            entries[identity] = replace(entries[identity], articles=entry.articles)
        elif entry.articles >= least_articles and (
            is_aligned(entry.short, entry.long)
            or not (identity[0] in known_shorts or is_bare_syllable(identity[0]))
        ):
            entries[identity] = entry
    return Glossary(_without_places(entries.values(), definitions))


def _count_definitions(
    definitions: Mapping[tuple[str, str], int],
) -> dict[tuple[str, str], Entry]:
    """Return an entry for each definition, in its commonest spelling, with all its articles."""
    spellings: dict[tuple[str, str], list[Entry]] = {}
    for (short, long), articles in definitions.items():
        entry = Entry(short, long, "archive", articles)
        spellings.setdefault(_identity(entry), []).append(entry)
    return {
        identity: replace(
            max(entries, key=lambda entry: (entry.articles, entry.short)),
            articles=sum(entry.articles for entry in entries),
        )
        for identity, entries in spellings.items()
    }


def _without_places(
    entries: Iterable[Entry], definitions: Mapping[tuple[str, str], int]
) -> Iterator[Entry]:
    """Leave out what stands before a bracket with a place or a party, not with a short form.

    A short form that is no initials stands behind one name, `(TPHCM)` behind many.
    """
    unaligned = Counter[str]()
    for (short, long), articles in definitions.items():
        if not is_aligned(short, long):
            unaligned[short_key(short)] += articles
    for entry in entries:
        total = unaligned[short_key(entry.short)]
        is_sure = entry.source != "archive" or is_aligned(entry.short, entry.long)
        if is_sure or entry.articles >= LEAST_SHARE * total:
            yield entry


def _identity(entry: Entry) -> tuple[str, str]:
    return short_key(entry.short), exact_long(entry.long)


def _rank(entry: Entry) -> tuple[int, int, str]:
    return -entry.articles, _SOURCES.index(entry.source), entry.long


class Glossary:
    """An immutable set of entries, looked up by short or long form, with diacritics or without.

    Where a form has several meanings they come in the order of the archive's counts, then the
    operator's before the shipped ones.
    """

    __slots__ = ("_by_long", "_by_short", "_longest", "entries")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: Final = tuple(sorted(entries, key=_rank))
        by_short: dict[str, tuple[Entry, ...]] = {}
        by_long: dict[str, tuple[Entry, ...]] = {}
        longest: dict[str, int] = {}
        for entry in self.entries:
            short, long = short_key(entry.short), long_key(entry.long)
            by_short[short] = (*by_short.get(short, ()), entry)
            by_long[long] = (*by_long.get(long, ()), entry)
            first, length = long.split(" ", 1)[0], long.count(" ") + 1
            longest[first] = max(length, longest.get(first, 0))
        self._by_short: Final[Mapping[str, tuple[Entry, ...]]] = by_short
        self._by_long: Final[Mapping[str, tuple[Entry, ...]]] = by_long
        self._longest: Final[Mapping[str, int]] = longest

    def __len__(self) -> int:
        return len(self.entries)

    def long_forms(self, short: str) -> tuple[Entry, ...]:
        """Return the meanings of a short form however it is written (TP.HCM, tphcm).

        Diacritics that are typed must match: ``ĐT`` is not DT, ``dt`` may be both.
        """
        entries = self._by_short.get(short_key(short), ())
        return tuple(entry for entry in entries if _agrees(_letters(short), _letters(entry.short)))

    def short_forms(self, long: str) -> tuple[Entry, ...]:
        """Return the entries whose long form is a phrase; diacritics that are typed must match."""
        words = _WORD.findall(long)
        entries = self._by_long.get(long_key(long), ())
        return tuple(
            entry for entry in entries if all(map(_agrees, words, _WORD.findall(entry.long)))
        )

    def find(self, words: Sequence[str]) -> tuple[Match, ...]:
        """Find every short form, every longest long form and every road among a query's words.

        A lower-case word that is also a Vietnamese syllable (ca, tu) is no short form.
        """
        matches: list[Match] = []
        covered = 0
        for start in range(len(words)):
            matches.extend(self._shorts_at(words, start))
            longs = self._longs_at(words, start) if start >= covered else []
            covered = max([covered, *(match.end for match in longs)])
            matches.extend(longs)
        matches += [
            Match(road.start, road.end, Entry(road.short, road.long, "shipped"), road.is_short)
            for road in find_roads(words)
        ]
        return tuple(matches)

    def _shorts_at(self, words: Sequence[str], start: int) -> list[Match]:
        word = words[start]
        # In small letters `tư` and `ca` are words, not short for trung ương and công an.
        if not word.isupper() and (is_bare_syllable(word) or is_syllable(word)):
            return []
        return [
            Match(start, end, entry, is_short=True)
            for end in range(start + 1, min(start + 4, len(words)) + 1)
            for entry in self.long_forms(" ".join(words[start:end]))
            if end == start + 1 or end - start in _word_counts(entry.short)
        ]

    def _longs_at(self, words: Sequence[str], start: int) -> list[Match]:
        longest = self._longest.get(folded_form(words[start]), 0)
        for end in range(min(start + longest, len(words)), start + 1, -1):
            entries = self.short_forms(" ".join(words[start:end]))
            if entries:
                return [Match(start, end, entry, is_short=False) for entry in entries]
        return []


def _word_counts(short: str) -> tuple[int, int]:
    """Return the number of words of a short form, with and without its joining words."""
    pieces = _PIECE.findall(short)
    joiners = sum(piece == "&" or fold_canonical(piece) in FUNCTION_WORDS for piece in pieces)
    return len(pieces), len(pieces) - joiners


def _letters(short: str) -> str:
    pieces = _WORD.findall(short)
    return "".join(piece for piece in pieces if fold_canonical(piece) not in FUNCTION_WORDS)


def _agrees(typed: str, form: str) -> bool:
    """Tell whether a typed form may stand for another: bare letters match any diacritics."""
    return not has_diacritic(typed) or exact_form(typed) == exact_form(form)
