"""The prefilter of class patterns: it never leaves out a pattern that matches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake.markup import class_patterns
from indexer.intake.markup.class_patterns import ElementPattern
from indexer.intake.markup.pattern_prefilter import PatternPrefilter, needed_letters

PATTERNS = [
    *(value.names for value in vars(class_patterns).values() if isinstance(value, ElementPattern)),
    *(getattr(class_patterns, name) for name in ("_FRAME", "_DISCUSSION", "_ASIDE")),
    *(class_patterns._SMALL_ASIDE, class_patterns._BUTTON),
]
NAMES = st.lists(
    st.sampled_from(
        [*"-_ ", "ad", "ads", "article", "body", "content", "date", "detail", "author"]
    ),
    max_size=6,
).map("".join)


def shortest_texts(parsed: object) -> Iterator[str]:
    """Yield a text for each alternative of a parsed pattern, without all that is optional."""
    parts = [list(texts_of(str(code), value)) for code, value in parsed]  # type: ignore[attr-defined]
    return ("".join(texts) for texts in islice(product(*parts), 500))


def texts_of(code: str, value: object) -> Iterator[str]:
    """Yield the shortest texts of one step of a parsed pattern; none of what only looks around."""
    match code, value:
        case "LITERAL", int(letter):
            yield chr(letter)
        case "IN", [(_, int(letter)), *_]:
            yield chr(letter)
        case "IN", _:
            yield "_"
        case "MAX_REPEAT", (least, _, repeated):
            yield from shortest_texts(repeated) if least else [""]
        case "SUBPATTERN", (*_, inner):
            yield from shortest_texts(inner)
        case "BRANCH", (_, branches):
            for branch in branches:
                yield from shortest_texts(branch)
        case _:
            yield ""


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:30])
def test_the_shortest_text_of_every_alternative_is_a_candidate(pattern: str) -> None:
    prefilter = PatternPrefilter(PATTERNS)
    texts = list(shortest_texts(re._parser.parse(pattern)))  # type: ignore[attr-defined]
    matching = [text for text in texts if re.search(pattern, text)]
    assert len(matching) >= len(texts) / 2
    assert [text for text in matching if pattern not in prefilter.candidates(text)] == []


@given(NAMES)
def test_a_pattern_that_is_no_candidate_does_not_match(names: str) -> None:
    candidates = PatternPrefilter(PATTERNS).candidates(names)
    assert {pattern for pattern in PATTERNS if re.search(pattern, names)} <= candidates


def test_names_without_any_needed_letters_have_no_candidate() -> None:
    assert PatternPrefilter(PATTERNS).candidates("col-12 wrap_3 x") == frozenset()


def test_what_is_optional_or_only_looked_at_is_not_needed() -> None:
    pattern = r"box-?tin(?!h)|(?:^|[-_ ])(?:tags?(?=[-_ ]|$)|cate?)"
    assert needed_letters(pattern) == {"box", "tin", "tag", "cat"}
