"""The originals of a home, whose pieces its catalogue names."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from archive.catalogue import tables
from archive.errors import StoreError
from archive.originals.home_originals import open_originals


def test_a_catalogue_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    originals = open_originals(tmp_path, engine)
    assert originals.pieces
    with pytest.raises(StoreError, match="the catalogue cannot be read: .*; if it is damaged"):
        originals.pieces.all()
    tables.pieces.create(engine)
    assert originals.pieces.all() == []
    engine.dispose()
