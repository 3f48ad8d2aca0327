"""The settings of `[access]`: whether the archive is private, and who is its operator.

Each has one name: `private` below `[access]` in `settings.toml`, `TANGTHU_ACCESS_PRIVATE` in the
environment, which wins. They are read once, when the application starts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from archive.settings.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
)
from web.site.site_settings import EffectiveSetting

TABLE = "access"

ENVIRONMENT_PREFIX = "TANGTHU_ACCESS_"

USER_NAME = re.compile(r"[\w.@+-]{1,64}")
"""The name of a user: letters, figures and . @ + - _."""

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_MOST_OPERATORS = 100


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """The settings of one archive about its readers.

    Attributes:
        private: every page, answer and file asks for a user.
        header: the header in which a proxy in front names the user; empty where none does.
        operators: users of that proxy who may operate the archive.
    """

    private: bool = False
    header: str = ""
    operators: tuple[str, ...] = ()


def read_access(home: Path, environment: Mapping[str, str] | None = None) -> AccessSettings:
    """Return the settings of a home about its readers.

    Raises:
        SettingsError: a setting cannot be used.
    """
    return AccessSettings(**{name: value for name, value, _ in _read(home, environment)})


def effective_access(
    home: Path, environment: Mapping[str, str] | None = None
) -> list[EffectiveSetting]:
    """Return the settings about readers with their origins.

    Raises:
        SettingsError: a setting cannot be used.
    """
    return [
        EffectiveSetting(
            f"{TABLE}.{name}", list(value) if isinstance(value, tuple) else value, origin
        )
        for name, value, origin in _read(home, environment)
    ]


def _read(home: Path, environment: Mapping[str, str] | None) -> list[tuple[str, Any, str]]:
    """Return name, value and origin of each setting."""
    environment = os.environ if environment is None else environment
    table, path = read_settings_file(home).get(TABLE, {}), home / SETTINGS_FILE
    refuse_unknown_keys(path, TABLE, table, set(_READERS))
    settings = []
    for attribute in fields(AccessSettings):
        name, reader = attribute.name, _READERS[attribute.name]
        variable = ENVIRONMENT_PREFIX + name.upper()
        if environment.get(variable):
            value = _from_text(name, environment[variable])
            settings.append((name, _checked(variable, "", reader, value), "environment"))
        elif name in table:
            value = _checked(path, f"{TABLE}.{name}", reader, table[name])
            settings.append((name, value, SETTINGS_FILE))
        else:
            settings.append((name, attribute.default, "default"))
    return settings


def _checked(place: object, key: str, reader: Callable[[Any], Any], value: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise SettingsError(place, key, f"{value!r} is not allowed; allowed is {error}") from error


def _from_text(name: str, text: str) -> Any:
    if name == "private":
        return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)
    return [item.strip() for item in text.split(",")] if name == "operators" else text


def _private(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _header(value: Any) -> str:
    if not isinstance(value, str) or (value and not _HEADER.fullmatch(value)):
        raise ValueError("the name of a header such as X-Remote-User")
    return value


def _operators(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) and len(value) <= _MOST_OPERATORS else [None]
    if not all(isinstance(name, str) and USER_NAME.fullmatch(name) for name in names):
        raise ValueError(f"a list of at most {_MOST_OPERATORS} names of users")
    return tuple(names)


_READERS: dict[str, Callable[[Any], Any]] = {
    "private": _private,
    "header": _header,
    "operators": _operators,
}
