"""Which words of a stored text matched: slices for titles and articles, and the best snippets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from archive.article import Article
from indexer.analysis import Analyzer, Field, Token, heading_line
from indexer.searching.lowering import agrees
from indexer.searching.results import Slice, Snippet
from indexer.searching.typed import And, Node, Or, Quoted, Scoped, Word
from indexer.vietnamese.compounds import may_span

SNIPPET_LENGTH = 220
"""Characters of a snippet, about."""

MOST_TEXT = 400_000
"""Characters of an article that are looked through for snippets."""

_BLANKLESS = re.compile(r"\S+")


@dataclass(slots=True)
class Wanted:
    """What to mark.

    Attributes:
        words: folded form -> the exact forms typed for it; none means any marks will do.
        strict: folded forms whose typed marks are demanded.
        prefixes: folded beginnings.
        runs: phrases as folded forms; their words are marked only in a row.
        pairs: folded forms that stand side by side in the query; snippets prefer them so.
        other_forms: short or long forms that were searched as well, as runs of folded forms.
        people: names, as folded forms, in whose sections the match is to be shown.
    """

    words: dict[str, set[str]] = field(default_factory=dict)
    strict: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    pairs: set[tuple[str, str]] = field(default_factory=set)
    other_forms: tuple[tuple[str, ...], ...] = ()
    people: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that matched: offsets, the folded term, whether its marks agree too.

    `other` tells that it matched as the short or long form of what was typed.
    """

    start: int
    end: int
    term: str
    exact: bool
    other: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A snippet, its worth, the number of the section it is from (0: none), and its marks."""

    snippet: Snippet
    worth: float
    section: int
    marks: tuple[Mark, ...] = ()


class Highlighter:
    """Marks the words of one query in stored texts."""

    def __init__(self, analyzer: Analyzer, wanted: Wanted) -> None:
        self._analyzer = analyzer
        self._wanted = wanted
        self._runs = [(run, False) for run in wanted.runs]
        self._runs += [(run, True) for run in wanted.other_forms]
        self._forms = set(wanted.words).union(*(run for run, _ in self._runs))
        self._spanning = any(map(may_span, wanted.words))
        self._numbers: dict[str, int] = {}
        self._marked: dict[str, list[Token]] = {}
        self._agreed: dict[str, bool] = {}

    def slices(self, text: str) -> Snippet:
        """A whole text, cut into matched and other slices; joined they are the text again."""
        return _cut(text, self.marks(text), 0, len(text))

    def exact_words(self, text: str) -> list[str]:
        """The exact forms of the words of a canonical text."""
        return [token.exact for token in self._analyzer.tokens(text)]

    def marks(self, text: str) -> list[Mark]:
        """The matched stretches of a canonical text, in order."""
        tokens = self._tokens(text)
        found = {at: mark for at, token in tokens.items() if (mark := self._word(token))}
        for run, other in self._runs:
            for at in _starts(tokens, run):
                for offset in range(at, at + len(run)):
                    token = tokens[offset]
                    mark = Mark(token.start, token.end, token.folded, True, other)
                    found.setdefault(offset, mark)
        return [found[at] for at in sorted(found)]

    def _tokens(self, text: str) -> dict[int, Token]:
        """The words of a text that may be marked, by their position among all its words."""
        if self._spanning:
            return dict(enumerate(self._analyzer.tokens(text)))
        chunks = text.split()
        for chunk in set(chunks).difference(self._numbers):
            self._look(chunk)
        marked = self._marked.keys() & chunks
        if not marked:
            return {}
        found: dict[int, Token] = {}
        start = _places(text, chunks)
        numbers = list(accumulate(map(self._numbers.__getitem__, chunks)))
        for place in [place for place, chunk in enumerate(chunks) if chunk in marked]:
            base, tokens = start(place), self._marked[chunks[place]]
            for at, token in enumerate(tokens, numbers[place] - len(tokens)):
                places = base + token.start, base + token.end
                found[at] = Token(*places, token.exact, token.folded, token.extras)
        return found

    def _look(self, chunk: str) -> None:
        """Learn how many words a run without blanks is, and which if any may be marked."""
        self._numbers[chunk], forms = self._analyzer.forms(chunk)
        prefixes = self._wanted.prefixes
        begun = prefixes and any(form.startswith(prefixes) for form in forms)
        if begun or not self._forms.isdisjoint(forms):
            self._marked[chunk] = self._analyzer.tokens(chunk)

    def passages(self, article: Article, count: int = 2) -> list[Passage]:
        """The snippets that show the match best, best first; the article's beginning if none."""
        found: list[Passage] = []
        looked = 0
        theirs = self._their_sections(article)
        for section, text in _texts(article):
            looked += len(text)
            if looked > MOST_TEXT:
                break
            if not theirs or section in theirs:
                found += self._windows(text, section)
        if not found:
            for text in (*(caption.text for caption in article.captions), *article.authors):
                found += self._windows(text, 0)
        if not found:
            return _beginning(article)
        found.sort(key=lambda passage: -passage.worth)
        return found[:count]

    def _their_sections(self, article: Article) -> set[int]:
        """The numbers of the sections of the people asked for; empty when nobody was."""
        found: set[int] = set()
        for number, section in enumerate(article.sections, 1):
            if self._wanted.people and section.speaker:
                tokens = dict(enumerate(self._analyzer.tokens(section.speaker.name)))
                if any(any(True for _ in _starts(tokens, run)) for run in self._wanted.people):
                    found.add(number)
        return found

    def _word(self, token: Token) -> Mark | None:
        typed = self._wanted.words.get(token.folded)
        if typed is not None:
            exact = self._agreed.get(token.exact)
            if exact is None:
                exact = any(agrees(form, token.exact) for form in typed)
                self._agreed[token.exact] = exact
            if token.folded in self._wanted.strict and not exact:
                return None
            return Mark(token.start, token.end, token.folded, exact)
        for extra in token.extras:
            folded = self._analyzer.folded(extra)
            if folded in self._wanted.words:
                return Mark(token.start, token.end, folded, True)
        for prefix in self._wanted.prefixes:
            if token.folded.startswith(prefix):
                return Mark(token.start, token.end, prefix, True)
        return None

    def _windows(self, text: str, section: int) -> Iterator[Passage]:
        """The best window of a text, if anything in it matched."""
        marks = self.marks(text)
        best: tuple[float, int, int] | None = None
        last = looked = -1
        for first, mark in enumerate(marks):
            last = max(last, first)
            while last + 1 < len(marks) and marks[last + 1].end - mark.start <= SNIPPET_LENGTH:
                last += 1
            if last == looked:
                # It holds nothing that the window before it did not.
                continue
            looked = last
            worth = self._worth(marks[first : last + 1])
            if best is None or worth > best[0]:
                best = (worth, first, last)
        if best is None:
            return
        worth, first, last = best
        start, end = _bounds(text, marks[first].start, marks[last].end)
        snippet = _cut(text, marks, start, end)
        before = (Slice("… "),) if start else ()
        after = (Slice(" …"),) if end < len(text) else ()
        yield Passage((*before, *snippet, *after), worth, section, tuple(marks))

    def _worth(self, marks: list[Mark]) -> float:
        """Different words count most, then neighbours as in the query, then marks that agree."""
        different = len({mark.term for mark in marks})
        exact = sum(mark.exact for mark in marks) / len(marks)
        together = {
            (one.term, two.term)
            for one, two in zip(marks, marks[1:], strict=False)
            if two.start - one.end <= 2
        }
        beside = len(together & self._wanted.pairs)
        return different + beside + 0.5 * exact + 0.01 * len(marks)


