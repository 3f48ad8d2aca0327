"""A home or backup from elsewhere: what we did not put there is named, and touches nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner

from archive.backups.backup import backup, restore
from archive.catalogue.database import CATALOGUE_FILE
from archive.catalogue.inspection import inspect_values
from archive.errors import ArchiveError, DamagedError, StoreError
from archive.store import Store
from tests.factories import article, keep
from web.cli.main import main

FOREIGN_OBJECTS = {
    "trigger": """CREATE TRIGGER t AFTER INSERT ON versions BEGIN
        DELETE FROM versions WHERE identifier = new.identifier; END""",
    "trigger on about": "CREATE TRIGGER t AFTER UPDATE ON about BEGIN DELETE FROM articles; END",
    "view": "CREATE VIEW v AS SELECT 1",
    "endless view": """DROP TABLE about; CREATE VIEW about AS WITH RECURSIVE n(schema_version) AS
        (SELECT 2 UNION ALL SELECT schema_version FROM n) SELECT schema_version FROM n""",
    "endless view of tombstones": """DROP TABLE tombstones; CREATE VIEW tombstones AS
        WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n)
        SELECT i sequence, i identifier, i version FROM n""",
    "table": "CREATE TABLE other (x)",
    "virtual table": "CREATE VIRTUAL TABLE words USING fts5(x)",
    "index": "CREATE INDEX other ON articles (kind)",
    "unique index": "CREATE UNIQUE INDEX other ON articles (sequence)",
    "column": "ALTER TABLE articles ADD COLUMN extra TEXT",
    "generated column": "ALTER TABLE articles ADD COLUMN x AS (zeroblob(9)) VIRTUAL",
    "conflict": """DROP TABLE tombstones; CREATE TABLE tombstones (sequence BIGINT NOT NULL,
        identifier VARCHAR(64) NOT NULL, version INTEGER NOT NULL,
        PRIMARY KEY (sequence) ON CONFLICT REPLACE,
        FOREIGN KEY(identifier) REFERENCES articles (identifier))""",
    "missing table": "DROP TABLE tombstones",
    "missing index": "DROP INDEX versions_by_place",
}

BAD_VALUES = [
    "UPDATE articles SET sequence = 'abc'",
    "UPDATE articles SET version = 1.5",
    "UPDATE articles SET kind = x'00'",
    "UPDATE articles SET deleted = 'no'",
    "UPDATE versions SET sequence = 'abc' || rowid",
    "UPDATE versions SET warc_offset = 'abc'",
    "UPDATE versions SET warc_length = -1",
    "UPDATE versions SET warc_offset = -5",
    "UPDATE versions SET content = 'text'",
    "UPDATE versions SET captured = 5",
    "UPDATE versions SET source = printf('%.5000c', 'x')",
    "UPDATE versions SET captured = 'yesterday'",
    "UPDATE versions SET warc_length = 1 << 50",
    "UPDATE versions SET warc_offset = 1 << 62",
]

BAD_NAMES = [
    "/etc/passwd",
    "../outside.warc.gz",
    "tangthu-1/../../x",
    "x.warc.gz",
    "",
    "\x00",
    "..",
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "home") as store:
        keep(store, article("Một"), article("Hai"))
    return tmp_path / "home"


def change(home: Path, script: str, *values: object) -> None:
    # Whoever doctors a catalogue knows no foreign keys.
    with closing(sqlite3.connect(home / CATALOGUE_FILE)) as connection, connection:
        if values:
            connection.execute(script, values)
        else:
            connection.executescript(script)


def invoke(home: Path, *words: str) -> tuple[int, str]:
    """Return exit status and output of a command, which may fail but must not crash."""
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit | ArchiveError), words
    return done.exit_code, done.output


def bag_of(home: Path, target: Path, *checksums: str) -> Path:
    """Make a bag of a home by another program."""
    (target / "originals").mkdir(parents=True)
    shutil.copy(home / CATALOGUE_FILE, target)
    for path in (home / "originals").iterdir():
        shutil.copy(path, target / "originals")
    bagit.make_bag(str(target), checksums=list(checksums or ["sha256"]))
    return target


@pytest.mark.parametrize("kind", FOREIGN_OBJECTS)
def test_a_catalogue_with_foreign_objects_is_refused_everywhere(
    home: Path, tmp_path: Path, kind: str
) -> None:
    change(home, FOREIGN_OBJECTS[kind])
    for words in (["status"], ["verify"], ["add", __file__], ["backup", str(tmp_path / "x")]):
        status, output = invoke(home, *words)
        assert status == 1, words
        assert "catalogue is not ours" in output, words
    with pytest.raises(ArchiveError, match="not ours"):
        restore(bag_of(home, tmp_path / "bag"), tmp_path / "back")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("script", BAD_VALUES)
def test_bad_values_are_named_and_never_a_traceback(
    home: Path, tmp_path: Path, script: str
) -> None:
    bag = bag_of(home, tmp_path / "bag")
    change(home, script)
    change(bag / "data", script)
    bag_info = bagit.Bag(str(bag))
    bag_info.save(manifests=True)
    status, output = invoke(home, "verify")
    assert status == 1, output
    assert "problem: " in output or "schema version" in output
    for words in (["status"], ["update"], ["rebuild"], ["verify", "--repair"], ["search", "mot"]):
        invoke(home, *words)
    invoke(home, "verify", "--since-last")
    invoke(home, "backup", str(tmp_path / "copy"))
    with pytest.raises(StoreError):
        restore(bag, tmp_path / "back")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_name_in_the_catalogue_leads_out_of_the_originals(
    home: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside.warc.gz"
    outside.write_text("important" * 100)
    change(home, "UPDATE versions SET warc_file = ?, warc_offset = 0, warc_length = 40", name)
    status, output = invoke(home, "backup", str(tmp_path / "copy"))
    assert (status, "no file of originals" in output) == (1, True)
    status, output = invoke(home, "verify")
    assert (status, "no file of originals" in output) == (1, True)
    assert outside.read_text() == "important" * 100
    assert not list(tmp_path.glob(".*partial"))


def test_a_backup_never_empties_a_file_of_the_operator(home: Path, tmp_path: Path) -> None:
    important = tmp_path / "important.txt"
    important.write_text("x" * 20)
    change(
        home,
        "UPDATE versions SET warc_file = ?, warc_offset = 0, warc_length = 40",
        str(important),
    )
    assert invoke(home, "backup", str(tmp_path / "copy"))[0] == 1
    assert important.read_text() == "x" * 20


@pytest.fixture(params=["link", "pipe", "folder"])
def special(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path:
    """Put something else in the place of the originals' file, which leads to another file."""
    path = home / "originals" / "tangthu-00001.warc.gz"
    target = tmp_path / "target"
    path.rename(target)
    if request.param == "link":
        path.symlink_to(target)
    elif request.param == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    return target


