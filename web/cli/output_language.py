"""The language of what commands say to people: one for a run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click

from archive.settings.archive_settings import VARIABLES, archive_settings
from archive.settings.settings_file import SettingsError

LANGUAGES = ("vi", "en")

SETTING = "lang"
"""The name of the option `--lang` below `[archive]` in the settings."""

LANGUAGE_VARIABLE = VARIABLES[SETTING]

_CHOSEN = f"{__name__}.chosen"
"""Where the context of a run keeps the language that was chosen for it."""

_SYSTEM_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def output_language() -> str:
    """Return the language of this run: that of `--lang`, else of the system where it is English."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_CHOSEN) if context else None
    return chosen or language_of_arguments((), os.environ)


def remember_language(context: click.Context, language: str) -> None:
    """Keep the language that was chosen for a run."""
    context.meta[_CHOSEN] = language


def language_of_settings(home: Path) -> str:
    """Return the language that the settings of a home name; empty for none that there is.

    What else is wrong with them the command says.
    """
    with suppress(SettingsError):
        chosen = archive_settings(home, {})[SETTING].value
        return chosen if chosen in LANGUAGES else ""
    return ""


def check_language(home: Path) -> None:
    """Check the language that the settings name.

    Raises:
        SettingsError: it is none that there is.
    """
    setting = archive_settings(home, {})[SETTING]
    if setting.value and setting.value not in LANGUAGES:
        raise SettingsError(setting.place, setting.name, f"is none of {', '.join(LANGUAGES)}")


def language_of_arguments(
    arguments: Sequence[str], environment: Mapping[str, str], home: Path | None = None
) -> str:
    """Return the language that arguments ask for, else the environment, the settings, the system.

    It is known so before the arguments are read: help and refusals are in it, too.
    """
    chosen = environment.get(LANGUAGE_VARIABLE, "")
    chosen = _value_of("--lang", arguments) or chosen
    if chosen in LANGUAGES:
        return chosen
    named = _value_of("--home", arguments)
    home = Path(named) if named else home
    return (home and language_of_settings(home)) or system_language(environment)


def _value_of(option: str, arguments: Sequence[str]) -> str:
    """Return the value that an option has in arguments; empty where it has none."""
    value = ""
    for argument, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if argument == "--":
            break
        if argument.partition("=")[0] == option:
            value = argument.partition("=")[2] or following
    return value


def system_language(environment: Mapping[str, str]) -> str:
    """Return the language that the first set variable of the system names; else Vietnamese."""
    name = next(filter(None, map(environment.get, _SYSTEM_VARIABLES)), "") or ""
    return "en" if name.startswith("en") else "vi"
