"""The client of a cluster, against nodes that die, stall, lie and talk without end."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from archive.errors import EngineError
from indexer.opensearch_engine.cluster_client import (
    ClientLimits,
    ClusterClient,
    ClusterRequest,
)
from indexer.opensearch_engine.location import PASSWORD_VARIABLE, EngineLocation, Node
from tests.indexer.opensearch_engine.fake_cluster import (
    drip,
    fake_node,
    hang_up,
    hang_up_at_once,
    location_of,
)
from tests.paths import ROOT

QUICK = ClientLimits(seconds=20, connect_seconds=5, answer_bytes=1000, first_pause=0.001)
GET = ClusterRequest("GET", "/tests/_count?pretty")
COUNT = (200, b'{"count": 3}')


def client_of(location: EngineLocation, limits: ClientLimits = QUICK) -> ClusterClient:
    return ClusterClient(location, limits, sleep=lambda seconds: None)


def dead_node() -> Node:
    """A port that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return Node("127.0.0.1", listener.getsockname()[1])


def count(client: ClusterClient, request: ClusterRequest = GET) -> int:
    return client.call(request, dict[str, int])["count"]


def test_a_request_arrives_as_it_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "mật:khẩu")
    with fake_node(COUNT) as (node, script), client_of(location_of(node, user="lan")) as client:
        assert count(client, ClusterRequest("POST", "/a/_bulk?b=c", b"{}\n", is_lines=True)) == 3
    (received,) = script.received
    assert received[:3] == ("POST", "/a/_bulk?b=c", b"{}\n")
    assert received.login.startswith("Basic ")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_node_is_asked_again(status: int) -> None:
    with fake_node((status, b"busy"), (status, b"{}"), COUNT) as (node, script):
        with client_of(location_of(node)) as client:
            assert count(client) == 3
    assert len(script.received) == 3


def test_a_dead_node_is_put_aside() -> None:
    with fake_node(COUNT) as (node, script):
        with client_of(location_of(dead_node(), node, dead_node())) as client:
            assert [count(client) for _ in range(20)] == [3] * 20
            assert client._nodes.count_available() == 1
    assert len(script.received) == 20


def test_a_node_that_dies_while_it_answers_costs_nothing() -> None:
    with fake_node((200, hang_up)) as (dying, _), fake_node(COUNT) as (node, _):
        with client_of(location_of(dying, node)) as client:
            assert [count(client) for _ in range(10)] == [3] * 10


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([(200, b"<html>")], "what is no answer"),
        ([(200, b'{"count": "three"}')], "what is no answer"),
        ([(200, b"[" * 900)], "what is no answer"),
        ([(200, b"\xff\xfe")], "what is no answer"),
        ([(200, b" " * 1001)], "more than 1000 bytes"),
        ([(404, b'{"error": {"type": "index_not_found_exception"}}')], "run `tangthu rebuild`"),
        ([(401, b"who are you")], PASSWORD_VARIABLE),
        ([(403, b"")], PASSWORD_VARIABLE),
        ([(400, b'{"error": "no\\n\\u001b[31msuch thing"}')], r"400 no \[31msuch thing; see"),
        ([(500, b'{"error": {"root_cause": [{"type": "x", "reason": "y"}]}}')], "500 x: y"),
        ([(400, b"long " * 150)], "refused"),
        ([(302, b"")], "302"),
    ],
)
def test_a_wrong_answer_is_an_error_in_one_line(answers: list[Any], message: str) -> None:
    with fake_node(*answers) as (node, script), client_of(location_of(node)) as client:
        with pytest.raises(EngineError, match=message) as failure:
            count(client)
    text = str(failure.value)
    assert text.isprintable()
    assert len(text) < 700
    assert f"127.0.0.1:{node.port}" in text
    assert len(script.received) == 1


def test_an_accepted_status_is_an_answer() -> None:
    with fake_node((404, b'{"count": 0}')) as (node, _), client_of(location_of(node)) as client:
        request = ClusterRequest("DELETE", "/tests", accepted=(200, 404))
        assert client.send(request).status == 404


