"""Parameters of addresses: one declaration reads, writes and describes each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from werkzeug.datastructures import MultiDict

Value = TypeVar("Value")

JsonSchema = dict[str, Any]

_TEXT: JsonSchema = {"type": "string"}
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Parameter(Generic[Value]):
    """A parameter of an address; a value that cannot be read gives the default.

    Attributes:
        name: the name in the address.
        description: an English sentence for the interface's description.
        parse: reads the text of the address, which is empty where the parameter is missing.
        schema: the JSON Schema of the text.
        place: `query` or `path`, as OpenAPI has it.
        repeatable: an address may give several values.
        most_values: so many at most, if there is an end; the others are not read.
        allowed: tells whether a text that is not empty can be read; pages read what cannot be as
            the default, programs are told.
        example: a value for the interface's description.
    """

    name: str
    description: str
    parse: Callable[[str], Value]
    schema: JsonSchema
    place: str = "query"
    repeatable: bool = False
    most_values: int | None = None
    allowed: Callable[[str], bool] = bool
    example: str = ""

    def read(self, args: MultiDict[str, str]) -> Value:
        """Return the value in an address, or the default."""
        return self.parse(args.get(self.name, ""))

    def write(self, value: Value) -> tuple[str, str]:
        """Return name and text for an address; the text of the default is empty."""
        if value == _read_default(self.parse):
            return self.name, ""
        return self.name, "1" if value is True else str(value)

    def openapi(self) -> JsonSchema:
        """Return the parameter object of OpenAPI."""
        schema = {"type": "array", "items": self.schema} if self.repeatable else self.schema
        described: JsonSchema = {
            "name": self.name,
            "in": self.place,
            "description": self.description,
            "schema": schema,
        }
        if self.example:
            described["example"] = [self.example] if self.repeatable else self.example
        return described | ({"required": True} if self.place == "path" else {})


@cache
def _read_default(parse: Callable[[str], Value]) -> Value:
    """Return what the missing text of a parameter is read as: each link of a page asks for it."""
    return parse("")


def text_parameter(
    name: str, description: str, parse: Callable[[str], str] = str, **options: Any
) -> Parameter[str]:
    """Declare a parameter of any text."""
    return Parameter(name, description, parse, _TEXT, **options)


def flag_parameter(name: str, description: str) -> Parameter[bool]:
    """Declare a parameter that is true where it is `1`."""
    schema = {**_TEXT, "enum": ["1", "0", ""]}
    return Parameter(name, description, "1".__eq__, schema, allowed={"1", "0"}.__contains__)


def choice_parameter(
    name: str, description: str, choices: tuple[str, ...], **options: Any
) -> Parameter[str]:
    """Declare a parameter that is one of some words; anything else is read as empty."""
    known = frozenset(choices)
    return Parameter(
        name,
        f"{description}: {', '.join(choices)}.",
        lambda text: text if text in known else "",
        {**_TEXT, "enum": list(choices)},
        allowed=known.__contains__,
        **options,
    )


def number_parameter(
    name: str, description: str, default: int, most: int, **options: Any
) -> Parameter[int]:
    """Declare a whole number from 1 to the most; the default may be 0, which means none."""
    number: JsonSchema = {"type": "integer", "minimum": 1, "maximum": most}
    schema = number | ({"default": default} if default else {})

    def allowed(text: str) -> bool:
        is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
        return is_number and 1 <= int(text) <= most

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
            return default
        return min(max(1, int(text)), most)

    return Parameter(name, description, parse, schema, allowed=allowed, **options)
