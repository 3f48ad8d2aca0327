"""The embedded engine gives the documents and the scores of stock Whoosh, whatever the query."""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from indexer.analysis.documents import Document
from indexer.analysis.fields import Field, Passage, Zone
from indexer.engine.api import Engine
from indexer.engine.queries import (
    And,
    AndMaybe,
    AndNot,
    Column,
    Coverage,
    Fuzzy,
    HasIdentifier,
    HasValue,
    InRange,
    InSection,
    MatchAll,
    MatchNone,
    MultiPhrase,
    Or,
    Phrase,
    Prefix,
    Query,
    Sort,
    Term,
    Wildcard,
)
from indexer.engine.records import EngineQuery, EngineResult
from indexer.engine_factory import open_writer
from indexer.vietnamese.syllables import folded_form
from indexer.whoosh_engine.engine import WhooshEngine
from tests.engine_contract.engine_suite import exact_forms, frequencies
from tests.oracle.stock_reader import StockEngine
from tests.oracle.stock_writer import StockWriter

WORDS = ("an", "án", "ấn", "bình", "binh", "công", "cộng", "điện", "hòa", "hoa", "tá", "sĩ", "x1")
NAMES = ("An Bình", "Bình Hòa", "Hoa Sĩ")
EXTRAS = ("an", "x9", "2022-12")
DAY = 86_400


@dataclass(frozen=True)
class Batch:
    """Documents to add, and identifiers to delete, in one commit."""

    documents: tuple[Document, ...]
    deleted: tuple[str, ...]


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(tuple)


@st.composite
def passages(draw: st.DrawFn) -> tuple[Passage, ...]:
    result = [Passage(Zone.TITLE, draw(words))] if draw(st.booleans()) else []
    for section in range(1, draw(st.integers(1, 3)) + 1):
        text = draw(words)
        places = st.integers(0, len(text) - 1)
        extras = draw(st.lists(st.tuples(places, st.sampled_from(EXTRAS)), max_size=2))
        result.append(Passage(Zone.BODY, text, tuple(extras), section))
        if draw(st.booleans()):
            name = draw(st.sampled_from(NAMES)).lower().split()
            result.append(Passage(Zone.PERSON, tuple(name), (), section))
    if draw(st.booleans()):
        result.append(Passage(Zone.BYLINE, draw(words)))
    return tuple(result)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    people = draw(st.lists(st.sampled_from(NAMES), max_size=2))
    return Document(
        identifier=f"d{draw(st.integers(0, 14)):02}",
        version=1,
        passages=draw(passages()),
        published=draw(st.none() | st.integers(-3, 3).map(lambda day: day * DAY)),
        month=draw(st.sampled_from(("", "2022-11", "2022-12"))),
        publisher=draw(st.sampled_from(("", "Báo A", "Báo B"))),
        authors=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=3))),
        people=tuple(people),
    )


