"""People log in with a form, stay for a session, and are led back to where they wanted to go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from tests.factories import ArchiveFactory, article, client_of, user_of
from web.access import password_check
from web.access.user_file import Role, make_user, write_users
from web.services import ARCHIVE

PASSWORD = "một mật khẩu dài"
HTML = {"Accept": "text/html"}


def keep_users(home: Path, password: str = PASSWORD) -> None:
    write_users(home, {"lan": user_of("lan", Role.READER, password)})


@pytest.fixture
def app(archive_of: ArchiveFactory) -> Flask:
    archive = archive_of(article("Bí mật"))
    (archive.store.home / "settings.toml").write_text("[access]\nprivate = true\n")
    keep_users(archive.store.home)
    return client_of(archive, rate="").application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token_of(page: str) -> str:
    (token,) = re.findall('name="csrf_token" value="([^"]+)"', page)
    return str(token)


def log_in(client: FlaskClient, address: str = "/login", password: str = PASSWORD) -> TestResponse:
    token = token_of(client.get(address).text)
    form = {"name": "lan", "password": password, "csrf_token": token}
    return client.post(address, data=form)


def test_a_reader_is_led_to_the_form_and_back(client: FlaskClient) -> None:
    asked = client.get("/?q=bi+mat&sort=newest", headers=HTML)
    assert asked.status_code == 303
    answer = log_in(client, asked.headers["Location"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?q=bi+mat&sort=newest")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Expires="))
    assert "Bí mật" in client.get(answer.headers["Location"]).text
    assert client.get("/api/v1/search?q=bi").status_code == 200


def test_over_https_the_cookie_stays_there(client: FlaskClient) -> None:
    page = client.get("/login", base_url="https://localhost/")
    assert "Secure" in page.headers["Set-Cookie"]


def test_a_wrong_password_is_told_at_the_field(client: FlaskClient) -> None:
    answer = log_in(client, password="another password")
    assert answer.status_code == 403
    assert 'aria-describedby="wrong"' in answer.text
    assert 'value="lan"' in answer.text
    assert client.get("/", headers=HTML).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "IjAwIg.x.y"])
def test_a_form_from_elsewhere_is_refused(client: FlaskClient, token: str) -> None:
    client.get("/login")
    form = {"name": "lan", "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=form).status_code == 400
    assert client.get("/", headers=HTML).status_code == 303


def test_the_session_ends_at_the_readers_wish(client: FlaskClient) -> None:
    log_in(client)
    page = client.get("/logout").text
    assert client.post("/logout").status_code == 400
    assert client.post("/logout", data={"csrf_token": token_of(page)}).status_code == 303
    assert client.get("/", headers=HTML).status_code == 303


def test_a_copied_cookie_ends_with_its_session(app: Flask) -> None:
    here, thief, colleague = (app.test_client() for _ in range(3))
    log_in(here)
    log_in(colleague)
    cookie = here.get_cookie("tangthu")
    assert cookie is not None
    thief.set_cookie("tangthu", cookie.value)
    assert thief.get("/", headers=HTML).status_code == 200
    here.post("/logout", data={"csrf_token": token_of(here.get("/logout").text)})
    other_process = client_of(app.extensions["tangthu.archive"], rate="")
    other_process.set_cookie("tangthu", cookie.value)
    for client in (thief, other_process):
        assert client.get("/", headers=HTML).status_code == 303
        assert client.get("/api/v1/search?q=bi").status_code == 401
    assert colleague.get("/", headers=HTML).status_code == 200


def test_the_end_of_a_session_that_cannot_be_kept_is_told(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    (app.extensions["tangthu.archive"].store.home / "sessions").write_text("no folder")
    token = token_of(client.get("/logout").text)
    assert client.post("/logout", data={"csrf_token": token}).status_code >= 500
    assert client.get("/", headers=HTML).status_code == 303


def test_a_new_password_ends_the_sessions_of_the_old_one(app: Flask) -> None:
    client = app.test_client()
    log_in(client)
    assert client.get("/", headers=HTML).status_code == 200
    keep_users(app.extensions["tangthu.archive"].store.home, "another password")
    assert client.get("/", headers=HTML).status_code == 303


def test_a_session_that_was_planted_stays_nobodys(app: Flask) -> None:
    """A cookie that somebody else gave a reader is not theirs once the reader has logged in."""
    attacker, victim = app.test_client(), app.test_client()
    attacker.get("/login")
    planted = attacker.get_cookie("tangthu")
    assert planted is not None
    victim.set_cookie("tangthu", planted.value)
    assert log_in(victim).status_code == 303
    assert victim.get("/", headers=HTML).status_code == 200
    own = victim.get_cookie("tangthu")
    assert own is not None
    assert own.value != planted.value
    assert attacker.get("/", headers=HTML).status_code == 303


def test_the_token_of_another_session_is_none(app: Flask) -> None:
    attacker, victim = app.test_client(), app.test_client()
    token = token_of(attacker.get("/login").text)
    log_in(victim)
    assert victim.post("/logout", data={"csrf_token": token}).status_code == 400
    assert victim.get("/", headers=HTML).status_code == 200


@pytest.mark.parametrize("name", ["lan", "nobody", "", "lan\0", "x" * 4_000, "\ud800"])
def test_a_name_is_checked_as_long_whether_it_is_there_or_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    checked: list[str] = []
    home = client.application.extensions[ARCHIVE].store.home
    write_users(home, {"lan": make_user("lan", Role.READER, PASSWORD)})

    def check(stored: str, password: str) -> bool:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return False

    monkeypatch.setattr(password_check, "check_password_hash", check)
    token = token_of(client.get("/login").text)
    form = {"name": name.encode("utf-8", "surrogatepass"), "password": "x" * 4_000}
    assert client.post("/login", data={**form, "csrf_token": token}).status_code == 403
    assert checked == [generate_password_hash("x").split("$")[0]]


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\nb",
        "x",
    ],
)
def test_nobody_is_led_to_another_site(client: FlaskClient, place: str) -> None:
    client.get("/login")
    token = token_of(client.get("/login", query_string={"next": place}).text)
    form = {"name": "lan", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/login", query_string={"next": place}, data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
