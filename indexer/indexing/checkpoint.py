"""The folder of a rebuild under way: finished parts, so that a killed one goes on from there.

The identifiers are cut into fixed ranges when a rebuild begins. Each range becomes a part: a
folder with drafts of its articles and what was learned from them, made beside, described with
SHA-256 sums, made durable, and only then renamed into place. When all parts are there they are
assembled into as few segments as memory allows, each again finished or not there at all. So an
interruption costs the part that was under way, and the same parts give the same index however
often and however many processes were stopped. What changed in the store since the rebuild began
is brought in before publishing (`rebuild.py`).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import indexer
from archive.atomic_files import replace_file, sync_folder
from archive.errors import EngineError, describe_write_failure
from archive.store import Store
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.generations.file_digests import (
    FileRecord,
    damaged_files,
    describe_durably,
    file_records,
)

DRAFTS = "*.draft"
RECORD = "finished.json"
PLAN = "plan.json"
_PART_DOCUMENTS = 512
"""About so many: an interruption costs half a part, and parts with fewer than
`learned_phrases.LARGE_BLOCK` would keep every word that stands in them once."""

_MOST_PARTS = 1024
_LARGEST_RECORD = 64 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rebuild set out to do.

    Attributes:
        program: the digest of the program that began it; another one begins anew.
        sequence: the store's last change when it began.
        parts: ranges of identifiers.
        interruptions: how often it was stopped before its end.
    """

    program: str
    sequence: int
    parts: int
    interruptions: int = 0


def new_plan(store: Store) -> Plan:
    """Cut the identifiers of a store into ranges of some hundred articles."""
    parts = -(-store.count_articles() // _PART_DOCUMENTS)
    return Plan(program_digest(), store.last_sequence(), min(max(1, parts), _MOST_PARTS))


def program_digest() -> str:
    """The SHA-256 of the indexer's own code and tables: parts of another program do not fit."""
    package = Path(indexer.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".tsv"):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folder of a rebuild that is under way; there is at most one.

    Its own name is random, so that a process of an earlier rebuild, stopped but not yet dead,
    finds its folder gone rather than ours in its place.
    """

    folder: Path
    plan: Plan

    @classmethod
    def begin(cls, home: Path, plan: Plan) -> Workshop:
        """Clear away any other and begin.

        Raises:
            EngineError: the folder cannot be written.
        """
        shop = cls(home / secrets.token_hex(4), plan)
        try:
            if home.exists():
                shutil.rmtree(home)
            (shop.folder / "parts").mkdir(parents=True)
            (shop.folder / "segments").mkdir()
            replace_file(shop.folder / PLAN, json.dumps(asdict(plan)))
            sync_folder(home)
        except OSError as error:
            raise EngineError(describe_write_failure(home, error)) from error
        return shop

    @classmethod
    def resume(cls, home: Path) -> Workshop | None:
        """The one that was interrupted, None when there is none that this program can go on with.

        Parts that are not what they were when they were finished are thrown away.
        """
        program = program_digest()
        for path in sorted(home.glob(f"*/{PLAN}")):
            plan = _read_plan(path)
            if plan and plan.program == program:
                shop = cls(path.parent, replace(plan, interruptions=plan.interruptions + 1))
                replace_file(path, json.dumps(asdict(shop.plan)))
                shop._throw_away_damaged()
                return shop
        return None

    def part(self, number: int) -> Path:
        """The folder of a part, whether it is finished or not."""
        return self.folder / "parts" / f"{number:05}"

    def finished(self) -> dict[int, int]:
        """The documents of each finished part."""
        found = {number: finished(self.part(number)) for number in range(self.plan.parts)}
        return {number: count for number, count in found.items() if count is not None}

    def drafts(self) -> list[Path]:
        """The drafts of all parts, in the order of identifiers."""
        return [
            draft
            for number in range(self.plan.parts)
            for draft in sorted(self.part(number).glob(DRAFTS))
        ]

    def learned(self) -> DerivedData:
        """What all parts learned.

        Raises:
            EngineError: a file is damaged.
        """
        whole = DerivedData()
        for number in range(self.plan.parts):
            whole.absorb(load_derived_data(self.part(number)))
        return whole

    def segment(self, drafts: Sequence[Path]) -> Path:
        """The folder of the index that is assembled of these drafts, finished or not."""
        ends = (f"{path.parent.name}.{path.stem}" for path in (drafts[0], drafts[-1]))
        return self.folder / "segments" / "-".join(ends)

    def remove(self) -> None:
        """Clear it away."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    def _throw_away_damaged(self) -> None:
        """Remove what is unfinished or no longer what was finished."""
        for folder in (*self.folder.glob("parts/*"), *self.folder.glob("segments/*")):
            record = _read_record(folder)
            if record is None or damaged_files(folder, record[1]):
                shutil.rmtree(folder)


def finish(beside: Path, target: Path, documents: int) -> None:
    """Describe a folder, make it durable and let it appear under its name, all at once."""
    files = {path.name: describe_durably(path) for path in sorted(beside.iterdir())}
    record = {"documents": documents, "files": {name: asdict(one) for name, one in files.items()}}
    replace_file(beside / RECORD, json.dumps(record))
    beside.rename(target)
    sync_folder(target.parent)


def finished(folder: Path) -> int | None:
    """The documents of a finished folder; None when it is not there or damaged."""
    record = _read_record(folder)
    return None if record is None else record[0]


def _read_record(folder: Path) -> tuple[int, dict[str, FileRecord]] | None:
    try:
        record = json.loads(_bounded(folder / RECORD))
        return int(record["documents"]), file_records(record["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read_plan(path: Path) -> Plan | None:
    try:
        record = json.loads(_bounded(path))
        plan = Plan(**record)
        return plan if 0 < plan.parts <= _MOST_PARTS and plan.sequence >= 0 else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_RECORD:
        raise ValueError(f"{path} is too large")
    return path.read_bytes()
