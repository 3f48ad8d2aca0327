"""The command line: `tangthu [--home DIR] COMMAND …`; only here is the environment read."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import platformdirs

from archive.errors import ArchiveError
from web import commands_index, commands_keep, commands_search, commands_serve


class _Group(click.Group):
    """A group whose commands turn our errors into one line that names the remedy."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an `ArchiveError` ends it with exit status 1."""
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            click.echo(f"tangthu: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # Whoever read our output has had enough of it (`tangthu search … | head`).
            sys.stderr.close()
            ctx.exit(1)


def default_home() -> Path:
    """Where an archive lives when nobody says where: the platform's user data folder."""
    return Path(platformdirs.user_data_dir("tangthu", appauthor=False))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TANGTHU_HOME",
    default=default_home,
    help="The archive's folder (environment: TANGTHU_HOME).",
)
@click.version_option(package_name="tangthu")
@click.pass_context
def main(context: click.Context, home: Path) -> None:
    """Keep Vietnamese news and documents, and find them with their marks or without."""
    context.obj = home


for command in (
    commands_keep.add,
    commands_keep.show,
    commands_keep.status,
    commands_keep.verify,
    commands_index.update,
    commands_index.rebuild,
    commands_index.generations,
    commands_index.rollback,
    commands_search.search,
    commands_serve.serve,
    commands_serve.demo,
):
    main.add_command(command)
