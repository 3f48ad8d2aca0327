"""The problem of a request, as programs are told it (RFC 9457)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType


class ParameterProblem(Struct, frozen=True):
    """A parameter that is unknown, or whose value cannot be read."""

    name: str
    value: str
    reason: str


class ProblemDetails(Struct, frozen=True):
    """The problem of a request (RFC 9457); wrong parameters are named."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    parameters: tuple[ParameterProblem, ...] | UnsetType = UNSET
