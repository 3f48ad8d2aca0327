"""A client is generated from the description of the JSON interface, and examples are as described.

The generator and the HTTP client below it are independent of this project.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from httpx import WSGITransport

from tests.factories import ArchiveFactory, article, client_of, day

LEAD = "Hôm nay có tin mới. " * 100
ARTICLES = [
    article(
        f"Bò sữa số {number}",
        f"Đàn bò sữa số {number}.",
        lead=LEAD,
        category="Kinh tế",
        authors=("Lê C", "Trần B"),
        publisher="Báo A",
        published=day(2022, 3, number + 1),
    )
    for number in range(5)
]


TEXTS = {
    "content_type_overrides": {
        media_type: "text/plain"
        for media_type in (
            *("application/atom+xml", "application/xml", "application/jsonl", "image/svg+xml"),
            *("application/x-bibtex", "application/x-research-info-systems"),
            "application/opensearchdescription+xml",
        )
    }
}
"""What the generator has to be told to be texts."""


@pytest.fixture(scope="module")
def app(shared_archive_of: ArchiveFactory) -> Flask:
    return client_of(shared_archive_of(*ARTICLES), rate="").application


@pytest.fixture(scope="module")
def description(app: Flask) -> dict[str, Any]:
    document: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return document


@pytest.fixture(scope="module")
def package(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(app.test_client().get("/api/v1/openapi.json").data)
    (folder / "config.yml").write_text(json.dumps({"post_hooks": [], **TEXTS}))
    program = Path(sys.executable).parent / "openapi-python-client"
    arguments = ["generate", "--path", "openapi.json", "--meta", "none"]
    options = ["--config", "config.yml", "--output-path", "archive_client", "--fail-on-warning"]
    done = subprocess.run(
        [program, *arguments, *options], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield "archive_client"
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("archive_client")]:
        del sys.modules[name]


def call(
    package: str, app: Flask, operation: str, *path: Any, group: str = "default", **parameters: Any
) -> Any:
    """Call an operation with the generated client, and return the answer that it parsed."""
    module = importlib.import_module(f"{package}.api.{group}.{operation}")
    client = importlib.import_module(f"{package}.client").Client(
        base_url="http://localhost", httpx_args={"transport": WSGITransport(app)}
    )
    with client:
        answer = module.sync_detailed(*path, client=client, **parameters)
    return answer.parsed


def test_a_generated_client_reads_every_operation(package: str, app: Flask) -> None:
    one = ARTICLES[0]
    page = call(package, app, "search", q="bo sua", n=2, publisher=["Báo A"])
    assert (page.total, page.pages, len(page.hits)) == (5, 3, 2)
    assert page.next_.endswith("page=2")
    hit = next(
        hit for hit in call(package, app, "search", q=one.title).hits if hit.id == one.identifier
    )
    version = call(package, app, "versions", one.identifier).versions[0]
    assert (hit.category, hit.authors, hit.digest) == (
        "Kinh tế",
        ["Lê C", "Trần B"],
        version.sha256,
    )
    assert hit.lead == LEAD[:1000]
    assert call(package, app, "article", one.identifier).title == one.title
    assert call(package, app, "suggest", q="bo s").query == "bo s"
    assert call(package, app, "facets", q="bo sua").total == 5
    assert call(package, app, "histogram", q="bo sua").months[0].month == "2022-03"
    assert len(call(package, app, "changes", n=3).changes) == 3


def test_a_generated_client_reads_files_and_feeds(package: str, app: Flask) -> None:
    one = ARTICLES[0]
    kinds = importlib.import_module(f"{package}.models")
    table = call(package, app, "export", kinds.ExportKind.CSV, group="files", q="bo sua")
    assert table.count(one.publisher) == len(ARTICLES)
    # The generator heeds one form of an answer: the first.
    (cited,) = call(package, app, "cite", one.identifier, kinds.CiteKind.JSON, group="files")
    assert cited["title"] == one.title
    original = call(package, app, "original", one.identifier, group="files", range_="bytes=0-3")
    assert len(original.payload.read()) == 4
    assert one.title in call(package, app, "feed", group="feeds", q="bo sua")
    verb, prefix = kinds.OaiVerb.LISTRECORDS, "oai_dc"
    records = call(package, app, "oai", group="harvesting", verb=verb, metadata_prefix=prefix)
    assert records.count("<dc:title>") == len(ARTICLES)
    assert "month" not in call(package, app, "trends_table", group="trends", q=["bo sua"])


def test_a_generated_client_reads_problems(package: str, app: Flask) -> None:
    problem = call(package, app, "search", n=1000)
    assert (problem.status, [each.name for each in problem.parameters]) == (400, ["n"])
    assert call(package, app, "article", "nothing").status == 404


def test_examples_are_as_described(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        bytes_only = ("/api/v1/openapi.json", "/article/{identifier}/original", "/trends.svg")
        for status, answer in item["get"]["responses"].items():
            for content in answer.get("content", {}).values():
                is_needed = status == "400" or status == "200" and path not in bytes_only
                assert "example" in content or not is_needed, path
                schema = content["schema"] | {"components": description["components"]}
                if "example" in content:
                    jsonschema_rs.validate(schema, content["example"])
