"""Every address is described for programs, or is none for them; answers are as described."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.catalogue.operations import OperatorNote
from tests.factories import ArchiveFactory, article, client_of, day, user_of
from web.access.user_file import Role, write_users
from web.addresses.endpoint_descriptions import description_of
from web.api.openapi import described_addresses

ONE = article(
    "Hội chợ",
    "Hội chợ đông.",
    url="https://bao.vn/1?a=b",
    category="Kinh tế",
    published=day(2022, 3, 5),
)
REMOVED = article("Bị gỡ", "Đã gỡ.", url="https://bao.vn/2")
MORE = [article(f"Hội chợ {number}", published=day(2021, 2, number)) for number in range(1, 4)]

NOT_FOR_PROGRAMS = {
    "pages for people, who are told of mistakes in words": (
        *("search.form", "search.result", "search.values", "articles.article", "articles.changes"),
        *("calendar.years", "calendar.month", "calendar.day", "persons.person", "trends.page"),
        *("collections.collections", "collections.collection", "collections.reading_list"),
        *("replay.page", "document_pages.view", "owner.owner_page"),
    ),
    "parts of such pages, under names that may change": (
        *("static", "assets.logo", "assets.default_icon", "assets.icon", "assets.accent"),
        *("assets.manifest", "article_pictures.picture", "document_pages.picture"),
        *("replay.capture", "replay.resource"),
    ),
    "who runs the archive, who is told by `archive/README.md`": (
        *("health.health", "health.ready", "metrics.metrics", "access.login", "access.logout"),
        *("admin.overview", "admin.coverage", "admin.problems", "admin.changes"),
        *("admin.article", "admin.operate"),
    ),
    "a standard that says all of it": ("assets.security_contact",),
}
"""Endpoints without a description, by the reason."""

VALUES = {
    "identifier": (ONE.identifier,),
    "kind": ("csv", "jsonl", "bib", "ris"),
    "month": ("2026-01",),
    "number": ("1",),
    "address": (str(ONE.url),),
    "name": (ONE.identifier,),
}
ABSENT = {
    **{"identifier": "none", "kind": "none", "month": "1901-01", "number": "9"},
    **{"address": "https://bao.vn/none", "name": "none"},
}
WITHDRAWN = {**ABSENT, "identifier": REMOVED.identifier, "kind": "bib"} | {
    **{"name": REMOVED.identifier, "address": str(REMOVED.url)}
}
ARGUMENTS = {
    "oai": "verb=ListRecords&metadataPrefix=oai_dc",
    "feed": "q=hoi+cho",
    "search": "q=hoi+cho&n=2&page=2",
    "changes": "n=1",
    "export_list": f"id={ONE.identifier}",
    "trends_table": "q=hoi+cho&by=year",
}


@pytest.fixture(scope="module")
def app(shared_archive_of: ArchiveFactory) -> Flask:
    archive = shared_archive_of(ONE, REMOVED, *MORE)
    with archive.store.operator_batch() as batch:
        batch.remove(REMOVED.identifier, OperatorNote("court", "lan", "2026-01-02T03:04:05+00:00"))
    return client_of(archive, rate="", export_rate="").application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    described: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return described


def operations(document: dict[str, Any], method: str = "get") -> dict[str, dict[str, Any]]:
    return {path: item[method] for path, item in document["paths"].items() if method in item}


def filled(path: str, operation: dict[str, Any], values: dict[str, str] | None = None) -> str:
    chosen = values or {name: values[0] for name, values in VALUES.items()}
    if operation["operationId"] == "cite" and not values:
        chosen["kind"] = "bib"
    address = re.sub(r"\{(\w+)\}", lambda name: quote(chosen[name[1]], safe=""), path)
    query = ARGUMENTS.get(operation["operationId"], "") if not values else ""
    return f"{address}?{query}"


def agree(document: dict[str, Any], operation: dict[str, Any], answer: TestResponse) -> None:
    """Hold an answer against its description: status, media type, schema and headers."""
    described = operation["responses"].get(str(answer.status_code))
    assert described, (operation["operationId"], answer.status)
    for name in described.get("headers", {}):
        assert name in answer.headers or name in ("Link", "Retry-After"), name
    content = described.get("content", {})
    if not content:
        assert not answer.data or answer.status_code == 303
        return
    assert answer.mimetype in content, operation["operationId"]
    schema = content[answer.mimetype]["schema"] | {"components": document["components"]}
    is_json = answer.mimetype.endswith("json")
    if schema.get("format") != "binary":
        jsonschema_rs.validate(schema, json.loads(answer.text) if is_json else answer.text)


def test_every_address_is_described_or_has_a_reason(app: Flask) -> None:
    others = [name for names in NOT_FOR_PROGRAMS.values() for name in names]
    described = {address.endpoint for address in described_addresses(app, private=False)}
    assert described.isdisjoint(others)
    assert described | set(others) == {rule.endpoint for rule in app.url_map.iter_rules()}
    assert sorted(others) == sorted(set(others))


def test_what_stands_in_an_address_and_what_is_asked_have_a_name(
    app: Flask, document: dict[str, Any]
) -> None:
    names = [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    ]
    assert sorted(names) == sorted(set(names))
    for path, item in document["paths"].items():
        for operation in item.values():
            pairs = [(value["in"], value["name"]) for value in operation.get("parameters", ())]
            in_path = {name for place, name in pairs if place == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path))
            assert sorted(pairs) == sorted(set(pairs)), path
    assert description_of(app.view_functions["search.form"]) is None


def test_what_is_asked_for_is_as_described(client: FlaskClient, document: dict[str, Any]) -> None:
    month = client.get("/sitemap.xml").text.partition("sitemap-")[2][:7]
    for path, operation in operations(document).items():
        address = filled(path, operation).replace("2026-01", month)
        answer = client.get(address, buffered=True)
        success = min(int(status) for status in operation["responses"])
        assert answer.status_code == success, address
        agree(document, operation, answer)
        head = client.head(address)
        assert (head.status_code, head.mimetype) == (answer.status_code, answer.mimetype)
        if tag := answer.headers.get("ETag"):
            again = client.get(address, headers={"If-None-Match": tag})
            assert again.status_code == 304, address
            agree(document, operation, again)
        else:
            assert "304" not in operation["responses"], address


def test_every_kind_of_file_is_as_described(client: FlaskClient, document: dict[str, Any]) -> None:
    for path, operation in operations(document).items():
        for parameter in operation["parameters"]:
            if parameter["in"] != "path" or "enum" not in parameter["schema"]:
                continue
            answers = [
                client.get(filled(path.replace("{kind}", kind), operation), buffered=True)
                for kind in parameter["schema"]["enum"]
            ]
            for answer in answers:
                agree(document, operation, answer)
            described = set(operation["responses"]["200"]["content"])
            assert {answer.mimetype for answer in answers} == described


def test_failures_are_as_described(client: FlaskClient, document: dict[str, Any]) -> None:
    for path, operation in operations(document).items():
        unknown = client.get(filled(path, operation).partition("?")[0] + "?unheard=1")
        assert (unknown.status_code == 400) is ("400" in operation["responses"]), path
        agree(document, operation, unknown)
        for status, values in ((404, ABSENT), (410, WITHDRAWN)):
            answer = client.get(filled(path, operation, values))
            if str(status) in operation["responses"]:
                assert answer.status_code == status, path
                agree(document, operation, answer)


def test_parts_of_a_file_are_as_described(client: FlaskClient, document: dict[str, Any]) -> None:
    for path, operation in operations(document).items():
        takes_parts = any(parameter["in"] == "header" for parameter in operation["parameters"])
        full_answer = client.get(filled(path, operation), buffered=True)
        assert takes_parts is (full_answer.headers.get("Accept-Ranges") == "bytes")
        for byte_range, status in (("bytes=1-3", 206), ("bytes=-2", 206), ("bytes=900000-", 416)):
            answer = client.get(
                filled(path, operation), headers={"Range": byte_range}, buffered=True
            )
            assert (answer.status_code == status) is takes_parts
            agree(document, operation, answer)
            if status == 206 and takes_parts:
                assert answer.data == (
                    full_answer.data[1:4] if "1" in byte_range else full_answer.data[-2:]
                )


def test_what_other_sites_may_read_is_as_described(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    preflights = operations(document, "options")
    for path, operation in operations(document).items():
        answer = client.options(filled(path, operation))
        is_open = answer.headers.get("Access-Control-Allow-Origin") == "*"
        assert is_open is (path in preflights), path
        if is_open:
            described = preflights[path]["responses"]["204"]["headers"]
            assert answer.status_code == 204
            assert {name: answer.headers[name] for name in described} == {
                name: header["schema"]["const"] for name, header in described.items()
            }


def test_who_asks_too_much_is_answered_as_described(
    document: dict[str, Any], archive_of: ArchiveFactory
) -> None:
    limited = client_of(archive_of(ONE), rate="1/minute", export_rate="1/minute")
    refused = 0
    for path, operation in operations(document).items():
        answer = limited.get(filled(path, operation), buffered=True)
        assert answer.status_code in (429, 200), path
        if answer.status_code == 429:
            assert answer.headers["Retry-After"].isdecimal()
            agree(document, operation, answer)
            refused += 1
    assert refused > 5


def test_a_private_archive_says_that_it_asks_for_a_password(archive_of: ArchiveFactory) -> None:
    archive = archive_of(ONE)
    home = archive.store.home
    (home / "settings.toml").write_text("[access]\nprivate = true\n")
    write_users(home, {"lan": user_of("lan", Role.READER, "mat khau dai")})
    client = client_of(archive)
    assert client.get("/api/v1/openapi.json").status_code == 401
    document = client.get("/api/v1/openapi.json", auth=("lan", "mat khau dai")).get_json()
    (name,) = document["security"][0]
    assert document["components"]["securitySchemes"][name] == {"type": "http", "scheme": "basic"}
    assert operations(document, "options") == {}
    for path, operation in operations(document).items():
        refused = client.get(filled(path, operation), buffered=True)
        assert (refused.status_code == 401) is ("401" in operation["responses"]), path
        agree(document, operation, refused)
