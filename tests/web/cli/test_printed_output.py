"""No command lets a title, a file name or an address give orders to the terminal."""

from __future__ import annotations

import ast
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.catalogue.operations import OperatorNote
from archive.document_account import DocumentAccount, ReadingState
from archive.records import Caption, Origin
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep
from tests.paths import ROOT
from web.cli.main import main

ORDERS = "\x1b]0;owned\x07\x9b2J\u202eso\u202c\x7f\x08\u2028"
"""A new window title, a cleared screen, words in another order, a deleted sign."""

BREAK = "\nadded 9"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home that somebody else wrote: `tangthu add` takes such signs out of texts."""
    home = tmp_path_factory.mktemp("orders") / "home"
    written = ORDERS + BREAK
    account = DocumentAccount(state=ReadingState.DAMAGED, reason=written, unread_dates=(written,))
    hostile = article(
        f"Chợ phiên{written}",
        f"Chợ đông{ORDERS}",
        url=f"https://a.vn/{ORDERS}",
        external_id=f"a1{ORDERS}",
        publisher=f"Báo{written}",
        lead=ORDERS,
        authors=(ORDERS,),
        category=ORDERS,
        captions=(Caption(ORDERS),),
        account=account,
    )
    hostile = replace(hostile, origin=Origin(f"a{written}", "test", 1))
    with Store(home) as store:
        keep(store, hostile)
        hidden = keep(store, article("Ẩn", "Tin."))[0].identifier
        with store.operator_batch() as batch:
            batch.hide(hidden, OperatorNote(written, written))
        IndexBuilder(store).update()
    return home


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["log"],
        ["log", "--json"],
        ["show", "a1"],
        ["show", "--json", "a1"],
        ["search", "chợ"],
        ["search", "--json", "chợ"],
        ["search", ORDERS],
        ["search", "--json", ORDERS],
        ["search", f"date:{ORDERS}"],
        ["search", "--queries", f"/none/{ORDERS}", "--run", f"/none/{ORDERS}{BREAK}", "a"],
        ["problems"],
        ["problems", "--json"],
        ["status"],
        ["status", "--json"],
        ["verify"],
        ["verify", "--json"],
        ["generations"],
        ["settings"],
        ["settings", "--json"],
        ["user", "list"],
        ["show", ORDERS],
        ["show", "\udcff"],
        ["log", ORDERS],
        ["hide", ORDERS, "--reason", ORDERS, "--by", ORDERS],
        ["remove", "a1", "--passage", ORDERS, "--reason", "vì"],
        ["edit", "a1", "--set", f"{ORDERS}={ORDERS}", "--reason", "vì"],
        ["export", "csv", ORDERS],
        ["export", ORDERS],
        ["add", f"/none/{ORDERS}{BREAK}"],
        ["add", "/none/\udcff"],
        ["rebuild", f"--{ORDERS}"],
        ["backup", f"/none/{ORDERS}"],
        ["restore", f"/none/{ORDERS}.zip"],
        ["--catalogue", ORDERS, "list"],
        ["--originals", ORDERS, "list"],
        ["--engine", ORDERS, "list"],
        ["--home", f"/none/{ORDERS}", "list"],
        [ORDERS],
    ],
)
def test_no_command_prints_orders(home: Path, words: list[str]) -> None:
    run = CliRunner().invoke(main, ["--home", str(home), *words])
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert obeyed(run.output) == []
    assert not any(line.startswith("added 9") for line in run.output.splitlines())


def test_files_with_orders_in_their_names_are_named(home: Path, tmp_path: Path) -> None:
    for number, name in enumerate((f"{ORDERS}{BREAK}.docx", "\udcff.docx")):
        (tmp_path / name).write_bytes(b"PK\x03\x04 rubbish %d" % number)
    run = CliRunner().invoke(main, ["--home", str(tmp_path / "new"), "add", str(tmp_path)])
    assert obeyed(run.output) == []
    assert sum("owned" in line for line in run.output.splitlines()) == 1


@pytest.mark.parametrize("kind", ["jsonl", "csv", "bib", "ris"])
def test_an_export_is_whole_in_a_file_and_harmless_on_a_terminal(home: Path, kind: str) -> None:
    words = ["--home", str(home), "export", kind]
    assert "owned" in CliRunner().invoke(main, words).stdout
    command = [sys.executable, "-m", "web.cli.main", *words]
    terminal, other_end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as shown:
        subprocess.run(command, stdout=other_end, stderr=subprocess.DEVNULL, check=True, cwd=ROOT)
        os.close(other_end)
        text = shown.read(1 << 16).decode("utf-8", "replace").replace("\r\n", "\n")
    assert "owned" in text
    assert obeyed(text) == []


def test_commands_print_in_one_place_alone() -> None:
    for path in sorted((ROOT / "web" / "cli").glob("*.py")):
        if path.name != "printed_output.py":
            calls = [
                node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
            ]
            names = {ast.unparse(call.func) for call in calls}
            assert names.isdisjoint({"print", "click.echo", "click.secho", "sys.stdout.write"}), (
                path
            )


def obeyed(text: str) -> list[str]:
    """Return the signs of a text that a terminal obeys, or that are no text."""
    allowed = {"\n", "\t"}
    orders = {*map(chr, range(32)), *map(chr, range(127, 160)), *"\u202e\u202c\u2028"} - allowed
    return [sign for sign in text if sign in orders or "\ud800" <= sign <= "\udfff"]
