"""Catalogues of older programs: read as they are, migrated by the first that writes, or refused."""

from __future__ import annotations

import io
import json
import lzma
import shutil
import sqlite3
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, create_engine, event, inspect

from archive.backups.backup import backup, restore
from archive.catalogue import database, migrations
from archive.catalogue.database import CATALOGUE_FILE
from archive.catalogue.lookup_keys import place_key
from archive.catalogue.migrations import SCHEMA_VERSION
from archive.catalogue.operations import OperatorNote
from archive.errors import StoreError
from archive.records import Article, Change, ChangeKind, Origin, Section, from_json, to_json
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, prepare
from tests.factories import article, keep
from tests.paths import DATA
from tests.warm_python import WarmPython
from web.cli.main import main

OLD_BACKUP = DATA / "schema1_backup.zip.xz"
"""A backup by a program of schema 1: four versions of three articles, one of them deleted."""

WITHOUT_PARTS = "DROP TABLE rebuilds; DROP TABLE rebuild_parts;"
WITHOUT_PIECES = f"{WITHOUT_PARTS} DROP TABLE pieces;"
WITHOUT_ORIGINS = (
    f"{WITHOUT_PIECES} DROP TABLE origins; DROP TABLE containers; DROP TABLE captured_resources;"
)
WITHOUT_STATE = f"DROP TABLE archive_state; {WITHOUT_ORIGINS}"
WITHOUT_OPERATIONS = f"{WITHOUT_STATE} DROP TABLE operations; DROP TABLE withheld_originals;"

_VERSION_COLUMNS = "versions (identifier, version, reader, content, text_digest)"