def wanted(tree: Node | None, analyzer: Analyzer, exact: bool = False) -> Wanted:
    """What a typed tree asks to be marked in an article's text."""
    found = Wanted(people=tuple(_people(tree, analyzer)) if tree else ())
    before = ""
    for leaf in _leaves(tree) if tree else ():
        tokens = analyzer.tokens(leaf.text)
        for token in tokens:
            found.pairs.add((before, token.folded))
            before = token.folded
        if isinstance(leaf, Quoted) and len(tokens) > 1:
            found.runs += (tuple(token.folded for token in tokens),)
            continue
        for token in tokens:
            if isinstance(leaf, Word) and leaf.prefix and token is tokens[-1]:
                found.prefixes += (token.folded,)
                continue
            found.words.setdefault(token.folded, set()).add(token.exact)
            if leaf.exact or exact:
                found.strict.add(token.folded)
            for extra in token.extras:
                found.words.setdefault(analyzer.folded(extra), set()).add(extra)
    return found


def _people(node: Node, analyzer: Analyzer) -> Iterator[tuple[str, ...]]:
    """The names that are asked for as speakers, as folded forms."""
    if isinstance(node, Scoped) and node.field is Field.PERSON:
        names = tuple(token.folded for token in analyzer.tokens(node.child.text))
        if names:
            yield names
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _people(child, analyzer)


