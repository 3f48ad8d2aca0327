"""Options from `settings.toml` and the environment: each has one name in all three places.

`--max-load` of `rebuild` is `max-load` below `[rebuild]` in the file and
`TANGTHU_REBUILD_MAX_LOAD` in the environment. The command line wins over the environment, and
that over the file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import click

from archive.settings.archive_settings import TABLE as ARCHIVE_TABLE
from archive.settings.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
)

SITE_TABLES = ("site", "access", "categories", "publishers")
"""The tables that are about the pages, not about a command."""

_OTHER_TABLES = (ARCHIVE_TABLE, *SITE_TABLES)


def name_variables(command: click.Command) -> click.Command:
    """Give each option of a command its variable in the environment."""
    for name, option in settable_options(command).items():
        variable = f"TANGTHU_{command.name}_{name}".upper().replace("-", "_")
        option.envvar = option.envvar or variable
    return command


def settable_options(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by their name in the settings."""
    return {
        max(option.opts, key=len).lstrip("-"): option
        for option in command.params
        if isinstance(option, click.Option) and not (option.is_eager or option.required)
    }


def read_command_tables(home: Path, commands: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the tables of a home's settings that are about commands.

    Raises:
        SettingsError: the file cannot be read, or has a table that means nothing.
    """
    tables = read_settings_file(home)
    for table in tables:
        if table not in _OTHER_TABLES and table not in commands:
            known = ", ".join((*_OTHER_TABLES, *commands))
            raise SettingsError(home / SETTINGS_FILE, table, f"is unknown; known are {known}")
    return {name: table for name, table in tables.items() if name not in _OTHER_TABLES}


def option_defaults(
    context: click.Context, command: click.Command, table: dict[str, Any]
) -> dict[str, Any]:
    """Return the values that a table gives to a command's options, by the option's parameter.

    Raises:
        SettingsError: a key is unknown, or a value is not allowed.
    """
    place, options = context.obj / SETTINGS_FILE, settable_options(command)
    refuse_unknown_keys(place, str(command.name), table, set(options))
    defaults = {}
    for name, value in table.items():
        option = options[name]
        try:
            # Its own check as well, such as that of an encoding.
            option.process_value(context, value)
        except click.BadParameter as error:
            raise SettingsError(place, f"{command.name}.{name}", error.message) from error
        except TypeError as error:
            raise SettingsError(place, f"{command.name}.{name}", "has to be a list") from error
        defaults[str(option.name)] = value
    return defaults