COPY = f"{CATALOGUE_FILE}.v1.bak"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that a program of schema 1 left."""
    with zipfile.ZipFile(io.BytesIO(lzma.decompress(OLD_BACKUP.read_bytes()))) as archive:
        archive.extractall(tmp_path / "bag")
    (tmp_path / "bag" / "data").rename(tmp_path / "home")
    return tmp_path / "home"


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def schema(home: Path) -> int:
    ((version,),) = rows(home / CATALOGUE_FILE, "SELECT schema_version FROM about")
    return int(version)


def contents(store: Store) -> list[Any]:
    """Everything that can be read from a store."""
    identifiers = sorted(change.identifier for change in store.changes(0))
    return [
        list(store.identifiers()),
        list(store.articles()),
        store.changes(0),
        [store.versions(name) for name in identifiers],
        [
            [store.read_original(name, version.number) for version in store.versions(name)]
            for name in identifiers
        ],
        list(store.versions_by_location()),
        store.count_articles(),
        store.last_sequence(),
        store.verify(),
    ]


def described(path: Path) -> dict[str, Any]:
    """The tables of a catalogue with their columns, keys and indexes."""
    engine = create_engine(f"sqlite:///{path}")
    inspector = inspect(engine)
    tables = {
        name: (
            [{**column, "type": str(column["type"])} for column in inspector.get_columns(name)],
            inspector.get_pk_constraint(name),
            inspector.get_foreign_keys(name),
            inspector.get_indexes(name),
            inspector.get_unique_constraints(name),
        )
        for name in inspector.get_table_names()
    }
    engine.dispose()
    return tables


def copies(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("*.bak*")) + [
        path.name for path in home.glob(".*") if ".bak" in path.name
    ]


def test_reading_leaves_an_old_catalogue_as_it_is(home: Path, tmp_path: Path) -> None:
    with Store(home) as store:
        assert (store.count_articles(), store.last_sequence()) == (2, 5)
        report = store.verify()
        assert (report.versions, report.problems) == (4, ())
        identifiers = [identifier for identifier, _ in store.identifiers()]
        articles = [store.get(identifier) for identifier in identifiers]
        assert [from_json(to_json(stored)) for stored in articles] == articles
        assert "Một tin ngắn, sửa lại" in [stored.title for stored in articles]
        backup(store, tmp_path / "copy")
    for words in (["status"], ["show", identifiers[0]], ["verify"]):
        done = CliRunner().invoke(main, ["--home", str(home), *words])
        assert "schema" not in done.output
    assert (schema(home), copies(home)) == (1, [])


def test_who_writes_migrates_and_leaves_a_copy(home: Path, tmp_path: Path) -> None:
    with Store(home) as store:
        contents_before = contents(store)
        store.migrate()
        assert contents(store) == contents_before
        keep(store, article("Mới"))
        assert store.verify().problems == ()
    assert (schema(home), copies(home)) == (SCHEMA_VERSION, [COPY])
    Store(tmp_path / "new").close()
    assert described(home / CATALOGUE_FILE) == described(tmp_path / "new" / CATALOGUE_FILE)
    history = rows(home / CATALOGUE_FILE, "SELECT version, program FROM schema_history")
    assert [version for version, _ in history] == [*range(2, SCHEMA_VERSION + 1)]
    assert all(program for _, program in history)
    # The way back: the copy takes the catalogue's place again.
    for path in home.glob(f"{CATALOGUE_FILE}-*"):
        path.unlink()
    shutil.copyfile(home / COPY, home / CATALOGUE_FILE)
    assert schema(home) == 1
    with Store(home) as store:
        assert contents(store)[:-1] == contents_before[:-1]
        assert store.verify().problems == ()


@pytest.mark.parametrize("words", [["add", "--no-index", "bai.txt"], ["update"]])
def test_the_commands_that_write_migrate(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bai.txt").write_text("Tựa bài\n\nMột đoạn của bài báo này.\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    assert (done.exit_code, schema(home)) == (0, SCHEMA_VERSION), done.output
    assert CliRunner().invoke(main, ["--home", str(home), "verify"]).exit_code in (
        0,
        int("--no-index" in words),
    )


def refuse(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def refuse_after_step(connection: Connection) -> None:
    migrations._add_schema_history(connection)
    refuse()


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (database, "copy_catalogue"),
        (migrations, "move_into_place"),
        (migrations, "_leave_copy"),
        (migrations, "_record"),
        (migrations, "STEPS"),
    ],
)
def test_a_step_that_fails_leaves_the_old_catalogue(
    home: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    with Store(home) as store:
        contents_before = contents(store)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, {2: refuse_after_step} if name == "STEPS" else refuse)
            with pytest.raises(StoreError, match="disk is full; make room"):
                store.migrate()
        assert (schema(home), contents(store)) == (1, contents_before)
        store.migrate()
        assert (schema(home), contents(store)) == (SCHEMA_VERSION, contents_before)
    assert copies(home) == [COPY]


KILLED = """
import os, signal, sys
from pathlib import Path
from threading import Timer
from archive.catalogue import database, migrations
from archive.store import Store
when, name, number = *sys.argv[2:4], int(sys.argv[4])
owner = database if hasattr(database, name) else migrations
original = migrations.STEPS[number] if name == "STEPS" else getattr(owner, name)
def killer(*arguments):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    original(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
if name == "STEPS":
    migrations.STEPS[number] = killer
else:
    setattr(owner, name, killer)
with Store(Path(sys.argv[1])) as store:
    store.migrate()
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "name", ["copy_catalogue", "move_into_place", "_leave_copy", "STEPS", "_record", "migrate"]
)
def test_a_kill_at_any_place_leaves_a_whole_catalogue(
    home: Path, warm_python: WarmPython, when: str, name: str
) -> None:
    with Store(home) as store:
        contents_before = contents(store)
    done = warm_python.run(KILLED, str(home), when, name, "2")
    assert done.returncode == -9, done.stderr
    finished = (when, name) == ("after", "migrate")
    assert schema(home) == (SCHEMA_VERSION if finished else 1)
    with Store(home) as store:
        assert contents(store) == contents_before
        store.migrate()
        assert (schema(home), contents(store)) == (SCHEMA_VERSION, contents_before)
        keep(store, article("Mới"))
    assert copies(home) == [COPY]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_between_two_steps_leaves_the_schema_of_the_first(
    home: Path, warm_python: WarmPython, when: str
) -> None:
    with Store(home) as store:
        contents_before = contents(store)
    assert warm_python.run(KILLED, str(home), when, "STEPS", "3").returncode == -9
    assert schema(home) == 2
    with Store(home) as store:
        assert contents(store) == contents_before
        store.migrate()
        assert (schema(home), contents(store)) == (SCHEMA_VERSION, contents_before)
    assert copies(home) == [COPY, f"{CATALOGUE_FILE}.v2.bak"]


