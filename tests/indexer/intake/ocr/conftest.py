"""Pages are recognised at once here: at the lowest priority they wait for whatever else runs."""

from __future__ import annotations

import pytest

from indexer.intake.ocr import tesseract


@pytest.fixture
def lowest_priority() -> None:
    """Leave the program the priority that it has everywhere else."""


@pytest.fixture(autouse=True)
def ordinary_priority(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the program the tests' own priority, unless the test has `lowest_priority`."""
    if "lowest_priority" not in request.fixturenames:
        monkeypatch.setattr(tesseract, "_LOWEST_PRIORITY", 0)
