"""A node behind TLS and a password: nginx with a certificate of an authority of the tests' own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "lan", "a secret of the tests"

_SECONDS_TO_START = 60
_CONFIGURATION = """\
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_max_body_size 64m;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/node.crt;
        ssl_certificate_key {folder}/node.key;
        auth_basic "node";
        auth_basic_user_file {folder}/users;
        location / {{ proxy_pass {url}; }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class SecuredNode:
    """A node by the name `localhost`.

    Attributes:
        port: where it listens.
        authority: the certificate (PEM) of the authority that signed the node's.
    """

    port: int
    authority: Path


def make_authority(folder: Path) -> Path:
    """Make an authority; return its certificate, beside its key."""
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority"]
    # From Python 3.13 on, certificates without these extensions are not trusted (RFC 5280).
    options += ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    _openssl("req", *options, "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.crt")
    return folder / "ca.crt"


@contextmanager
def secured_node(url: str, folder: Path) -> Iterator[SecuredNode]:
    """Serve a node's address by HTTPS, to a user with a password, until the block ends."""
    program = shutil.which("nginx")
    assert program is not None, "nginx is not installed (Debian: nginx-light)"
    authority = make_authority(folder)
    _sign(folder)
    # nginx reads the password as it is; the file is the test's own.
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    # Its own user cannot read the folders of root.
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(_CONFIGURATION.format(user=user, folder=folder, port=port, url=url))
    command = [program, "-e", str(folder / "nginx.log"), "-c", str(path), "-g", "daemon off;"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield SecuredNode(port, authority)
    finally:
        process.terminate()
        process.wait()


def _sign(folder: Path) -> None:
    """Make a key and a certificate for `localhost`, signed by the folder's authority."""
    names = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    _openssl("req", *names, "-keyout", f"{folder}/node.key", "-out", f"{folder}/node.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\n")
    signer = ["-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key", "-CAcreateserial"]
    files = ["-in", f"{folder}/node.csr", "-out", f"{folder}/node.crt"]
    _openssl("x509", "-req", "-days", "2", *signer, *files, "-extfile", f"{folder}/names")


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end:
        assert process.poll() is None, "nginx ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")
