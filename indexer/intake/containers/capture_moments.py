"""The moments of the records of a crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment_of(record: Any) -> datetime | None:
    """Return when a record was captured; None where it does not say."""
    stated = str(record.rec_headers.get_header("WARC-Date") or "")
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