def _leaves(node: Node) -> Iterator[Word | Quoted]:
    if isinstance(node, Word | Quoted):
        yield node
    elif isinstance(node, Scoped):
        yield node.child
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _leaves(child)


def _places(text: str, chunks: list[str]) -> Callable[[int], int]:
    """Where each of a text's runs without blanks begins, by its number."""
    ends = list(accumulate(map(len, chunks)))
    if ends[-1] + len(chunks) - 1 == len(text):
        # Nothing but single blanks lies between them.
        return lambda at: ends[at] - len(chunks[at]) + at
    return [match.start() for match in _BLANKLESS.finditer(text)].__getitem__


def _starts(tokens: dict[int, Token], run: tuple[str, ...]) -> Iterator[int]:
    """The positions at which the words of a run follow one another."""
    for at, token in tokens.items():
        if token.folded != run[0]:
            continue
        following = (tokens.get(at + offset) for offset in range(1, len(run)))
        if all(
            word is not None and word.folded == form
            for word, form in zip(following, run[1:], strict=True)
        ):
            yield at


def _texts(article: Article) -> Iterator[tuple[int, str]]:
    """The texts of an article in which a snippet may lie, with their section's number."""
    if article.lead:
        yield 0, article.lead
    for number, section in enumerate(article.sections, 1):
        heading = heading_line(section)
        if heading:
            yield number, heading
        for paragraph in section.paragraphs:
            yield number, paragraph


def _beginning(article: Article) -> list[Passage]:
    for section, text in _texts(article):
        _, end = _bounds(text, 0, 0)
        more = (Slice(" …"),) if end < len(text) else ()
        return [Passage((Slice(text[:end]), *more), 0.0, section)]
    return []


def _bounds(text: str, first: int, last: int) -> tuple[int, int]:
    """The stretch around some matches, about SNIPPET_LENGTH long, cut between words."""
    spare = max(0, SNIPPET_LENGTH - (last - first))
    start = max(0, first - spare // 3)
    end = min(len(text), max(last, start + SNIPPET_LENGTH))
    if start:
        blank = text.find(" ", start, first)
        start = blank + 1 if blank >= 0 else first
    if end < len(text):
        blank = text.rfind(" ", last, end)
        end = blank if blank >= 0 else last
    return start, end


def _cut(text: str, marks: list[Mark], start: int, end: int) -> Snippet:
    """The text from start to end; marks that only a blank parts become one slice."""
    pieces: list[Slice] = []
    at = start
    merged: list[tuple[int, int]] = []
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        if merged and text[merged[-1][1] : mark.start] == " ":
            merged[-1] = (merged[-1][0], mark.end)
        else:
            merged.append((mark.start, mark.end))
    for first, last in merged:
        if first > at:
            pieces.append(Slice(text[at:first]))
        pieces.append(Slice(text[first:last], True))
        at = last
    if at < end:
        pieces.append(Slice(text[at:end]))
    return tuple(pieces)
