"""The account of how a document was read."""

from __future__ import annotations

import pytest

from archive.document_account import DocumentAccount, RecognizedPage


@pytest.mark.parametrize(
    ("percents", "mean"),
    [((), 0), ((0,), 0), ((80,), 80), ((70, 81, 92), 81), ((99, 100, 100), 100)],
)
def test_recognised_pages_are_as_certain_as_their_mean(
    percents: tuple[int, ...], mean: int
) -> None:
    pages = [RecognizedPage(number, "", percent) for number, percent in enumerate(percents, 1)]
    assert DocumentAccount(recognized=tuple(pages)).confidence == mean
