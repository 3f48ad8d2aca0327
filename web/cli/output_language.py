"""The language of what commands say to people about results: one for a run."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

LANGUAGES = ("vi", "en")

LANGUAGE_VARIABLE = "TANGTHU_LANG"

_SYSTEM_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def output_language() -> str:
    """Return the language of this run: that of `--lang`, else of the system where it is English."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else None
    return chosen or system_language(os.environ)


def system_language(environment: Mapping[str, str]) -> str:
    """Return the language that the first set variable of the system names; else Vietnamese."""
    name = next(filter(None, map(environment.get, _SYSTEM_VARIABLES)), "") or ""
    return "en" if name.startswith("en") else "vi"