@pytest.mark.usefixtures("special")
def test_originals_that_are_no_plain_files_are_named_and_not_followed(
    home: Path, tmp_path: Path
) -> None:
    content = (tmp_path / "target").read_bytes()
    status, output = invoke(home, "verify")
    assert status == 1
    assert "no plain file" in output
    assert invoke(home, "backup", str(tmp_path / "copy"))[0] == 1
    with Store(home) as store, pytest.raises(StoreError):
        store.add(b"3", article("Ba"))
    assert (tmp_path / "target").read_bytes() == content


@pytest.mark.parametrize("name", [CATALOGUE_FILE, f"{CATALOGUE_FILE}-wal"])
def test_a_catalogue_that_is_a_link_is_not_opened(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    if (home / name).exists():
        (home / name).unlink()
    (home / name).symlink_to(tmp_path / "elsewhere")
    status, output = invoke(home, "status")
    assert (status, "no plain file" in output) == (1, True)
    assert (tmp_path / "elsewhere").read_bytes() == b""


@pytest.mark.parametrize("place", ["data/z", "z", "data/originals/z", "data/originals"])
def test_a_backup_with_links_is_refused(home: Path, tmp_path: Path, place: str) -> None:
    bag = bag_of(home, tmp_path / "bag")
    path = bag / place
    if path.is_dir():
        path.rename(tmp_path / "aside")
    path.symlink_to("/dev/zero" if path.name == "z" else tmp_path / "aside")
    with pytest.raises(DamagedError, match="no plain file"):
        restore(bag, tmp_path / "back")
    assert not list(tmp_path.glob(".back*"))


def test_a_backup_without_sha256_is_refused(home: Path, tmp_path: Path) -> None:
    restore(bag_of(home, tmp_path / "good"), tmp_path / "back0")
    with pytest.raises(DamagedError, match="SHA-256"):
        restore(bag_of(home, tmp_path / "bag", "md5"), tmp_path / "back")
    both = bag_of(home, tmp_path / "both", "md5", "sha256")
    manifest = both / "manifest-sha256.txt"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if CATALOGUE_FILE not in line))
    (both / "tagmanifest-sha256.txt").unlink()
    (both / "tagmanifest-md5.txt").unlink()
    with pytest.raises(DamagedError):
        restore(both, tmp_path / "back")


