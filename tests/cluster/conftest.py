"""An archive whose index is on the tests' own cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.settings.archive_settings import write_archive_settings
from archive.store import Store

OpenHome = Callable[[str], Store]
"""Opens the store of a new home, by the name of the folder."""


@pytest.fixture
def engine_url(opensearch_urls: tuple[str, ...], opensearch_name: str) -> str:
    """Return the location of an engine under a name that no other test has."""
    nodes = ",".join(url.removeprefix("http://") for url in opensearch_urls)
    return f"opensearch://{nodes}/{opensearch_name}?shards=2&replicas=1"


@pytest.fixture
def open_home(engine_url: str, tmp_path: Path) -> Iterator[OpenHome]:
    """Yield what opens the store of a new home whose settings name the cluster."""
    with ExitStack() as opened:

        def new_home(name: str) -> Store:
            store = opened.enter_context(Store(tmp_path / name))
            write_archive_settings(store.home, {"engine": engine_url})
            return store

        yield new_home


@pytest.fixture
def store(open_home: OpenHome) -> Store:
    """Return an empty store whose index is to be on the cluster."""
    return open_home("home")
