"""The command line: `tangthu [--home DIR] COMMAND …`; only here is the environment read."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path

import click
import platformdirs

from archive.errors import ArchiveError

COMMANDS = {
    "add": "web.cli.archive_commands",
    "show": "web.cli.archive_commands",
    "status": "web.cli.archive_commands",
    "problems": "web.cli.archive_commands",
    "formats": "web.cli.formats_command",
    "verify": "web.cli.archive_commands",
    "update": "web.cli.index_commands",
    "rebuild": "web.cli.index_commands",
    "generations": "web.cli.index_commands",
    "rollback": "web.cli.index_commands",
    "backup": "web.cli.backup_commands",
    "restore": "web.cli.backup_commands",
    "search": "web.cli.search_command",
    "serve": "web.cli.serve_commands",
    "demo": "web.cli.serve_commands",
}
"""The module of each command, which is imported only to run the command."""


class _CommandGroup(click.Group):
    """A group of commands that end an error in one line, which names the remedy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an `ArchiveError` or a file's own error ends it with exit status 1."""
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            click.echo(f"tangthu: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of the output has closed it (`tangthu search … | head`).
            _close_output()
            ctx.exit(1)
        except OSError as error:
            if error.filename is None:
                _close_output()
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"tangthu: {where}{error.strerror or error}", err=True)
            ctx.exit(1)


def _close_output() -> None:
    """Close the output, so that the interpreter does not write to it once more at its end."""
    with contextlib.suppress(OSError):
        sys.stdout.close()


def default_home() -> Path:
    """Return the home of an archive without --home: the platform's user data folder."""
    return Path(platformdirs.user_data_dir("tangthu", appauthor=False))


@click.group(cls=_CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
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
    """Keep Vietnamese news and documents, and find them with their diacritics or without."""
    context.obj = home


if __name__ == "__main__":
    main()
