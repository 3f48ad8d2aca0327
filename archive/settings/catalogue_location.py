"""The location of an archive's catalogue: the SQLite file in the home, or a database elsewhere.

It is named by `--catalogue`, by TANGTHU_CATALOGUE, or by `catalogue` below `[archive]` in the
home's `settings.toml`. A password is in none of them: it comes from the environment or a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import StoreError
from archive.settings.archive_settings import (
    IN_HOME,
    VARIABLES,
    archive_settings,
    write_archive_settings,
)
from archive.settings.secret_settings import PasswordSource
from archive.settings.settings_file import SettingsError, refuse_unknown_keys

CATALOGUE_VARIABLE = VARIABLES["catalogue"]
PASSWORD_VARIABLE = "TANGTHU_CATALOGUE_PASSWORD"
PASSWORD_FILE_VARIABLE = VARIABLES["catalogue-password-file"]

URL_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")
"""The options after the question mark of a URL; `host` is a folder of Unix sockets."""

TLS_MODES = ("disable", "require", "verify-ca", "verify-full")
"""The values of `sslmode`, as PostgreSQL's own programs understand them."""

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
        source = PasswordSource(
            "the catalogue's", PASSWORD_VARIABLE, self.password_file, StoreError
        )
        return source.read(environment)


HOME_CATALOGUE = CatalogueLocation()
"""The SQLite file in the home, whatever the settings say."""


def read_location(home: Path, environment: Mapping[str, str] | None = None) -> CatalogueLocation:
    """Return the location of a home's catalogue.

    Raises:
        SettingsError: it is no location.
    """
    settings = archive_settings(home, environment)
    catalogue = settings["catalogue"]
    url = check_url(catalogue.value, catalogue.place, catalogue.name)
    return CatalogueLocation(
        "" if url == IN_HOME else url, settings["catalogue-password-file"].value
    )


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
    file = location.password_file if location.url else ""
    write_archive_settings(home, {"catalogue": location.url, "catalogue-password-file": file})
