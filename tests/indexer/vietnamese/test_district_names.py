"""District names whose short form their number is glued to."""

from __future__ import annotations

import pytest

from indexer.vietnamese.district_names import OTHER_DISTRICT_FORMS, numbered_district_spellings


@pytest.mark.parametrize("typed", ["Q1", "q1", "Q.1"])
def test_a_number_is_parted_from_its_short_form(typed: str) -> None:
    assert numbered_district_spellings(typed) == [("quận", "1"), ("q", "1")]


@pytest.mark.parametrize("typed", ["Q", "Q0", "Q30", "Q.", "T1", "QL1", "Q1A", "quận 1", ""])
def test_nothing_else_is_a_district(typed: str) -> None:
    assert numbered_district_spellings(typed) == []


def test_either_form_names_the_other() -> None:
    for form, other in OTHER_DISTRICT_FORMS.items():
        assert OTHER_DISTRICT_FORMS[other] == form != other
