"""What every engine knows of its terms and documents."""

from __future__ import annotations

import pytest

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    MatchNone,
)
from indexer.engine.records import (
    TermLookup,
)
from tests.engine_contract.contract_queries import (
    folded,
)
from tests.engine_contract.engine_suite import EngineSuite, exact_forms, frequencies


class LookupContract(EngineSuite):
    """Contract of look-ups: counts of terms, exact forms, documents."""

    def test_terms_of_many_fields_are_looked_up_together(self, engine: Engine) -> None:
        texts = {Field.FOLDED: ["hoa", "khongco"], Field.EXACT_PAIRS: ["hòa bình"]}
        lookup = TermLookup(texts, ["hoa", "khongco"], [folded("hoa"), MatchNone()])
        figures = engine.look_up(lookup)
        assert {field: list(each) for field, each in figures.frequencies.items()} == {
            Field.FOLDED: [3, 0],
            Field.EXACT_PAIRS: [2],
        }
        assert [list(forms) for forms in figures.forms] == [list(exact_forms(engine, "hoa")), []]
        assert list(figures.counts) == [3, 0]
        nothing = engine.look_up(TermLookup())
        assert not any((nothing.frequencies, nothing.forms, nothing.counts))

    def test_document_frequencies_count_documents(self, engine: Engine) -> None:
        assert frequencies(engine, Field.FOLDED, ["hoa", "khongco", "phu", "hoa"]) == [
            3,
            0,
            1,
            3,
        ]
        assert frequencies(engine, Field.EXACT, ["hòa", "hoa"]) == [2, 1]
        assert frequencies(engine, Field.EXACT_PAIRS, ["hòa bình"]) == [2]
        assert not frequencies(engine, Field.FOLDED, [])

    @pytest.mark.parametrize(
        ("field", "known"),
        [
            (Field.FOLDED, {"hoa": 3, "phu": 1}),
            (Field.EXACT, {"hòa": 2, "hoa": 1}),
            (Field.PAIRS, {"hoa binh": 3}),
            (Field.EXACT_PAIRS, {"hòa bình": 2, "hoa bình": 1}),
        ],
    )
    def test_frequencies_of_many_terms_are_those_of_each(
        self, engine: Engine, field: Field, known: dict[str, int]
    ) -> None:
        odd = ["", " ", "hoa ", " hoa", "hoa\0", "hòa\0 bình", "z" * 9, "hoa binh hoa"]
        unknown = [f"khong{number}" for number in range(100)]
        texts = [*known, *odd, *unknown, *(f"hoa {text}" for text in unknown)]
        counts = frequencies(engine, field, texts)
        assert dict(zip(texts, counts, strict=True)) == {text: known.get(text, 0) for text in texts}

    def test_exact_forms_come_commonest_first(self, engine: Engine) -> None:
        def readings(text: str) -> list[tuple[str, int]]:
            return [(reading.text, reading.documents) for reading in exact_forms(engine, text)]

        assert readings("hoa") == [("hòa", 2), ("hoa", 1)]
        assert readings("hoa binh") == [("hòa bình", 2), ("hoa bình", 1)]
        assert readings("ho") == []
        assert readings("") == []

    def test_all_documents_are_listed_and_counted(self, engine: Engine) -> None:
        assert sorted(engine.documents()) == [("flowers", 1), ("peace", 1), ("police", 1)]
        assert engine.status().documents == 3
        assert engine.status().sequence in (1, 3)
