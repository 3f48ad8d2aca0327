"""Descriptions of endpoints: what programs may ask there and what is answered, beside the views.

The description of the whole interface (OpenAPI) is made of these declarations and of the
application's rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive.records import Article
from web.addresses.parameter_checks import takes
from web.addresses.parameters import JsonSchema, Parameter, text_parameter

BYTES: JsonSchema = {"type": "string", "format": "binary"}
TEXT: JsonSchema = {"type": "string"}

IDENTIFIER = text_parameter("identifier", "The article's identifier.", place="path")

_DECLARED = "operation"

AnyView = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Content:
    """A form of an answer.

    Attributes:
        media_type: without parameters.
        example: a text, or a function that makes one of an article; None is no example.
        schema: the JSON Schema of a text.
        record: the record of an answer in JSON; None where it is another text.
    """

    media_type: str
    example: str | Callable[[Article], Any] | None = None
    schema: JsonSchema | None = None
    record: Any = None


@dataclass(frozen=True, slots=True)
class EndpointDescription:
    """What an address takes and answers.

    Attributes:
        name: the operation's identifier.
        summary: a phrase for it.
        contents: the forms of the answer that has what was asked for.
        parameters: those of the address, its path and its headers.
        statuses: what it answers beside that, and beside what every address does.
        status: that of the answer that has what was asked for.
        headers: headers of that answer that matter, each with a sentence.
        group: the name of several operations; empty for those of the JSON interface.
        is_strict: other parameters are refused.
    """

    name: str
    summary: str
    contents: tuple[Content, ...]
    parameters: tuple[Parameter[Any], ...] = ()
    statuses: tuple[int, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    group: str = ""
    is_strict: bool = True


def describes(operation: EndpointDescription) -> Callable[[AnyView], AnyView]:
    """Return a decorator that describes a view; a strict one refuses other parameters."""

    def decorate(view: AnyView) -> AnyView:
        answer = takes(*operation.parameters)(view) if operation.is_strict else view
        setattr(answer, _DECLARED, operation)
        return answer

    return decorate


def description_of(view: AnyView) -> EndpointDescription | None:
    """Return what a view was described as; None where it is none for programs."""
    return getattr(view, _DECLARED, None)
