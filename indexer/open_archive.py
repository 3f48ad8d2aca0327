"""Open an archive for reading: the store, the live index, the search over both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.intake.pictures.picture_artist import PictureArtist
from indexer.search.service import SearchService


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """One archive that is open: everything that the command line, the pages and tests need.

    Safe to share between threads; only the thread that closes it must be the last one.
    """

    store: Store
    live_index: LiveIndex
    search: SearchService
    artist: PictureArtist = field(default_factory=PictureArtist)

    def close(self) -> None:
        """Close the live index and the store, and end what draws."""
        self.artist.close()
        self.live_index.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_archive(home: Path) -> OpenArchive:
    """Open the archive in a home folder.

    Raises:
        StoreError: the home's catalogue is damaged, of another version, or cannot be opened.
    """
    store = Store(home)
    live_index = LiveIndex(home / "index")
    return OpenArchive(store, live_index, SearchService(store, live_index))
