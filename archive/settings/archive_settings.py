"""The table `[archive]` of `settings.toml`: where an archive keeps its parts, and its language.

The environment wins over the file. No password is in either: those come from an environment
variable of their own or from a file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import StoreError, write_failures_as
from archive.files.atomic_files import replace_file
from archive.settings.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
    replace_table,
)

TABLE = "archive"
"""The table of `settings.toml`."""

IN_HOME = "home"
"""The word, in the place of an address, for a part that is in the home."""

VARIABLES = {
    "catalogue": "TANGTHU_CATALOGUE",
    "catalogue-password-file": "TANGTHU_CATALOGUE_PASSWORD_FILE",
    "engine": "TANGTHU_ENGINE",
    "engine-password-file": "TANGTHU_ENGINE_PASSWORD_FILE",
    "lang": "TANGTHU_LANG",
    "originals": "TANGTHU_ORIGINALS",
    "originals-keys-file": "TANGTHU_ORIGINALS_KEYS_FILE",
}
"""The keys of the table, each with its variable of the environment."""

_DEFAULTS = {"catalogue": IN_HOME, "engine": IN_HOME, "originals": IN_HOME}


@dataclass(frozen=True, slots=True)
class ArchiveSetting:
    """A setting of the table `[archive]` as it is in force, and its origin.

    Attributes:
        place: the file or variable it stands in, and `name` there, for messages.
    """

    key: str
    value: str
    origin: str
    place: Path
    name: str


def archive_settings(
    home: Path, environment: Mapping[str, str] | None = None
) -> dict[str, ArchiveSetting]:
    """Return the settings of `[archive]` by their keys, not checked: whoever uses one does that.

    Raises:
        SettingsError: a key is unknown, or a value is no text.
    """
    environment = os.environ if environment is None else environment
    path, table = home / SETTINGS_FILE, read_settings_file(home).get(TABLE, {})
    refuse_unknown_keys(path, TABLE, table, set(VARIABLES))
    settings = {}
    for key, variable in VARIABLES.items():
        value, origin, place, name = _DEFAULTS.get(key, ""), "default", path, f"{TABLE}.{key}"
        if text := environment.get(variable):
            value, origin, place, name = text, "environment", Path(variable), ""
        elif key in table:
            value, origin = table[key] or value, SETTINGS_FILE
        if not isinstance(value, str):
            raise SettingsError(place, name, "has to be a text")
        settings[key] = ArchiveSetting(key, value, origin, place, name)
    return settings


def password_file_variable(home: Path) -> tuple[str, str] | None:
    """Return the variable and the file for the engine's password, where only the settings name it.

    Whoever opens an index reads the environment, in every process of a build.

    Raises:
        SettingsError: the settings cannot be used.
    """
    setting = archive_settings(home)["engine-password-file"]
    return (VARIABLES[setting.key], setting.value) if setting.origin == SETTINGS_FILE else None


def write_archive_settings(home: Path, values: Mapping[str, str]) -> None:
    """Write some settings of `[archive]` into the home's file; all others stay as they are.

    Args:
        home: the archive's.
        values: by key; an empty one takes the key out.

    Raises:
        StoreError: the disk refuses it.
        SettingsError: the file cannot be understood.
    """
    path, table = home / SETTINGS_FILE, dict(read_settings_file(home).get(TABLE, {}))
    changed = {key: value for key, value in {**table, **values}.items() if value}
    if changed == table:
        return
    with write_failures_as(StoreError, path):
        replace_file(path, replace_table(home, TABLE, changed).encode())
