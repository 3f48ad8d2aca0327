"""Kill -9 of a mirror, again and again, while the archive that it follows is changed at random.

`python -m tests.faults.mirror_kills --operations 1000 --seed 1` adds articles, changes, corrects,
hides, shows again and removes them, whole or one version. At the end the mirror has to be equal to
the archive: every article as the interface gives it, and no other.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import waitress

from archive.catalogue.operations import OperatorNote
from archive.errors import ArchiveError
from archive.records import Article, Section
from archive.store import Store
from indexer.open_archive import open_archive
from tests.factories import article
from tests.faults.mirror_process import LAST
from tests.paths import ROOT
from web.app import create_app
from web.settings import Settings

NOTE = OperatorNote("by order of the court", "lan", "2026-01-02T03:04:05+00:00")

_MOST_REQUESTS = 40
"""Requests of a mirror, at most, before it is killed."""

_LONGEST_DELAY = 0.01
"""Seconds after the last of them, at most: it is killed while it writes, too."""

_OPERATIONS_APART = 30
"""Operations after which the mirror is waited for."""

_PATIENCE = 300.0


@dataclass
class MirrorReport:
    """The outcome of a run.

    Attributes:
        operations: what was done, by kind.
        kills: kills of a mirror that ran.
        articles: articles that are shown at the end.
        differences: articles that mirror and archive do not have alike.
    """

    operations: dict[str, int]
    kills: int
    articles: int
    differences: list[str]


class KilledMirror:
    """A mirror that is killed after a random number of its requests, and started again.

    Args:
        app: answers the requests.
        folder: what the mirror keeps.
        chance: draws the moments.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], folder: Path, chance: random.Random):
        self._app, self._folder, self._chance = app, folder, chance
        self._process: subprocess.Popen[bytes] | None = None
        self._requests_left = 0
        self.address = ""
        self.kills = 0
        self.is_spared = False

    def __call__(self, environment: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request; kill the mirror that sent it, shortly after, if it was its last."""
        self._requests_left -= 1
        if self._requests_left == 0 and not self.is_spared and self._process:
            delay = self._chance.uniform(0, _LONGEST_DELAY)
            threading.Timer(delay, self._process.kill).start()
        return self._app(environment, start)

    def keep_running(self) -> None:
        """Start the mirror where none runs."""
        if self._process and self._process.poll() is None:
            return
        if self._process:
            if self._process.returncode != -signal.SIGKILL:
                raise RuntimeError(f"the mirror ended by itself: {self._process.returncode}")
            self.kills += 1
        self._requests_left = self._chance.randint(1, _MOST_REQUESTS)
        command = [sys.executable, "-m", "tests.faults.mirror_process"]
        self._process = subprocess.Popen([*command, self.address, str(self._folder)], cwd=ROOT)

    def stop(self) -> None:
        """End the mirror for good."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def last(self) -> int:
        """Return the number of the last change that it has."""
        file = self._folder / LAST
        return int(file.read_text()) if file.exists() else 0


class RandomOperations:
    """Operations on the articles of a store, drawn at random."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self._store, self._chance = store, chance
        self._known: list[Article] = []
        self.done: dict[str, int] = {}

    def run(self) -> None:
        """Run one; one that the archive refuses (an article is away already) counts as well."""
        kinds = ("add", "change", "edit", "remove", "remove_version", "hide", "show")
        (kind,) = self._chance.choices(kinds, (30, 20, 15, 10, 8, 9, 8))
        kind = kind if self._known else "add"
        try:
            getattr(self, f"_{kind}")()
        except ArchiveError:
            kind = f"{kind} (refused)"
        self.done[kind] = self.done.get(kind, 0) + 1

    def _add(self) -> None:
        number = len(self._known)
        self._known.append(article(f"Bài số {number}", "Một đoạn.", url=f"https://bao.vn/{number}"))
        self._keep(self._known[-1])

    def _change(self) -> None:
        text = f"Đoạn {self._chance.randrange(10**9)}."
        self._keep(replace(self._any(), sections=(Section((text,)),)))

    def _keep(self, changed: Article) -> None:
        with self._store.batch() as batch:
            batch.add(repr(changed).encode(), changed)

    def _edit(self) -> None:
        fields = {"title": f"Tên {self._chance.randrange(10**9)}"}
        with self._store.operator_batch() as batch:
            batch.edit(self._any().identifier, fields, NOTE)

    def _remove(self) -> None:
        with self._store.operator_batch() as batch:
            batch.remove(self._any().identifier, NOTE)

    def _remove_version(self) -> None:
        identifier = self._any().identifier
        newest = self._store.versions(identifier)[-1].number
        with self._store.operator_batch() as batch:
            batch.remove(identifier, NOTE, self._chance.randint(1, newest))

    def _hide(self) -> None:
        with self._store.operator_batch() as batch:
            batch.hide(self._any().identifier, NOTE)

    def _show(self) -> None:
        with self._store.operator_batch() as batch:
            batch.show_again(self._any().identifier, NOTE)

    def _any(self) -> Article:
        return self._chance.choice(self._known)


def run(folder: Path, operations: int, seed: int) -> MirrorReport:
    """Change an archive at random under a mirror that is killed; compare the two at the end."""
    chance = random.Random(seed)
    home, kept = folder / "home", folder / "mirror"
    kept.mkdir(parents=True)
    with Store(home) as store, open_archive(home) as archive:
        app = create_app(archive, Settings(rate="", export_rate=""))
        mirror = KilledMirror(app.wsgi_app, kept, chance)
        with _served(mirror) as mirror.address:
            drawn = RandomOperations(store, chance)
            for number in range(operations):
                drawn.run()
                mirror.keep_running()
                if number % _OPERATIONS_APART == 0:
                    # However slow the machine is: so much of it is followed under kills.
                    _wait_for(mirror, store.last_sequence())
            mirror.is_spared = True
            _wait_for(mirror, store.last_sequence())
            mirror.stop()
            shown = [identifier for identifier, _ in store.identifiers()]
            client = app.test_client()
            expected = {
                name: client.get(f"/api/v1/articles/{name}", base_url=mirror.address).get_json()
                for name in shown
            }
    held = {file.stem: json.loads(file.read_text()) for file in kept.glob("*.json")}
    names = expected.keys() | held.keys()
    differences = sorted(name for name in names if expected.get(name) != held.get(name))
    return MirrorReport(drawn.done, mirror.kills, len(shown), differences)


@contextmanager
def _served(mirror: KilledMirror) -> Iterator[str]:
    server: Any = waitress.create_server(mirror, listen="127.0.0.1:0", threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        mirror.stop()
        server.close()


def _wait_for(mirror: KilledMirror, sequence: int) -> None:
    """Wait until the mirror has the newest change."""
    end = time.monotonic() + _PATIENCE
    while mirror.last() < sequence:
        mirror.keep_running()
        if time.monotonic() > end:
            raise TimeoutError(f"the mirror stands at {mirror.last()}, not at {sequence}")
        time.sleep(0.05)


def main() -> None:
    """Run from the command line; exit with 1 where mirror and archive differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), chosen.operations, chosen.seed)
    sys.stdout.write(f"{report}\n")
    raise SystemExit(1 if report.differences else 0)


if __name__ == "__main__":
    main()
