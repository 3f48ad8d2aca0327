"""A node that answers what a test has written down: no JVM, one thread, on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from indexer.opensearch_engine.location import EngineLocation, Node


class Received(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    body: bytes
    login: str


@dataclass
class Script:
    """The answer to each request in turn, the last one for all further ones.

    Attributes:
        answers: (status, body); a body that can be called is given the handler and answers itself.
        received: the requests so far.
    """

    answers: list[tuple[int, bytes | Callable[[BaseHTTPRequestHandler], None]]]
    received: list[Received] = field(default_factory=list)


@contextmanager
def fake_node(
    *answers: tuple[int, bytes | Callable[[BaseHTTPRequestHandler], None]],
) -> Iterator[tuple[Node, Script]]:
    """Serve some answers; yield the node and what it received."""
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            login = self.headers.get("authorization") or ""
            script.received.append(Received(self.command, self.path, body, login))
            number = min(len(script.received), len(script.answers)) - 1
            status, content = script.answers[number]
            if callable(content):
                content(self)
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Node("127.0.0.1", server.server_address[1]), script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """End the connection in the middle of an answer, as a node does that dies."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"took":')


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Answer a byte now and then, without an end."""
    handler.send_response(200)
    handler.send_header("content-length", "1000000")
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b" ")
            time.sleep(0.02)
    except OSError:
        pass


def location_of(*nodes: Node, **values: str) -> EngineLocation:
    """Return the location of an index on some nodes."""
    return EngineLocation(nodes, "tests", **values)


def hang_up_at_once(handler: BaseHTTPRequestHandler) -> None:
    """End the connection without an answer, as a node does that wants TLS."""
    handler.close_connection = True
