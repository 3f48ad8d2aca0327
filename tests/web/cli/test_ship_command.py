"""The commands with originals in an object storage: no key in any output; http and https."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.originals.object_storage import ObjectStorage
from archive.settings.originals_location import OriginalsLocation, read_originals_location
from tests.object_storage_server import SECRET, ObjectStorageServer
from tests.paths import ROOT
from web.cli.main import main

SAMPLE = str(ROOT / "archive" / "sample" / "first-article.txt")


def run(*words: object) -> Result:
    done: Result = CliRunner().invoke(main, [str(word) for word in words])
    return done


def test_every_command_works_and_the_originals_move_there_and_back(
    object_storage: ObjectStorageServer, tmp_path: Path
) -> None:
    home, url = tmp_path / "home", object_storage.new_location()
    option = ["--home", home, "--originals", url]
    runs = [
        run(*option, *words)
        for words in (
            ["add", SAMPLE],
            ["ship"],
            ["verify"],
            ["verify", "--since-last"],
            ["settings", "--json"],
            ["backup", tmp_path / "backup.zip"],
            ["move", "--originals", url],
            ["rebuild", "--reparse", "--force"],
        )
    ]
    outputs = [done.output for done in runs]
    assert [done.exit_code for done in runs] == [0] * len(runs), outputs
    assert SECRET not in "".join(outputs)
    assert "shipped 1 piece" in outputs[0]
    assert "shipped 0 pieces" in outputs[1]
    assert "all agree" in outputs[2]
    storage_name = OriginalsLocation(url).storage
    assert f"the originals in {storage_name} are in the backup, the objects are not" in outputs[5]
    lines = [json.loads(line) for line in outputs[4].splitlines()]
    origins = {line["key"]: line["origin"] for line in lines}
    assert origins["archive.originals"] == "option"
    assert read_originals_location(home, {}).url == url
    storage = ObjectStorage(OriginalsLocation(url))
    storage.put("left-over", b"of a killed command")
    verified = run(*option, "verify")
    assert verified.exit_code == 0
    assert "1 object in the storage is none of this archive's (left-over)" in verified.output
    storage.delete("left-over")
    done = run(*option, "move", "--originals", "home")
    assert "names another place: change it" in done.output
    assert object_storage.objects() == []
    assert "all agree" in run("--home", home, "verify").output
    assert run("--home", home, "move").exit_code == 2


def test_articles_are_added_while_the_storage_is_away(
    object_storage: ObjectStorageServer, tmp_path: Path
) -> None:
    option = ["--home", tmp_path, "--originals", "s3://kho/x?endpoint=http://127.0.0.1:1"]
    done = run(*option, "add", SAMPLE)
    assert done.exit_code == 0
    assert "remark: not shipped yet: the object storage s3://kho/x cannot be used" in done.output
    assert "indexed 1" in done.output
    assert run(*option, "ship").exit_code == 1
    verified = run(*option, "verify").output
    assert "all agree" in verified
    assert "not looked for: the object storage s3://kho/x cannot be used now" in verified


def test_what_cannot_be_destroyed_now_is_said_and_done_by_the_next_shipping(
    object_storage: ObjectStorageServer, tmp_path: Path
) -> None:
    option = ["--home", tmp_path, "--originals", object_storage.new_location()]
    assert run(*option, "add", SAMPLE).exit_code == 0
    name = run(*option, "list").output.split()[0]
    before = object_storage.objects()
    object_storage.stop()
    try:
        done = run(*option, "remove", name, "--reason", "tòa án", "--destroy")
    finally:
        object_storage.start()
    assert "the object storage still holds what is to be destroyed" in done.output
    assert object_storage.objects() == before
    assert run(*option, "ship").exit_code == 0
    after = object_storage.objects()
    assert (len(after), set(after) & set(before)) == (1, set())
    assert "all agree" in run(*option, "verify").output


def test_a_certificate_is_checked_against_the_ca_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, object_storage: ObjectStorageServer
) -> None:
    key, certificate, store = (tmp_path / name for name in ("s3.key", "s3.crt", "s3.p12"))
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    commands = (
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
        + ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate],
        ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", store]
        + ["-passout", "pass:changeit"],
    )
    for words in commands:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
    with ObjectStorageServer(store) as server:
        url = server.new_location()
        assert url.partition("endpoint=")[2].startswith("https://")
        done = run("--home", tmp_path / "home", "--originals", url, "add", SAMPLE)
        assert "not shipped yet" in done.output
        trusted = f"{url}&cafile={certificate}"
        done = run("--home", tmp_path / "home", "--originals", trusted, "ship")
        assert done.exit_code == 0, done.output
        assert "shipped 1 piece" in done.output
        missing = f"{url}&cafile={tmp_path / 'none'}"
        done = run("--home", tmp_path / "home", "--originals", missing, "ship")
        assert "cannot be read" in done.output
