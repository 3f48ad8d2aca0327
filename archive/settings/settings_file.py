"""The file `settings.toml` in a home: reading it, and errors that name file, key and values."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.files.plain_files import open_plain_file

SETTINGS_FILE = "settings.toml"

LARGEST_FILE = 1 << 20
"""Bytes of a settings file that are read."""


class SettingsError(ArchiveError):
    """The settings of an archive cannot be used: the message names file, key and what is allowed.

    Args:
        place: the file or the environment variable.
        key: the key as it stands there, such as `site.name`; empty for the whole.
        reason: what is wrong, and what is allowed.
    """

    def __init__(self, place: object, key: str, reason: str) -> None:
        super().__init__(f"{place}: {key}: {reason}" if key else f"{place}: {reason}")


def read_settings_file(home: Path) -> dict[str, Any]:
    """Return the tables of a home's settings; empty where there is no file.

    Raises:
        SettingsError: it is no TOML, too large, or has a key outside of a table.
    """
    path = home / SETTINGS_FILE
    if not os.path.lexists(path):
        return {}
    try:
        with open_plain_file(path) as file:
            text = file.read(LARGEST_FILE + 1)
        if len(text) > LARGEST_FILE:
            raise SettingsError(path, "", f"larger than {LARGEST_FILE} bytes")
        tables = tomllib.loads(text.decode("utf-8-sig"))
    except (OSError, ArchiveError) as error:
        raise SettingsError(path, "", f"cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(path, "", f"is no TOML in UTF-8: {error}") from error
    for key, value in tables.items():
        if not isinstance(value, dict):
            raise SettingsError(path, key, "stands before the first table; put it below `[site]`")
    return tables


def refuse_unknown_keys(place: object, table: str, keys: Iterable[str], known: set[str]) -> None:
    """Refuse keys of a table that mean nothing.

    Raises:
        SettingsError: there is one; the message lists those that are known.
    """
    for key in keys:
        if key not in known:
            name = f"{table}.{key}" if table else key
            raise SettingsError(place, name, f"is unknown; known are {', '.join(sorted(known))}")


def replace_table(home: Path, table: str, values: Mapping[str, str]) -> str:
    """Return the text of a home's settings with another table of texts; all else as it is.

    Raises:
        SettingsError: the file cannot be read, or its table is not written as a table of its own.
    """
    path, tables = home / SETTINGS_FILE, read_settings_file(home)
    text = path.read_text(encoding="utf-8-sig") if tables else ""
    changed = re.sub(rf"(?ms)^\[{re.escape(table)}\][^\n]*\n?.*?(?=^\[|\Z)", "", text)
    if values:
        lines = [f"{key} = {_quoted(value)}" for key, value in values.items()]
        changed = "\n".join((f"[{table}]", *lines, "", changed.lstrip("\n")))
    expected = {name: value for name, value in tables.items() if name != table}
    if values:
        expected[table] = dict(values)
    try:
        is_right = tomllib.loads(changed) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise SettingsError(path, table, f"write it as lines of its own below `[{table}]`")
    return changed


def _quoted(text: str) -> str:
    """Return a text as a string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)
