"""Requests to a cluster: to any of its nodes, asked again where that can help, within a deadline.

A request may arrive twice, so each has to mean the same when it does. Everything that a node
answers is bounded in size and time, and decoded into records.
"""

from __future__ import annotations

import os
import random
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Final, Self, TypeVar

import msgspec

from archive.errors import EngineError
from indexer.opensearch_engine.location import (
    PASSWORD_FILE_VARIABLE,
    PASSWORD_VARIABLE,
    EngineLocation,
)
from indexer.opensearch_engine.node_pool import NodePool

if TYPE_CHECKING:
    import httpx

Record = TypeVar("Record")

BUSY: Final = frozenset({429, 502, 503, 504})
"""Statuses after which the same request may succeed a little later."""

_NODE_IS_AWAY: Final = frozenset({502, 504})
_AWAY_SECONDS: Final = 5.0
_REMEDY: Final = "see whether its nodes run and are not too busy, and try again"
_LONGEST_REASON: Final = 300
_JSON: Final = "application/json"
_JSON_LINES: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """Bounds of requests.

    Attributes:
        seconds: a request and its repetitions, together.
        tries: how often a node may be silent until that time is over: each gets a share of it.
        connect_seconds: making a connection to a node.
        answer_bytes: the largest answer that is read.
        connections: connections that are open at once.
        first_pause: seconds before the first repetition; each further one waits twice as long.
        longest_pause: seconds before any repetition.
    """

    seconds: float = 60.0
    tries: int = 3
    connect_seconds: float = 3.0
    answer_bytes: int = 64 << 20
    connections: int = 64
    first_pause: float = 0.05
    longest_pause: float = 2.0


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """A request to a cluster.

    Attributes:
        path: begins with a slash; with the query.
        body: JSON.
        is_lines: whether the body is many lines of JSON.
        accepted: statuses that are an answer; all others are errors.
        seconds: the time for it, where it is another than the client's.
    """

    method: str
    path: str
    body: bytes = b""
    is_lines: bool = False
    accepted: tuple[int, ...] = (200, 201)
    seconds: float | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the body."""
        # Nothing packed: an answer is as large as it arrives.
        plain = {"accept": _JSON, "accept-encoding": "identity"}
        kind = _JSON_LINES if self.is_lines else _JSON
        return {**plain, "content-type": kind} if self.body else plain

    def __str__(self) -> str:
        return f"{self.method} {self.path.split('?')[0][:100]}"


@dataclass(frozen=True, slots=True)
class ClusterAnswer:
    """The status and the content of an answer."""

    status: int
    content: bytes


class ClusterClient:
    """A client of one cluster; safe to share between threads, and after a fork."""

    def __init__(
        self,
        location: EngineLocation,
        limits: ClientLimits | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare; no node is asked yet.

        Raises:
            EngineError: httpx is not installed, or the password or the certificates cannot be read.
        """
        self.location, self.limits = location, limits or ClientLimits()
        self.sleep = sleep
        self._httpx = _import_httpx()
        addresses = location.base_addresses
        self._nodes = NodePool(addresses, random.randrange(len(addresses)))
        self._verify = _trusted(location)
        password = location.password(os.environ)
        self._login = (location.user, password or "") if location.user else None
        self._lock = threading.Lock()
        self._process = 0
        self._client: httpx.Client | None = None
        self._is_open = True
        self._away_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections; closing twice is allowed."""
        with self._lock:
            self._is_open = False
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()

    def call(self, request: ClusterRequest, record_type: type[Record]) -> Record:
        """Return the answer to a request, decoded; keys that the record has not are left out.

        Raises:
            EngineError: as `send` does, or the answer is no such record.
        """
        answer = self.send(request)
        try:
            return msgspec.json.decode(answer.content, type=record_type)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise EngineError(
                f"{self._name} answered {request} with what is no answer ({one_line(error)}); "
                "check that the location leads to OpenSearch"
            ) from error

    def send(self, request: ClusterRequest) -> ClusterAnswer:
        """Send a request to one node after another until one answers, or the time is over.

        Soon after no node answered in time, a request is sent once: whoever waits is told at once.

        Raises:
            EngineError: none answered in time, or the answer is an error.
        """
        is_away = time.monotonic() < self._away_until
        seconds = request.seconds or self.limits.seconds
        end = time.monotonic() + seconds
        pause, failure = self.limits.first_pause, "no time was left"
        remedy, distrusted = _REMEDY, set[str]()
        while (remaining := end - time.monotonic()) > 0:
            address = self._nodes.next_address()
            # A node that hangs leaves as much time to the next one as it took.
            share = remaining if len(self.location.nodes) == 1 else remaining / 2
            try:
                answer = self._ask(address, request, time.monotonic() + share)
            except (self._httpx.TransportError, TimeoutError) as error:
                self._nodes.put_aside(address)
                failure = f"{type(error).__name__}: {one_line(error)}"
                if advice := _tls_advice(error, self.location.has_tls):
                    remedy = advice
                    distrusted |= {address} if self.location.has_tls else set()
                if is_away or len(distrusted) == len(self.location.nodes):
                    break
                if self._nodes.count_available():
                    continue
            else:
                if answer.status not in BUSY or answer.status in request.accepted:
                    self._nodes.take_back(address)
                    self._away_until = 0.0
                    return self._check(request, answer)
                if answer.status in _NODE_IS_AWAY:
                    self._nodes.put_aside(address)
                failure = f"{answer.status} {_reason(answer.content)}"
            self.sleep(min(pause * random.uniform(0.5, 1.5), max(remaining, 0.0)))
            pause = min(2 * pause, self.limits.longest_pause)
        if not self._nodes.count_available():
            self._away_until = time.monotonic() + _AWAY_SECONDS
        raise EngineError(f"{self._name} did not answer {request} in time ({failure}); {remedy}")

    @property
    def _name(self) -> str:
        return f"the cluster {', '.join(map(str, self.location.nodes[:3]))}"

    def _ask(self, address: str, request: ClusterRequest, end: float) -> ClusterAnswer:
        """Ask one node; raises `httpx.TransportError` or `TimeoutError` where it is away."""
        remaining = max(end - time.monotonic(), 0.001)
        timeout = self._httpx.Timeout(
            remaining, connect=min(remaining, self.limits.connect_seconds)
        )
        content = bytearray()
        with self._connections().stream(
            request.method,
            address + request.path,
            content=request.body or None,
            headers=request.headers,
            timeout=timeout,
        ) as response:
            for chunk in response.iter_raw():
                content += chunk
                if len(content) > self.limits.answer_bytes:
                    raise EngineError(
                        f"{self._name} answered {request} with more than "
                        f"{self.limits.answer_bytes} bytes; ask for less at once"
                    )
                if time.monotonic() > end:
                    raise TimeoutError("the answer came too slowly")
            return ClusterAnswer(response.status_code, bytes(content))

    def _connections(self) -> httpx.Client:
        """Return the connections of this process: those of its parent are not its own."""
        with self._lock:
            if not self._is_open:
                raise EngineError("this connection to the cluster is closed")
            if self._client is None or self._process != os.getpid():
                self._process = os.getpid()
                self._client = self._httpx.Client(
                    auth=self._login,
                    verify=self._verify,
                    trust_env=False,
                    limits=self._httpx.Limits(max_connections=self.limits.connections),
                )
            return self._client

    def _check(self, request: ClusterRequest, answer: ClusterAnswer) -> ClusterAnswer:
        """Return an answer that is none of an error.

        Raises:
            EngineError: it is; the message says what to do.
        """
        if answer.status in request.accepted:
            return answer
        reason = _reason(answer.content)
        if answer.status in (401, 403):
            remedy = f"check the user of the location, {PASSWORD_VARIABLE} and "
            remedy += PASSWORD_FILE_VARIABLE
        elif answer.status == 404:
            remedy = "the index is gone from the cluster; run `tangthu rebuild`"
        else:
            remedy = "see the log of the cluster"
        raise EngineError(f"{self._name} refused {request}: {answer.status} {reason}; {remedy}")


class _ErrorCause(msgspec.Struct):
    """The cause of an error, as OpenSearch names it."""

    type: str = ""
    reason: str | None = None
    root_cause: list[_ErrorCause] = []


class _ErrorAnswer(msgspec.Struct):
    """The answer that is an error."""

    error: _ErrorCause | str = ""


def _reason(content: bytes) -> str:
    """Return the reason of an error in one line; it may come from anybody."""
    try:
        error = msgspec.json.decode(content, type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return one_line(content[:_LONGEST_REASON].decode("utf-8", "replace"))
    if isinstance(error, str):
        return one_line(error)
    cause = error.root_cause[0] if error.root_cause else error
    return one_line(f"{cause.type}: {cause.reason}")


def one_line(text: object) -> str:
    """Return a text without line ends and control characters, cut to a length that is read."""
    clean = "".join(sign if sign.isprintable() else " " for sign in str(text)[:_LONGEST_REASON])
    return " ".join(clean.split())


def _tls_advice(error: BaseException | None, has_tls: bool) -> str:
    """Return what to change where a node and we do not agree about TLS; empty for other errors."""
    if not has_tls:
        # A node that speaks TLS hangs up on whoever does not.
        is_hung_up = type(error).__name__ == "RemoteProtocolError"
        return "if its nodes run, and speak TLS, the location needs `tls=1`" if is_hung_up else ""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            "name the nodes as their certificates do, and the certificate of their authority in a "
            "file by `ca=FILE` in the location"
        )
    if error is not None and error.reason == "WRONG_VERSION_NUMBER":
        return "its nodes speak no TLS: leave `tls=1` out of the location, or have them speak it"
    return ""


def _trusted(location: EngineLocation) -> ssl.SSLContext | bool:
    """Return what certificates are checked against."""
    if not location.has_tls:
        return False
    try:
        return ssl.create_default_context(cafile=location.certificates or None)
    except (OSError, ssl.SSLError) as error:
        raise EngineError(
            f"the certificates of the cluster cannot be read from {location.certificates}: {error}"
        ) from error


def _import_httpx() -> ModuleType:
    """Return httpx, which is an extra."""
    try:
        import httpx
    except ImportError as error:
        raise EngineError(
            "an index on a cluster needs httpx: pip install 'tangthu[cluster]'"
        ) from error
    return httpx
