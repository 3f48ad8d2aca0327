"""The language of what commands say to people: one for a run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

LANGUAGES = ("vi", "en")

LANGUAGE_VARIABLE = "TANGTHU_LANG"

_SYSTEM_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def output_language() -> str:
    """Return the language of this run: that of `--lang`, else of the system where it is English."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else None
    return chosen or language_of_arguments((), os.environ)


def language_of_arguments(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language that arguments ask for, else the one of the environment.

    It is known so before the arguments are read: help and refusals are in it, too.
    """
    chosen = environment.get(LANGUAGE_VARIABLE, "")
    for argument, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if argument == "--":
            break
        if argument.startswith("--lang"):
            chosen = argument.partition("=")[2] or following
    return chosen if chosen in LANGUAGES else system_language(environment)


def system_language(environment: Mapping[str, str]) -> str:
    """Return the language that the first set variable of the system names; else Vietnamese."""
    name = next(filter(None, map(environment.get, _SYSTEM_VARIABLES)), "") or ""
    return "en" if name.startswith("en") else "vi"
