"""The file of users holds hashes alone, and a line that is none is named."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from werkzeug.security import generate_password_hash

from archive.errors import ArchiveError
from web.access.user_file import Role, User, UserFile, make_user, read_users, write_users

DIGEST = "0" * 128
ENCODINGS = {"\xff\xfe": "latin-1"}


def test_users_are_kept_without_their_passwords(tmp_path: Path) -> None:
    user = make_user("lan.tran@toa-soan", Role.OPERATOR, "mật khẩu rất dài")
    write_users(tmp_path, {user.name: user})
    path = tmp_path / "users.tsv"
    assert read_users(path) == {user.name: user}
    assert "mật khẩu" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    file = UserFile(tmp_path)
    assert file.users() == {}
    one, another = (make_user(name, Role.READER, "mật khẩu rất dài") for name in ("a", "bb"))
    write_users(tmp_path, {"a": one})
    assert set(file.users()) == {"a"}
    write_users(tmp_path, {"a": one, "bb": another})
    assert set(file.users()) == {"a", "bb"}
    (tmp_path / "users.tsv").unlink()
    assert file.users() == {}


@pytest.mark.parametrize(
    "line",
    [
        "lan",
        "lan\treader",
        f"lan\tking\tscrypt:32768:8:1$salt${DIGEST}",
        f"l n\treader\tscrypt:32768:8:1$salt${DIGEST}",
        "\xff\xfe",
        "lan\treader\tmật khẩu",
        f"lan\treader\tplain$salt${DIGEST}",
        f"lan\treader\tscrypt:x:8:1$salt${DIGEST}",
        # These would be checked: with a gigabyte of memory, for hours.
        f"lan\treader\tscrypt:1048576:8:1$salt${DIGEST}",
        f"lan\treader\tpbkdf2:sha256:4000000000$salt${DIGEST}",
        "lan\treader\tscrypt:32768:8:1$salt$",
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "users.tsv"
    path.write_bytes(f"# comment\n\n{line}\n".encode(ENCODINGS.get(line, "utf-8")))
    with pytest.raises(ArchiveError, match=r"users\.tsv"):
        read_users(path)


@pytest.mark.parametrize("method", ["scrypt", "scrypt:65536:8:1", "pbkdf2", "pbkdf2:sha512:1000"])
def test_the_hashes_that_werkzeug_makes_are_read(tmp_path: Path, method: str) -> None:
    password_hash = generate_password_hash("mật khẩu rất dài", method)
    (tmp_path / "users.tsv").write_text(f"lan\treader\t{password_hash}\n")
    assert read_users(tmp_path / "users.tsv") == {"lan": User("lan", Role.READER, password_hash)}


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a\tb", "long enough"), ("a", "short")]
)
def test_a_name_or_password_that_cannot_be_used_is_refused(name: str, password: str) -> None:
    with pytest.raises(ArchiveError):
        make_user(name, Role.READER, password)
