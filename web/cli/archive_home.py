"""The home that a command works on: most commands need an archive there and never make one."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


def pass_archive(command: Callable[Concatenate[Path, P], R]) -> Callable[P, R]:
    """Pass the home to a command as its first argument, once there is an archive in it.

    Commands that make one (`add`, `init`, `restore`) take `click.pass_obj` instead.

    Raises:
        StoreError: when the command is run, if the home holds no archive; nothing is made.
    """

    def invoke(*arguments: P.args, **options: P.kwargs) -> R:
        # Imported here: help is printed without any catalogue.
        from archive.catalogue.database import require_catalogue

        home: Path = click.get_current_context().obj
        require_catalogue(home)
        return command(home, *arguments, **options)

    return update_wrapper(invoke, command)
