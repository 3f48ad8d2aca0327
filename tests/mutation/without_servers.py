"""A plugin of pytest that leaves out tests of PostgreSQL, OpenSearch, S3 or a browser."""

from __future__ import annotations

import pytest

_FIXTURES = {"postgresql_server", "opensearch_urls", "object_storage_server", "browser", "site"}
_PLACES = {"both_catalogues": "postgresql", "both_places": "s3"}


def needs_server(item: pytest.Item) -> bool:
    """Tell whether a test needs PostgreSQL, OpenSearch, S3 or a browser."""
    if _FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    callspec = getattr(item, "callspec", None)
    return callspec is not None and any(
        callspec.params.get(fixture) == place for fixture, place in _PLACES.items()
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave these tests out of a run."""
    left_out = [item for item in items if needs_server(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
