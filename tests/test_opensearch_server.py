"""The tests' own OpenSearch cluster: what it needs, and that runs beside each other share it."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from tests import opensearch_server
from tests.opensearch_server import (
    ask_node,
    delete_indices,
    find_jdk,
    processor_seconds,
    reason_to_skip,
)


def _make_jdk(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "javac").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return folder


@pytest.mark.parametrize(
    ("version", "is_enough"), [("25.0.3", True), ("21", True), ("17.0.15", False), ("1.8.0", False)]
)
def test_only_a_jdk_that_is_new_enough_is_taken(
    version: str, is_enough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_server, "_OLDEST_JAVA", 21)
    home = _make_jdk(tmp_path / "jdk", version)
    monkeypatch.setenv("JAVA_HOME", str(home))
    find_jdk.cache_clear()
    try:
        assert (find_jdk() == home) is is_enough
    finally:
        find_jdk.cache_clear()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_server, "find_jdk", lambda: Path("/jdk"))
    monkeypatch.setenv("PATH", "/nowhere")
    assert "Maven" in reason_to_skip()
    monkeypatch.setattr(opensearch_server, "find_jdk", lambda: None)
    assert "javac" in reason_to_skip()


def test_every_node_answers_and_all_are_one_cluster(opensearch_urls: tuple[str, ...]) -> None:
    sizes = [ask_node(url, "GET", "/_cluster/health")["number_of_nodes"] for url in opensearch_urls]
    assert sizes == [len(opensearch_urls)] * len(opensearch_urls)


def test_only_the_indices_of_a_test_are_deleted(
    opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    url = opensearch_urls[0]
    names = [f"{opensearch_name}-a-1", f"{opensearch_name}-a-2", f"{opensearch_name}-b"]
    for name in names:
        ask_node(url, "PUT", f"/{name}", {"settings": {"number_of_replicas": 0}})
    delete_indices(url, f"{opensearch_name}-a")
    rows = ask_node(url, "GET", f"/_cat/indices/{opensearch_name}*?format=json")
    assert [row["index"] for row in rows] == names[2:]


def test_a_refused_request_says_why(opensearch_urls: tuple[str, ...]) -> None:
    with pytest.raises(OSError, match="index_not_found"):
        ask_node(opensearch_urls[0], "GET", "/no-such-index/_search")


def test_a_wait_that_ends_says_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_server, "reason_to_skip", lambda: "")
    monkeypatch.setattr(opensearch_server, "_is_too_long", lambda *_: True)
    monkeypatch.setattr(opensearch_server, "describe_waiting", lambda _: "2 nodes; kho 0 r")
    monkeypatch.setattr(opensearch_server.OpenSearchCluster, "_end_of_log", lambda *_: "log")
    cluster = opensearch_server.OpenSearchCluster()
    with pytest.raises(AssertionError, match=r"processor time \(2 nodes; kho 0 r\): log"):
        cluster.wait_until_green()
    cluster.stop()


@pytest.mark.parametrize(
    ("seconds", "used", "is_too_long"),
    [
        (299.0, 500.0, False),
        (301.0, 20.0, False),
        (301.0, 121.0, True),
        (301.0, math.nan, True),
        (1201.0, 20.0, True),
    ],
)
def test_nodes_without_a_processor_are_waited_for(
    seconds: float, used: float, is_too_long: bool
) -> None:
    assert opensearch_server._is_too_long(seconds, used) is is_too_long


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_the_processor_time_of_a_process_is_told() -> None:
    assert 0 < processor_seconds(os.getpid()) < math.inf
    assert math.isinf(processor_seconds(1 << 30))
