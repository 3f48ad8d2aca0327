"""An S3 server of the tests' own: s3proxy on loopback, with its objects in a temporary folder."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Self

REQUIRED = "TANGTHU_S3_REQUIRED"
"""The variable of the environment that makes a missing server an error."""

KEY, SECRET = "tangthu", "a-secret-of-the-tests"
BUCKET = "archive"

_SOURCES = Path(__file__).parent / "object_storage"
_SECONDS_TO_FETCH = 900
_SECONDS_TO_START = 180
_FLAGS = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def reason_to_skip() -> str:
    """Say what is missing for a server; empty if nothing is."""
    if shutil.which("java") is None:
        return "no Java 11 or later, for the S3 server (Debian: default-jre-headless)"
    if shutil.which("mvn") is None:
        return "no Maven, which fetches the S3 server (Debian: maven)"
    return ""


@cache
def _class_path() -> str:
    """Return the server's class path; Maven fetches it once, and needs no network afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "class-path"
        command = ["mvn", "-q", "-B", "-ntp", f"-f={_SOURCES / 'pom.xml'}"]
        command += ["dependency:build-classpath", f"-Dmdep.outputFile={target}"]
        if not _run([*command, "--offline"]) or not target.exists():
            assert _run(command), "Maven cannot fetch the S3 server"
        return target.read_text(encoding="utf-8")


def _run(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    done = subprocess.run(
        command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_SECONDS_TO_FETCH
    )
    return done.returncode == 0


class ObjectStorageServer:
    """A server that runs in a `with` block; its objects go with it.

    Args:
        certificate: a PKCS #12 file without a password worth the name (`changeit`), for https.

    Attributes:
        folder: its folder; `objects` in it holds a folder for each bucket.
        endpoint: its address.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self._certificate = certificate
        self.folder = Path(tempfile.mkdtemp(prefix="tangthu-s3-"))
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            port = listener.getsockname()[1]
        self.endpoint = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        (self.folder / "objects" / BUCKET).mkdir(parents=True)
        name = "secure-endpoint" if self._certificate else "endpoint"
        settings = {
            f"s3proxy.{name}": self.endpoint,
            "s3proxy.authorization": "aws-v4",
            "s3proxy.identity": KEY,
            "s3proxy.credential": SECRET,
            "jclouds.provider": "filesystem-nio2",
            "jclouds.identity": KEY,
            "jclouds.credential": SECRET,
            "jclouds.filesystem.basedir": str(self.folder / "objects"),
        }
        if self._certificate:
            settings["s3proxy.keystore-path"] = str(self._certificate)
            settings["s3proxy.keystore-password"] = "changeit"
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.folder / "s3.properties").write_text(text)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server; it answers when this returns."""
        command = ["java", *_FLAGS, f"-Dlogback.configurationFile={_SOURCES / 'logback.xml'}"]
        command += ["-cp", _class_path(), "org.gaul.s3proxy.Main"]
        command += ["--properties", str(self.folder / "s3.properties")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        limit = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            log_text = (self.folder / "log").read_text(errors="replace")[-4000:]
            assert self._process.poll() is None, f"the S3 server ended: {log_text}"
            assert time.monotonic() < limit, f"the S3 server does not answer: {log_text}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill the server; what was answered stays."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def new_location(self) -> str:
        """Return the URL of a place for originals that no other test has."""
        return f"s3://{BUCKET}/{uuid.uuid4().hex[:12]}?endpoint={self.endpoint}&region=us-east-1"

    def objects(self) -> list[Path]:
        """Return the files of all objects."""
        folder = self.folder / "objects" / BUCKET
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def clear(self) -> None:
        """Delete every object."""
        for path in (self.folder / "objects" / BUCKET).iterdir():
            shutil.rmtree(path, ignore_errors=True)

    def _answers(self) -> bool:
        address = self.endpoint.partition("://")[2].rsplit(":", 1)
        if self._certificate:
            with suppress(OSError), socket.create_connection((address[0], int(address[1])), 1):
                return True
            return False
        try:
            with urllib.request.urlopen(self.endpoint, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False


def keys_in_environment() -> dict[str, str]:
    """Return the variables that hold the keys of the server."""
    return {"TANGTHU_ORIGINALS_KEY": KEY, "TANGTHU_ORIGINALS_SECRET": SECRET}
