"""The command line: `tangthu [--home DIR] COMMAND …`; only here is the environment read."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from pathlib import Path

import click
import platformdirs

from archive.errors import ArchiveError
from archive.settings.archive_settings import VARIABLES, password_file_variable
from archive.settings.catalogue_location import CATALOGUE_VARIABLE, PASSWORD_VARIABLE, check_url
from archive.settings.originals_location import (
    KEY_VARIABLE,
    ORIGINALS_VARIABLE,
    SECRET_VARIABLE,
    check_originals_url,
)
from web.cli.command_settings import name_variables, option_defaults, read_command_tables
from web.cli.environment import variable_set
from web.cli.output_language import LANGUAGE_VARIABLE, LANGUAGES, check_language
from web.cli.translated_output import (
    TranslatedContext,
    choose_language,
    refusals_translated,
    say,
)
from web.cli.value_names import name_values

HOME_VARIABLE = "TANGTHU_HOME"

COMMANDS = {
    "init": ("backup_commands", "Make an empty archive; one that exists stays as it is."),
    "add": ("archive_commands", "Keep files, folders or standard input (-) and index what is new."),
    "show": ("archive_commands", "Print one article, by its identifier or address."),
    "status": ("archive_commands", "Report the articles kept and indexed, and a build under way."),
    "problems": ("archive_commands", "List what the kept articles do not hold of their documents."),
    "formats": ("formats_command", "List the formats that are read, and what is missing for them."),
    "verify": ("verify_command", "Prove that originals, catalogue and index agree."),
    "update": ("index_commands", "Index the changes since the last update."),
    "ocr": ("ocr_command", "Recognise the words of scanned pages that wait, and index them."),
    "rebuild": ("index_commands", "Build a new generation, check it, and swap it in."),
    "generations": ("index_commands", "List the published generations; the live one is marked."),
    "rollback": ("index_commands", "Serve the generation before the live one."),
    "backup": ("backup_commands", "Copy the archive into a new folder or .zip or .tar file."),
    "restore": ("backup_commands", "Bring an archive back from a backup, and verify it."),
    "ship": ("ship_command", "Put originals that wait into the object storage."),
    "move": ("move_command", "Move catalogue, originals or index elsewhere, or back home."),
    "search": ("search_command", "Find articles by words, phrases, fields and dates."),
    "serve": ("serve_commands", "Serve the search page until Ctrl+C or SIGTERM."),
    "remove": ("operator_commands", "Withdraw an article, or one version, and leave a tombstone."),
    "hide": ("operator_commands", "Hide an article, for good or until a date."),
    "show-again": (
        "operator_commands",
        "Show a hidden article again, or let what was removed be added again.",
    ),
    "edit": ("operator_commands", "Correct the metadata of an article, as a version of its own."),
    "log": ("operator_commands", "Print every change: when, what, by whom or from where."),
    "list": ("listing_commands", "Print identifier, date, source and title of every article."),
    "export": ("listing_commands", "Print every article, or all full matches, in a format."),
    "user": ("user_command", "Give readers and operators passwords: add, remove, list."),
    "settings": ("settings_command", "Print the settings in force, each with its origin."),
    "demo": ("serve_commands", "Take the shipped first article into ./demo and serve it."),
}
"""The module of each command, which is imported only to run it, and its line in the list."""


_PASSWORD_FILE = VARIABLES["catalogue-password-file"]
_KEYS_FILE = VARIABLES["originals-keys-file"]
_ENGINE_PASSWORD_FILE = VARIABLES["engine-password-file"]

FUNCTIONS = {"show-again": "show_again", "list": "list_articles"}
"""The functions of commands whose names are no names of functions."""


class _CommandGroup(click.Group):
    """A group of commands that end an error in one line, which names the remedy."""

    context_class = TranslatedContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command, in the language of the run."""
        choose_language(ctx, args, Path(os.environ.get(HOME_VARIABLE) or default_home()))
        with refusals_translated(ctx):
            return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"web.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, FUNCTIONS.get(cmd_name, cmd_name))
        command.context_class = TranslatedContext
        return name_values(name_variables(command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an `ArchiveError` or a file's own error ends it with exit status 1."""
        try:
            with refusals_translated(ctx):
                return super().invoke(ctx)
        except ArchiveError as error:
            say(f"tangthu: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of the output has closed it (`tangthu search … | head`).
            _close_output()
            ctx.exit(1)
        except OSError as error:
            if error.filename is None:
                _close_output()
            where = f"{error.filename}: " if error.filename else ""
            say(f"tangthu: {where}{error.strerror or error}", err=True)
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
    envvar=HOME_VARIABLE,
    default=default_home,
    help="The archive's folder (environment: TANGTHU_HOME).",
)
@click.option(
    "--catalogue",
    metavar="URL",
    envvar=CATALOGUE_VARIABLE,
    help="Its catalogue on PostgreSQL, or `home` for the file in the home (environment: "
    f"{CATALOGUE_VARIABLE}; the password is in {PASSWORD_VARIABLE}, or in the file that "
    f"{_PASSWORD_FILE} names).",
)
@click.option(
    "--originals",
    metavar="URL",
    envvar=ORIGINALS_VARIABLE,
    help="Its originals in an object storage, or `home` for WARC files in the home alone "
    f"(environment: {ORIGINALS_VARIABLE}; the keys are in {KEY_VARIABLE} and {SECRET_VARIABLE}, "
    f"or in the file that {_KEYS_FILE} names).",
)
@click.option(
    "--engine",
    metavar="URL",
    envvar=VARIABLES["engine"],
    help="A cluster for its next index, or `home` (environment: "
    f"{VARIABLES['engine']}; the password is in TANGTHU_ENGINE_PASSWORD, or in the file that "
    f"{_ENGINE_PASSWORD_FILE} names).",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    envvar=LANGUAGE_VARIABLE,
    help=f"Language of help, remarks and errors (environment: {LANGUAGE_VARIABLE}; `lang` below "
    "`[archive]` in settings.toml); else as LANG.",
)
@click.version_option(package_name="tangthu", message="%(prog)s %(version)s")
@click.pass_context
def main(
    context: click.Context,
    home: Path,
    catalogue: str | None,
    originals: str | None,
    engine: str | None,
    lang: str | None,
) -> None:
    """Keep Vietnamese news and documents, and find them with their diacritics or without."""
    context.obj = home
    check_language(home)
    if engine:
        # Imported here: most commands name no engine.
        from indexer.engine_factory import check_engine

        check_engine(engine, "--engine")
        context.with_resource(variable_set(VARIABLES["engine"], engine))
    if catalogue:
        check_url(catalogue, "--catalogue")
        # Processes that the command starts find the catalogue as well.
        context.with_resource(variable_set(CATALOGUE_VARIABLE, catalogue))
    if originals:
        check_originals_url(originals, "--originals")
        context.with_resource(variable_set(ORIGINALS_VARIABLE, originals))
    if password_file := password_file_variable(home):
        context.with_resource(variable_set(*password_file))
    name = context.invoked_subcommand
    if name in COMMANDS and (table := read_command_tables(home, COMMANDS).get(name)):
        command = context.command.get_command(context, name)  # type: ignore[attr-defined]
        context.default_map = {name: option_defaults(context, command, table)}


if __name__ == "__main__":
    main()