@pytest.mark.parametrize("answer", [(503, b"busy"), (200, drip), (200, hang_up)])
def test_the_deadline_is_kept(answer: Any) -> None:
    limits = ClientLimits(seconds=0.3, answer_bytes=1 << 20)
    with fake_node(answer) as (node, script):
        with ClusterClient(location_of(node), limits) as client:
            with pytest.raises(EngineError, match="did not answer GET /tests/_count in time"):
                client.send(GET)
    # Pauses grow, so that a busy node is not asked all the time.
    assert 1 <= len(script.received) < 20


def test_a_node_that_hangs_leaves_time_for_another() -> None:
    limits = replace(QUICK, seconds=4)
    with fake_node((200, drip)) as (hanging, _), fake_node(COUNT) as (node, script):
        with client_of(location_of(hanging, node), limits) as client:
            assert [count(client) for _ in range(3)] == [3, 3, 3]
    assert len(script.received) == 3


def test_while_the_cluster_is_away_each_request_is_sent_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    with client_of(location_of(dead_node(), dead_node()), replace(QUICK, seconds=0.3)) as client:
        ask = client._ask
        monkeypatch.setattr(client, "_ask", lambda *words: asked.append(words) or ask(*words))
        with pytest.raises(EngineError, match="did not answer"):
            count(client)
        assert len(asked) > 1
        asked.clear()
        with pytest.raises(EngineError, match="did not answer"):
            count(client, replace(GET, seconds=60))
        assert len(asked) == 1


def test_a_node_that_hangs_leaves_time_for_the_others() -> None:
    limits = ClientLimits(seconds=6, tries=20, answer_bytes=1 << 20)
    with fake_node((200, drip)) as (hanging, _), fake_node(COUNT) as (node, _):
        with ClusterClient(location_of(hanging, node), limits) as client:
            assert [count(client) for _ in range(4)] == [3] * 4
            assert client._nodes.count_available() == 1


def test_nobody_at_home_is_said() -> None:
    location = location_of(dead_node(), dead_node())
    with ClusterClient(location, ClientLimits(seconds=0.2)) as client:
        with pytest.raises(EngineError, match="ConnectError.*see whether its nodes run"):
            client.send(GET)


def test_threads_share_a_client() -> None:
    counts: list[int] = []
    with fake_node((503, b""), COUNT) as (node, _), fake_node(COUNT) as (other_node, _):
        with client_of(location_of(node, other_node)) as client:
            threads = [
                threading.Thread(target=lambda: counts.extend(count(client) for _ in range(10)))
                for _ in range(6)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert counts == [3] * 60


def test_a_closed_client_says_so() -> None:
    with fake_node(COUNT) as (node, _):
        client = client_of(location_of(node))
        assert count(client) == 3
        client.close()
        client.close()
        with pytest.raises(EngineError, match="closed"):
            count(client)


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(EngineError, match=r"pip install 'tangthu\[cluster\]'"):
        ClusterClient(location_of(Node("127.0.0.1")))


def test_certificates_that_cannot_be_read_are_said() -> None:
    location = location_of(Node("127.0.0.1"), has_tls=True, certificates="/nowhere")  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="certificates.*nowhere"):
        ClusterClient(location)


def test_the_module_is_imported_without_httpx() -> None:
    code = "import sys, indexer.opensearch_engine.cluster_client; sys.exit('httpx' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_node_that_hangs_up_may_want_tls() -> None:
    with fake_node((200, hang_up_at_once)) as (node, _):
        with client_of(location_of(node), replace(QUICK, seconds=0.5)) as client:
            with pytest.raises(EngineError, match="needs `tls=1`"):
                count(client)


def test_nodes_without_tls_are_given_up_at_once() -> None:
    slow = replace(QUICK, seconds=600)
    with fake_node(COUNT) as (first, _), fake_node(COUNT) as (second, script):
        location = replace(location_of(first, second), has_tls=True)
        with client_of(location, slow) as client:
            with pytest.raises(EngineError, match="leave `tls=1` out"):
                count(client)
    assert script.received == []
