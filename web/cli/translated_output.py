"""What commands say, in the language of the run: lines, help, and what was typed wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from web.cli.output_language import (
    language_of_arguments,
    output_language,
    remember_language,
)
from web.cli.printed_output import print_line, print_text
from web.languages.message_catalogue import MessageCatalogue, flow_lines, style_number

_CATALOGUE = f"{__name__}.catalogue"
"""Where the context of a run keeps the catalogue that it reads once."""

_VALUES = re.compile(r"(?:^|  )\[(.*)\]$", re.DOTALL)
"""What click writes behind the help of an option, or in its place."""


def translate(text: str) -> str:
    """Return a sentence in the language of this run."""
    context = click.get_current_context(silent=True)
    if context is None:
        return MessageCatalogue(output_language()).translate(text)
    catalogue = context.meta.get(_CATALOGUE)
    if catalogue is None:
        catalogue = context.meta[_CATALOGUE] = MessageCatalogue(output_language())
    translated: str = catalogue.translate(text)
    return translated


def number(value: int) -> str:
    """Return a number in the style of the language."""
    return style_number(str(value)) if output_language() == "vi" else str(value)


def say(text: str, err: bool = False) -> None:
    """Print a sentence in the language of this run, as one line."""
    print_line(translate(text), err=err)


class TranslatedFormatter(click.HelpFormatter):
    """Writes the help of commands in the language of the run."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, prefix or translate("Usage:") + " ")

    def write_heading(self, heading: str) -> None:
        """Write the name of a section."""
        super().write_heading(translate(heading))

    def write_text(self, text: str) -> None:
        """Write what a command does."""
        super().write_text(translate(flow_lines(text)))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write commands or options with what each is for."""
        super().write_dl([*_translated_rows(rows)], col_max, col_spacing)


def _translated_rows(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, text in rows:
        values = _VALUES.search(text)
        help_text = translate(text[: values.start()] if values else text)
        if values:
            # The default and the bounds: `default: 10; 1<=x<=100`.
            words = [translate(word) for word in values[1].split("; ")]
            help_text += f"  [{'; '.join(words)}]"
        yield name, help_text.lstrip()


class TranslatedContext(click.Context):
    """A call of a command whose help is in the language of the run."""

    formatter_class = TranslatedFormatter


@contextmanager
def refusals_translated(context: click.Context) -> Iterator[None]:
    """End a call that cannot be understood, or was broken off, with a sentence.

    The language is found in the arguments or the environment, since they may be what is wrong.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        called = error.ctx or context
        option = called.help_option_names[-1]
        print_text(called.get_usage(), err=True)
        say(f"Try '{called.command_path} {option}' for help.", err=True)
        print_text("", err=True)
        print_text(translate(f"Error: {error.format_message()}"), err=True)
        context.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print_text("", err=True)
        say("Aborted!", err=True)
        context.exit(1)


def choose_language(context: click.Context, arguments: Sequence[str], home: Path) -> None:
    """Choose the language of a run before anything of it is read; `home` is that of no option."""
    language = language_of_arguments(arguments, os.environ, home)
    remember_language(context, language)
    context.meta[_CATALOGUE] = MessageCatalogue(language)
