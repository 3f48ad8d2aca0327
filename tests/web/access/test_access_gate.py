"""A private archive answers nothing of itself to anybody whom it does not know."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.factories import ArchiveFactory, article, client_of, day, user_of
from web.access.access_gate import OPEN_ENDPOINTS
from web.access.user_file import Role, write_users

PASSWORD = "một mật khẩu dài"
SECRET = article(
    "Bí mật số một",
    "Không ai được đọc.",
    url="https://bao.vn/bi-mat",
    publisher="Nội bộ",
    published=day(2022, 3, 5),
)


def basic(name: str = "lan", password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


def make_private(home: Path, settings: str = "private = true") -> None:
    (home / "settings.toml").write_text(f"[access]\n{settings}\n", encoding="utf-8")
    (home / "pages").mkdir(exist_ok=True)
    (home / "pages" / "about.md").write_text("# Bí mật\n", encoding="utf-8")
    users = [user_of("lan", Role.READER, PASSWORD), user_of("minh", Role.OPERATOR, PASSWORD)]
    write_users(home, {user.name: user for user in users})


@pytest.fixture(scope="module")
def app(shared_archive_of: ArchiveFactory) -> Flask:
    archive = shared_archive_of(SECRET)
    make_private(archive.store.home)
    return client_of(archive, rate="", proxies=1).application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address_of(rule: Rule) -> str:
    """Return an address of a rule that has something to show."""
    values = {
        "identifier": SECRET.identifier,
        "column": "publisher",
        "kind": "csv",
        "name": "about",
        "year": "2022",
        "number": "05" if "calendar" in rule.rule else "1",
        "month": "03" if "calendar" in rule.rule else "2022-03",
        "address": SECRET.url,
        "filename": "style.css",
        "extension": "bib",
    }
    return re.sub(r"<(?:[^>]*:)?(\w+)>", lambda match: values.get(match[1], "x"), rule.rule)


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


@pytest.mark.parametrize("accept", ["text/html,*/*", "*/*", "application/json"])
def test_nobody_is_answered_at_any_address(app: Flask, accept: str) -> None:
    for rule in rules(app):
        for method in sorted(rule.methods or ()):
            client = app.test_client()
            answer = client.open(address_of(rule), method=method, headers={"Accept": accept})
            assert answer.status_code in (401, 303, 404), (rule, method)
            assert answer.status_code != 404 or rule.endpoint.startswith("admin.")
            if answer.status_code == 401:
                assert answer.headers["WWW-Authenticate"].startswith("Basic ")
            else:
                assert "/login" in answer.headers.get("Location", "/login")
            assert "Bí mật" not in answer.text
            assert "Nội bộ" not in answer.text
            assert SECRET.identifier not in answer.text.replace(address_of(rule), "")


def test_what_is_open_tells_nothing(app: Flask, client: FlaskClient) -> None:
    opened = [rule for rule in app.url_map.iter_rules() if rule.endpoint in OPEN_ENDPOINTS]
    assert {rule.endpoint for rule in opened} == set(OPEN_ENDPOINTS)
    for rule in opened:
        with client.get(address_of(rule)) as answer:
            assert "Bí mật" not in answer.text
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    states = {"status": "ok", "index": "ok", "engine": "green", "originals": "home"}
    assert client.get("/healthz").get_json() == states


def test_whoever_is_known_reads_every_address(app: Flask, client: FlaskClient) -> None:
    headers = basic()
    for rule in rules(app):
        if rule.endpoint.startswith("admin."):
            continue
        path = address_of(rule) + ("?q=bi+mat&new=1&old=1" if "api" not in rule.rule else "")
        answer = client.get(path, headers=headers)
        assert answer.status_code not in (401, 403), rule
        assert answer.headers["Cache-Control"].startswith("private")
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


def test_an_answer_that_is_cached_here_is_for_readers_alone(client: FlaskClient) -> None:
    path = "/api/v1/search?q=bi+mat"
    answer = client.get(path, headers=basic())
    assert "Bí mật" in answer.text
    again = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(path, headers=again).status_code == 401
    assert client.get(path, headers=again | basic()).status_code == 304
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        basic(password="falsch"),
        basic("nobody"),
        basic("", ""),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer lan"},
        {"X-Remote-User": "lan"},
        {"Cookie": "tangthu=eyJyZWFkZXIiOiJsYW4ifQ.x.y"},
    ],
)
def test_whoever_only_claims_to_be_known_is_not(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.get("/api/v1/search?q=bi+mat", headers=headers).status_code == 401


def test_tries_are_limited_for_the_client_and_others_go_on(
    archive_of: ArchiveFactory,
) -> None:
    archive = archive_of(SECRET)
    make_private(archive.store.home)
    client = client_of(archive, rate="")
    for number in range(10):
        answer = client.get("/api/v1/search", headers=basic(password=f"falsch {number}"))
        assert answer.status_code == 401
    answer = client.get("/api/v1/search", headers=basic(password="falsch"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    elsewhere: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert client.get("/api/v1/search", headers=basic(), **elsewhere).status_code == 200


def test_a_public_archive_has_no_login(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of(SECRET))
    assert client.get("/").status_code == 200
    assert client.get("/login").status_code == client.get("/logout").status_code == 404
    assert "Set-Cookie" not in client.get("/").headers


def test_a_trusted_proxy_names_the_reader(archive_of: ArchiveFactory) -> None:
    archive = archive_of(SECRET)
    home = archive.store.home
    (home / "settings.toml").write_text('[access]\nprivate = true\nheader = "X-Remote-User"\n')
    headers = {"X-Remote-User": "hoa", "Accept": "text/html"}
    assert client_of(archive, proxies=1).get("/", headers=headers).status_code == 200
    assert (
        client_of(archive, proxies=1).get("/", headers={"Accept": "text/html"}).status_code == 403
    )
    # Without a trusted proxy anybody can write it.
    assert client_of(archive).get("/", headers=headers).status_code == 403
