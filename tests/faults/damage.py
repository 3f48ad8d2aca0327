"""Damage that happens between two works: flipped bits, whole records and files in wrong places."""

from __future__ import annotations

import gzip
import random
import shutil
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from archive.backups.backup import restore
from archive.errors import ArchiveError
from archive.records import WarcLocation
from archive.store import Store
from indexer.generations.generations import Generations
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from tests.faults.fault_works import FILE_LIMIT, REFUSED, Answers, Tally, read_live_answers
from tests.faults.template_archive import TemplateArchive

_NOT_VERIFIED = ("lock", "backups.json", "backups.lock")
"""Files that say who writes now and when backups were made, and nothing of the articles."""


def flip_bits(folder: Path, tally: Tally, most: int, seed: int, only: str = "") -> None:
    """Flip one bit in every file of an archive at places of chance, eight times over.

    With `only`, in the files of that name, as often as `most` says.
    """
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    new_answers = _index_all(template)
    content = _catalogue_content(template.path)
    files = [path.relative_to(template.path) for path in template.path.rglob("*")]
    places = [
        (name, turn)
        for turn in range(most if only else 8)
        for name in sorted(files)
        if (template.path / name).is_file()
        and name.name not in _NOT_VERIFIED
        and only in ("", name.name)
    ]
    chance.shuffle(places)
    ranks: Counter[tuple[str, ...]] = Counter()
    ranked = []
    for name, _ in places:
        # The first ones are of different kinds: originals, generations, unfinished rebuilds, …
        kind = (*name.parts[:2], name.suffix)
        ranked.append((ranks[kind], len(ranked), name))
        ranks[kind] += 1
    for _, _, name in sorted(ranked)[:most]:
        home = template.copy()
        data = (home / name).read_bytes()
        if not data:
            continue
        bit = chance.randrange(len(data) * 8)
        flipped = _with_flipped_bit(data, bit)
        if name.suffix == ".gz" and _decompress(flipped) == gzip.decompress(data):
            continue
        (home / name).unlink()
        (home / name).write_bytes(flipped)
        tally.faults += 1
        what = f"bit {bit} of {name}"
        _check_damage(home, what, {template.old, new_answers}, tally)
        _check_catalogue(home, what, content, tally)


def _decompress(data: bytes) -> bytes | None:
    """Return the content of a file of gzip; some bits of its headers and ends say nothing."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None


def _index_all(template: TemplateArchive) -> Answers:
    """Update the index of a template; return its answers."""
    with Store(template.path, file_limit=FILE_LIMIT) as store:
        IndexBuilder(store).update()
    return read_live_answers(template.path)


def swap_contents(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Put whole records and whole files into the places of others, where every sum is right."""
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    new_answers = _index_all(template)
    with Store(template.path, file_limit=FILE_LIMIT) as store:
        versions = [version for _, version in store.versions_by_location()]
    generation = read_index_folder(template.path)
    files = sorted(path.name for path in generation.iterdir())
    for number in range(most):
        home = template.copy()
        if number % 3:
            first, second = chance.sample(versions, 2)
            what = f"record {second.location} in the place of {first.location}"
            _swap_records(home / "originals", first.location, second.location)
            _check_originals(home, what, template, tally)
        else:
            target, source = chance.sample(files, 2)
            what = f"file {source} in the place of {target} of index"
            shutil.copy(generation / source, home / "new")
            (home / "new").replace(read_index_folder(home) / target)
            _check_damage(home, what, {template.old, new_answers}, tally)
        tally.faults += 1


def read_index_folder(home: Path) -> Path:
    """Return the folder of the generation that is served."""
    return Generations(home / "index").current().folder


def _swap_records(originals: Path, first: WarcLocation, second: WarcLocation) -> None:
    """Put the longer of two places' record where it was, but with the content of the other.

    A comment in the head of its gzip member makes it as long as the one it stands for.
    """
    long, short = sorted((first, second), key=lambda location: -location.length)
    member = _read_place(originals, short)
    content = gzip.decompress(member)
    compressed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = compressed.compress(content) + compressed.flush()
    body += struct.pack("<II", zlib.crc32(content), len(content))
    room = long.length - len(body) - 12
    if room < 0:
        return
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H", room) + bytes(room)
    path = originals / long.file
    data = bytearray(path.read_bytes())
    data[long.offset : long.offset + long.length] = head + body
    path.unlink()
    path.write_bytes(data)


