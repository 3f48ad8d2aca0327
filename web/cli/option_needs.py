"""Options that mean nothing by themselves or beside others: refused rather than ignored."""

from __future__ import annotations

import click
from click.core import ParameterSource


def is_given(name: str) -> bool:
    """Tell whether a parameter stands on the command line of this call."""
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def refuse_without(needed: str, *names: str) -> None:
    """Refuse parameters of this call that do nothing without another one.

    Raises:
        UsageError: one of them is given, and what it needs is not.
    """
    if click.get_current_context().params.get(needed):
        return
    for name in names:
        if is_given(name):
            raise click.UsageError(f"{_written(name)} needs {_written(needed)}")


def refuse_beside(chosen: str, *names: str) -> None:
    """Refuse parameters of this call that do nothing beside another one.

    Raises:
        UsageError: both are given.
    """
    if not click.get_current_context().params.get(chosen):
        return
    for name in names:
        if is_given(name):
            raise click.UsageError(f"{_written(chosen)} does not go with {_written(name)}")


def _written(name: str) -> str:
    """Return a parameter as it is written on the command line."""
    context = click.get_current_context()
    parameter = next(each for each in context.command.params if each.name == name)
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.make_metavar(context)
