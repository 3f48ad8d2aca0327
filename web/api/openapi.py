"""The OpenAPI 3.1 description of everything that programs may ask, made of the views' own.

The views have them (`web/addresses/endpoint_descriptions.py`); here they are put together with the
addresses, and with what every address answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import msgspec
from apispec import APISpec
from flask import Flask

from web.access.access_gate import OPEN_ENDPOINTS
from web.addresses.endpoint_descriptions import TEXT, Content, EndpointDescription, description_of
from web.addresses.parameters import JsonSchema, Parameter
from web.api.examples import ARTICLE, example_answers
from web.http.problem_details import ParameterProblem, ProblemDetails
from web.http.security_headers import PREFLIGHT_HEADERS, is_open
from web.http.validators import has_validators

_STATUSES = {
    206: "The bytes that the `Range` header asks for.",
    303: "The address of what was asked for, in `Location`.",
    304: "The answer of the client is still right (`ETag`, `Last-Modified`).",
    400: "A parameter is unknown or has a value that cannot be read; `parameters` names it.",
    401: "A user and a password are needed.",
    404: "There is no such article, version or file.",
    410: "The article was removed, or is hidden.",
    416: "The `Range` header asks for bytes that are not there.",
    429: "Too many requests of this client; `Retry-After` says in how many seconds to come back.",
    503: "The archive is busy, or what is asked for cannot be read now; come back after "
    "`Retry-After`, if it is there.",
}

_EVERYWHERE = (429, 503)

_RETRY = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}

_INFO = {
    "summary": "A searchable archive of Vietnamese news and documents.",
    "description": "Read only. Keys and addresses are stable: new ones may come, none changes its "
    "meaning or goes. A parameter that is unknown or cannot be read is answered 400 with problem "
    "details (RFC 9457); other failures are problem details below `/api/`, and pages elsewhere. "
    "Every address also answers HEAD. An archive behind a password answers 401 to who has none, "
    "and is open to no other site.",
    "license": {"name": "MIT", "identifier": "MIT"},
}

_PROBLEM_EXAMPLE = ProblemDetails(
    "Bad Request",
    400,
    "n=-1: cannot be read. Results a page.",
    parameters=(ParameterProblem("n", "-1", "cannot be read. Results a page."),),
)

_CONVERTER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
"""A part of a rule that stands for a value: `<int:number>`."""


@dataclass(frozen=True, slots=True)
class DescribedAddress:
    """An address with its operation.

    Attributes:
        path: with `{names}` for what stands in it.
        endpoint: that of the application.
        methods: GET, and POST where it is taken.
        operation: what stands beside its view.
        needs_password: only readers with one are answered.
    """

    path: str
    endpoint: str
    methods: tuple[str, ...]
    operation: EndpointDescription
    needs_password: bool


def described_addresses(app: Flask, *, private: bool) -> list[DescribedAddress]:
    """Return the addresses of an application that programs may ask, the JSON interface first."""
    addresses = []
    for rule in app.url_map.iter_rules():
        if operation := description_of(app.view_functions[rule.endpoint]):
            methods = tuple(sorted((rule.methods or set()) & {"GET", "POST"}))
            path = _CONVERTER.sub(r"{\1}", rule.rule)
            needs_password = private and rule.endpoint not in OPEN_ENDPOINTS
            addresses.append(
                DescribedAddress(path, rule.endpoint, methods, operation, needs_password)
            )
    return sorted(addresses, key=lambda address: bool(address.operation.group))


def describe(site: str, addresses: Sequence[DescribedAddress], *, private: bool) -> dict[str, Any]:
    """Return the description of addresses below a site's, as public or private as it is."""
    schemes = {"password": {"type": "http", "scheme": "basic"}}
    security: dict[str, Any] = {"security": [{"password": []}]} if private else {}
    spec = APISpec(
        title="tangthu",
        version=version("tangthu"),
        openapi_version="3.1.0",
        info=_INFO,
        servers=[{"url": site}],
        **security,
    )
    for name, scheme in schemes.items() if private else ():
        spec.components.security_scheme(name, scheme)
    schemas = _add_schemas(spec, addresses)
    for address in addresses:
        operations = {
            method.lower(): _describe(address, method, schemas) for method in address.methods
        }
        if is_open(address.endpoint, address.path) and not private:
            operations["options"] = _describe_preflight(address)
        spec.path(address.path, operations=operations)
    return spec.to_dict()


