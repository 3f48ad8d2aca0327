"""Searches on the cluster: many in one request, their answers decoded, partial ones said."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from archive.errors import EngineError
from indexer.opensearch_engine.cluster_client import BUSY, ClusterClient, ClusterRequest, one_line

_ATTEMPTS: Final = 4
_FIRST_PAUSE: Final = 0.1
_KEEP_ALIVE: Final = "5m"
_FILTER: Final = ",".join(
    f"responses.{key}"
    for key in (
        "timed_out",
        "status",
        "error.type",
        "error.reason",
        "error.root_cause.type",
        "error.root_cause.reason",
        "_shards.total",
        "_shards.failed",
        "hits.total.value",
        "hits.hits._id",
        "hits.hits._score",
        "hits.hits.sort",
        "hits.hits.fields",
        "aggregations.*.buckets.key",
        "aggregations.*.buckets.doc_count",
    )
)


class TotalHits(msgspec.Struct):
    """The number of matches."""

    value: int = 0


class SearchHit(msgspec.Struct):
    """A match: its identifier, score, place in the order and the fields that were asked for."""

    identifier: str = msgspec.field(name="_id", default="")
    score: float | None = msgspec.field(name="_score", default=None)
    sort: list[Any] = []
    fields: dict[str, list[Any]] = {}


class HitList(msgspec.Struct):
    """The matches of a page, and the number of all."""

    total: TotalHits = msgspec.field(default_factory=TotalHits)
    hits: list[SearchHit] = []


class Bucket(msgspec.Struct):
    """A value with the number of matches that have it."""

    key: str
    doc_count: int


class Aggregation(msgspec.Struct):
    """The values of a column."""

    buckets: list[Bucket] = []


class ShardCounts(msgspec.Struct):
    """The shards of a search, and how many of them failed."""

    total: int = 0
    failed: int = 0


class ErrorCause(msgspec.Struct):
    """An error of the cluster."""

    type: str = ""
    reason: str | None = None
    root_cause: list[ErrorCause] = []


class SearchAnswer(msgspec.Struct):
    """The answer to one search."""

    timed_out: bool = False
    status: int = 200
    error: ErrorCause | None = None
    shards: ShardCounts = msgspec.field(name="_shards", default_factory=ShardCounts)
    hits: HitList = msgspec.field(default_factory=HitList)
    aggregations: dict[str, Aggregation] = {}

    @property
    def total(self) -> int:
        """Return the number of matches."""
        return self.hits.total.value

    @property
    def is_partial(self) -> bool:
        """Tell whether some shard did not answer."""
        return self.error is not None or self.shards.failed > 0


class _SearchAnswers(msgspec.Struct):
    """The answers to many searches."""

    responses: list[SearchAnswer] = []


class _PointInTime(msgspec.Struct):
    """The answer that names a point in time."""

    pit_id: str


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """An index as it is, or at a point in time.

    Attributes:
        point_in_time: its identifier, empty for the index as it is.
    """

    client: ClusterClient
    index: str
    point_in_time: str = ""

    def search(
        self, bodies: Sequence[Mapping[str, Any]], seconds: float | None = None
    ) -> list[SearchAnswer]:
        """Return the answer to each search, all asked in one request.

        Shards that did not answer are asked again; then the answer says that some are missing.

        Args:
            bodies: the searches.
            seconds: the time for the request, where it is another than the client's.

        Raises:
            EngineError: the cluster cannot be asked, or all shards of a search fail.
        """
        pause = _FIRST_PAUSE
        for attempt in range(_ATTEMPTS):
            answers = self._ask(bodies, seconds)
            again = [each for each in answers if each.is_partial]
            is_hopeless = any(each.error and each.status not in BUSY for each in again)
            if not again or is_hopeless or attempt == _ATTEMPTS - 1:
                break
            time.sleep(pause)
            pause *= 2
        for answer in answers:
            self._check(answer)
        return answers

    def open_point_in_time(self) -> SearchTarget:
        """Return the index as it is now, for searches that may take long."""
        path = f"/{self.index}/_search/point_in_time?keep_alive={_KEEP_ALIVE}"
        answer = self.client.call(ClusterRequest("POST", path), _PointInTime)
        return SearchTarget(self.client, self.index, answer.pit_id)

    def close_point_in_time(self) -> None:
        """Let the cluster forget a point in time; that it has already is no error."""
        body = msgspec.json.encode({"pit_id": [self.point_in_time]})
        request = ClusterRequest("DELETE", "/_search/point_in_time", body, accepted=(200, 404))
        self.client.send(request)

    def _ask(
        self, bodies: Sequence[Mapping[str, Any]], seconds: float | None
    ) -> list[SearchAnswer]:
        head: dict[str, Any] = {"search_type": "dfs_query_then_fetch"}
        if self.point_in_time:
            pit = {"pit": {"id": self.point_in_time, "keep_alive": _KEEP_ALIVE}}
            bodies = [{**body, **pit} for body in bodies]
        else:
            head["index"] = self.index
        lines = b"".join(
            line + b"\n" for body in bodies for line in map(msgspec.json.encode, (head, body))
        )
        request = ClusterRequest(
            "POST", f"/_msearch?filter_path={_FILTER}", lines, is_lines=True, seconds=seconds
        )
        answers = self.client.call(request, _SearchAnswers).responses
        if len(answers) != len(bodies):
            raise EngineError("the cluster answered another number of searches than was asked")
        return answers

    def _check(self, answer: SearchAnswer) -> None:
        """Refuse an answer that says nothing.

        Raises:
            EngineError: it is an error, or no shard answered.
        """
        cause = answer.error
        if cause is None and not 0 < answer.shards.total == answer.shards.failed:
            return
        if cause is None:
            reason = "all shards failed"
        else:
            cause = cause.root_cause[0] if cause.root_cause else cause
            reason = one_line(f"{cause.type}: {cause.reason}")
        if answer.status == 404:
            remedy = "begin again" if self.point_in_time else "run `tangthu rebuild`"
        else:
            remedy = "see the log of the cluster, and try again"
        raise EngineError(f"the index {self.index} cannot be searched: {reason}; {remedy}")