def test_articles_of_schema_2_are_found_by_address_and_get_their_keys(tmp_path: Path) -> None:
    kept = article("Tựa", url="http://www.bao.vn/tua/", external_id="T7")
    with Store(tmp_path) as store:
        keep(store, kept, replace(kept, title="Tựa mới"), article("Khác", external_id="K"))
        keys = "SELECT lookup_key, identifier, version FROM article_keys ORDER BY 1, 2, 3"
        keys_of_new = rows(tmp_path / CATALOGUE_FILE, keys)
        assert len(keys_of_new) == 5
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.execute("DROP TABLE article_keys")
            connection.executescript(WITHOUT_OPERATIONS)
            connection.execute("UPDATE about SET schema_version = 2")
            connection.execute("DELETE FROM schema_history")
        address = "https://bao.vn/tua?utm_source=x"
        assert store.find_by_address(address) == [kept.identifier]
        assert store.find_by_identifier(kept.identifier) == [kept.identifier]
        assert store.find_by_identifier("t7") == []
        store.migrate()
        assert rows(tmp_path / CATALOGUE_FILE, keys) == keys_of_new
        assert store.find_by_address(address) == store.find_by_identifier("t7") == [kept.identifier]


def test_a_catalogue_of_schema_4_gets_the_tables_of_operations(tmp_path: Path) -> None:
    tables = "SELECT name, replace(sql, ' ', '') FROM sqlite_master WHERE sql LIKE '%operations%'"
    with Store(tmp_path) as store:
        (change,) = keep(store, article("Tựa"))
        tables_of_new = rows(tmp_path / CATALOGUE_FILE, tables)
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_OPERATIONS)
            connection.execute("UPDATE about SET schema_version = 4")
            connection.execute("DELETE FROM schema_history")
        # Who only reads finds no operations.
        assert store.get(change.identifier, 1).title == "Tựa"
        assert store.operations() == []
        assert store.verify().problems == ()
        with store.operator_batch() as batch:
            batch.hide(change.identifier, OperatorNote("kiểm tra", "người trực"))
        assert len(rows(tmp_path / CATALOGUE_FILE, tables)) == len(tables_of_new)
        assert store.count_articles() == 0


def test_a_catalogue_of_schema_5_gets_the_places_of_documents_without_a_name(
    tmp_path: Path,
) -> None:
    def put(store: Store, title: str, source: str, place: str = "", **values: str) -> Change:
        read = replace(article(title, **values), origin=Origin(source, "text", 2), identifier="")
        with store.batch() as batch:
            return batch.add_prepared([prepare(title.encode(), read, OriginDescription(place))])[0]

    with Store(tmp_path) as store:
        first = put(store, "Cầu cũ", "/báo/a.txt")
        put(store, "Có địa chỉ", "/báo/b.txt", url="https://bao.vn/1")
        put(store, "Ghi tắt", "báo/c.txt")
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_STATE)
            connection.execute("UPDATE about SET schema_version = 5")
            connection.execute("DELETE FROM schema_history")
        store.migrate()
        assert len(rows(tmp_path / CATALOGUE_FILE, "SELECT * FROM article_keys")) == 2
        second = put(store, "Cầu mới", "/báo/a.txt", place_key("", "/báo/a.txt"))
        assert (second.identifier, second.version) == (first.identifier, 2)
        assert store.verify().problems == ()


def test_a_catalogue_of_schema_8_gets_room_for_pieces(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        (change,) = keep(store, article("Tựa"))
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_PIECES)
            connection.execute("UPDATE about SET schema_version = 8")
            connection.execute("DELETE FROM schema_history WHERE version > 8")
    with Store(tmp_path) as store:
        assert store.verify().problems == ()
        assert store.read_original(change.identifier)
        backup(store, tmp_path / "copy")
        store.migrate()
        assert rows(tmp_path / CATALOGUE_FILE, "SELECT * FROM pieces") == []
        assert store.verify().problems == ()