def _add_schemas(spec: APISpec, addresses: Sequence[DescribedAddress]) -> dict[Any, JsonSchema]:
    """Add the schemas of all records, and return by record what refers to each."""
    contents = [content for address in addresses for content in address.operation.contents]
    records = [
        ProblemDetails,
        *dict.fromkeys(content.record for content in contents if content.record),
    ]
    schemas, components = msgspec.json.schema_components(
        records, ref_template="#/components/schemas/{name}"
    )
    for name, schema in components.items():
        spec.components.schema(name, schema)
    return dict(zip(records, schemas, strict=True))


def _describe(
    address: DescribedAddress, method: str, schemas: Mapping[Any, JsonSchema]
) -> JsonSchema:
    """Return the operation object of an address."""
    operation = address.operation
    responses: dict[str, Any] = {
        str(operation.status): _describe_success(operation, schemas),
        **{
            str(status): _describe_status(address, status, schemas)
            for status in sorted(_statuses(address))
        },
    }
    is_get = method == "GET"
    described: JsonSchema = {
        "operationId": operation.name if is_get else f"{operation.name}_{method.lower()}",
        "summary": operation.summary,
        "responses": responses,
    }
    if is_get:
        described["parameters"] = [parameter.openapi() for parameter in operation.parameters]
    else:
        described["requestBody"] = _describe_form(operation.parameters)
    return described | ({"tags": [operation.group]} if operation.group else {})


def _statuses(address: DescribedAddress) -> set[int]:
    """Return what an address answers beside what was asked for."""
    statuses = {*_EVERYWHERE, *address.operation.statuses}
    if address.needs_password:
        statuses.add(401)
    if address.operation.is_strict:
        statuses.add(400)
    if has_validators(address.endpoint):
        statuses.add(304)
    return statuses


def _describe_success(
    operation: EndpointDescription, schemas: Mapping[Any, JsonSchema]
) -> JsonSchema:
    described: JsonSchema = {
        "description": _STATUSES[303] if operation.status == 303 else operation.summary
    }
    if operation.contents:
        described["content"] = {
            content.media_type: _describe_content(operation.name, content, schemas)
            for content in operation.contents
        }
    headers = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in operation.headers
    }
    return described | ({"headers": headers} if headers else {})


def _describe_content(
    name: str, content: Content, schemas: Mapping[Any, JsonSchema]
) -> dict[str, Any]:
    schema = schemas[content.record] if content.record else content.schema or TEXT
    described: dict[str, Any] = {"schema": schema}
    example = content.example(ARTICLE) if callable(content.example) else content.example
    if content.record and example is None:
        example = example_answers()[name]
    return described | ({} if example is None else {"example": example})


def _describe_status(
    address: DescribedAddress, status: int, schemas: Mapping[Any, JsonSchema]
) -> JsonSchema:
    described: JsonSchema = {"description": _STATUSES[status]}
    if status == 206:
        bytes_asked = {content.media_type: content for content in address.operation.contents}
        described["content"] = {
            name: {"schema": content.schema} for name, content in bytes_asked.items()
        }
    elif status == 400 or status >= 400 and address.path.startswith("/api/"):
        problem: dict[str, Any] = {"schema": schemas[ProblemDetails]}
        if status == 400:
            problem["example"] = msgspec.to_builtins(_PROBLEM_EXAMPLE)
        described["content"] = {"application/problem+json": problem}
    elif status >= 400:
        described["content"] = {"text/html": {"schema": TEXT}}
    return described | ({"headers": _RETRY} if status in _EVERYWHERE else {})


def _describe_form(parameters: Sequence[Parameter[Any]]) -> JsonSchema:
    """Return the request body object of parameters that are posted as a form."""
    properties = {
        parameter.name: {"description": parameter.description, **parameter.schema}
        for parameter in parameters
    }
    schema = {"type": "object", "properties": properties}
    return {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def _describe_preflight(address: DescribedAddress) -> JsonSchema:
    """Return the operation object of the question of a browser whether another site may ask."""
    operation = address.operation
    headers = {
        name: {"schema": {"type": "string", "const": value}}
        for name, value in PREFLIGHT_HEADERS.items()
    }
    inside = [
        parameter.openapi() for parameter in operation.parameters if parameter.place == "path"
    ]
    return {
        "operationId": f"{operation.name}_preflight",
        "summary": "What pages of other sites may ask (CORS)",
        "tags": ["preflight"],
        "parameters": inside,
        "responses": {"204": {"description": "In its headers.", "headers": headers}},
    }
