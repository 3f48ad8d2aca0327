"""Open engines: the only module that imports one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from archive.errors import EngineError
from archive.settings.archive_settings import IN_HOME, archive_settings
from archive.settings.settings_file import SettingsError
from indexer.engine.api import Engine, IndexFiles, IndexWriter
from indexer.engine.records import EngineHealth
from indexer.opensearch_engine.index_pointer import names_cluster_index, names_unmerged_index

WORKER_MODULES = ("indexer.whoosh_engine.index_files",)
"""Modules that every worker process of a rebuild needs, to be imported once, before the fork."""


def open_engine(folder: Path, patience: float = 60.0) -> Engine:
    """Open the index in a folder, or the one on a cluster that it points to, for reading.

    Args:
        folder: the index.
        patience: seconds that a request to a cluster and its repetitions may take.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: the index is missing, damaged or unreadable.
    """
    if names_cluster_index(folder):
        from indexer.opensearch_engine.cluster_client import ClientLimits
        from indexer.opensearch_engine.engine import OpenSearchEngine

        return OpenSearchEngine(folder, ClientLimits(seconds=patience))
    from indexer.whoosh_engine.engine import WhooshEngine

    return WhooshEngine(folder)


def open_writer(folder: Path, memory: int = 512 << 20) -> IndexWriter:
    """Open the index in a folder for writing; an empty or missing folder becomes an empty index.

    A folder that points to an index on a cluster is opened for writing to that one.

    Args:
        folder: the index.
        memory: bytes that the buffered documents may take.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: the index is damaged or cannot be written.
    """
    if names_cluster_index(folder):
        from indexer.opensearch_engine.opensearch_writer import OpenSearchWriter

        return OpenSearchWriter(folder, memory)
    from indexer.whoosh_engine.writing.index_writer import WhooshWriter

    return WhooshWriter(folder, memory)


def index_files(address: str = "") -> IndexFiles:
    """Return the file operations of an index: by its address (`index_address`), else embedded.

    Raises:
        EngineError: the address is damaged.
    """
    if address:
        from indexer.opensearch_engine.cluster_index_files import OpenSearchIndexFiles

        return OpenSearchIndexFiles(address)
    from indexer.whoosh_engine.index_files import WhooshIndexFiles

    return WhooshIndexFiles()


def index_address(folder: Path) -> str:
    """Return where the index of a folder is; empty where its files are in the folder.

    Generations with the same address share an index, which is updated in place.

    Raises:
        EngineError: the pointer to it is damaged.
    """
    if not names_cluster_index(folder):
        return ""
    from indexer.opensearch_engine.cluster_index_files import address_of

    return address_of(folder)


def engine_location(home: Path) -> str:
    """Return the cluster on which the settings want an archive's next index; empty for the home.

    Raises:
        SettingsError: it is no location of a cluster.
    """
    setting = archive_settings(home)["engine"]
    if setting.value == IN_HOME:
        return ""
    return check_engine(setting.value, setting.place, setting.name)


def check_engine(text: str, place: object, key: str = "") -> str:
    """Return the location of an engine, or `home`; no message repeats it: it may hold a password.

    Raises:
        SettingsError: it is none.
    """
    from indexer.opensearch_engine.location import parse_location

    if text == IN_HOME:
        return text
    try:
        return str(parse_location(text))
    except EngineError as error:
        raise SettingsError(place, key, str(error)) from None


def create_index(location: str, owner: str, needed: Collection[str]) -> str:
    """Make an empty index to be filled by `IndexFiles.spill`, and return its address.

    Indexes of the same owner there that nothing needs, left by killed builds, are deleted.

    Args:
        location: a cluster, or empty for an index whose files will be in its folder.
        owner: the identity of the archive's home: what another home made stays.
        needed: addresses of indexes that stay.

    Raises:
        EngineError: the cluster refuses it, or the name there is another archive's.
    """
    if not location:
        return ""
    from indexer.opensearch_engine.index_lifecycle import make_index

    return make_index(location, owner, needed)


def is_index_there(address: str) -> bool:
    """Tell whether the index of an address is there and whole, so that a build can go on.

    Raises:
        EngineError: its cluster does not answer.
    """
    if not address:
        return True
    from indexer.opensearch_engine.index_lifecycle import is_whole

    return is_whole(address)


def announce_index(address: str) -> None:
    """Move the name of the archive (an alias) to an index, at once.

    Raises:
        EngineError: the cluster refuses it.
    """
    if address:
        from indexer.opensearch_engine.index_lifecycle import move_alias

        move_alias(address)


def remove_index(address: str, owner: str) -> None:
    """Delete an index on a cluster, if it is the owner's; one that is gone is no error.

    Raises:
        EngineError: the cluster does not answer.
    """
    if address:
        from indexer.opensearch_engine.index_lifecycle import delete_index

        delete_index(address, owner)


def is_unmerged(folder: Path) -> bool:
    """Tell whether a folder's index takes more disk than it needs; no server is asked.

    The merge after its rebuild was not brought to its end: a cluster had too much to do.
    """
    return names_unmerged_index(folder)


def engine_health(folder: Path) -> EngineHealth:
    """Return the state of the servers of a folder's index, after a second at most.

    Raises:
        EngineError: the pointer to it is damaged.
    """
    address = index_address(folder)
    if not address:
        return EngineHealth()
    from indexer.opensearch_engine.index_lifecycle import check_health

    return check_health(address)
