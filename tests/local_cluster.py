"""The distributed set-up on one machine, to try: `make cluster`, or with `--check` a test of it.

PostgreSQL holds the catalogue, three processes of OpenSearch the index, an S3 server the originals,
and two hosts serve one archive behind nginx. All of it listens on loopback, lives in a temporary
folder, and ends with this program.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.object_storage_server import ObjectStorageServer, keys_in_environment
from tests.object_storage_server import reason_to_skip as missing_for_storage
from tests.opensearch_server import URLS_VARIABLE, OpenSearchCluster, delete_indices
from tests.opensearch_server import reason_to_skip as missing_for_engine
from tests.paths import ROOT
from tests.postgresql_server import PostgresqlServer, find_programs

SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"

_SECONDS_TO_START = 120
_SECONDS_TO_STOP = 30
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_NGINX = """\
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    # A host that does not answer is left out for some seconds; the other one is asked.
    upstream hosts {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://hosts;
            proxy_http_version 1.1;
            proxy_connect_timeout 2s;
            proxy_next_upstream error timeout;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout 90s;
            proxy_max_temp_file_size 0;
            add_header X-Served-By $upstream_addr;
        }}
    }}
}}
"""


def reason_to_skip() -> str:
    """Say what is missing; empty if nothing is."""
    if find_programs() is None:
        return "no PostgreSQL server is installed (Debian: postgresql)"
    if shutil.which("nginx") is None:
        return "nginx is not installed (Debian: nginx-light)"
    return missing_for_storage() or missing_for_engine()


@contextmanager
def local_cluster(paths: list[Path]) -> Iterator[str]:
    """Start everything and take in some files; yield the address of the page."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="tangthu-cluster-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgresql = stack.enter_context(PostgresqlServer())
        storage = stack.enter_context(ObjectStorageServer())
        urls, index = _engine_urls(stack), f"tangthu-{os.getpid()}"
        stack.callback(delete_indices, urls[0], index)
        nodes = ",".join(url.removeprefix("http://") for url in urls)
        environment = {
            **os.environ,
            **keys_in_environment(),
            "TANGTHU_HOME": str(folder / "home"),
            "TANGTHU_CATALOGUE": postgresql.empty_database().url,
            "TANGTHU_ORIGINALS": storage.new_location(),
            "TANGTHU_ENGINE": f"opensearch://{nodes}/{index}?shards=3&replicas=1",
        }
        subprocess.run(_command("add", *map(str, paths)), env=environment, check=True)
        balancer, *ports = free_ports(3)
        for port in ports:
            words = _command("serve", f"--port={port}", "--proxies=1", "--no-rebuild")
            stack.enter_context(_process(words, environment, folder / f"serve-{port}.log"))
        stack.enter_context(_process(_nginx_command(folder, balancer, ports), environment, None))
        for port in (*ports, balancer):
            wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{balancer}/"


def _engine_urls(stack: ExitStack) -> Sequence[str]:
    """Return the addresses of OpenSearch's nodes: those of the environment, or new ones."""
    if urls := os.environ.get(URLS_VARIABLE):
        return urls.split(",")
    return stack.enter_context(OpenSearchCluster()).urls


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "web.cli.main", *words]


def _nginx_command(folder: Path, port: int, ports: list[int]) -> list[str]:
    servers = "\n        ".join(
        f"server 127.0.0.1:{host_port} fail_timeout=5s;" for host_port in ports
    )
    # Its own user cannot write to the folder of root.
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(_NGINX.format(user=user, folder=folder, port=port, servers=servers))
    return ["nginx", "-e", str(folder / "nginx.log"), "-c", str(path), "-g", "daemon off;"]


@contextmanager
def _process(
    command: list[str], environment: Mapping[str, str], log: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until the block ends; its output goes to a file, or nowhere.

    One that does not end when it is asked to is killed.
    """
    with ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(address: str) -> None:
    """Wait until a page is answered.

    Raises:
        OSError: it is not, within two minutes.
    """
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on; all are taken before any is given back."""
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [listener.getsockname()[1] for listener in sockets]


def check(address: str) -> str:
    """Open pages through the balancer; return what was seen, in a line.

    Raises:
        AssertionError: a host, the index or the originals are not what they should be.
    """
    hosts, pages = zip(*(_open(f"{address}?q=cong+an") for _ in range(4)), strict=True)
    assert all("/article/" in page for page in pages), "nothing was found"
    assert len(set(hosts)) == 2, f"only {hosts[0]} answered"
    health = json.loads(_open(f"{address}healthz")[1])
    state = f"engine {health['engine']}, originals {health['originals']}"
    assert health["engine"] in ("green", "yellow"), state
    assert health["originals"] == "ok", state
    return f"{health['articles']} articles found by both hosts; {state}"


def _open(address: str) -> tuple[str, str]:
    """Open an address; return the host that answered, and the body."""
    with urllib.request.urlopen(address, timeout=60) as response:
        return response.headers["X-Served-By"], response.read().decode()


def main() -> None:
    """Start the cluster, print its address, and serve until Ctrl+C; or check it and stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="*", default=[SAMPLE], help="files to take in")
    parser.add_argument("--check", action="store_true", help="open the page once, then stop")
    arguments = parser.parse_args()
    if reason := reason_to_skip():
        parser.exit(1, f"{reason}\n")
    end_at_signals()
    with suppress(KeyboardInterrupt), local_cluster(arguments.paths) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        if arguments.check:
            sys.stdout.write(f"{check(address)}\n")
            return
        signal.pause()


def end_at_signals() -> None:
    """End at the first signal, and ignore more of them: a second Ctrl+C would leave processes."""

    def end(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, end)


if __name__ == "__main__":
    main()
