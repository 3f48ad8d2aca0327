"""The command that prints the settings in force, and where each of them comes from."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@click.option("--changed", is_flag=True, help="Only those that are not the default.")
@pass_archive
def settings(home: Path, as_json: bool, changed: bool) -> None:
    """Print the settings in force, each with its origin; exit status 1 if one cannot be used."""
    from web.cli.settings_report import print_settings

    print_settings(home, as_json, changed)
