"""Where things end: long documents, little memory, bad documents, many threads."""

from __future__ import annotations

import random
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.errors import EngineError
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field, Passage, Zone
from indexer.engine.queries import (
    And,
    AndMaybe,
    Column,
    HasValue,
    InSection,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Wildcard,
)
from indexer.engine.records import EngineQuery, EngineResult
from indexer.engine_factory import open_engine, open_writer
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.whoosh_api.index import ArrayIndex
from tests.engine_contract.contract_documents import CORPUS, body
from tests.engine_contract.engine_suite import exact_forms
from tests.oracle.test_oracle import random_document


def test_positions_and_frequencies_have_no_end(tmp_path: Path) -> None:
    words = ("ba",) * 70_000 + ("bốn", "năm", "sáu") + ("ba",) * 66_000 + ("sáu", "năm")
    person = Passage(Zone.PERSON, ("ngô", "bình"), (), 2)
    passages = (Passage(Zone.BODY, words, (), 1), person, Passage(Zone.BODY, ("bảy", "ba"), (), 2))
    with open_writer(tmp_path / "long") as writer:
        writer.add(CORPUS[0])
        writer.add(Document("long", 1, passages))
        writer.commit(1)
    engine = open_engine(tmp_path / "long")
    assert isinstance(engine, WhooshEngine)
    phrases = ("bon nam sau", "nam sau ba", "ba sau nam", "bay ba", "sau bon", "nam bay")
    answers = {
        text: engine.search(EngineQuery(Phrase(Field.FOLDED, tuple(text.split())))).total
        for text in phrases
    }
    assert answers == dict(zip(phrases, (1, 1, 1, 1, 0, 0), strict=True))
    inside = InSection(("ngo", "binh"), Phrase(Field.FOLDED, ("bay", "ba")))
    outside = InSection(("ngo", "binh"), Phrase(Field.FOLDED, ("bon", "nam")))
    assert [engine.search(EngineQuery(query)).total for query in (inside, outside)] == [1, 0]
    matcher = ArrayIndex(engine.segments).reader().postings("folded", "nam")
    assert matcher.value_as("positions") == [70_001, 136_004]
    assert ArrayIndex(engine.segments).reader().postings("folded", "ba").weight() == 136_001


def test_memory_is_bounded(tmp_path: Path) -> None:
    rng = random.Random(1)
    memory = 8 << 20
    with open_writer(tmp_path / "small", memory) as writer:
        tracemalloc.start()
        for number in range(6000):
            writer.add(random_document(rng, number))
        writer.commit(1)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    engine = open_engine(tmp_path / "small")
    assert isinstance(engine, WhooshEngine)
    assert len(engine.segments) > 1
    # What writing one segment takes whatever its size: checksums, buffers, imports.
    assert peak < memory + (5 << 20)


BAD: tuple[dict[str, Any], ...] = (
    {"version": -1},
    {"version": 1 << 64},
    {"published": 1 << 63},
    {"published": "today"},
    {"identifier": None},
    {"publisher": 7},
    {"authors": (None, 3)},
    {"passages": (Passage(Zone.BODY, ("tốt", None)),)},  # type: ignore[arg-type]
    {"passages": (Passage(Zone.BODY, ("tốt", "hai chữ")),)},
    {"passages": (Passage(Zone.BODY, ("tốt",), ((-1, "x"),)),)},
    {"passages": (Passage(Zone.BODY, ("tốt",), ((0, ["x"]),)),)},  # type: ignore[arg-type]
    {"passages": (Passage(300, ("tốt",)),)},  # type: ignore[arg-type]
    {"passages": (Passage(Zone.BODY, ("tốt",), (), -4),)},
    {"passages": None},
)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_bad_document_leaves_nothing_behind(tmp_path: Path, bad: dict[str, Any]) -> None:
    for name, documents in (("with", (True, False)), ("without", (True,))):
        with open_writer(tmp_path / name) as writer:
            writer.add(body("before", "một hai"))
            for good in documents:
                old = body("bad", "cũ", publisher="Báo")
                if good:
                    writer.add(old)
                else:
                    with pytest.raises(EngineError, match="cannot be indexed"):
                        writer.add(replace(old, **bad))
            writer.add(body("after", "hai ba"))
            writer.commit(1)
    answers = []
    for name in ("with", "without"):
        engine = open_engine(tmp_path / name)
        words = Or(tuple(Term(Field.EXACT, text) for text in ("một", "hai", "ba", "cũ", "tốt")))
        answers.append(engine.search(EngineQuery(words, facets=(Column.PUBLISHER,))))
        answers.append(sorted(engine.documents()))  # type: ignore[arg-type]
        answers.append(exact_forms(engine, "tot"))  # type: ignore[arg-type]
    assert answers[:3] == answers[3:]
    assert answers[0].total == 3


def mixed(rng: random.Random) -> Query:
    def term() -> Term:
        return Term(Field.FOLDED, rng.choice("bcdghk") + rng.choice("aeiou"))

    first, second = term(), term()
    return rng.choice(
        (
            first,
            Or((first, second, term())),
            And((first, second)),
            Phrase(Field.FOLDED, (first.text, second.text)),
            Phrase(Field.TITLE, (first.text, "", second.text)),
            AndMaybe(first, Term(Field.PAIRS, f"{first.text} {second.text}")),
            Prefix(Field.EXACT, first.text[:1]),
            Wildcard(Field.FOLDED, f"{first.text[:1]}?"),
            HasValue(Column.PUBLISHER, ("A",)),
        )
    )


def test_one_reader_is_right_under_load(tmp_path: Path) -> None:
    rng = random.Random(2)
    with open_writer(tmp_path / "load") as writer:
        for number in range(600):
            writer.add(random_document(rng, number))
            if number == 400:
                writer.delete("d0007")
        writer.commit(1)
    requests = [EngineQuery(mixed(rng), facets=(Column.PUBLISHER,)) for _ in range(60)]
    alone = open_engine(tmp_path / "load")
    right = [alone.search(request) for request in requests]
    shared = open_engine(tmp_path / "load")
    begin, wrong = threading.Barrier(8), list[object]()

    def ask(seed: int) -> None:
        order = random.Random(seed).sample(range(len(requests)), len(requests))
        begin.wait()
        for number in order * 2:
            try:
                answer: EngineResult | Exception = shared.search(requests[number])
            except Exception as error:  # noqa: BLE001 (whatever a thread meets fails the test)
                answer = error
            if answer != right[number]:
                wrong.append((requests[number], answer))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
