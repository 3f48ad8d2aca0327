"""Names of options' values in help: `N` and `DATE`, where click has the names of its types."""

from __future__ import annotations

import click

_NAMES: tuple[tuple[type, str], ...] = (
    (click.IntRange, "N"),
    (click.FloatRange, "NUMBER"),
    (click.DateTime, "DATE"),
)


def name_values(command: click.Command) -> click.Command:
    """Name the value of each option of a command that has no name of its own."""
    for option in command.params:
        if isinstance(option, click.Option) and option.metavar is None:
            option.metavar = next(
                (name for kind, name in _NAMES if isinstance(option.type, kind)), None
            )
    return command
