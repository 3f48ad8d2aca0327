"""Whoosh is pinned: several distributions own its import name, and one of them is tested here."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from archive.errors import EngineError

PINNED = "2.7.4"
"""The release of the distribution `whoosh` that this engine is built on and tested with."""


@cache
def check_whoosh() -> None:
    """Make sure that the installed `whoosh` is the pinned distribution.

    Raises:
        EngineError: another release, or a fork under the same import name.
    """
    try:
        distribution = version("whoosh")
    except PackageNotFoundError:
        distribution = "none"
    import whoosh

    imported = ".".join(str(part) for part in whoosh.__version__)
    if distribution != PINNED or imported != PINNED:
        raise EngineError(
            f"the index needs whoosh=={PINNED}, but the distribution is {distribution} and the "
            f"import is {imported}; run `pip install --force-reinstall whoosh=={PINNED}`"
        )
