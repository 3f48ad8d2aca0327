"""Merging of an index that was built: one segment a shard, without what only recovery needs.

The cluster keeps each document as it was sent as well, which takes as much as the index, until a
merge finds that no copy will ask for it: twice a minute it notes how far all copies are, once what
was written is flushed. A shard that has one segment is not merged at all, so that it is given a
second one: a document without words, which is deleted afterwards.

What cannot be had in time, or from every shard, is said: the index is as right, and larger. No
figure of some shards alone decides anything.

The same holds for what was sent twice, because a worker was killed before it noted what it had
done: the replaced documents would stay, and count in the frequencies that scores are made of.
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
    (
        "_shards.failed",
        "indices.*.shards.*.seq_no.max_seq_no",
        "indices.*.shards.*.retention_leases.leases.retaining_seq_no",
    )
)
_DELETED_FILTER: Final = "_shards.failed,_all.primaries.docs.deleted"


class _TaskName(msgspec.Struct):
    """The answer to what is begun in the background."""

    task: str


class _TaskState(msgspec.Struct):
    """The state of what was begun."""

    completed: bool = False


class _AnsweredShards(msgspec.Struct):
    """The shards that gave figures, and those that failed to."""

    failed: int = 0


class _SequenceNumbers(msgspec.Struct):
    """The last change of a copy of a shard."""

    max_seq_no: int


class _Lease(msgspec.Struct):
    """The first change that a copy may still ask for."""

    retaining_seq_no: int = 0


class _Leases(msgspec.Struct):
    """What the copies of a shard may ask for."""

    leases: list[_Lease] = []


class _ShardCopy(msgspec.Struct):
    """A copy of a shard."""

    seq_no: _SequenceNumbers | None = None
    retention_leases: _Leases = msgspec.field(default_factory=_Leases)


class _IndexShards(msgspec.Struct):
    """The copies of each shard."""

    shards: dict[str, list[_ShardCopy]] = {}


class _ShardStatistics(msgspec.Struct):
    """The answer to `_stats` by shard."""

    indices: dict[str, _IndexShards] = {}
    answered: _AnsweredShards = msgspec.field(name="_shards", default_factory=_AnsweredShards)


class _DocumentCounts(msgspec.Struct):
    """The documents of all shards of an index, those of their sections included."""

    deleted: int | None = None


class _Primaries(msgspec.Struct):
    """The first copies of the shards of some indices."""

    docs: _DocumentCounts = msgspec.field(default_factory=_DocumentCounts)


class _Totals(msgspec.Struct):
    """The sums over some indices."""

    primaries: _Primaries = msgspec.field(default_factory=_Primaries)


class _DocumentStatistics(msgspec.Struct):
    """The answer to `_stats` with the sums of all documents."""

    totals: _Totals = msgspec.field(default_factory=_Totals, name="_all")
    answered: _AnsweredShards = msgspec.field(name="_shards", default_factory=_AnsweredShards)


def merge_index(remote: RemoteIndex, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Merge every shard of an index and its dictionary into one segment, and wait for the end.

    Returns:
        Whether nothing is left that is worth another merge.

    Raises:
        EngineError: the cluster does not answer.
    """
    is_worth_waiting = remote.count_documents() >= WORTH_WAITING or _may_have_deleted(remote)
    routings = remote.read_description().routings if is_worth_waiting else ()
    markers = [
        f"/{remote.name}/_doc/{_MARKER}{number}?routing={routing}"
        for number, routing in enumerate(routings)
    ]
    for path in markers:
        remote.client.send(ClusterRequest("PUT", path, b"{}"))
    is_noted = True
    if markers:
        remote.refresh()
        path = f"/{remote.name}/_flush"
        remote.client.send(ClusterRequest("POST", path, seconds=_FLUSH_SECONDS))
        is_noted = _wait(lambda: _is_noted(remote, len(routings)), _SECONDS_TO_NOTE, sleep)
    is_merged = _merge(remote, sleep)
    for path in markers:
        remote.client.send(ClusterRequest("DELETE", path, accepted=(200, 404)))
    if markers:
        remote.refresh()
    return is_noted and is_merged


def _merge(remote: RemoteIndex, sleep: Callable[[float], None]) -> bool:
    """Merge, and tell whether the cluster said that it is done."""
    names = f"{remote.name},{remote.dictionary}"
    path = f"/{names}/_forcemerge?max_num_segments=1&wait_for_completion=false"
    task = remote.client.call(ClusterRequest("POST", path), _TaskName).task

    is_known = True

    def is_done() -> bool:
        nonlocal is_known
        request = ClusterRequest("GET", f"/_tasks/{task}", accepted=(200, 404))
        # A task whose node went away is not known any more: unmerged is slower, and as right.
        answer = remote.client.send(request)
        is_known = answer.status != 404
        return not is_known or msgspec.json.decode(answer.content, type=_TaskState).completed

    return _wait(is_done, _SECONDS_TO_MERGE, sleep) and is_known


def _may_have_deleted(remote: RemoteIndex) -> bool:
    """Tell whether the index may still hold documents that were deleted or replaced.

    It may where a shard does not say.
    """
    path = f"/{remote.name}/_stats/docs?filter_path={_DELETED_FILTER}"
    answer = remote.client.call(ClusterRequest("GET", path), _DocumentStatistics)
    return bool(answer.answered.failed) or answer.totals.primaries.docs.deleted != 0


def _is_noted(remote: RemoteIndex, shards: int) -> bool:
    """Tell whether no copy of any of its shards will ask for a change that was written."""
    path = f"/{remote.name}/_stats?level=shards&filter_path={_SHARD_FILTER}"
    answer = remote.client.call(ClusterRequest("GET", path), _ShardStatistics)
    copies = [each for index in answer.indices.values() for each in index.shards.values()]
    is_whole = not answer.answered.failed and len(copies) == shards
    return is_whole and all(_is_copy_noted(copy) for shard in copies for copy in shard)


def _is_copy_noted(copy: _ShardCopy) -> bool:
    """Tell whether a copy says how far it is, and that nobody will ask it for what it has."""
    last = copy.seq_no
    return last is not None and all(
        lease.retaining_seq_no > last.max_seq_no for lease in copy.retention_leases.leases
    )


def _wait(is_done: Callable[[], bool], seconds: float, sleep: Callable[[float], None]) -> bool:
    """Wait until something is done, or the time for it is over; tell whether it is done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_done():
            return True
        sleep(_SECONDS_BETWEEN)
    return False
