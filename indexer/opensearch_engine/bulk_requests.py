"""Bulk requests: many changes at once; what is refused as too busy is sent again."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from archive.errors import EngineError
from indexer.opensearch_engine.cluster_client import (
    BUSY,
    ClusterClient,
    ClusterRequest,
    one_line,
)
from indexer.opensearch_engine.search_answers import ErrorCause

LARGEST_REQUEST: Final = 4 << 20
"""Bytes of one request, unless a single change is larger."""

_ATTEMPTS: Final = 10
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_SECONDS: Final = 300.0
_FILTER: Final = "errors,items.*._id,items.*.status,items.*.error.type,items.*.error.reason"


class _ItemResult(msgspec.Struct):
    """The result of one change."""

    identifier: str = msgspec.field(name="_id", default="")
    status: int = 0
    error: ErrorCause | None = None


class _BulkAnswer(msgspec.Struct):
    """The answer to `_bulk`."""

    errors: bool
    items: list[dict[str, _ItemResult]] = []


class BulkSender:
    """A sender of changes to the indices of a cluster."""

    def __init__(self, client: ClusterClient) -> None:
        """Send by a client."""
        self._client = client

    def send(self, index: str, changes: Iterable[bytes], accepted: Collection[int] = ()) -> None:
        """Send changes to an index, in their order.

        Args:
            index: its name.
            changes: the lines of each change, at most one of a document.
            accepted: statuses of a change that are no errors, such as 404 of what is deleted.

        Raises:
            EngineError: the cluster refuses one, which is named, or does not answer.
        """
        part: list[bytes] = []
        size = 0
        for change in changes:
            if part and size + len(change) > LARGEST_REQUEST:
                self._send_part(index, part, accepted)
                part, size = [], 0
            part.append(change)
            size += len(change)
        if part:
            self._send_part(index, part, accepted)

    def _send_part(self, index: str, part: list[bytes], accepted: Collection[int]) -> None:
        pause = _FIRST_PAUSE
        for _ in range(_ATTEMPTS):
            results = self._ask(index, part)
            if not results:
                return
            again = []
            for result, change in zip(results, part, strict=True):
                if result.status in BUSY:
                    again.append(change)
                elif result.status >= 300 and result.status not in accepted:
                    raise _refusal(index, result)
            if not again:
                return
            part = again
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        raise EngineError(
            f"the cluster is too busy to take changes of {index}; run the command again later"
        )

    def _ask(self, index: str, part: list[bytes]) -> list[_ItemResult]:
        """Return the result of each change; none where all is well."""
        request = ClusterRequest(
            "POST",
            f"/{index}/_bulk?filter_path={_FILTER}",
            b"".join(part),
            is_lines=True,
            seconds=_SECONDS,
        )
        answer = self._client.call(request, _BulkAnswer)
        if not answer.errors:
            return []
        results = [result for item in answer.items for result in item.values()]
        if len(results) != len(part):
            raise EngineError("the cluster answered another number of changes than was sent")
        return results


def _refusal(index: str, result: _ItemResult) -> EngineError:
    cause = result.error or ErrorCause()
    reason = one_line(f"{result.status} {cause.type}: {cause.reason}")
    name = one_line(result.identifier)
    return EngineError(f"the index {index} refuses the document {name}: {reason}")
