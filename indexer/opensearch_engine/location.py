"""The location of an index on a cluster: its nodes, its name, how many copies, without a password.

`opensearch://user@host1:9200,host2:9200/name?shards=3&replicas=1&tls=1&ca=/etc/ca.pem`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from archive.errors import EngineError
from archive.settings.secret_settings import PasswordSource

SCHEME: Final = "opensearch://"

PASSWORD_VARIABLE: Final = "TANGTHU_ENGINE_PASSWORD"
PASSWORD_FILE_VARIABLE: Final = "TANGTHU_ENGINE_PASSWORD_FILE"

DEFAULT_PORT: Final = 9200
MOST_SHARDS: Final = 1024
MOST_REPLICAS: Final = 16

_LONGEST: Final = 4096
_HOST: Final = re.compile(
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_USER: Final = re.compile(r"[^\x00-\x20:@/?#\x7f]{1,128}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_ALLOWED: Final = (
    "allowed is opensearch://user@host1:9200,host2:9200/name?shards=3&replicas=1&tls=1&ca=FILE "
    f"without a password, which is in {PASSWORD_VARIABLE} or in the file that "
    f"{PASSWORD_FILE_VARIABLE} names"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a cluster; an IPv6 address is in brackets."""

    host: str
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class EngineLocation:
    """The location of an archive's indexes on a cluster.

    Attributes:
        nodes: the nodes that are asked, any of them for any request.
        name: the beginning of the names of the archive's indexes, and their alias.
        user: who is logged in as; empty for nobody.
        shards: primary shards of a new index.
        replicas: further copies of each shard of a new index.
        has_tls: whether the nodes speak HTTPS; their certificates are always checked.
        certificates: a file of certificates (PEM) that are trusted; empty for the system's.
    """

    nodes: tuple[Node, ...]
    name: str
    user: str = ""
    shards: int = 1
    replicas: int = 0
    has_tls: bool = False
    certificates: str = ""

    def __str__(self) -> str:
        options = {"shards": self.shards, "replicas": self.replicas, "tls": int(self.has_tls)}
        files = {"ca": self.certificates} if self.certificates else {}
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        nodes = ",".join(map(str, self.nodes))
        return f"{SCHEME}{user}{nodes}/{self.name}?{urlencode({**options, **files})}"

    @property
    def base_addresses(self) -> tuple[str, ...]:
        """Return the address of each node."""
        scheme = "https" if self.has_tls else "http"
        return tuple(f"{scheme}://{node}" for node in self.nodes)

    def password(self, environment: Mapping[str, str]) -> str | None:
        """Return the password as it is now; None where there is none.

        Raises:
            EngineError: its file cannot be read.
        """
        file = environment.get(PASSWORD_FILE_VARIABLE, "")
        return PasswordSource("the engine's", PASSWORD_VARIABLE, file, EngineError).read(
            environment
        )


def parse_location(text: str) -> EngineLocation:
    """Return the location that a text names.

    Raises:
        EngineError: it is none; the message does not repeat it, since it may hold a password.
    """
    if not text.startswith(SCHEME) or len(text) > _LONGEST:
        raise _refusal("is no location of a cluster")
    address, _, query = text.removeprefix(SCHEME).partition("?")
    authority, _, name = address.partition("/")
    user, _, hosts = authority.rpartition("@")
    if ":" in user or "@" in user:
        raise _refusal("holds a password, or two users")
    user = unquote(user)
    if user and not _USER.fullmatch(user):
        raise _refusal("has a user with signs that none has")
    if not _NAME.fullmatch(name):
        raise _refusal("names no index (small letters, digits, - and _)")
    options = _parse_options(query)
    return EngineLocation(
        nodes=tuple(_parse_node(host) for host in hosts.split(",")),
        name=name,
        user=user,
        shards=_parse_number(options, "shards", 1, MOST_SHARDS, 1),
        replicas=_parse_number(options, "replicas", 0, MOST_REPLICAS, 0),
        has_tls=bool(_parse_number(options, "tls", 0, 1, 0)),
        certificates=options.get("ca", ""),
    )


def _parse_node(text: str) -> Node:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or DEFAULT_PORT) if match else 0
    if match is None or not 0 < port < 1 << 16:
        raise _refusal("has a host or a port that cannot be")
    return Node(match["host"].lower(), port)


def _parse_options(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError:
        raise _refusal("has options that cannot be read") from None
    options = dict(pairs)
    if len(options) < len(pairs) or not options.keys() <= {"shards", "replicas", "tls", "ca"}:
        raise _refusal("has an option twice, or one that is unknown")
    return options


def _parse_number(options: Mapping[str, str], key: str, least: int, most: int, default: int) -> int:
    text = options.get(key, str(default))
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise _refusal(f"has {key} that are no number from {least} to {most}")
    return int(text)


def _refusal(reason: str) -> EngineError:
    return EngineError(f"the location of the engine {reason}; {_ALLOWED}")
