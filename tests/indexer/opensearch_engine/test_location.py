"""Locations of a cluster: read, written again, and refused without telling a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import EngineError
from indexer.opensearch_engine.location import (
    PASSWORD_FILE_VARIABLE,
    PASSWORD_VARIABLE,
    EngineLocation,
    Node,
    parse_location,
)


def test_a_location_is_read_whole() -> None:
    text = (
        "opensearch://lan%2Ea@Host1,10.0.0.2:9201,[::1]:1/kho-1?shards=3&replicas=1&tls=1&ca=/a%26b"
    )
    location = parse_location(text)
    assert location == EngineLocation(
        nodes=(Node("host1"), Node("10.0.0.2", 9201), Node("[::1]", 1)),
        name="kho-1",
        user="lan.a",
        shards=3,
        replicas=1,
        has_tls=True,
        certificates="/a&b",
    )
    assert location.base_addresses[0] == "https://host1:9200"
    assert parse_location(str(location)) == location


def test_the_least_that_a_location_needs() -> None:
    location = parse_location("opensearch://localhost/kho")
    assert location == EngineLocation((Node("localhost"),), "kho")
    assert location.base_addresses == ("http://localhost:9200",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kho",
        "https://localhost/kho",
        "opensearch://",
        "opensearch://localhost",
        "opensearch://localhost/",
        "opensearch:///kho",
        "opensearch://localhost,/kho",
        "opensearch://local host/kho",
        "opensearch://localhost:0/kho",
        "opensearch://localhost:65536/kho",
        "opensearch://localhost:http/kho",
        "opensearch://-/kho",
        "opensearch://localhost/Kho",
        "opensearch://localhost/_all",
        "opensearch://localhost/*",
        "opensearch://localhost/kho/_search",
        "opensearch://localhost/kho?shards=0",
        "opensearch://localhost/kho?shards=99999",
        "opensearch://localhost/kho?shards=٣",
        "opensearch://localhost/kho?replicas=-1",
        "opensearch://localhost/kho?tls=2",
        "opensearch://localhost/kho?tls",
        "opensearch://localhost/kho?shards=1&shards=2",
        "opensearch://localhost/kho?unknown=1",
        "opensearch://a b@localhost/kho",
        "opensearch://a%0ab@localhost/kho",
        "opensearch://localhost/kho?ca=" + "x" * 5000,
    ],
)
def test_what_is_no_location_is_refused(text: str) -> None:
    with pytest.raises(EngineError, match="allowed is opensearch://"):
        parse_location(text)


@pytest.mark.parametrize("user", ["lan:bimat", "lan:bimat@x", ":bimat"])
def test_a_password_is_refused_and_not_repeated(user: str) -> None:
    with pytest.raises(EngineError) as failure:
        parse_location(f"opensearch://{user}@localhost/kho")
    assert "bimat" not in str(failure.value)


def test_a_password_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    location = parse_location("opensearch://lan@localhost/kho")
    assert location.password({}) is None
    path = tmp_path / "password"
    path.write_text("mật khẩu\nnext line")
    assert location.password({PASSWORD_FILE_VARIABLE: str(path)}) == "mật khẩu"
    both = {PASSWORD_FILE_VARIABLE: str(path), PASSWORD_VARIABLE: "first"}
    assert location.password(both) == "first"
    with pytest.raises(EngineError, match="cannot be read"):
        location.password({PASSWORD_FILE_VARIABLE: str(tmp_path / "nothing")})
    assert "mật" not in repr(location)
