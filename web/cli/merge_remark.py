"""The remark that the index takes more disk than it needs: its merge did not come to its end."""

from __future__ import annotations

from archive.store import Store
from indexer.generations.generations import has_unmerged_index
from web.cli.translated_output import say


def warn_of_unmerged(store: Store) -> bool:
    """Say that the merge of the live index did not come to its end; tell whether it is so."""
    is_unmerged = has_unmerged_index(store)
    if is_unmerged:
        say(
            "remark: the index answers as it should and takes up to twice the disk, since its "
            "merge did not end: `tangthu rebuild` when the cluster has less to do",
            err=True,
        )
    return is_unmerged