def test_a_catalogue_of_schema_7_gets_the_origins_of_its_versions(tmp_path: Path) -> None:
    words = " ".join(f"chữ{number}" for number in range(60))
    first, inside = article("Tựa", words), replace(article("Đính kèm"), identifier="b" * 20)
    inside = replace(inside, origin=Origin("thư.eml!a.txt", "text", 3, "c" * 64))
    columns = "identifier, version, digest, source, parent, reader, warc_offset"
    with Store(tmp_path) as store:
        keep(store, first, replace(first, title="Tựa mới"), inside)
        with store.operator_batch() as batch:
            batch.edit(first.identifier, {"category": "Xã hội"}, OperatorNote("sửa", "người trực"))
        kept = rows(tmp_path / CATALOGUE_FILE, f"SELECT {columns} FROM origins ORDER BY 1, 2")
        keys = "SELECT * FROM article_keys ORDER BY 1, 2, 3"
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_ORIGINS)
            connection.execute("DELETE FROM article_keys")
            connection.execute("UPDATE about SET schema_version = 7")
            connection.execute("DELETE FROM schema_history WHERE version > 7")
        # Who only reads finds none, and all agree.
        assert (store.origins(first.identifier), store.count_origins()) == ([], 0)
        assert (store.verify().problems, store.count_originals()) == ((), 3)
        store.migrate()
        assert rows(tmp_path / CATALOGUE_FILE, f"SELECT {columns} FROM origins ORDER BY 1, 2") == (
            kept
        )
        assert [row[1] for row in kept] == [1, 3, 1]
        assert len(rows(tmp_path / CATALOGUE_FILE, keys)) == 2
        assert (store.verify().problems, store.count_origins()) == ((), 3)


LEAD = "Sáng nay nước rút, các cô lau từng bộ bàn ghế."
PARAGRAPH = "Cầu mới nối hai bờ sông đã thông xe. " * 9


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"title": LEAD, "lead": LEAD}, ""),
        ({"title": PARAGRAPH[:200], "sections": (Section((PARAGRAPH, "Hết.")),)}, ""),
        ({"title": PARAGRAPH[:200], "sections": (Section(("Khác.", PARAGRAPH)),)}, None),
        ({"title": "Cầu thông xe", "sections": (Section(("Cầu thông xe", "Hết.")),)}, None),
        ({"title": "Cầu thông xe", "lead": LEAD}, None),
        ({"title": LEAD, "lead": LEAD, "origin": Origin("bai.html", "html", 1)}, None),
    ],
)
def test_titles_that_a_reader_made_up_are_emptied(
    tmp_path: Path, values: dict[str, Any], title: str | None
) -> None:
    old = Article(
        language="vi",
        **{"origin": Origin("a.jsonl:1", "jsonlines", 1), "url": "http://b.vn/1", **values},
    )
    with Store(tmp_path) as store:
        (change,) = keep(store, old)
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_OPERATIONS)
            connection.execute("UPDATE about SET schema_version = 3")
            connection.execute("DELETE FROM schema_history")
        store.migrate()
        stored = store.get(change.identifier)
        assert stored.title == (old.title if title is None else title)
        assert stored.lead == old.lead
        assert stored.sections == old.sections
        assert store.verify().problems == ()


def test_a_catalogue_of_schema_6_gets_the_number_of_its_articles(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        change, _ = keep(store, article("Một"), article("Hai"))
        store.delete(change.identifier)
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.executescript(WITHOUT_STATE)
            connection.execute("UPDATE about SET schema_version = 6")
            connection.execute("DELETE FROM schema_history")
    with Store(tmp_path) as store:
        assert store.count_articles() == 1
        store.migrate()
        state = rows(tmp_path / CATALOGUE_FILE, "SELECT * FROM archive_state")
        assert state == [(1, "", "", 1)]
        keep(store, article("Một"), article("Ba"))
        assert store.count_articles() == len(list(store.identifiers())) == 3


def test_a_damaged_version_is_migrated_without_keys(home: Path) -> None:
    with closing(sqlite3.connect(home / CATALOGUE_FILE)) as connection, connection:
        connection.execute("UPDATE versions SET content = X'78' WHERE version = 1")
    with Store(home) as store:
        store.migrate()
    assert schema(home) == SCHEMA_VERSION


def test_an_earlier_copy_is_never_overwritten(home: Path) -> None:
    (home / COPY).write_bytes(b"another catalogue")
    with Store(home) as store:
        store.migrate()
    assert (home / COPY).read_bytes() == b"another catalogue"
    second = f"{CATALOGUE_FILE}.v1.2.bak"
    assert copies(home) == sorted([COPY, second])
    assert rows(home / second, "SELECT schema_version FROM about") == [(1,)]


def test_a_newer_catalogue_is_refused(tmp_path: Path) -> None:
    refusal = f"schema 99, made by a newer tangthu; upgrade the program.* schema {SCHEMA_VERSION}"
    with Store(tmp_path) as store:
        with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
            connection.execute("UPDATE about SET schema_version = 99")
        for write in (store.migrate, store.batch().__enter__):
            with pytest.raises(StoreError, match=refusal):
                write()
    with pytest.raises(StoreError, match=refusal):
        Store(tmp_path)
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection, connection:
        connection.execute("UPDATE about SET schema_version = 0")
    with pytest.raises(StoreError, match="restore a backup"):
        Store(tmp_path)


def test_a_new_catalogue_has_its_history_and_may_be_made_by_several_at_once(tmp_path: Path) -> None:
    def create(_: int) -> None:
        Store(tmp_path).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(8)))
    assert schema(tmp_path) == SCHEMA_VERSION
    history = rows(tmp_path / CATALOGUE_FILE, "SELECT version FROM schema_history")
    assert history == [(SCHEMA_VERSION,)]


