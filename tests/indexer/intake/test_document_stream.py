"""Documents of streams: the parent loads no reader of a binary format; children read those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from indexer.intake.registry import READERS
from tests.format_cases import case_files
from tests.indexer.intake.containers.test_outlook_attachments import MESSAGE
from tests.indexer.intake.office.made_word_97 import compound_file

PROGRAM = """
import sys
from pathlib import Path
from archive.store import Store
from indexer.intake.ingest import ingest
with Store(Path(sys.argv[1])) as store:
    report = ingest(store, [sys.argv[2]])
    print(report.added)
print(*sorted(sys.modules))
"""
LIBRARIES = {"pypdfium2", "pypdfium2_raw", "docx", "openpyxl", "PIL"}


def test_the_parent_loads_no_reader_of_a_binary_format(tmp_path: Path) -> None:
    files = case_files() | {"thu.msg": MESSAGE, "hong.msg": MESSAGE[:3000]}
    files["la.doc"] = compound_file({"WordDocument": b"\0" * 600})
    (tmp_path / "files").mkdir()
    for name, data in files.items():
        (tmp_path / "files" / name).write_bytes(data)
    isolated = {reader.module for reader in READERS.values() if reader.isolated}
    assert len(isolated) > 8
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "home"), str(tmp_path / "files")]
    added, modules = subprocess.check_output(command, text=True).splitlines()
    assert int(added) > 15
    loaded = isolated | LIBRARIES | {"indexer.intake.office.compound_file"}
    assert loaded & set(modules.split()) == set()
