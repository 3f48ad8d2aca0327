"""The description of the JSON interface (OpenAPI 3.1), made of its records and parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import msgspec
from apispec import APISpec

from archive.records import Article
from indexer.engine.queries import Column, Sort
from indexer.search.completion import MOST_SUGGESTIONS
from web.api.records import (
    FacetsRecord,
    HistogramRecord,
    ProblemDetails,
    ResultsRecord,
    SuggestionsRecord,
    VersionsRecord,
)
from web.pages.search_params import LARGEST_SIZE, LISTED, PAGE_SIZE

Schema = dict[str, Any]

_PROBLEMS = {
    "404": "There is no such article or version.",
    "429": "This client asked too often; `Retry-After` says in how many seconds to come back.",
    "503": "The index cannot be read now.",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address; what it does not understand it reads as its default."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    several: bool = False
    place: str = "query"

    def described(self) -> Schema:
        """The parameter object."""
        schema = {"type": "array", "items": self.schema} if self.several else self.schema
        described: Schema = {
            "name": self.name,
            "in": self.place,
            "description": self.description,
            "schema": schema,
        }
        return described | ({"required": True} if self.place == "path" else {})


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it is for, what it takes and the record it answers with."""

    path: str
    name: str
    summary: str
    answers: type
    parameters: tuple[Parameter, ...]
    may_miss: bool = False


def _whole(default: int, most: int | None = None) -> Schema:
    """A whole number from 1; what is none is read as the default, what is more as the most."""
    number: Schema = {"type": "integer", "minimum": 1}
    if most:
        number["maximum"] = most
    return {"anyOf": [number, {"type": "string"}], "default": default}


def _asked() -> tuple[Parameter, ...]:
    """What every question takes."""
    flag: Schema = {"type": "string", "examples": ["1"]}
    named = [
        Parameter("q", "The query, as people type it: nothing in it is an error."),
        Parameter("exact", "1: every mark that was typed has to match.", flag),
        Parameter("raw", "1: no keystrokes, acronyms or readings are tried.", flag),
        Parameter("from", "Published on this day or later: a date, month, year or word for one."),
        Parameter("to", "Published on this day or earlier."),
    ]
    for column in ("year", Column.MONTH.value, *(column.value for column in LISTED)):
        named += [
            Parameter(column, f"Only articles with this {column}.", several=True),
            Parameter(f"not.{column}", f"Only articles without this {column}.", several=True),
        ]
    return tuple(named)


def _operations() -> tuple[Operation, ...]:
    orders = ", ".join(Sort)
    identifier = Parameter("identifier", "The article's identifier.", place="path")
    numbered = Parameter("version", "The number of an older version.", {"type": "string"})
    return (
        Operation(
            "/api/v1/search",
            "search",
            "A page of results",
            ResultsRecord,
            (
                *_asked(),
                Parameter("page", "Which page, from 1.", _whole(1)),
                Parameter("n", "Results a page.", _whole(PAGE_SIZE, LARGEST_SIZE)),
                Parameter("sort", f"The order: {orders}.", {"type": "string"}),
            ),
        ),
        Operation(
            "/api/v1/suggest",
            "suggest",
            "How an unfinished query may go on",
            SuggestionsRecord,
            (
                Parameter("q", "The unfinished query."),
                Parameter("n", "Suggestions wanted.", _whole(8, MOST_SUGGESTIONS)),
            ),
        ),
        Operation(
            "/api/v1/articles/{identifier}",
            "article",
            "One article",
            Article,
            (identifier, numbered),
            may_miss=True,
        ),
        Operation(
            "/api/v1/articles/{identifier}/versions",
            "versions",
            "The versions of an article, oldest first",
            VersionsRecord,
            (identifier,),
            may_miss=True,
        ),
        Operation(
            "/api/v1/facets",
            "facets",
            "How many of the matches have each value of the columns",
            FacetsRecord,
            (
                *_asked(),
                Parameter("column", f"Only these: {', '.join(LISTED)}.", several=True),
                Parameter("n", "Values a column, the commonest.", _whole(50, 5000)),
            ),
        ),
        Operation(
            "/api/v1/histogram",
            "histogram",
            "How many of the matches are from each month",
            HistogramRecord,
            _asked(),
        ),
    )


def describe(site: str) -> dict[str, Any]:
    """The whole description, of the interface below an address."""
    spec = APISpec(
        title="tangthu",
        version=version("tangthu"),
        openapi_version="3.1.0",
        info={
            "summary": "A searchable archive of Vietnamese news and documents.",
            "description": "Read only. Keys and addresses are stable: new ones may come, none "
            "changes its meaning or goes. A parameter that is not understood has its default.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        servers=[{"url": site}],
    )
    operations = _operations()
    types = [*dict.fromkeys(operation.answers for operation in operations), ProblemDetails]
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    for name, schema in components.items():
        spec.components.schema(name, schema)
    answers = dict(zip(types, schemas, strict=True))
    for operation in operations:
        spec.path(operation.path, operations={"get": _described(operation, answers)})
    return spec.to_dict()


def _described(operation: Operation, answers: dict[type, Schema]) -> Schema:
    problem = {"application/problem+json": {"schema": answers[ProblemDetails]}}
    codes = [code for code in _PROBLEMS if code != "404" or operation.may_miss]
    responses: dict[str, Any] = {
        code: {"description": _PROBLEMS[code], "content": problem} for code in codes
    }
    responses["200"] = {
        "description": operation.summary,
        "content": {"application/json": {"schema": answers[operation.answers]}},
    }
    responses["304"] = {"description": "What the client has is still right (ETag)."}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [parameter.described() for parameter in operation.parameters],
        "responses": responses,
    }
