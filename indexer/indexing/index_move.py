"""Move an archive's index to a cluster, to another one, or back into the home."""

from __future__ import annotations

from dataclasses import replace

from archive.settings.archive_settings import write_archive_settings
from archive.store import Store
from indexer.engine_factory import index_address
from indexer.generations.generations import Generations
from indexer.indexing.build_options import BuildOptions, BuildReport, Progress
from indexer.indexing.index_builder import IndexBuilder


def move_index(
    store: Store,
    location: str,
    password_file: str = "",
    options: BuildOptions | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the index in another place, check and serve it, and let the settings say so.

    The old index is served until then, and stays as a generation to go back to. Broken off,
    everything is as it was; the same call goes on.

    Args:
        store: the archive.
        location: a cluster as `engine_factory.check_engine` returns it, or empty for the home.
        password_file: the file whose first line is its password; empty for none.
        options: how it is built.
        progress: called as the build advances.

    Raises:
        EngineError: the index cannot be built there; the old one stays.
        StoreLockedError: another process is writing.
    """
    options = replace(options or BuildOptions(), location=location)
    builder = IndexBuilder(store, options, progress)
    is_there = _current_location(store) == location and not builder.reason_to_rebuild()
    report = builder.update() if is_there else builder.rebuild()
    file = password_file if location else ""
    write_archive_settings(store.home, {"engine": location, "engine-password-file": file})
    return report


def _current_location(store: Store) -> str | None:
    """Return where the live index is: a cluster, or empty for the home; None without one."""
    generations = Generations(store.home / "index")
    if not generations.names():
        return None
    address = generations.read_current(lambda current: index_address(current.folder))
    return address.rpartition("#")[0]