batches = st.lists(
    st.builds(
        Batch,
        st.lists(documents(), min_size=1, max_size=7).map(tuple),
        st.lists(st.integers(0, 14).map(lambda n: f"d{n:02}"), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=3,
)

folded_words = st.sampled_from(sorted({folded_form(word) for word in WORDS} | {"x9", "none"}))
exact_words = st.sampled_from((*WORDS, *EXTRAS, "không"))
boosts = st.sampled_from((1.0, 0.5, 3.0))


def pair(of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(of, of).map(" ".join)


FOLDED_FIELDS = st.sampled_from((Field.FOLDED, Field.TITLE, Field.AUTHOR, Field.PERSON))
EXACT_FIELDS = st.sampled_from((Field.EXACT, Field.TITLE_EXACT))
slops = st.sampled_from((0, 0, 1, 2, 5))


def alternatives(of: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    return st.lists(st.lists(of, max_size=3).map(tuple), max_size=4).map(tuple)


phrase_folded = st.lists(folded_words | st.just(""), max_size=4).map(tuple)
phrase_exact = st.lists(exact_words | st.just(""), max_size=3).map(tuple)
leaves: st.SearchStrategy[Query] = st.one_of(
    st.builds(Term, FOLDED_FIELDS, folded_words, boosts),
    st.builds(Term, EXACT_FIELDS, exact_words, boosts),
    st.builds(Term, st.just(Field.PAIRS), pair(folded_words), boosts),
    st.builds(Term, st.just(Field.EXACT_PAIRS), pair(exact_words), boosts),
    st.builds(Phrase, FOLDED_FIELDS, phrase_folded, boosts),
    st.builds(Phrase, EXACT_FIELDS, phrase_exact, boosts),
    st.builds(MultiPhrase, FOLDED_FIELDS, alternatives(folded_words), slops, boosts),
    st.builds(MultiPhrase, EXACT_FIELDS, alternatives(exact_words), slops, boosts),
    st.builds(
        Prefix, FOLDED_FIELDS, st.sampled_from(("b", "h", "an", "x")), boosts, st.integers(1, 3)
    ),
    st.builds(Prefix, EXACT_FIELDS, st.sampled_from(("b", "ho", "á")), boosts, st.integers(1, 3)),
    st.builds(Prefix, st.just(Field.PAIRS), st.sampled_from(("b", "an b")), boosts),
    st.builds(Prefix, st.just(Field.EXACT_PAIRS), st.sampled_from(("h", "án b")), boosts),
    st.builds(
        Wildcard, FOLDED_FIELDS, st.sampled_from(("b?nh", "h*", "x?")), boosts, st.integers(1, 3)
    ),
    st.builds(
        Wildcard, EXACT_FIELDS, st.sampled_from(("c?ng", "á*", "h?a")), boosts, st.integers(1, 3)
    ),
    st.builds(Fuzzy, FOLDED_FIELDS, folded_words, st.integers(1, 2), boosts, st.integers(1, 3)),
    st.just(MatchAll()),
    st.just(MatchAll(2.5)),
    st.just(MatchNone()),
    st.builds(
        InRange,
        st.just(Column.PUBLISHED),
        st.none() | st.just(-DAY),
        st.none() | st.integers(0, 2 * DAY),
    ),
    st.builds(HasIdentifier, st.lists(st.sampled_from(("d00", "d01", "none"))).map(tuple)),
    st.builds(
        HasValue,
        st.sampled_from((Column.PUBLISHER, Column.MONTH, Column.AUTHOR, Column.PERSON)),
        st.lists(st.sampled_from(("Báo A", "2022-12", *NAMES)), max_size=2).map(tuple),
    ),
)


weights = st.sampled_from((0.0, 0.1, 0.2, 0.7, 1.0))


def weighted_or(children: list[tuple[Query, float]]) -> st.SearchStrategy[Query]:
    nodes, node_weights = tuple(node for node, _ in children), tuple(w for _, w in children)
    minimum = st.sampled_from((0.0, 0.3, 1.0, 1.2))
    return st.builds(Or, st.just(nodes), minimum, st.just(node_weights))


def inner(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(children, max_size=4).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several, st.integers(1, 3)),
        st.lists(st.tuples(children, weights), max_size=4).flatmap(weighted_or),
        st.builds(AndMaybe, children, children),
        st.builds(AndNot, children, children),
    )


plain = st.recursive(leaves, inner, max_leaves=8)
people = st.sampled_from((("an",), ("binh", "hoa"), ("hoa",), ("an", "sy"), ()))
texts = st.lists(folded_words, max_size=3).map(tuple)
covered = st.builds(
    Coverage, plain, FOLDED_FIELDS, texts, st.sampled_from((0.8, 2.0)), st.sampled_from((2, 25))
)
queries = (
    plain | covered | st.builds(InSection, people, plain) | st.builds(And, st.tuples(plain, plain))
)


def number_versions(changes: Sequence[Batch]) -> list[Batch]:
    """Return the batches with documents of which no two have the same version."""
    numbers = itertools.count(1)
    return [
        Batch(
            tuple(replace(document, version=next(numbers)) for document in batch.documents),
            batch.deleted,
        )
        for batch in changes
    ]


def build(folder: Path, changes: Sequence[Batch]) -> tuple[Engine, Engine]:
    """Index batches in the embedded engine, and its segments once more in stock Whoosh.

    Deleted documents count in statistics until they are merged away, so scores can only be the
    same when both have the same segments; which documents are live is checked against the batches.
    """
    changes = number_versions(changes)
    for sequence, batch in enumerate(changes, 1):
        with open_writer(folder / "ours") as writer:
            for document in batch.documents:
                writer.add(document)
            for identifier in batch.deleted:
                writer.delete(identifier)
            writer.commit(sequence)
    ours = WhooshEngine(folder / "ours")
    documents = (document for batch in changes for document in batch.documents)
    by_version = {document.version: document for document in documents}
    for sequence, segment in enumerate(ours.segments, 1):
        versions = segment.array("versions").read().tolist()
        with StockWriter(folder / "stock") as stock:
            stock.add_segment(map(by_version.__getitem__, versions), segment.entry.deleted)
            stock.commit(sequence)
    if not ours.segments:
        StockWriter(folder / "stock").commit(0)
    assert dict(ours.documents()) == live_versions(changes)
    return ours, StockEngine(folder / "stock")


def live_versions(changes: Sequence[Batch]) -> dict[str, int]:
    """Return the identifiers that should be there after all batches, with their versions."""
    versions: dict[str, int] = {}
    for batch in changes:
        versions |= {document.identifier: document.version for document in batch.documents}
        for identifier in batch.deleted:
            versions.pop(identifier, None)
    return versions


def check_same(ours: EngineResult, stock: EngineResult) -> None:
    """Check totals and scores; documents may change places where scores are equal."""
    assert (ours.total, ours.counts, ours.facets) == (stock.total, stock.counts, stock.facets)
    mine, theirs = [hit.score for hit in ours.hits], [hit.score for hit in stock.hits]
    assert mine == pytest.approx(theirs, abs=1e-5)
    for hit, stock_hit in zip(ours.hits, stock.hits, strict=True):
        if hit.identifier != stock_hit.identifier:
            tied = [tie.score for tie in stock.hits if tie.identifier == hit.identifier]
            assert tied == pytest.approx([hit.score], abs=1e-5)


def with_examples(examples: int) -> settings:
    """Return settings: counterexamples are shrunk, but not explained, which takes minutes."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


SAMPLES = {
    "changes": batches,
    "trees": st.lists(queries, min_size=1, max_size=12),
    "data": st.data(),
}


@with_examples(25)
@given(**SAMPLES)
def test_same_answers_as_stock(
    changes: list[Batch], trees: list[Query], data: st.DataObject
) -> None:
    check_answers(changes, trees, data)


@pytest.mark.slow
@with_examples(500)
@given(**SAMPLES)
def test_thousands_of_same_answers(
    changes: list[Batch], trees: list[Query], data: st.DataObject
) -> None:
    check_answers(changes, trees, data)


def check_answers(changes: list[Batch], trees: list[Query], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = build(Path(folder), changes)
        assert sorted(ours.documents()) == sorted(stock.documents())
        assert ours.status().documents == stock.status().documents
        columns = (Column.PUBLISHER, Column.MONTH, Column.AUTHOR, Column.PERSON)
        for query in trees:
            filters = tuple(data.draw(st.lists(plain, max_size=1)))
            everything = EngineQuery(query, filters, limit=100, facets=columns, counts=(query,))
            check_same(ours.search(everything), stock.search(everything))
            sort = data.draw(st.sampled_from(tuple(Sort)))
            page = EngineQuery(
                query, filters, sort=sort, offset=data.draw(st.integers(0, 2)), limit=3
            )
            mine, theirs = ours.search(page), stock.search(page)
            assert [hit.score for hit in mine.hits] == pytest.approx(
                [hit.score for hit in theirs.hits], abs=1e-5
            )
            if sort is not Sort.RELEVANCE:
                assert mine == theirs


@pytest.mark.parametrize("slop", [0, 2])
def test_alternatives_outside_a_section_add_nothing_to_its_score(tmp_path: Path, slop: int) -> None:
    passages = (
        Passage(Zone.BODY, ("an", "hoa"), (), 1),
        Passage(Zone.PERSON, ("an", "bình"), (), 1),
        Passage(Zone.BODY, ("hoa", "điện"), (), 2),
        Passage(Zone.BYLINE, ("điện",)),
    )
    ours, stock = build(tmp_path, [Batch((Document("d00", 1, passages),), ())])
    phrase = MultiPhrase(Field.EXACT, (("an", "điện"), (), ("hoa", "điện")), slop)
    for texts in (phrase.texts[:1], (("hoa", "điện"), ("an", "hoa")), phrase.texts):
        query = EngineQuery(InSection(("an",), structs.replace(phrase, texts=texts)))
        check_same(ours.search(query), stock.search(query))


@with_examples(15)
@given(changes=batches)
def test_same_terms_as_stock(changes: list[Batch]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = build(Path(folder), changes)
        for text in ("an", "hoa", "an binh", "binh an", "none"):
            assert exact_forms(ours, text) == exact_forms(stock, text)
        for field in (Field.EXACT, Field.FOLDED, Field.PAIRS, Field.EXACT_PAIRS):
            texts = [*WORDS, *(" ".join(pair) for pair in itertools.product(WORDS, WORDS))]
            assert frequencies(ours, field, texts) == frequencies(stock, field, texts)


def random_document(rng: random.Random, number: int) -> Document:
    """Return a document with words as uneven as those of a language."""
    vocabulary = [f"{onset}{rime}" for onset in "bcdghklmnpqstvx" for rime in "aeiou"]
    size = rng.choice((5, 40, 160))
    text = [vocabulary[min(int(rng.paretovariate(0.7)) - 1, 74)] for _ in range(size)]
    if number % 50 == 0:
        text += ["ba"] * 300
    return Document(
        f"d{number:04}",
        1,
        (Passage(Zone.TITLE, tuple(text[:4])), Passage(Zone.BODY, tuple(text))),
        publisher="A" if number % 3 else "B",
    )


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Engine]:
    """Enough documents for dense terms and bounds: two segments, some documents deleted."""
    rng = random.Random(7)
    every = [random_document(rng, number) for number in range(1500)]
    deleted = tuple(f"d{number:04}" for number in range(0, 1500, 7))
    changes = [Batch(tuple(every[:1100]), ()), Batch(tuple(every[1100:]), deleted)]
    return build(tmp_path_factory.mktemp("larger"), changes)


def random_query(rng: random.Random) -> Query:
    def word() -> str:
        return rng.choice("bcdghklmnpqstvx") + rng.choice("aeiou")

    def term() -> Query:
        common = rng.choice(("ba", "be", "bi", "bo", "bu", "ca", "ce"))
        text = common if rng.random() < 0.6 else word()
        return Term(Field.FOLDED, text, rng.choice((1.0, 0.3, 2.0)))

    def preferred() -> Query:
        first, second = rng.choice(("ba", "be", "bi")), word()
        return AndMaybe(term(), Term(Field.PAIRS, f"{first} {second}", 2.0))

    kind = rng.randrange(9)
    several = tuple(rng.choice((term, preferred))() for _ in range(rng.randint(1, 7)))
    if kind == 0:
        return And(several[:3])
    if kind == 1:
        return Or(several, rng.randint(1, 2))
    if kind == 2:
        return Phrase(Field.FOLDED, ("ba", *(rng.choice(("ba", "be", "", word())) for _ in "12")))
    if kind == 3:
        return Or(several, 2)
    if kind == 7:
        return Or(several, rng.choice((0.5, 1.1)), tuple(rng.random() for _ in several))
    if kind == 8:
        texts = tuple(tuple(word() for _ in range(rng.randrange(4))) for _ in "123")
        return MultiPhrase(Field.FOLDED, texts, rng.choice((0, 0, 2, 9)))
    if kind == 4:
        return AndNot(Or(several), term())
    return Or(several) if kind == 5 else AndMaybe(Or(several), And(several[:2]))


@pytest.mark.parametrize("seed", range(10))
def test_bounds_lose_nothing(larger: tuple[Engine, Engine], seed: int) -> None:
    check_bounds(larger, random.Random(seed), 10)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_bounds_lose_nothing_in_thousands(larger: tuple[Engine, Engine], seed: int) -> None:
    check_bounds(larger, random.Random(seed), 50)


def check_bounds(larger: tuple[Engine, Engine], rng: random.Random, queries: int) -> None:
    ours, stock = larger
    for _ in range(queries):
        only = HasValue(Column.PUBLISHER, ("A",))
        request = EngineQuery(random_query(rng), (only,) if rng.random() < 0.3 else (), limit=10)
        mine, theirs = ours.search(request), stock.search(request)
        assert mine.total == theirs.total
        scores = [hit.score for hit in theirs.hits]
        assert [hit.score for hit in mine.hits] == pytest.approx(scores, abs=1e-5)
        if len({round(score, 4) for score in scores}) == len(scores):
            assert [hit.identifier for hit in mine.hits] == [h.identifier for h in theirs.hits]
