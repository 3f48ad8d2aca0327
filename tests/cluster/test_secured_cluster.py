"""An archive on a node that wants TLS and a password: let in, or told what to change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.opensearch_engine.location import PASSWORD_FILE_VARIABLE, PASSWORD_VARIABLE
from tests.paths import ROOT
from tests.secured_node import PASSWORD, USER, SecuredNode, make_authority, secured_node
from web.cli.main import main

_SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"


@pytest.fixture(scope="module")
def node(
    opensearch_urls: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecuredNode]:
    """Yield a node of the cluster behind TLS and a password."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    with secured_node(opensearch_urls[0], tmp_path_factory.mktemp("node")) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with one article, and no index."""
    path = tmp_path / "home"
    done = _run(path, "home", "add", "--no-index", str(_SAMPLE))
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the right password in the environment."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


def _run(home: Path, engine: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "--engine", engine, *words])


def _engine(node: SecuredNode, name: str, options: str = "", host: str = "localhost") -> str:
    return (
        f"opensearch://{USER}@{host}:{node.port}/{name}?{options or f'tls=1&ca={node.authority}'}"
    )


def test_whoever_has_the_password_builds_and_searches(
    node: SecuredNode,
    home: Path,
    opensearch_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    engine = _engine(node, opensearch_name)
    done = _run(home, engine, "rebuild")
    assert done.exit_code == 0, done.output
    # The password from a file, as a service has it.
    monkeypatch.delenv(PASSWORD_VARIABLE)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.setenv(PASSWORD_FILE_VARIABLE, str(tmp_path / "password"))
    found = _run(home, engine, "search", "--json", "cong an")
    assert json.loads(found.output.splitlines()[0])
    for words in (["verify"], ["status"], ["update"]):
        done = _run(home, engine, *words)
        assert done.exit_code == 0, done.output
        assert PASSWORD not in done.output
    assert not [
        path
        for path in home.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("password", ["wrong:geheim", ""])
def test_a_wrong_password_is_said_and_not_shown(
    password: str,
    node: SecuredNode,
    home: Path,
    opensearch_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, password)
    done = _run(home, _engine(node, opensearch_name), "rebuild")
    _assert_refused(done, f"401 .*check the user of the location, {PASSWORD_VARIABLE} and")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("localhost:{port}/{name}?tls=1", "verify failed.*; name the nodes .* `ca=FILE`"),
        ("localhost:{port}/{name}?tls=1&ca={other}", "certificate verify failed.*`ca=FILE`"),
        ("127.0.0.1:{port}/{name}?tls=1&ca={ca}", "IP address mismatch.*name the nodes as"),
        ("localhost:{port}/{name}?tls=1&ca=/nowhere", "certificates of the cluster cannot be"),
        ("localhost:{port}/{name}?tls=0", "400 .*plain HTTP request was sent to HTTPS port"),
    ],
)
@pytest.mark.usefixtures("password")
def test_a_node_that_is_not_to_be_trusted_is_asked_nothing(
    address: str, message: str, node: SecuredNode, home: Path, tmp_path: Path
) -> None:
    other = make_authority(tmp_path)
    text = address.format(port=node.port, name="nothing", ca=node.authority, other=other)
    _assert_refused(_run(home, f"opensearch://{USER}@{text}", "rebuild"), message)


def test_tls_to_a_node_that_speaks_none_is_said(
    home: Path, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    nodes = ",".join(url.removeprefix("http://") for url in opensearch_urls)
    done = _run(home, f"opensearch://{nodes}/{opensearch_name}?tls=1", "rebuild")
    _assert_refused(done, "leave `tls=1` out of the location")


def _assert_refused(done: Result, message: str) -> None:
    assert done.exit_code == 1
    text = " ".join(done.output.split())
    assert PASSWORD not in text
    assert "geheim" not in text
    assert re.search(message, text), text
