"""The attachments of Outlook messages: members by their names, and messages inside."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from archive.store import Store
from indexer.intake.containers.members import Budget
from indexer.intake.containers.outlook_attachments import outlook_members
from indexer.intake.ingest import ingest
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.office.compound_writer import pack_compound_file
from indexer.intake.reparse import reparse
from tests.indexer.intake.office.made_packages import zipped
from tests.indexer.intake.office.made_word_97 import WordRun, compound_file, made_doc

TEXT = ("Cầu mới\nSáng nay cây cầu mới ở xã được mở cho người đi bộ qua lại.\n" * 90).encode()
ATTACHED = "__attach_version1.0_#0000000"
MESSAGE = compound_file(
    {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": "Báo cáo tháng".encode("utf-16-le"),
        "__substg1.0_1000001F": "Xin gửi báo cáo.".encode("utf-16-le"),
        f"{ATTACHED}0/__substg1.0_37010102": TEXT,
        f"{ATTACHED}0/__substg1.0_3707001F": "bài/một.txt".encode("utf-16-le"),
        f"{ATTACHED}1/__substg1.0_37010102": TEXT + b"Hai.",
    }
)


def test_attachments_are_members_by_their_names() -> None:
    with ReaderChildren() as children:
        members = list(outlook_members(io.BytesIO(MESSAGE), Budget(0), children))
    assert [member.name for member in members] == ["bài_một.txt", "attachment-1"]
    first = members[0].stream
    assert first
    assert first.read() == TEXT


def test_a_message_and_its_attachments_are_articles(tmp_path: Path) -> None:
    (tmp_path / "thu.msg").write_bytes(MESSAGE)
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / "thu.msg")])
        assert (report.added, report.failed) == (3, [])
        sources = {article.origin.source.rpartition("/")[2] for article, _ in store.articles()}
    assert sources == {"thu.msg", "thu.msg!bài_một.txt", "thu.msg!attachment-1"}


def inner_message(subject: str, depth: int) -> dict[str, bytes]:
    """The streams of a message inside a message, which has one inside it."""
    names = {
        "0037001F": subject,
        "1000001F": f"Nội dung của {subject}.",
        "1035001F": f"<{depth}@a>",
    }
    streams = {f"__substg1.0_{name}": text.encode("utf-16-le") for name, text in names.items()}
    sent = struct.pack("<LLQ", 0x00390040, 6, 133_200_000_000_000_000)
    return {"__properties_version1.0": bytes(24) + sent, **streams}


def test_messages_inside_messages_are_messages_of_their_own(tmp_path: Path) -> None:
    deep = {
        f"{ATTACHED}0/__substg1.0_3701000D/{path}": data
        for path, data in inner_message("Thư thứ ba", 3).items()
    }
    middle = inner_message("Thư thứ hai", 2) | deep
    outer = {"__substg1.0_0037001F": "Thư thứ nhất".encode("utf-16-le")}
    outer |= {f"{ATTACHED}0/__substg1.0_3701000D/{path}": data for path, data in middle.items()}
    outer |= {f"{ATTACHED}0/__substg1.0_3001001F": "Chuyển tiếp".encode("utf-16-le")}
    message = pack_compound_file({"__properties_version1.0": bytes(32), **outer})
    (tmp_path / "thu.msg").write_bytes(message)
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / "thu.msg")])
        assert (report.added, report.failed) == (3, [])
        messages = {
            article.origin.source.rpartition("/")[2]: article for article, _ in store.articles()
        }
        assert store.verify().problems == ()
        assert reparse(store, force=True).failed == []
    assert [messages[name].title for name in sorted(messages, key=len)] == [
        *("Thư thứ nhất", "Thư thứ hai", "Thư thứ ba"),
    ]
    assert set(messages) == {
        "thu.msg",
        "thu.msg!Chuyển tiếp.msg",
        "thu.msg!Chuyển tiếp.msg!attachment-0.msg",
    }
    inner = messages["thu.msg!Chuyển tiếp.msg"]
    assert inner.published == datetime(2023, 2, 4, 16, 0, tzinfo=UTC)
    assert messages["thu.msg!Chuyển tiếp.msg!attachment-0.msg"].origin.parent == inner.digest


def attached_content(message: bytearray, number: int) -> int:
    """Where the list of a message says in which sector the content of an attachment begins."""
    name, place = "__substg1.0_37010102".encode("utf-16-le"), -1
    for _ in range(number + 1):
        place = message.index(name, place + 1)
    return place + 116


def test_a_list_that_names_the_same_bytes_again_and_again_ends_and_is_named(
    tmp_path: Path,
) -> None:
    parts = {f"{ATTACHED}{number}/__substg1.0_37010102": TEXT for number in range(3)}
    message = bytearray(compound_file({"__properties_version1.0": bytes(32), **parts}))
    longest = struct.pack("<LL", 0, len(message))
    for number in range(3):
        place = attached_content(message, number)
        message[place : place + 8] = longest
    (tmp_path / "thu.msg").write_bytes(message)
    with Store(tmp_path / "home") as store:
        report = ingest(store, [str(tmp_path / "thu.msg")])
    assert [problem.reason.rpartition(": ")[2] for problem in report.failed] == [
        "its message lists more than it holds"
    ]


PARENT = """
import sys
from pathlib import Path
from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.reparse import reparse
with Store(Path(sys.argv[1])) as store:
    report = ingest(store, sys.argv[2:])
    again = reparse(store, force=True)
    print(report.added, len(report.failed) + len(report.skipped), len(again.failed))
print(sorted(name for name in sys.modules if name.startswith("indexer.intake.office")))
"""


def test_the_process_that_writes_the_archive_opens_no_ole_file(tmp_path: Path) -> None:
    looped = bytearray(MESSAGE)
    looped[48:52] = struct.pack("<L", 0xFFFFFFF0)
    files = {
        "a.msg": MESSAGE,
        "b.msg": bytes(looped),
        "c.doc": made_doc([WordRun("công an xã")]),
        "d.xls": compound_file({"Workbook": b"a"}),
        "e.msg": MESSAGE[:700],
        "g.zip": zipped({"h.msg": MESSAGE + b"\0", "i.doc": bytes(looped)}),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    told = subprocess.run(
        [sys.executable, "-c", PARENT, str(tmp_path / "home"), *(str(tmp_path / f) for f in files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.splitlines() == ["5 3 0", "[]"], told.stderr
