"""The systemd units: systemd finds nothing wrong in them, and the commands take their lines."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from web.cli.main import main

UNITS = sorted((ROOT / "archive" / "systemd").glob("tangthu-*"))
SERVERS = ROOT / "archive" / "systemd" / "servers.conf"
SERVICES = [path for path in UNITS if path.suffix == ".service"]
BINARY = "/opt/tangthu/bin/tangthu"
BY_NAME = {"argvalues": SERVICES, "ids": lambda path: path.stem}


def unit(path: Path) -> configparser.ConfigParser:
    # Of a key that stands twice the last counts, which is enough here.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def words(path: Path) -> list[str]:
    binary, *arguments = shlex.split(unit(path)["Service"]["ExecStart"])
    assert binary == BINARY
    return arguments


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What systemd itself says; the test is skipped where it is not there."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    help_text = subprocess.run(
        [program, "--help"], capture_output=True, text=True, check=False
    ).stdout
    if "--recursive-errors" not in help_text:
        pytest.skip("systemd-analyze is older than 250")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def verified(units: list[Path], folder: Path) -> list[str]:
    """What systemd says about copies of the units, in which the program is one that exists."""
    binary = folder / "tangthu"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    for path in units:
        text = path.read_text(encoding="utf-8").replace(BINARY, str(binary))
        (folder / path.name).write_text(text, encoding="utf-8")
    names = [str(folder / path.name) for path in units]
    result = analyze("verify", "--man=no", "--recursive-errors=no", *names)
    complaints = [line for line in result.stderr.splitlines() if "tangthu" in line]
    return complaints or ([f"exit status {result.returncode}"] if result.returncode else [])


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    assert len(UNITS) == 9
    assert verified(UNITS, tmp_path) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ProtectSystem=strict", "ProtectSystem=very"),
        ("Nice=10", "Nise=10"),
        ("Type=oneshot", "Type=twoshot"),
        (BINARY, "/nowhere/tangthu"),
    ],
)
def test_systemd_finds_what_is_wrong(tmp_path: Path, right: str, wrong: str) -> None:
    text = (ROOT / "archive" / "systemd" / "tangthu-verify.service").read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / "given" / "tangthu-verify.service"
    broken.parent.mkdir()
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    assert verified([broken], tmp_path) != []


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_service_is_shut_in(path: Path) -> None:
    # Systemd's own sum of what a service could do, in tenths: 100 is everything.
    result = analyze("security", "--offline=true", "--threshold=20", "--no-pager", str(path))
    assert result.returncode == 0, result.stdout


def exposure(path: Path, root: Path) -> str:
    """What systemd says of a service that is installed below a folder."""
    units = root / "etc" / "systemd" / "system"
    shutil.copy(path, units)
    options = ("--offline=true", f"--root={root}", "--threshold=20", "--no-pager")
    result = analyze("security", *options, path.name)
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_service_reaches_servers_where_the_operator_says_so(path: Path, tmp_path: Path) -> None:
    network, sockets = "access to the host's network", "allocate Internet sockets"
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    before = exposure(path, tmp_path)
    is_served = path.stem == "tangthu-serve"
    assert f"cannot {sockets}" not in before if is_served else f"cannot {sockets}" in before
    readme = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    (target,) = re.findall(r"^install -D .*servers\.conf /etc/systemd/system/(\S+)", readme, re.M)
    (units / target).parent.mkdir()
    shutil.copy(SERVERS, units / target)
    after = exposure(path, tmp_path)
    assert f"has {network}" in after
    assert f"may {sockets}" in after


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_command_takes_the_line_of_its_service(path: Path) -> None:
    readme = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    (extra_options,) = re.findall(r'SERVE_OPTIONS="(.*?)"', readme)
    for options in ("", extra_options):
        name, *arguments = shlex.split(" ".join(words(path)).replace("$SERVE_OPTIONS", options))
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.make_context(name, arguments).args == []


@pytest.mark.parametrize("name", ["tangthu-rebuild", "tangthu-verify"])
def test_the_work_of_a_timer_does_well_in_a_new_archive(name: str, tmp_path: Path) -> None:
    line = words(ROOT / "archive" / "systemd" / f"{name}.service")
    sample = str(ROOT / "archive" / "sample" / "first-article.txt")
    CliRunner().invoke(main, ["--home", str(tmp_path), "add", "--no-index", sample])
    for _ in range(2):
        run = CliRunner().invoke(main, line, env={"TANGTHU_HOME": str(tmp_path)})
        assert run.exit_code == 0, run.output


def test_the_units_belong_together_and_are_shipped() -> None:
    names = {path.name for path in UNITS}
    for path in UNITS:
        if path.suffix == ".timer":
            assert f"{path.stem}.service" in names
        else:
            service = unit(path)["Service"]
            assert (service["User"], service["StateDirectory"]) == ("tangthu", "tangthu")
            assert "TANGTHU_HOME=/var/lib/tangthu\n" in path.read_text(encoding="utf-8")
    readme = (ROOT / "archive" / "README.md").read_text(encoding="utf-8")
    # Installation, upgrade, restore, and removal name the same ones.
    named = re.findall(r"^systemctl (?:(?:en|dis)able --now|start) (.*)", readme, re.MULTILINE)
    assert len(named) == 4
    installed = {path.name for path in UNITS if unit(path).has_section("Install")}
    assert all(set(units.split()) == installed for units in named)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "systemd/*" in project["tool"]["setuptools"]["package-data"]["archive"]
