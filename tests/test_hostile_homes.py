"""A home from elsewhere: whatever stands in place of a file is named, and nothing hangs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import ArchiveError
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from tests.factories import ArchiveFactory, article, client_of, user_of
from web.access.user_file import Role, write_users
from web.cli.main import main

FILES = (
    "settings.toml",
    "users.tsv",
    "session.key",
    "glossary.tsv",
    "pages/about.md",
    "collections/lũ.toml",
    "backups.json",
    "catalogue.sqlite",
    "originals/tangthu-00001.warc.gz",
    "lock",
    "index/lock",
    "index/CURRENT",
    "index/generations/000001/generation.json",
    "index/generations/000001/index.json",
    "index/generations/000001/learned.json",
    "index/generations/000001/phrases.learned",
)
"""Files of a home and of its owner, some of which are not there unless the owner writes them."""

SECRET = "root:x:0:0"
OUTSIDE = "passwd"
"""A file beside the home: tests may run as root, and no link may lead to the machine's own."""


def link_outside(path: Path) -> None:
    """Make a link to the file beside the home that holds it."""
    path.symlink_to(next(p / OUTSIDE for p in path.parents if (p / OUTSIDE).is_file()))


REPLACEMENTS: dict[str, Callable[[Path], object]] = {
    "a pipe": lambda path: os.mkfifo(path),
    "a folder": lambda path: path.mkdir(),
    "an endless file": lambda path: path.symlink_to("/dev/zero"),
    "a file outside": link_outside,
    "a link to itself": lambda path: path.symlink_to(path),
    "nothing": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(5000)),
    "no UTF-8": lambda path: path.write_bytes(b"\xff\xfe" * 50),
    "deep brackets": lambda path: path.write_bytes(b"[" * 100_000),
    "a long number": lambda path: path.write_bytes(b"9" * 5000),
    "another JSON": lambda path: path.write_bytes(b'{"documents": NaN, "a": [null, "\\ud800"]}'),
    "another TOML": lambda path: path.write_bytes(b'access = 1\narchive = []\nsite = "x"\n'),
}

COMMANDS = (("status",), ("search", "lũ"), ("verify",), ("user", "list"))

PAGES = ("/", "/?q=lũ", "/about", "/login", "/healthz", "/readyz", "/metrics", "/api/v1/search?q=a")


@pytest.fixture(scope="module")
def sound_home(shared_archive_of: ArchiveFactory) -> Path:
    """A home in which everything is as it has to be."""
    archive = shared_archive_of(article("Lũ ở miền Trung", "Nước lên trong đêm."))
    IndexBuilder(archive.store).update()
    home = archive.store.home
    write_users(home, {"lan": user_of("lan", Role.READER, "một mật khẩu dài")})
    return home


def doctor(sound_home: Path, home: Path, file: str, replacement: str) -> Path:
    """Return a copy of a home with a replacement in the place of one of its files."""
    shutil.copytree(sound_home, home)
    (home.parent / OUTSIDE).write_text(SECRET)
    path = home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    REPLACEMENTS[replacement](path)
    return home


# Every file and every replacement is in the share that runs always; the slow tests try all pairs.
PAIRS = [
    pytest.param(file, replacement, marks=[pytest.mark.slow] if (row + column) % 4 else [])
    for row, file in enumerate(FILES)
    for column, replacement in enumerate(REPLACEMENTS)
]


@pytest.mark.parametrize(("file", "replacement"), PAIRS)
def test_every_command_ends_with_a_message(
    sound_home: Path, tmp_path: Path, file: str, replacement: str
) -> None:
    home = doctor(sound_home, tmp_path / "home", file, replacement)
    for words in COMMANDS:
        run = CliRunner().invoke(main, ["--home", str(home), *words])
        assert run.exception is None or isinstance(run.exception, SystemExit), words
        assert run.exit_code in (0, 1, 2)
        assert run.exit_code == 0 or run.output.strip(), words
        assert SECRET not in run.output
    assert (tmp_path / OUTSIDE).read_text() == SECRET


@pytest.mark.parametrize(("file", "replacement"), PAIRS)
def test_no_page_fails_or_tells_of_another_file(
    sound_home: Path, tmp_path: Path, file: str, replacement: str
) -> None:
    try:
        archive = open_archive(doctor(sound_home, tmp_path / "home", file, replacement))
    except ArchiveError:
        return
    with archive:
        try:
            client = client_of(archive, rate="")
        except ArchiveError:
            return
        client.application.config["PROPAGATE_EXCEPTIONS"] = False
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code != 500, page
            assert SECRET not in answer.text
