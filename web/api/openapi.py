"""The OpenAPI 3.1 description of the JSON interface, made of its table of addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import msgspec
from apispec import APISpec
from flask import Response

from web.addresses.parameters import JsonSchema, Parameter
from web.api.examples import example_answers
from web.http.problem_details import ParameterProblem, ProblemDetails

_PROBLEMS = {
    "400": "A parameter is unknown or has a value that cannot be read; `parameters` names it.",
    "410": "The article was removed, or is hidden.",
    "404": "There is no such article or version.",
    "429": "Too many requests of this client; `Retry-After` says in how many seconds to come back.",
    "503": "The index cannot be read now.",
}


_PROBLEM_EXAMPLE = ProblemDetails(
    "Bad Request",
    400,
    "n=-1: cannot be read. Results a page.",
    parameters=(ParameterProblem("n", "-1", "cannot be read. Results a page."),),
)


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One address of the interface, its view, its parameters, and the record of its answer."""

    path: str
    view: Callable[..., Response]
    summary: str
    record: Any
    parameters: tuple[Parameter[Any], ...]


def describe(site: str, operations: Sequence[ApiOperation]) -> dict[str, Any]:
    """Return the description of an interface below an address."""
    spec = APISpec(
        title="tangthu",
        version=version("tangthu"),
        openapi_version="3.1.0",
        info={
            "summary": "A searchable archive of Vietnamese news and documents.",
            "description": "Read only. Keys and addresses are stable: new ones may come, none "
            "changes its meaning or goes. A parameter that is unknown or cannot be read is "
            "answered 400.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        servers=[{"url": site}],
    )
    types = [*(operation.record for operation in operations), ProblemDetails]
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    for name, schema in components.items():
        spec.components.schema(name, schema)
    *answers, problem = schemas
    for operation, answer in zip(operations, answers, strict=True):
        spec.path(operation.path, operations={"get": _describe(operation, answer, problem)})
    return spec.to_dict()


def _describe(operation: ApiOperation, answer: JsonSchema, problem: JsonSchema) -> JsonSchema:
    """Return the operation object of an address."""
    problem_content = {"application/problem+json": {"schema": problem}}
    may_miss = any(parameter.place == "path" for parameter in operation.parameters)
    responses: dict[str, Any] = {
        code: {"description": description, "content": problem_content}
        for code, description in _PROBLEMS.items()
        if code not in ("404", "410") or may_miss
    }
    content = {"schema": answer, "example": example_answers()[operation.view.__name__]}
    responses["200"] = {
        "description": operation.summary,
        "content": {"application/json": content},
    }
    wrong = {"schema": problem, "example": msgspec.to_builtins(_PROBLEM_EXAMPLE)}
    responses["400"]["content"] = {"application/problem+json": wrong}
    responses["304"] = {"description": "The answer of the client is still right (ETag)."}
    return {
        "operationId": operation.view.__name__,
        "summary": operation.summary,
        "parameters": [parameter.openapi() for parameter in operation.parameters],
        "responses": responses,
    }
