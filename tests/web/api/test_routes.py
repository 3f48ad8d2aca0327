"""The JSON interface keeps what its description says, and its keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from markupsafe import escape
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.factories import ORIGIN, ArchiveFactory, article, client_of, day

ONE = article(
    "Công an xã",
    "Một công an.",
    url="https://bao.vn/1",
    publisher="Báo A",
    category="Pháp luật",
    authors=("Nguyễn Văn A",),
    published=day(2022, 12, 19),
)


@pytest.fixture(scope="module")
def app(shared_archive_of: ArchiveFactory) -> Flask:
    archive = shared_archive_of(
        article("Công an cũ", url="https://bao.vn/1", publisher="Báo A"),
        ONE,
        article("Công an huyện", publisher="Báo B", published=day(2021, 1, 2)),
        article("Công an không ngày"),
    )
    return client_of(archive, rate="", export_rate="").application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_nobody_is_told_the_operators_folders(archive_of: ArchiveFactory) -> None:
    origin = replace(ORIGIN, source="/srv/kept/bao.jsonl:7")
    client = client_of(archive_of(replace(ONE, origin=origin)), rate="")
    article_json = client.get(f"/api/v1/articles/{ONE.identifier}").get_json()
    assert article_json["origin"]["source"] == "bao.jsonl:7"
    for path in (f"/article/{ONE.identifier}", "/export.jsonl?q=cong", "/api/v1/search?q=an"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "/srv/kept" not in answer.text


@pytest.mark.parametrize(
    ("parameters", "values"),
    [
        ("from=zzz", ["zzz"]),
        ("from=2022&to=<mai>", ["<mai>"]),
        ("from=2022&to=", []),
        ("sort=best", ["sort=best"]),
        ("sort=newest&match=full", []),
        ("match=all&year=22&not.month=2022-1", ["match=all", "year=22", "not.month=2022-1"]),
        ("year=2022&month=2022-12&publisher=X", []),
    ],
)
def test_a_value_that_is_passed_over_is_named(
    client: FlaskClient, parameters: str, values: list[str]
) -> None:
    answer = client.get(f"/api/v1/search?q=cong+an&{parameters}")
    assert answer.status_code == (400 if values else 200)
    problems = answer.get_json().get("parameters", [])
    pairs = [f"{problem['name']}={problem['value']}" for problem in problems]
    assert [value for value in values if not any(value in pair for pair in pairs)] == []
    assert len(pairs) == len(values)
    shown = client.get(f"/?q=cong+an&{parameters}").text
    assert all(f"“{escape(value)}”" in shown for value in values)


PATHS = (
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/articles/{identifier}",
    "/api/v1/articles/{identifier}/versions",
    "/api/v1/facets",
    "/api/v1/histogram",
    "/api/v1/changes",
)


# An address that takes nothing but its identifier, any text, cannot be asked wrongly.
@pytest.mark.parametrize(
    ("path", "mode"),
    [(path, GenerationMode.POSITIVE) for path in PATHS]
    + [(path, GenerationMode.NEGATIVE) for path in PATHS if not path.endswith("/versions")],
)
def test_every_answer_is_as_described(app: Flask, path: str, mode: GenerationMode) -> None:
    operation = from_wsgi("/api/v1/openapi.json", app)[path]["GET"]

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        # In process nothing unpacks gzip. A date as people write it has no schema, and a word that
        # is none is refused; an empty text is no value. Every other check holds all the same.
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},
            excluded_checks=[negative_data_rejection, positive_data_acceptance],
        )

    check()


def test_every_address_is_described(client: FlaskClient, app: Flask) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    served = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert served == {path for path in document["paths"] if path.startswith("/api/")}
    assert served - {"/api/v1/openapi.json"} == set(PATHS)


def resolved(document: dict[str, Any], schema: dict[str, Any], value: Any) -> dict[str, Any]:
    if "discriminator" in schema:
        chosen = schema["discriminator"]
        schema = {"$ref": chosen["mapping"][value[chosen["propertyName"]]]}
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return resolved(document, choice, value)
    return schema


def undescribed(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """The keys in a value that its schema does not name."""
    schema = resolved(document, schema, value)
    names: list[str] = []
    if isinstance(value, list):
        for item in value:
            names += undescribed(document, schema["items"], item)
    elif isinstance(value, dict):
        free = schema.get("additionalProperties")
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, free)
            names += undescribed(document, inner, item) if inner else [name]
    return names


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=coong+an+xax",
        "/api/v1/search?q=cong+an",
        '/api/v1/search?q="cong+(an+zz+*a',
        "/api/v1/suggest?q=cong",
        f"/api/v1/articles/{ONE.identifier}",
        f"/api/v1/articles/{ONE.identifier}/versions",
        "/api/v1/facets?q=cong+an",
        "/api/v1/histogram?q=cong+an",
        "/api/v1/changes?n=1",
        "/api/v1/search?q=cong+an&n=1",
    ],
)
def test_no_key_goes_without_description(client: FlaskClient, path: str) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    where = path.partition("?")[0].replace(ONE.identifier, "{identifier}")
    answer = document["paths"][where]["get"]["responses"]["200"]["content"]["application/json"]
    value = client.get(path).get_json()
    assert undescribed(document, answer["schema"], value) == []


def test_facets_count_the_values_of_each_column(client: FlaskClient) -> None:
    answer = client.get("/api/v1/facets?q=cong+an&not.publisher=Báo+B").get_json()
    assert (answer["total"], answer["complete"]) == (2, True)
    assert answer["facets"]["publisher"] == [{"value": "Báo A", "documents": 1}]
    assert set(answer["facets"]) == {"publisher", "category", "author", "person", "state"}
    only = client.get("/api/v1/facets?q=cong+an&column=category&n=1").get_json()
    assert only["facets"] == {"category": [{"value": "Pháp luật", "documents": 1}]}


def test_the_histogram_counts_each_month(client: FlaskClient) -> None:
    answer = client.get("/api/v1/histogram?q=cong+an").get_json()
    assert answer["months"] == [
        {"month": "2021-01", "documents": 1},
        {"month": "2022-12", "documents": 1},
    ]
    assert answer["total"] == 3


def test_versions_are_listed_and_read(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/articles/{ONE.identifier}/versions").get_json()
    assert [version["number"] for version in answer["versions"]] == [1, 2]
    assert answer["versions"][0]["warc_file"] == "tangthu-00001.warc.gz"
    older = client.get(f"/api/v1/articles/{ONE.identifier}?version=1").get_json()
    assert older["title"] == "Công an cũ"


@pytest.mark.parametrize("path", ["articles/none", "articles/none/versions", "nothing"])
def test_errors_are_problem_details(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code == 404
    assert set(problem) == {"type", "title", "status", "detail"}
