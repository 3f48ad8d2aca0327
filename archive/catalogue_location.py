"""The location of an archive's catalogue: the SQLite file in the home, or a database elsewhere.

It is named by `--catalogue`, by TANGTHU_CATALOGUE, or by `catalogue` below `[archive]` in the
home's `settings.toml`. A password is in none of them: it comes from the environment or a file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.atomic_files import replace_file
from archive.errors import StoreError, write_failures_as
from archive.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
    replace_table,
)

TABLE = "archive"
"""The table of `settings.toml` that says where an archive keeps its parts."""

IN_HOME = "home"
"""The word, in the place of a URL, for the SQLite file in the home."""

CATALOGUE_VARIABLE = "TANGTHU_CATALOGUE"
PASSWORD_VARIABLE = "TANGTHU_CATALOGUE_PASSWORD"
PASSWORD_FILE_VARIABLE = "TANGTHU_CATALOGUE_PASSWORD_FILE"

URL_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")
"""The options after the question mark of a URL; `host` is a folder of Unix sockets."""

TLS_MODES = ("disable", "require", "verify-ca", "verify-full")
"""The values of `sslmode`, as PostgreSQL's own programs understand them."""

_KEYS = ("catalogue", "catalogue-password-file")
_VARIABLES = {"catalogue": CATALOGUE_VARIABLE, "catalogue-password-file": PASSWORD_FILE_VARIABLE}
_LONGEST_PASSWORD = 4096
_ALLOWED = (
    f"allowed is {IN_HOME!r}, or a URL such as postgresql://user@host:5432/database?"
    "sslmode=verify-full without a password, which is in "
    f"{PASSWORD_VARIABLE} or in the file that {PASSWORD_FILE_VARIABLE} names"
)


@dataclass(frozen=True, slots=True)
class CatalogueLocation:
    """The location of a catalogue, without its password.

    Attributes:
        url: the database; empty for the SQLite file in the home.
        password_file: the file whose first line is the password; empty for none.
    """

    url: str = ""
    password_file: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the catalogue is not in the home."""
        return bool(self.url)

    def password(self, environment: Mapping[str, str] | None = None) -> str | None:
        """Return the password as it is now; None where there is none.

        Raises:
            StoreError: its file cannot be read.
        """
        environment = os.environ if environment is None else environment
        if password := environment.get(PASSWORD_VARIABLE):
            return password
        if not self.password_file:
            return None
        try:
            with Path(self.password_file).open(encoding="utf-8") as file:
                return file.readline(_LONGEST_PASSWORD).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise StoreError(
                f"the catalogue's password cannot be read from {self.password_file}: {reason}"
            ) from error


@dataclass(frozen=True, slots=True)
class ArchiveSetting:
    """A setting of the table `[archive]` as it is in force, and its origin."""

    key: str
    value: str
    origin: str


HOME_CATALOGUE = CatalogueLocation()
"""The SQLite file in the home, whatever the settings say."""


def read_location(home: Path, environment: Mapping[str, str] | None = None) -> CatalogueLocation:
    """Return the location of a home's catalogue.

    Raises:
        SettingsError: it is no location.
    """
    settings = {setting.key: setting.value for setting in archive_settings(home, environment)}
    url = settings["catalogue"]
    return CatalogueLocation("" if url == IN_HOME else url, settings["catalogue-password-file"])


def archive_settings(
    home: Path, environment: Mapping[str, str] | None = None
) -> list[ArchiveSetting]:
    """Return the settings of `[archive]`: the environment's, else the file's, else the default.

    Raises:
        SettingsError: one cannot be used.
    """
    environment = os.environ if environment is None else environment
    path, table = home / SETTINGS_FILE, read_settings_file(home).get(TABLE, {})
    refuse_unknown_keys(path, TABLE, table, set(_KEYS))
    settings = []
    for key in _KEYS:
        value, origin, place, name = "", "default", path, f"{TABLE}.{key}"
        if text := environment.get(_VARIABLES[key]):
            value, origin, place, name = text, "environment", Path(_VARIABLES[key]), ""
        elif key in table:
            value, origin = table[key], SETTINGS_FILE
        if not isinstance(value, str):
            raise SettingsError(place, name, "has to be a text")
        if key == "catalogue":
            value = check_url(value or IN_HOME, place, name)
        settings.append(ArchiveSetting(key, value, origin))
    return settings


def check_url(text: str, place: object, key: str = "") -> str:
    """Return a URL of a catalogue, or `home`; no message repeats it: it may hold a password.

    Raises:
        SettingsError: it is none that is supported.
    """
    # Imported here: it takes longer than the rest of a command that only helps.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if text == IN_HOME:
        return text
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingsError(place, key, f"is no URL of a database; {_ALLOWED}") from None
    if url.password is not None:
        raise SettingsError(place, key, f"holds a password; {_ALLOWED}")
    if url.get_backend_name() != "postgresql" or url.drivername not in (
        "postgresql",
        "postgresql+pg8000",
    ):
        raise SettingsError(place, key, f"is no database that is supported; {_ALLOWED}")
    if not url.database or not url.username:
        raise SettingsError(place, key, f"names no user or no database; {_ALLOWED}")
    refuse_unknown_keys(place, key, url.query, set(URL_OPTIONS))
    if url.query.get("sslmode", TLS_MODES[0]) not in TLS_MODES:
        raise SettingsError(place, key, f"has another sslmode than {', '.join(TLS_MODES)}")
    return text


def write_location(home: Path, location: CatalogueLocation) -> None:
    """Write where the catalogue is into the home's `settings.toml`; all else stays as it is.

    Raises:
        StoreError: the disk refuses it.
        SettingsError: the file cannot be understood.
    """
    values: dict[str, Any] = {}
    if location.url:
        values["catalogue"] = location.url
    if location.url and location.password_file:
        values["catalogue-password-file"] = location.password_file
    path = home / SETTINGS_FILE
    if not values and TABLE not in read_settings_file(home):
        return
    with write_failures_as(StoreError, path):
        replace_file(path, replace_table(home, TABLE, values).encode())
