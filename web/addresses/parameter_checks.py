"""Parameters of what programs read are checked: a slip is named, never passed over.

So do the JSON interface, feeds, files to download and pictures; pages forgive, and say so. A
program with `form=2022` for `from=2022` would else take the whole archive for an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from flask import Response, jsonify, request
from msgspec import to_builtins

from web.addresses.parameters import Parameter
from web.addresses.search_params import SINCE, UNTIL, date_bounds
from web.http.problem_details import ParameterProblem, ProblemDetails
from web.site.page_languages import LANGUAGES

ALWAYS_ALLOWED = {"lang": LANGUAGES}
"""Parameters that every address takes, and their values."""

_MOST_PROBLEMS = 20
_LONGEST_SHOWN = 200

View = Callable[..., Response]


def takes(*parameters: Parameter[Any]) -> Callable[[View], View]:
    """Return a decorator: the view answers 400 to other parameters, and to values that are none."""
    known = {each.name: each for each in parameters if each.place == "query"}

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**values: Any) -> Response:
            problems = find_problems(known)
            return refuse(problems) if problems else view(**values)

        return answer

    return decorate


def find_problems(known: dict[str, Parameter[Any]]) -> list[ParameterProblem]:
    """Return the parameters of this request that are unknown, repeated or cannot be read."""
    problems = []
    for name, values in request.args.lists():
        parameter = known.get(name)
        reason = ""
        if parameter is None:
            allowed = ALWAYS_ALLOWED.get(name)
            if allowed and any(value not in ("", *allowed) for value in values):
                reason = f"cannot be read. One of {', '.join(allowed)}."
            elif not allowed:
                reason = f"is unknown; known are {', '.join(sorted(known)) or 'none'}"
        elif len(values) > 1 and not parameter.repeatable:
            reason = "is given more than once"
        elif parameter.most_values and len(values) > parameter.most_values:
            reason = f"is given more than {parameter.most_values} times"
        elif any(value.strip() and not parameter.allowed(value.strip()) for value in values):
            reason = f"cannot be read. {parameter.description}"
        if reason:
            value = ", ".join(values)[:_LONGEST_SHOWN]
            problems.append(ParameterProblem(name[:_LONGEST_SHOWN], value, reason))
    return [*problems, *_find_reversed_dates(known)][:_MOST_PROBLEMS]


def _find_reversed_dates(known: Collection[str]) -> list[ParameterProblem]:
    """Return the problem of a time that ends before it begins, of which no article can be."""
    if not {SINCE.name, UNTIL.name} <= set(known):
        return []
    since, until = SINCE.read(request.args), UNTIL.read(request.args)
    first, last = date_bounds(since, until)
    if first is None or last is None or first < last:
        return []
    return [ParameterProblem(SINCE.name, since, f"comes after {UNTIL.name}={until}")]


def refuse(problems: list[ParameterProblem]) -> Response:
    """Return the answer 400 that names parameters and what is wrong with each."""
    detail = "; ".join(f"{each.name}={each.value}: {each.reason}" for each in problems)
    problem = ProblemDetails("Bad Request", 400, detail, parameters=tuple(problems))
    answer = jsonify(to_builtins(problem))
    answer.status_code = 400
    answer.content_type = "application/problem+json"
    return answer