def test_a_catalogue_that_does_not_fit_a_file_cuts_nothing(home: Path) -> None:
    path = home / "originals" / "tangthu-00001.warc.gz"
    content = path.read_bytes()
    change(home, "UPDATE versions SET warc_offset = warc_offset + 7")
    with Store(home) as store:
        store.add(b"3", article("Ba"))
    assert path.read_bytes().startswith(content)


def test_statistics_of_sqlite_itself_are_no_foreign_objects(home: Path) -> None:
    change(home, "ANALYZE")
    assert invoke(home, "status")[0] == 0


@pytest.mark.parametrize("name", ["x.tar.gz", "x.TAR", "x.ZIP", "x.tgz"])
def test_a_backup_is_what_its_name_says(home: Path, tmp_path: Path, name: str) -> None:
    with Store(home) as store, pytest.raises(StoreError, match=r"\.zip or \.tar"):
        backup(store, tmp_path / name)


def test_a_backup_is_not_put_into_the_archive(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    for target in (home / "copy", home / "originals" / "copy.zip", tmp_path / "link" / "copy"):
        status, output = invoke(home, "backup", str(target))
        assert (status, "lies in the archive" in output) == (1, True)


def test_originals_that_no_version_names_are_counted_aloud(home: Path) -> None:
    invoke(home, "update")
    for table in ("versions", "origins", "articles"):
        change(home, f"DELETE FROM {table} WHERE rowid = 2")
    assert "1 original that no version names" in invoke(home, "verify")[1]


@pytest.mark.parametrize(
    ("objects", "more"),
    [
        (["CREATE TABLE a (x)"], ""),
        (["CREATE TABLE a (x)", "CREATE VIEW b AS SELECT 1"], r"\(and 1 more\)"),
    ],
)
def test_the_first_foreign_object_is_named_and_the_others_counted(
    tmp_path: Path, objects: list[str], more: str
) -> None:
    with Store(tmp_path) as store:
        keep(store, article("Một"))
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as catalogue:
        for statement in objects:
            catalogue.execute(statement)
    with pytest.raises(StoreError, match=rf"^the catalogue is not ours: [^(]*{more}; restore"):
        Store(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE articles SET sequence = 'abc'",
        "UPDATE articles SET version = 1.5",
        "UPDATE versions SET warc_offset = 'x'",
        "UPDATE versions SET content = 'text'",
    ],
)
def test_a_value_that_its_column_does_not_allow_is_named(tmp_path: Path, change: str) -> None:
    with Store(tmp_path) as store:
        keep(store, article("Một"))
        assert store.verify().problems == ()
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as catalogue:
        catalogue.execute(change)
        catalogue.commit()
    with Store(tmp_path) as store:
        column = change.split()[3]
        assert any(column in problem.reason for problem in store.verify().problems)


def test_only_the_values_of_tables_are_read() -> None:
    statements: list[str] = []

    def rows(query: str) -> list[tuple[object, ...]]:
        statements.append(query)
        if "sqlite_master" in query:
            kinds = {"about": "index", "articles": "table", "origins": "trigger", "pieces": "view"}
            return [(kind, name, name, "") for name, kind in kinds.items()]
        return [(7, "kind")]

    assert inspect_values(rows) == [
        (
            "row 7 of articles",
            "its kind is no value of that column; restore it from a backup",
        )
    ]
    assert len(statements) == 2


def test_a_backup_whose_sums_are_right_and_whose_content_is_not_is_refused(
    home: Path, tmp_path: Path
) -> None:
    with Store(home) as store:
        backup(store, tmp_path / "copy")
    catalogue = tmp_path / "copy" / "data" / CATALOGUE_FILE
    with closing(sqlite3.connect(catalogue)) as connection, connection:
        # Whoever changes it can write its sums anew as well.
        connection.execute("UPDATE versions SET digest = ?", (hashlib.sha256(b"else").hexdigest(),))
    bagit.Bag(str(tmp_path / "copy")).save(manifests=True)
    with pytest.raises(DamagedError, match="does not agree with itself"):
        restore(tmp_path / "copy", tmp_path / "back")
    assert not (tmp_path / "back").exists()
