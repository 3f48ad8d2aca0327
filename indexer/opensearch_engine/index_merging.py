"""Merging of an index that was built: one segment a shard, without what only recovery needs.

The cluster keeps each document as it was sent as well, which takes as much as the index, until a
merge finds that no copy will ask for it: twice a minute it notes how far all copies are, once what
was written is flushed. A shard that has one segment is not merged at all, so that it is given a
second one: a document without words, which is deleted afterwards.

The same holds for what was sent twice, because a worker was killed before it noted what it had
done: the replaced documents would stay, and count in the frequencies that scores are made of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from indexer.opensearch_engine.cluster_client import ClusterRequest
from indexer.opensearch_engine.remote_index import RemoteIndex

WORTH_WAITING: Final = 5000
"""Documents of an index that is waited for, half a minute or so."""

_MARKER: Final = "marker-"
_SECONDS_BETWEEN: Final = 0.5
_SECONDS_TO_NOTE: Final = 90.0
_SECONDS_TO_MERGE: Final = 6 * 3600.0
_FLUSH_SECONDS: Final = 600.0
_SHARD_FILTER: Final = ",".join(
    f"indices.*.shards.*.{key}"
    for key in ("seq_no.max_seq_no", "retention_leases.leases.retaining_seq_no")
)


class _TaskName(msgspec.Struct):
    """The answer to what is begun in the background."""

    task: str


class _TaskState(msgspec.Struct):
    """The state of what was begun."""

    completed: bool = False


class _SequenceNumbers(msgspec.Struct):
    """The last change of a copy of a shard."""

    max_seq_no: int = -1


class _Lease(msgspec.Struct):
    """The first change that a copy may still ask for."""

    retaining_seq_no: int = 0


class _Leases(msgspec.Struct):
    """What the copies of a shard may ask for."""

    leases: list[_Lease] = []


class _ShardCopy(msgspec.Struct):
    """A copy of a shard."""

    seq_no: _SequenceNumbers = msgspec.field(default_factory=_SequenceNumbers)
    retention_leases: _Leases = msgspec.field(default_factory=_Leases)


class _IndexShards(msgspec.Struct):
    """The copies of each shard."""

    shards: dict[str, list[_ShardCopy]] = {}


class _ShardStatistics(msgspec.Struct):
    """The answer to `_stats` by shard."""

    indices: dict[str, _IndexShards] = {}


class _DocumentCounts(msgspec.Struct):
    """The documents of all shards of an index, those of their sections included."""

    deleted: int = 0


class _Primaries(msgspec.Struct):
    """The first copies of the shards of some indices."""

    docs: _DocumentCounts = msgspec.field(default_factory=_DocumentCounts)


class _Totals(msgspec.Struct):
    """The sums over some indices."""

    primaries: _Primaries = msgspec.field(default_factory=_Primaries)


class _DocumentStatistics(msgspec.Struct):
    """The answer to `_stats` with the sums of all documents."""

    totals: _Totals = msgspec.field(default_factory=_Totals, name="_all")


def merge_index(remote: RemoteIndex, sleep: Callable[[float], None] = time.sleep) -> None:
    """Merge every shard of an index and its dictionary into one segment, and wait for the end.

    Raises:
        EngineError: the cluster does not answer.
    """
    is_worth_waiting = remote.count_documents() >= WORTH_WAITING or _has_deleted(remote)
    routings = remote.read_description().routings if is_worth_waiting else ()
    markers = [
        f"/{remote.name}/_doc/{_MARKER}{number}?routing={routing}"
        for number, routing in enumerate(routings)
    ]
    for path in markers:
        remote.client.send(ClusterRequest("PUT", path, b"{}"))
    if markers:
        remote.refresh()
        path = f"/{remote.name}/_flush"
        remote.client.send(ClusterRequest("POST", path, seconds=_FLUSH_SECONDS))
        _wait(lambda: _is_noted(remote), _SECONDS_TO_NOTE, sleep)
    _merge(remote, sleep)
    for path in markers:
        remote.client.send(ClusterRequest("DELETE", path, accepted=(200, 404)))
    if markers:
        remote.refresh()


def _merge(remote: RemoteIndex, sleep: Callable[[float], None]) -> None:
    names = f"{remote.name},{remote.dictionary}"
    path = f"/{names}/_forcemerge?max_num_segments=1&wait_for_completion=false"
    task = remote.client.call(ClusterRequest("POST", path), _TaskName).task

    def is_done() -> bool:
        request = ClusterRequest("GET", f"/_tasks/{task}", accepted=(200, 404))
        # A task whose node went away is not known any more: unmerged is slower, and as right.
        answer = remote.client.send(request)
        return (
            answer.status == 404 or msgspec.json.decode(answer.content, type=_TaskState).completed
        )

    _wait(is_done, _SECONDS_TO_MERGE, sleep)


def _has_deleted(remote: RemoteIndex) -> bool:
    """Tell whether the index still holds documents that were deleted or replaced."""
    path = f"/{remote.name}/_stats/docs?filter_path=_all.primaries.docs.deleted"
    answer = remote.client.call(ClusterRequest("GET", path), _DocumentStatistics)
    return answer.totals.primaries.docs.deleted > 0


def _is_noted(remote: RemoteIndex) -> bool:
    """Tell whether no copy of any shard will ask for a change that was written."""
    path = f"/{remote.name}/_stats?level=shards&filter_path={_SHARD_FILTER}"
    answer = remote.client.call(ClusterRequest("GET", path), _ShardStatistics)
    copies: Sequence[_ShardCopy] = [
        copy
        for index in answer.indices.values()
        for shard in index.shards.values()
        for copy in shard
    ]
    return all(
        lease.retaining_seq_no > copy.seq_no.max_seq_no
        for copy in copies
        for lease in copy.retention_leases.leases
    )


def _wait(is_done: Callable[[], bool], seconds: float, sleep: Callable[[float], None]) -> None:
    """Wait until something is done, or the time for it is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_done():
        sleep(_SECONDS_BETWEEN)
