"""Searches on the cluster: many in one request, their answers decoded, partial ones said."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from archive.errors import EngineError
from indexer.opensearch_engine.cluster_client import BUSY, ClusterClient, ClusterRequest, one_line

_ATTEMPTS_FOR_PARTS: Final = 4
_ATTEMPTS_FOR_ANYTHING: Final = 7
"""How often a search of which nothing is answered is asked: until a killed node's copies are let
go, which takes the manager some seconds."""
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
        "error.caused_by.type",
        "error.caused_by.reason",
        "_shards.total",
        "_shards.failed",
        "hits.total.value",
        "hits.hits._id",
        "hits.hits._score",
        "hits.hits.sort",
        "hits.hits._primary_term",
        "hits.hits.fields",
        "aggregations.*.buckets.key",
        "aggregations.*.buckets.doc_count",
    )
)


class TotalHits(msgspec.Struct):
    """The number of matches."""

    value: int = 0


class SearchHit(msgspec.Struct):
    """A match: its identifier, score, place in the order and the fields that were asked for.

    Attributes:
        primary_term: how often another copy of the shard became the first one, where it was asked.
    """

    identifier: str = msgspec.field(name="_id", default="")
    score: float | None = msgspec.field(name="_score", default=None)
    primary_term: int = msgspec.field(name="_primary_term", default=0)
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
    caused_by: ErrorCause | None = None

    @property
    def innermost(self) -> ErrorCause:
        """Return the error of a shard, or what lies behind this one where no shard is named."""
        return self.root_cause[0] if self.root_cause else self.caused_by or self


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

    @property
    def is_missing(self) -> bool:
        """Tell whether nothing was answered."""
        return self.error is not None or 0 < self.shards.total == self.shards.failed

    @property
    def is_refused(self) -> bool:
        """Tell whether the search itself is at fault, so that it would be refused again.

        A node that goes away in the middle of a search leaves an error of the server, 500 as well
        as 503: the other copies may answer the next time.
        """
        return self.error is not None and self.status < 500 and self.status not in BUSY


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
        Where nothing is answered, more patience is better than a page that failed.

        Args:
            bodies: the searches.
            seconds: the time for the request, where it is another than the client's.

        Raises:
            EngineError: the cluster cannot be asked, or all shards of a search fail.
        """
        end = time.monotonic() + (seconds or self.client.limits.seconds)
        pause, attempt = _FIRST_PAUSE, 0
        while True:
            answers, attempt = self._ask(bodies, seconds), attempt + 1
            again = [each for each in answers if each.is_partial]
            is_missing = any(each.is_missing for each in again)
            most = _ATTEMPTS_FOR_ANYTHING if is_missing else _ATTEMPTS_FOR_PARTS
            is_refused = any(each.is_refused for each in again)
            if not again or is_refused or attempt >= most or time.monotonic() + pause > end:
                break
            self.client.sleep(pause)
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
        if not answer.is_missing:
            return
        reason = "all shards failed"
        if answer.error is not None:
            cause = answer.error.innermost
            reason = one_line(f"{cause.type}: {cause.reason}")
        if answer.status == 404:
            remedy = "begin again" if self.point_in_time else "run `tangthu rebuild`"
        else:
            remedy = "see the log of the cluster, and try again"
        raise EngineError(f"the index {self.index} cannot be searched: {reason}; {remedy}")
