"""Printing the settings in force, and where each of them comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import Enum
from pathlib import Path

import click
from click.core import ParameterSource

from archive.settings.archive_settings import TABLE, archive_settings
from archive.settings.catalogue_location import read_location
from archive.settings.originals_location import read_originals_location
from archive.settings.settings_file import SETTINGS_FILE
from indexer.engine_factory import engine_location
from web.cli.command_settings import option_defaults, read_command_tables, settable_options
from web.cli.printed_output import print_json, print_line
from web.cli.translated_output import translate
from web.owner.owner_pages import read_owner_pages
from web.site.access_settings import effective_access
from web.site.site_settings import EffectiveSetting, effective_settings, read_site

ORIGINS: dict[ParameterSource | None, str] = {
    ParameterSource.COMMANDLINE: "option",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT_MAP: SETTINGS_FILE,
    ParameterSource.DEFAULT: "default",
}
"""Where a setting comes from, as it is said."""


def print_settings(home: Path, as_json: bool, changed: bool) -> None:
    """Print the settings of this run's home and commands, all or those that were changed."""
    context = click.get_current_context().find_root()
    effective = [_home_setting(context, home), *_archive_settings(context, home)]
    effective += effective_settings(home)
    effective += effective_access(home)
    effective += _command_settings(context)
    read_owner_pages(home, read_site(home))
    for setting in effective:
        if changed and setting.origin == "default":
            continue
        if as_json:
            print_json(asdict(setting))
        else:
            value = json.dumps(setting.value, ensure_ascii=False, default=str)
            print_line(f"{setting.key} = {value}  ({translate(setting.origin)})")


def _home_setting(context: click.Context, home: Path) -> EffectiveSetting:
    source = context.get_parameter_source("home")
    return EffectiveSetting("home", str(home), ORIGINS.get(source, "default"))


def _archive_settings(context: click.Context, home: Path) -> Iterator[EffectiveSetting]:
    """Yield where the archive keeps its parts; no password is among it."""
    # No value is printed that may hold a password: all are checked first.
    read_location(home)
    read_originals_location(home)
    engine_location(home)
    for setting in archive_settings(home).values():
        source = context.get_parameter_source(setting.key)
        origin = "option" if source is ParameterSource.COMMANDLINE else setting.origin
        yield EffectiveSetting(f"{TABLE}.{setting.key}", setting.value, origin)


def _command_settings(context: click.Context) -> Iterator[EffectiveSetting]:
    """Yield the options of every command, as a call without any would have them."""
    group = context.command
    assert isinstance(group, click.Group)
    tables = read_command_tables(context.obj, group.list_commands(context))
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        defaults = option_defaults(context, command, tables.get(name, {}))
        sub = click.Context(command, parent=context, info_name=name, default_map=defaults)
        for key, option in settable_options(command).items():
            value, _ = option.handle_parse_result(sub, {}, [])
            origin = ORIGINS.get(sub.get_parameter_source(str(option.name)), "default")
            # click has a sentinel for options that have no default.
            value = None if isinstance(value, Enum) else value
            yield EffectiveSetting(f"{name}.{key}", value, origin)
