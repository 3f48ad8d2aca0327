"""Would the harness see it? The code is broken on purpose in a copy, one promise at a time.

`make breakages` prints which kind of fault saw each breakage with the share that the tests run
every time. A breakage that none sees ends it with status 1. `--seed` chooses another day's share.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.faults.fault_run import SHARE
from tests.paths import copy_checkout


@dataclass(frozen=True)
class Breakage:
    """A promise that the code breaks once a text in it is replaced.

    Attributes:
        name: the promise, in words.
        file: the module.
        old: a text that occurs in it once.
        new: what stands there instead.
        kinds: the kinds of faults that may see it, the likeliest first.
        dropped: another text that occurs once, and goes.
    """

    name: str
    file: str
    old: str
    new: str
    kinds: tuple[str, ...]
    dropped: str = ""

    def apply(self, content: str) -> str:
        """Return the code of the module, broken."""
        assert content.count(self.old) == 1, f"{self.name}: its text is not there once"
        broken = content.replace(self.old, self.new)
        if self.dropped:
            assert content.count(self.dropped) == 1, f"{self.name}: its text is not there once"
            broken = broken.replace(self.dropped, "", 1)
        return broken


_PUBLISH_CHECK = (
    "            files = index_files(index_address(folder))\n"
    "            files.check(folder, set(base.manifest.files) if base else set())\n"
    "            load_derived_data(folder)\n"
)
_MANIFEST = "            replace_file(folder / MANIFEST, text)\n"
_APPENDED = "            sync_open_file(out)\n            sync_folder(self.folder)\n"
_SYNC_ORIGINALS = "        self._originals.sync()\n"
_COMMIT = "                    connection.commit()\n"
_OF_ANOTHER = "record is None or record.digest != digest"
_FLOCK = "                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
_DISAGREEMENT = (
    "    if problems:\n"
    '        first = f"{problems[0].subject}: {problems[0].reason}"\n'
    '        raise DamagedError(f"the backup {source} does not agree with itself: {first}")\n'
)

BREAKAGES = (
    Breakage(
        "originals are synced",
        "archive/originals/warc_files.py",
        "                sync_open_file(self._out)\n",
        "                self._out.flush()\n",
        ("cuts",),
    ),
    Breakage(
        "originals are synced before the commit",
        "archive/writing/write_batch.py",
        _COMMIT,
        f"{_COMMIT}                    self._originals.sync()\n",
        ("cuts",),
        _SYNC_ORIGINALS,
    ),
    Breakage(
        "replaced files are synced",
        "archive/files/atomic_files.py",
        "            if durable:\n                sync_open_file(file)\n",
        "",
        ("cuts",),
    ),
    Breakage(
        "the name of a new WARC file is synced",
        "archive/originals/warc_files.py",
        _APPENDED,
        "            out.flush()\n",
        ("cuts",),
    ),
    Breakage(
        "the folders of a generation are synced",
        "indexer/generations/generations.py",
        "            sync_folder(folder)\n            sync_folder(self._folders)\n",
        "",
        ("cuts",),
    ),
    Breakage(
        "an article is acknowledged after its commit",
        "archive/writing/write_batch.py",
        _COMMIT,
        "                    pass\n",
        ("kills",),
    ),
    Breakage(
        "the pointer moves after the manifest is there",
        "indexer/generations/generations.py",
        _MANIFEST,
        f"            self._point_to(folder.name)\n{_MANIFEST}",
        ("kills",),
    ),
    Breakage(
        "an original is compared with its digest in the catalogue",
        "archive/originals/warc_files.py",
        _OF_ANOTHER,
        "record is None",
        ("flips", "swaps"),
    ),
    Breakage(
        "a new index is checked before it is published",
        "indexer/indexing/index_builder.py",
        _PUBLISH_CHECK,
        "",
        ("kills", "lies"),
    ),
    Breakage(
        "a commit of the catalogue is synced",
        "archive/catalogue/database.py",
        '"synchronous=FULL"',
        '"synchronous=OFF"',
        ("cuts",),
    ),
    Breakage(
        "the catalogue has a log on disk",
        "archive/catalogue/database.py",
        '"PRAGMA journal_mode=WAL"',
        '"PRAGMA journal_mode=MEMORY"',
        ("kills", "cuts"),
    ),
    Breakage(
        "a torn record is cut before others follow",
        "archive/originals/warc_files.py",
        "            if end < size:\n",
        "            if end < 0:\n",
        ("kills", "cuts"),
    ),
    Breakage(
        "a file is written beside the one it replaces",
        "archive/files/atomic_files.py",
        'temporary = temporary or path.with_name(f".{path.name}.new")',
        "temporary = path",
        ("kills",),
    ),
    Breakage(
        "what is moved into place is synced first",
        "archive/files/atomic_files.py",
        "    sync_tree(source)\n    source.replace",
        "    source.replace",
        ("cuts",),
    ),
    Breakage(
        "one process writes at a time",
        "archive/writing/lock.py",
        _FLOCK,
        "                pass\n",
        ("writers",),
    ),
    Breakage(
        "nobody writes where there are no locks",
        "archive/writing/lock.py",
        "            except BlockingIOError:\n",
        "            except OSError as error:\n"
        "                if not isinstance(error, BlockingIOError):\n"
        "                    return True\n",
        ("locks",),
    ),
    Breakage(
        # Each of both sees nearly everything.
        "a backup is compared with its sums and with itself",
        "archive/backups/backup.py",
        "        bag.validate()\n",
        "",
        ("bags",),
        _DISAGREEMENT,
    ),
    Breakage(
        "a full disk takes no earlier generation away",
        "indexer/generations/generations.py",
        "            if base:\n                for name in base.manifest.files:\n",
        "            if base:\n                (base.folder / MANIFEST).unlink()\n"
        "                for name in base.manifest.files:\n",
        ("disks", "errors"),
    ),
    Breakage(
        "an archive on a disk that can only be read can be read",
        "archive/catalogue/database.py",
        "    if not is_writable(home):\n",
        "    if False:\n",
        ("disks",),
    ),
)


def break_code(checkout: Path, breakage: Breakage) -> str:
    """Replace the text of a breakage in a copy of the code; return the file as it was."""
    path = checkout / breakage.file
    content = path.read_text(encoding="utf-8")
    path.write_text(breakage.apply(content), encoding="utf-8")
    return content


def find_kind(checkout: Path, breakage: Breakage, seed: int) -> str:
    """Return the first kind of fault whose share sees a breakage; empty if none does."""
    for kind in breakage.kinds:
        words = [kind, "--most", str(SHARE[kind]), "--seed", str(seed)]
        command = [sys.executable, "-m", "tests.faults.fault_run", *words]
        environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=checkout, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            return kind
    return ""


def main() -> None:
    """Print a table of the breakages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--only", default="", help="breakages whose names have this in them")
    options = parser.parse_args()
    chosen = [breakage for breakage in BREAKAGES if options.only in breakage.name]
    sys.stdout.write(f"seed {options.seed}\n| promise that is broken | seen by |\n|---|---|\n")
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="tangthu-breakages-") as folder:
        checkout = Path(folder).resolve()
        copy_checkout(checkout)
        for breakage in chosen:
            content = break_code(checkout, breakage)
            kind = find_kind(checkout, breakage, options.seed)
            (checkout / breakage.file).write_text(content, encoding="utf-8")
            unseen += not kind
            sys.stdout.write(f"| {breakage.name} | {kind or '**nothing**'} |\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - unseen} of {len(chosen)} seen\n")
    raise SystemExit(1 if unseen else 0)


if __name__ == "__main__":
    main()
