"""A whole index made of the store: parts first, then segments, then one folder."""

from __future__ import annotations

from pathlib import Path

from archive.store import Store
from indexer.engine_factory import index_files
from indexer.indexing.build_options import BuildOptions, Progress
from indexer.indexing.checkpoint import Workshop, finished, new_plan
from indexer.indexing.rebuild_tasks import PartJob, SegmentJob
from indexer.indexing.worker_pool import share_out


class Making:
    """One rebuild, or the rest of one that was interrupted.

    Attributes:
        shop: where the parts are; to be removed once the index is published.
        saved: articles in parts that were there already.
    """

    def __init__(self, store: Store, options: BuildOptions, progress: Progress) -> None:
        self._store, self._options, self._progress = store, options, progress
        home = store.home / "index" / "rebuild"
        self.shop = self._resumed(home) or Workshop.begin(home, new_plan(store))
        self._finished = self.shop.finished()
        self.saved = sum(self._finished.values())

    def index_in(self, folder: Path) -> int:
        """Make the index, and what is learned, in an empty folder; returns the articles in it."""
        done = self._make_parts()
        index_files().adopt(folder, self._make_segments(), self.shop.plan.sequence)
        self.shop.learned().save(folder)
        return done

    def _resumed(self, home: Path) -> Workshop | None:
        """The rebuild that was interrupted, unless too much changed since it began."""
        shop = Workshop.resume(home) if self._options.resume else None
        changed = self._store.last_sequence() - shop.plan.sequence if shop else 0
        return shop if 4 * changed <= self._store.count_articles() else None

    def _make_parts(self) -> int:
        options, total, done = self._options, self._store.count_articles(), self.saved
        shop, store = self.shop, self._store

        def told(_: int, documents: int) -> None:
            nonlocal done
            done += documents
            self._progress(done, max(total, done))

        job = PartJob(store.home, store.catalogue_url, shop, options.memory, options.max_load)
        left = [number for number in range(shop.plan.parts) if number not in self._finished]
        share_out(job, left, options.workers, told)
        return done

    def _make_segments(self) -> list[Path]:
        options = self._options
        groups = index_files().group_spills(self.shop.drafts(), options.memory)
        folders = [self.shop.segment(group) for group in groups]
        left = [at for at, folder in enumerate(folders) if finished(folder) is None]
        job = SegmentJob(self.shop, groups, options.memory, options.max_load)
        share_out(job, left, options.workers, lambda _, __: None)
        return folders
