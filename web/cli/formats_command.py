"""The command that lists the formats: which are read, by what, and what is missing for them."""

from __future__ import annotations

import click
from click.core import ParameterSource


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON, with the formats not read; stable.")
@click.pass_context
def formats(context: click.Context, as_json: bool) -> None:
    """List the formats that are read, and what is missing for them on this machine."""
    # Imported here: help is printed without any reader.
    from archive.catalogue.database import require_catalogue
    from web.cli.formats_report import print_formats

    if context.find_root().get_parameter_source("home") is ParameterSource.COMMANDLINE:
        # Nothing is read of it; whoever names an archive means one that is there.
        require_catalogue(context.obj)
    print_formats(as_json)
