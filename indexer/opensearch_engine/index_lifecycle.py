"""The indexes of an archive on a cluster, from empty to deleted: `NAME-000007`, and the alias NAME.

Another alias says to which archive an index belongs, by the identity of its home. An index of
another archive is never changed nor deleted, even where two archives were given the same name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from archive.errors import EngineError
from indexer.engine.records import EngineHealth
from indexer.opensearch_engine.cluster_client import ClientLimits, ClusterClient, ClusterRequest
from indexer.opensearch_engine.location import EngineLocation, parse_location
from indexer.opensearch_engine.remote_index import DICTIONARY_SUFFIX, RemoteIndex

SECONDS_TO_RECOVER: Final = 60
"""Seconds that an unfinished index may take to be whole again, once nodes have come back."""

_SECONDS_TO_ASK: Final = 1.0
_OWNER: Final = "tangthu-home-"
_SEPARATOR: Final = "#"
_DIGITS: Final = 6


class IndexHealth(msgspec.Struct):
    """The health of an index or a cluster.

    Attributes:
        status: `green`; `yellow` where copies are missing; `red` where no copy of a shard is there.
        nodes: nodes that are there.
        missing: copies of shards that are on no node.
        arriving: copies that are being made.
        data_nodes: nodes that hold shards, each at most one copy of a shard.
        active: copies that answer, the primary ones among them.
        primaries: shards of which a primary copy answers.
    """

    status: str = "red"
    nodes: int = msgspec.field(name="number_of_nodes", default=0)
    missing: int = msgspec.field(name="unassigned_shards", default=0)
    arriving: int = msgspec.field(name="initializing_shards", default=0)
    data_nodes: int = msgspec.field(name="number_of_data_nodes", default=0)
    active: int = msgspec.field(name="active_shards", default=0)
    primaries: int = msgspec.field(name="active_primary_shards", default=0)

    def has_copies(self, replicas: int) -> bool:
        """Tell whether each shard has as many further copies as wanted, as far as nodes go."""
        return self.active >= self.primaries * (1 + min(replicas, max(self.data_nodes - 1, 0)))


class _Aliases(msgspec.Struct):
    """The other names of an index."""

    aliases: dict[str, Any] = {}


def join_address(location: object, index: str) -> str:
    """Return the address of an index on a cluster."""
    return f"{location}{_SEPARATOR}{index}"


def split_address(address: str) -> tuple[EngineLocation, str]:
    """Return the location of a cluster and the name of an index there.

    Raises:
        EngineError: it is no address.
    """
    location, _, index = address.rpartition(_SEPARATOR)
    return parse_location(location), index


@contextmanager
def open_remote(address: str) -> Iterator[RemoteIndex]:
    """Yield the index of an address, with a client of its cluster."""
    location, index = split_address(address)
    with ClusterClient(location) as client:
        yield RemoteIndex(client, index)


def make_index(location_text: str, owner: str, needed: Collection[str]) -> str:
    """Make an empty index to be loaded, and return its address; see `engine_factory.create_index`.

    Raises:
        EngineError: the cluster refuses it, or the name there is another archive's.
    """
    location = parse_location(location_text)
    with ClusterClient(location) as client:
        owners = _list_owners(client, location.name)
        for index, index_owner in owners.items():
            if index_owner != owner:
                raise EngineError(
                    f"{index} on the cluster is another archive's; choose another name than "
                    f"{location.name!r} for this one, behind the slash of the engine's location"
                )
            if join_address(location, index) not in needed:
                RemoteIndex(client, index).delete()
        numbers = [int(index.rpartition("-")[2]) for index in owners]
        index = f"{location.name}-{max(numbers, default=0) + 1:0{_DIGITS}}"
        remote = RemoteIndex(client, index)
        # Copies are made of what is loaded and merged: it is much less than what is loaded.
        remote.create([_OWNER + owner], replicas=0)
    return join_address(location, index)


def is_whole(address: str) -> bool:
    """Tell whether an index is there with all of its shards; wait for those that come back.

    Raises:
        EngineError: the cluster does not answer.
    """
    with open_remote(address) as remote:
        request = ClusterRequest("HEAD", f"/{remote.name}", accepted=(200, 404))
        if remote.client.send(request).status == 404:
            return False
        return read_health(remote, SECONDS_TO_RECOVER).status != "red"


def read_health(remote: RemoteIndex, seconds: int = 0) -> IndexHealth:
    """Return the health of an index; wait up to some seconds until no shard is missing.

    Raises:
        EngineError: the cluster does not answer.
    """
    path = f"/_cluster/health/{remote.name}?wait_for_status=yellow&timeout={seconds}s"
    request = ClusterRequest("GET", path, accepted=(200, 408), seconds=seconds + 30)
    return remote.client.call(request, IndexHealth)


def check_health(address: str) -> EngineHealth:
    """Return the state of the nodes and shards of an index; see `engine_factory.engine_health`."""
    location, index = split_address(address)
    with ClusterClient(location, ClientLimits(seconds=_SECONDS_TO_ASK)) as client:
        request = ClusterRequest("GET", f"/_cluster/health/{index}?timeout=0s", accepted=(200, 408))
        try:
            health = client.call(request, IndexHealth)
        except EngineError:
            return EngineHealth(address, "away")
    return EngineHealth(address, health.status, health.nodes, health.missing)


def move_alias(address: str) -> None:
    """Let the archive's name mean an index, instead of another one, at once.

    Raises:
        EngineError: the cluster refuses it.
    """
    with open_remote(address) as remote:
        name = remote.client.location.name
        removal = {"index": f"{name}-*", "alias": name, "must_exist": False}
        actions = [{"remove": removal}, {"add": {"index": remote.name, "alias": name}}]
        body = msgspec.json.encode({"actions": actions})
        remote.client.send(ClusterRequest("POST", "/_aliases", body))


def delete_index(address: str, owner: str) -> None:
    """Delete an index, if it is the owner's; one that is gone is no error.

    Raises:
        EngineError: the cluster does not answer.
    """
    with open_remote(address) as remote:
        if _list_owners(remote.client, remote.client.location.name).get(remote.name) == owner:
            remote.delete()


def _list_owners(client: ClusterClient, name: str) -> dict[str, str]:
    """Return the indexes of a name, oldest first, each with its owner; empty for nobody's.

    One of which only the dictionary was made, before a kill, is among them.
    """
    answer = client.call(ClusterRequest("GET", f"/{name}-*/_alias"), dict[str, _Aliases])
    pattern = re.compile(rf"{re.escape(name)}-\d{{{_DIGITS},12}}")
    owners = {}
    for index, record in sorted(answer.items()):
        base = index.removesuffix(DICTIONARY_SUFFIX)
        if pattern.fullmatch(base):
            names = [alias for alias in record.aliases if alias.startswith(_OWNER)]
            owners[base] = names[0].removeprefix(_OWNER) if names else ""
    return owners