def test_a_new_catalogue_waits_for_another_that_writes_its_first_page(tmp_path: Path) -> None:
    another = sqlite3.connect(tmp_path / CATALOGUE_FILE, check_same_thread=False)
    another.execute("CREATE TABLE unrelated (number)")
    another.execute("DROP TABLE unrelated")
    another.commit()
    another.execute("BEGIN IMMEDIATE")
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE, timeout=30)) as impatient:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            # The switch to the write-ahead log fails at once, whatever the patience.
            impatient.execute("PRAGMA journal_mode=WAL")
    release = Timer(0.3, another.rollback)
    release.start()
    Store(tmp_path).close()
    release.join()
    another.close()
    assert schema(tmp_path) == SCHEMA_VERSION


def test_an_old_backup_comes_back_and_is_migrated(tmp_path: Path) -> None:
    bag = tmp_path / "old.zip"
    bag.write_bytes(lzma.decompress(OLD_BACKUP.read_bytes()))
    restore(bag, tmp_path / "home")
    assert schema(tmp_path / "home") == 1
    with Store(tmp_path / "home") as store:
        contents_before = contents(store)
        (change,) = keep(store, article("Mới"))
        assert change.kind is ChangeKind.ADDED
        assert (schema(store.home), store.count_articles()) == (
            SCHEMA_VERSION,
            contents_before[6] + 1,
        )
        backup(store, tmp_path / "new.zip")
    restore(tmp_path / "new.zip", tmp_path / "again")
    assert schema(tmp_path / "again") == SCHEMA_VERSION
    assert copies(tmp_path / "again") == []


@pytest.mark.parametrize("step", [3, 4])
def test_a_step_reads_every_version_once_page_by_page(step: int) -> None:
    record = {"url": "https://bao.vn/1", "title": "Tin", "lead": "Tin"}
    record |= {"external_id": "", "sections": []}
    content = zlib.compress(json.dumps(record).encode())
    # Of two versions an article, so that a page ends between those of one.
    versions = [(f"{number // 2:04}", 1 + number % 2) for number in range(1, 1102)]
    engine = create_engine("sqlite://")
    pages: list[str] = []
    with engine.begin() as connection:
        for columns in ("articles (identifier)", _VERSION_COLUMNS):
            connection.exec_driver_sql(f"CREATE TABLE {columns}")
        connection.exec_driver_sql(
            "INSERT INTO versions VALUES (?, ?, 'jsonlines', ?, '')",
            [(name, number, content) for name, number in versions],
        )
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _, cursor, statement, *others: (
                pages.append(statement) if statement.startswith("SELECT") else None
            ),
        )
        migrations.STEPS[step](connection)
        if step == 3:
            keys = connection.exec_driver_sql("SELECT identifier, version FROM article_keys")
            assert sorted(map(tuple, keys)) == versions
        else:
            changed = "SELECT count(*) FROM versions WHERE text_digest <> ''"
            assert connection.exec_driver_sql(changed).scalar() == len(versions)
    # Two full pages, the rest, and nothing more (and what the test asks for itself).
    assert len(pages) == 4 + 1
    engine.dispose()


@pytest.mark.parametrize(
    "content",
    [b"", b"x", zlib.compress(b"x"), zlib.compress(b"[]"), zlib.compress(b'"x"')]
    + [zlib.compress(b"[" * 200_000), zlib.compress(b'{"url": "\xff"}'), zlib.compress(b"{}")[:-5]],
)
def test_a_damaged_version_has_no_keys(content: bytes) -> None:
    assert migrations._keys_in(content) == ()
    assert migrations._without_made_up_title(content) == {}
    assert migrations._is_without_name(content) is False
