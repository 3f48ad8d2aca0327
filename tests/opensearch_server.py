"""An OpenSearch cluster of the tests' own: some nodes on loopback, in a temporary folder.

`python -m tests.opensearch_server FILE` starts one, writes the addresses of its nodes to the file
and serves until it is ended; test runs side by side share it by TANGTHU_OPENSEARCH_URLS.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self

from tests.cluster_waiting import describe_waiting

REQUIRED = "TANGTHU_OPENSEARCH_REQUIRED"
"""The variable of the environment that makes a missing JDK or Maven an error."""

URLS_VARIABLE = "TANGTHU_OPENSEARCH_URLS"
"""The variable that names the nodes of a running cluster, with commas between them."""

VERSION = os.environ.get("OPENSEARCH") or "3.8.0"
"""The version of the nodes: 3.x needs Java 21, 2.x Java 17."""

_SOURCES = Path(__file__).parent / "opensearch"
_CLASS = "ClusterNode"
_IS_SECOND_LINE = VERSION.startswith("2.")
_OLDEST_JAVA = 17 if _IS_SECOND_LINE else 21
_LOG4J = "2.21.0" if _IS_SECOND_LINE else "2.25.4"
_NEW_FLAGS = ("--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector")
_FLAGS = (
    "-Xms1g",
    "-Xmx1g",
    "-XX:+UseG1GC",
    # Two compilers' threads are enough for nodes that live for minutes.
    "-XX:CICompilerCount=2",
    "-Dlog4j2.disable.jmx=true",
    *(() if _IS_SECOND_LINE else _NEW_FLAGS),
)
_SETTINGS = {
    "cluster.name": "tangthu-test",
    "network.host": "127.0.0.1",
    "node.processors": "2",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    # Garbage that waits for its collection is no reason to refuse a request.
    "indices.breaker.total.use_real_memory": "false",
    "action.auto_create_index": "false",
    "action.destructive_requires_name": "true",
}
_SECONDS_TO_START = 300
_LONGEST_START = 1200
"""Seconds after which nodes are given up that a busy machine left no processor."""

_PROCESSOR_SECONDS = 120
"""Processor time of all nodes within which they have started, whatever else the machine does."""

_SECONDS_TO_FETCH = 900
_LONGEST_LOG = 4000


@cache
def find_jdk() -> Path | None:
    """Return the folder of a JDK that is new enough, the newest; None where there is none."""
    homes = [Path(name) for name in (os.environ.get("JAVA_HOME"),) if name]
    homes += sorted(Path("/usr/lib/jvm").glob("*"), key=_java_release, reverse=True)
    if program := shutil.which("javac"):
        homes.append(Path(program).resolve().parents[1])
    return next((home for home in homes if _java_release(home) >= _OLDEST_JAVA), None)


def _java_release(home: Path) -> int:
    """Return the release of a JDK; 0 for another folder, or one without a compiler."""
    with suppress(OSError):
        text = (home / "release").read_text(encoding="utf-8")
        match = re.search(r'^JAVA_VERSION="(\d+)', text, re.MULTILINE)
        if match and (home / "bin" / "javac").exists():
            return int(match[1])
    return 0


def reason_to_skip() -> str:
    """Say what is missing for a cluster; empty if nothing is."""
    if find_jdk() is None:
        return f"no JDK of Java {_OLDEST_JAVA} or later with javac, for OpenSearch {VERSION}"
    if shutil.which("mvn") is None:
        return "no Maven, which fetches OpenSearch (Debian: maven)"
    return ""


def fetch_class_path(target: Path) -> str:
    """Have Maven fetch OpenSearch, once for all runs, and return its class path.

    Args:
        target: a file to write it to.
    """
    command = ["mvn", "-q", "-B", "-ntp", f"-f={_SOURCES / 'pom.xml'}"]
    command += [f"-Dopensearch.version={VERSION}", f"-Dlog4j.version={_LOG4J}"]
    command += ["dependency:build-classpath", f"-Dmdep.outputFile={target}"]
    environment = os.environ | {"JAVA_HOME": str(find_jdk())}
    # What was fetched before needs no network.
    done = _run([*command, "--offline"], environment)
    if done.returncode:
        done = _run(command, environment)
    assert done.returncode == 0, f"Maven cannot fetch OpenSearch {VERSION}: {done.stdout}"
    return target.read_text(encoding="utf-8")


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS_TO_FETCH,
        env=environment,
    )


class OpenSearchCluster:
    """A cluster that runs in a `with` block; its indices go with it.

    A node ends with the process that started it, however that ends.

    Args:
        size: nodes; each can be the manager, and holds data.

    Attributes:
        folder: its folder, with a folder and a log of each node.
    """

    def __init__(self, size: int = 3) -> None:
        missing = reason_to_skip()
        assert not missing, missing
        self.folder = Path(tempfile.mkdtemp(prefix="tangthu-opensearch-"))
        ports = _free_ports(2 * size)
        self._http_ports, self._transport_ports = ports[:size], ports[size:]
        self._nodes: dict[int, subprocess.Popen[bytes]] = {}
        self._class_path = ""

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all nodes, running or not."""
        return tuple(f"http://127.0.0.1:{port}" for port in self._http_ports)

    def __enter__(self) -> Self:
        with ExitStack() as cleaning:
            cleaning.callback(self.stop)
            fetched = fetch_class_path(self.folder / "class-path")
            self._class_path = f"{self.folder}{os.pathsep}{fetched}"
            jdk, source = find_jdk(), _SOURCES / f"{_CLASS}.java"
            assert jdk is not None
            compiler = [str(jdk / "bin" / "javac"), "-nowarn", "-cp", self._class_path]
            done = _run([*compiler, "-d", str(self.folder), str(source)], dict(os.environ))
            assert done.returncode == 0, done.stdout
            for number in range(len(self.urls)):
                self.start_node(number)
            self.wait_until_green()
            cleaning.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start_node(self, number: int) -> None:
        """Start a node that does not run; it joins the others in some seconds."""
        jdk = find_jdk()
        assert jdk is not None
        seeds = ",".join(f"127.0.0.1:{port}" for port in self._transport_ports)
        names = ",".join(f"node-{index}" for index in range(len(self.urls)))
        settings = _SETTINGS | {
            "node.name": f"node-{number}",
            "http.port": str(self._http_ports[number]),
            "transport.port": str(self._transport_ports[number]),
            "discovery.seed_hosts": seeds,
            "cluster.initial_cluster_manager_nodes": names,
        }
        folder = self.folder / f"node-{number}"
        (folder / "config").mkdir(parents=True, exist_ok=True)
        command = [str(jdk / "bin" / "java"), *_FLAGS, "-cp", self._class_path, _CLASS, str(folder)]
        command += [f"{name}={value}" for name, value in settings.items()]
        with (folder / "log").open("ab") as log:
            # A session of its own: Ctrl+C is for the tests, which then stop the nodes.
            self._nodes[number] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    def kill_node(self, number: int) -> None:
        """Kill a node as a crash does, and wait until it is gone."""
        node = self._nodes.pop(number)
        node.kill()
        node.wait()
        assert node.stdin is not None
        node.stdin.close()

    def pause_node(self, number: int, pause: bool = True) -> None:
        """Stop a node's process where it is, or let it go on: connected, without an answer."""
        self._nodes[number].send_signal(signal.SIGSTOP if pause else signal.SIGCONT)

    def manager(self) -> int:
        """Return the number of the node that the others elected."""
        (row,) = self.ask("GET", "/_cat/cluster_manager?format=json")
        return int(row["node"].removeprefix("node-"))

    def wait_until_green(self, size: int | None = None) -> None:
        """Wait until some nodes, by default all, are one cluster with every copy in its place."""
        path = "/_cluster/health?wait_for_status=green&wait_for_no_initializing_shards=true"
        path += f"&wait_for_nodes={size or len(self.urls)}&timeout=5s"
        started, used = time.monotonic(), self._processor_seconds()
        while not _is_too_long(time.monotonic() - started, self._processor_seconds() - used):
            for number, node in self._nodes.items():
                assert node.poll() is None, f"a node ended: {self._end_of_log(number)}"
            with suppress(OSError):
                if not self.ask("GET", path)["timed_out"]:
                    return
            time.sleep(0.2)
        seconds, used = time.monotonic() - started, self._processor_seconds() - used
        waited = f"{seconds:.0f} s, {used:.0f} s of them of the nodes' processor time"
        waiting = describe_waiting(self.ask)
        raise AssertionError(f"no cluster after {waited} ({waiting}): {self._end_of_log(0)}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to a running node; return its answer.

        Raises:
            OSError: the node does not answer, or refuses it.
        """
        return ask_node(self.urls[next(iter(self._nodes))], method, path, body)

    def stop(self) -> None:
        """Stop all nodes at once and remove the folder; again is allowed."""
        for number in list(self._nodes):
            self.kill_node(number)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _processor_seconds(self) -> float:
        """Return the processor time of all nodes so far."""
        return sum(processor_seconds(node.pid) for node in self._nodes.values())

    def _end_of_log(self, number: int) -> str:
        path = self.folder / f"node-{number}" / "log"
        return path.read_text(encoding="utf-8", errors="replace")[-_LONGEST_LOG:]


def _is_too_long(seconds: float, used: float) -> bool:
    """Tell whether nodes had the time to become one cluster, by the clock and the processor."""
    # What is not known is no number, and not below any.
    had_their_share = not used < _PROCESSOR_SECONDS or seconds > _LONGEST_START
    return seconds > _SECONDS_TO_START and had_their_share


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process; infinite where the system does not tell it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return math.inf
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask_node(url: str, method: str, path: str, body: Any = None) -> Any:
    """Send a request to a node and return what its JSON says.

    Raises:
        OSError: the node does not answer, or refuses it.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read(_LONGEST_LOG).decode(errors="replace")
        raise OSError(f"{method} {path}: {error.code} {text}") from None


def delete_indices(url: str, prefix: str) -> None:
    """Delete the indices whose names begin with a prefix."""
    names = [row["index"] for row in ask_node(url, "GET", f"/_cat/indices/{prefix}*?format=json")]
    if names:
        ask_node(url, "DELETE", f"/{','.join(names)}?ignore_unavailable=true")


def _free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on; all are taken before any is given back."""
    with ExitStack() as opened:
        sockets = [
            opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [listener.getsockname()[1] for listener in sockets]


def main() -> None:
    """Start a cluster, write its addresses to a file, and serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="gets the addresses, with commas between them")
    parser.add_argument("--nodes", type=int, default=3)
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: _end())
    with suppress(KeyboardInterrupt), OpenSearchCluster(arguments.nodes) as cluster:
        unfinished = arguments.file.with_suffix(".new")
        unfinished.write_text(",".join(cluster.urls), encoding="utf-8")
        unfinished.rename(arguments.file)
        signal.pause()


def _end() -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
