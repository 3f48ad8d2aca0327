"""The attachments of Outlook messages: members by their names, and messages inside."""

from __future__ import annotations

import io
from pathlib import Path

from archive.store import Store
from indexer.intake.containers.members import Budget
from indexer.intake.containers.outlook_attachments import outlook_members
from indexer.intake.ingest import ingest
from tests.indexer.intake.office.made_word_97 import compound_file

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
    members = list(outlook_members(io.BytesIO(MESSAGE), Budget(0)))
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
