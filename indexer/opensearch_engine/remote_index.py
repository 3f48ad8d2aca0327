"""An index on the cluster: made, described, refreshed, deleted; its dictionary goes with it.

The mapping's `_meta` says which format and analyzer made the index and up to which change of the
store it goes, so that every host that serves it knows the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

import msgspec

from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis.analyzer import ANALYZER
from indexer.opensearch_engine.cluster_client import ClusterClient, ClusterRequest
from indexer.opensearch_engine.index_pointer import FORMAT, IndexPointer
from indexer.opensearch_engine.mapping import dictionary_body, index_body
from indexer.opensearch_engine.search_answers import ShardCounts

DICTIONARY_SUFFIX: Final = "-words"
"""What the name of an index's dictionary ends with."""

_MOST_ROUTINGS: Final = 10_000
_SECONDS_TO_CHANGE: Final = 600.0
_ATTEMPTS_TO_COUNT: Final = 5
_FIRST_PAUSE: Final = 0.25


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """The description of an index in its own mapping.

    Attributes:
        sequence: the last number of the store's change sequence that the index includes.
        documents: documents at its last commit.
        routings: for each shard a routing that leads to it.
    """

    format: str = FORMAT
    analyzer: str = ANALYZER
    sequence: int = 0
    documents: int = 0
    routings: tuple[str, ...] = ()


class RemoteIndex:
    """An index of a cluster, by its name."""

    def __init__(self, client: ClusterClient, name: str) -> None:
        """Name an index, which need not be there yet."""
        self.client, self.name = client, name

    @property
    def dictionary(self) -> str:
        """Return the name of the index of exact words beside it."""
        return self.name + DICTIONARY_SUFFIX

    def create(self, aliases: Sequence[str] = (), replicas: int | None = None) -> IndexPointer:
        """Create the index, empty and with other names, and return a pointer to it.

        Args:
            aliases: other names of index and dictionary.
            replicas: further copies of each shard, if others than the location wants.

        Raises:
            EngineError: the cluster cannot, or an index of this name is there.
        """
        location = self.client.location
        wanted = location if replicas is None else replace(location, replicas=replicas)
        names: dict[str, Any] = {"aliases": {name: {} for name in aliases}}
        self._put(self.dictionary, dictionary_body(wanted) | names)
        description = IndexDescription()
        self._put(self.name, index_body(wanted, msgspec.to_builtins(description)) | names)
        self.describe(replace(description, routings=self._find_routings(location.shards)))
        return IndexPointer(str(location), self.name)

    def delete(self) -> None:
        """Delete the index and its dictionary; that they are not there is no error."""
        for name in (self.name, self.dictionary):
            self.client.send(ClusterRequest("DELETE", f"/{name}", accepted=(200, 404)))

    def read_description(self) -> IndexDescription:
        """Return how the index describes itself.

        Raises:
            AnalyzerChangedError: it was made by another analyzer or format.
            EngineError: it is not there, or is no index of ours.
        """
        request = ClusterRequest("GET", f"/{self.name}/_mapping?filter_path=*.mappings._meta")
        answer = self.client.call(request, dict[str, _MappingAnswer])
        if len(answer) != 1:
            raise EngineError(f"{self.name} is not one index of the cluster; run `tangthu rebuild`")
        (mapping,) = answer.values()
        description = mapping.mappings.meta
        if (description.format, description.analyzer) != (FORMAT, ANALYZER):
            raise AnalyzerChangedError(
                f"the index {self.name} was made by format {description.format[:80]!r} and "
                f"analyzer {description.analyzer[:80]!r}, this program has {FORMAT!r} and "
                f"{ANALYZER!r}; run `tangthu rebuild`"
            )
        return description

    def describe(self, description: IndexDescription) -> None:
        """Replace the description of the index."""
        body = {"_meta": msgspec.to_builtins(description)}
        self._send("PUT", f"/{self.name}/_mapping", body)

    def refresh(self) -> None:
        """Make what was written so far visible to searches."""
        self._send("POST", f"/{self.name},{self.dictionary}/_refresh")

    def count_documents(self) -> int:
        """Return the number of documents that searches see, those of every shard.

        Raises:
            EngineError: the cluster does not answer, or a shard does not, asked again and again.
        """
        request = ClusterRequest("GET", f"/{self.name}/_count")
        for attempt in range(_ATTEMPTS_TO_COUNT):
            answer = self.client.call(request, _CountAnswer)
            if not answer.shards.failed:
                return answer.count
            if attempt + 1 < _ATTEMPTS_TO_COUNT:
                self.client.sleep(_FIRST_PAUSE * 2**attempt)
        raise EngineError(
            f"{answer.shards.failed} of {answer.shards.total} shards of {self.name} do not answer; "
            "start the nodes that are missing, and try again"
        )

    def _put(self, name: str, body: dict[str, Any]) -> None:
        content = msgspec.json.encode(body)
        path = f"/{name}?wait_for_active_shards=1&timeout=60s&cluster_manager_timeout=60s"
        self.client.send(ClusterRequest("PUT", path, content, seconds=_SECONDS_TO_CHANGE))

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        content = msgspec.json.encode(body) if body else b""
        self.client.send(ClusterRequest(method, path, content, seconds=_SECONDS_TO_CHANGE))

    def _find_routings(self, shards: int) -> tuple[str, ...]:
        """Return for each shard a routing that leads to it, as the cluster itself shares out."""
        routings: dict[int, str] = {}
        for number in count():
            path = f"/{self.name}/_search_shards?routing={number}&filter_path=shards.shard"
            answer = self.client.call(ClusterRequest("GET", path), _ShardsAnswer)
            routings.setdefault(answer.shards[0][0].shard, str(number))
            if len(routings) == shards:
                return tuple(routings[shard] for shard in sorted(routings))
            if number > _MOST_ROUTINGS:
                break
        raise EngineError(f"no routing leads to some shards of {self.name}")


class _Mapping(msgspec.Struct):
    """The part of a mapping that is ours."""

    meta: IndexDescription = msgspec.field(name="_meta")


class _MappingAnswer(msgspec.Struct):
    """The mapping of one index."""

    mappings: _Mapping


class _CountAnswer(msgspec.Struct):
    """The answer to `_count`."""

    count: int
    shards: ShardCounts = msgspec.field(name="_shards", default_factory=ShardCounts)


class _Shard(msgspec.Struct):
    """A copy of a shard."""

    shard: int


class _ShardsAnswer(msgspec.Struct):
    """The answer to `_search_shards`: for each shard its copies."""

    shards: Sequence[Sequence[_Shard]]