def _read_place(originals: Path, location: WarcLocation) -> bytes:
    data = (originals / location.file).read_bytes()
    return data[location.offset : location.offset + location.length]


def _check_originals(home: Path, what: str, template: TemplateArchive, tally: Tally) -> None:
    """Check that every original is the one it was or refused, and that verify names the others."""
    with (
        Store(home, file_limit=FILE_LIMIT) as store,
        Store(template.path, file_limit=FILE_LIMIT) as whole,
    ):
        refused = 0
        for identifier, version in whole.versions_by_location():
            right = whole.read_original(identifier, version.number)
            try:
                if store.read_original(identifier, version.number) != right:
                    tally.wrong.append(f"{what}: another's original is shown as {identifier}'s")
            except ArchiveError:
                refused += 1
        changed = any(
            path.read_bytes() != (template.path / "originals" / path.name).read_bytes()
            for path in (home / "originals").iterdir()
        )
        if changed and not (refused and store.verify().problems):
            tally.wrong.append(f"{what}: verify does not see it")


def damage_backups(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Flip a bit of a backup: what is restored is refused, or what was backed up."""
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    bag = folder / "bag"
    content = _catalogue_content(template.path)
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    for number in range(most):
        path = files[number % len(files)]
        data = path.read_bytes()
        bit = chance.randrange(len(data) * 8)
        path.write_bytes(_with_flipped_bit(data, bit))
        what = f"bit {bit} of {path.relative_to(folder)}"
        restored = folder / "restored"
        try:
            restore(bag, restored)
            with Store(restored, file_limit=FILE_LIMIT) as store:
                if store.verify().problems or _catalogue_content(restored) != content:
                    tally.wrong.append(f"{what}: it was restored as if it were whole")
        except ArchiveError:
            if restored.exists():
                tally.wrong.append(f"{what}: refused, and yet there is a home")
        shutil.rmtree(restored, ignore_errors=True)
        path.write_bytes(data)
        tally.faults += 1


def _with_flipped_bit(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _catalogue_content(home: Path) -> list[tuple[Any, ...]]:
    """Return all that the catalogue says."""
    with Store(home, file_limit=FILE_LIMIT) as store:
        articles = list(store.articles())
        versions = [store.versions(article.identifier) for article, _ in articles]
        return [*articles, *versions, *store.changes(0)]


def _check_catalogue(home: Path, what: str, content: list[tuple[Any, ...]], tally: Tally) -> None:
    """Check that a damaged catalogue is named by verify, or as it was."""
    if "catalogue" not in what:
        return
    try:
        with Store(home, file_limit=FILE_LIMIT) as store:
            named = [*store.verify().problems, *verify_index(store).problems]
        if not named and _catalogue_content(home) != content:
            tally.wrong.append(f"{what}: verify does not see it")
    except ArchiveError:
        pass


def _check_damage(home: Path, what: str, allowed: set[Answers], tally: Tally) -> None:
    """Check that damage is refused or harmless, named by verify, and mended in the index."""
    index = "of index" in what
    try:
        answers = read_live_answers(home)
        tally.requests += len(answers)
        # A damaged name of the analyzer is that of another one.
        if answers not in allowed | {REFUSED}:
            tally.wrong.append(f"{what}: wrong answers")
    except ArchiveError:
        pass
    try:
        with Store(home, file_limit=FILE_LIMIT) as store:
            named = [*verify_index(store).problems, *store.verify().problems]
            # Results of an unfinished rebuild are checked when it goes on.
            checkpoint = "of index/rebuild" in what
            if not named and not checkpoint and "catalogue" not in what:
                tally.wrong.append(f"{what}: verify does not see it")
            if index:
                (IndexBuilder(store).rebuild if checkpoint else IndexBuilder(store).repair)()
                if verify_index(store).problems:
                    tally.wrong.append(f"{what}: one repair does not mend it")
                identifiers = {identifier for identifier, _ in store.identifiers()}
                if set(read_live_answers(home)[0]) != identifiers:
                    tally.wrong.append(f"{what}: after repair the index is not the store")
    except ArchiveError as error:
        if index:
            tally.wrong.append(f"{what}: {type(error).__name__}: {error}")
