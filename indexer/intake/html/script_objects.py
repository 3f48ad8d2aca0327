"""Objects as scripts write them, which are no JSON: keys without quotes, names for values.

Nuxt 2 writes the data of a page as a call, in which values that come often are arguments:
`(function(a,b){return {title:a,draft:b}}("Cầu mới",false))`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_TOKEN: Final = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))"""
    r"""|(?P<single>'(?:[^'\\]|\\.)*+(?:'|\\?\Z))"""
    r"|(?P<nothing>\bvoid 0\b|\bundefined\b|\bNaN\b|\b(?:new )?[A-Z]\w{0,20}\([^()\"']{0,40}\))"
    r"|(?P<flag>![01])"
    r"|(?P<key>[A-Za-z_$][\w$]{0,200})(?=\s{0,9}:)"
    r"|(?P<word>[A-Za-z_$][\w$]{0,200})"
    r"|(?P<number>-?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,3})?)"
    r"|,(?=\s{0,99}[}\]])",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_JSON_ESCAPES: Final = frozenset('"\\/bfnrtu')
_LITERALS: Final = frozenset(("true", "false", "null"))
_CALL: Final = re.compile(
    r"\s{0,9}\(?\s{0,9}function\s{0,9}\w{0,80}\((?P<names>[\w$,\s]*+)\)\s{0,9}\{"
)
_RETURN: Final = re.compile(r"\breturn\s{0,9}(?=\{)")
_ARGUMENTS: Final = re.compile(r"\s{0,9};?\s{0,9}\}\s{0,9}\)?\s{0,9}\(")
_GAP: Final = re.compile(r"[\s,]*")
_NAMED: Final = "\x00"
"""The first character of a name that stands for a value, in place of the value."""

_DEEPEST: Final = 200


def read_script_value(text: str) -> Any:
    """Return the value that a script assigns: an object, a list, or what a function returns.

    Raises:
        ValueError: it is none that can be read.
    """
    call = _CALL.match(text)
    returned = _RETURN.search(text, call.end()) if call else None
    script = _as_json(text[returned.end() :] if returned else text)
    value, end = _decode(script)
    if not isinstance(value, dict | list):
        raise ValueError("is no object")
    names = [name.strip() for name in call["names"].split(",")] if call and returned else []
    behind = _ARGUMENTS.match(script, end)
    arguments = _arguments(script, behind.end()) if names and behind else iter(())
    return _resolved(value, dict(zip(names, arguments, strict=False)))


def _as_json(text: str) -> str:
    """Return a script's object as JSON, in which each name is a text of its own kind."""
    return _TOKEN.sub(_json_token, text)


def _json_token(token: re.Match[str]) -> str:
    kind, text = token.lastgroup, token[0]
    if kind in ("double", "single"):
        inner = _ESCAPE.sub(_json_escape, text[1:-1])
        if kind == "single":
            inner = re.sub(r'(?<!\\)"', r"\\u0022", inner)
        return f'"{inner}"'
    if kind == "key":
        return f'"{text}"'
    if kind == "word":
        return text if text in _LITERALS else f'"\\u0000{text}"'
    if kind == "flag":
        return "true" if text == "!0" else "false"
    if kind == "number":
        return repr(float(text)) if "." in text else text
    return "null" if kind == "nothing" else ""


def _json_escape(escape: re.Match[str]) -> str:
    """Return an escape as JSON has it, which knows no numbers of two figures and no apostrophe."""
    if escape[1]:
        return f"\\u00{escape[1]}"
    if escape[2] == '"':
        return "\\u0022"
    return escape[0] if escape[2] in _JSON_ESCAPES else escape[2].replace("\n", "")


def _decode(script: str, start: int = 0) -> tuple[Any, int]:
    start = _GAP.match(script, start).end()  # type: ignore[union-attr]
    try:
        return json.JSONDecoder(strict=False).raw_decode(script, start)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def _arguments(script: str, start: int) -> Iterator[Any]:
    """Yield the arguments of a call, up to the first that cannot be read."""
    while True:
        try:
            value, start = _decode(script, start)
        except ValueError:
            return
        yield value


def _resolved(value: Any, values: dict[str, Any], depth: int = 0) -> Any:
    """Return a value with the values of its names; an unknown one has none."""
    if isinstance(value, str) and value.startswith(_NAMED):
        found = values.get(value[1:])
        return None if isinstance(found, str) and found.startswith(_NAMED) else found
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: _resolved(inner, values, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, values, depth + 1) for inner in value]
    return value
