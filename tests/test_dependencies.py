"""Dependencies: floors above known holes, and a lock file with a sum of every package."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.paths import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
SHIPPED_EXTRAS = ("server", "postgresql", "cluster", "s3", "parquet")
REQUIREMENTS = [
    Requirement(text)
    for text in chain(PROJECT["dependencies"], *(EXTRAS[name] for name in SHIPPED_EXTRAS))
]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([\w.-]+)==(\S+) \\$", LOCK, re.MULTILINE))
(BUILDER,) = map(Requirement, PYPROJECT["build-system"]["requires"])

LAST_WITH_A_HOLE = {
    "waitress": "3.0.0",  # CVE-2024-49768, CVE-2024-49769
    "werkzeug": "3.1.3",  # CVE-2025-66221
    "jinja2": "3.1.5",  # CVE-2025-27516
    "flask": "3.1.0",  # CVE-2025-47278
    "gunicorn": "22.0.0",  # CVE-2024-6827
}


@pytest.mark.parametrize(("name", "version"), LAST_WITH_A_HOLE.items())
def test_no_version_with_a_known_hole_is_allowed(name: str, version: str) -> None:
    (requirement,) = (each for each in REQUIREMENTS if each.name == name)
    assert version not in requirement.specifier
    assert Version(LOCKED[name]) > Version(version)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.name)
def test_the_lock_file_has_every_dependency_in_its_range(requirement: Requirement) -> None:
    assert LOCKED[requirement.name.lower()] in requirement.specifier


def test_every_locked_package_has_sums_and_no_address() -> None:
    assert "://" not in LOCK
    assert "--find-links" not in LOCK
    packages = re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]
    assert len(packages) == len(LOCKED)
    assert all("--hash=sha256:" in package for package in packages)


def test_what_builds_the_program_is_locked() -> None:
    # Without it `pip install .` would fetch the newest one that there is, unchecked.
    assert LOCKED[BUILDER.name] in BUILDER.specifier
    for place in ("archive/README.md", ".container/Dockerfile", "Makefile"):
        text = (ROOT / place).read_text(encoding="utf-8")
        installations = re.findall(r"pip install [^\n&]*--no-deps[^\n&]* \.", text)
        assert installations
        assert all("--no-build-isolation" in line for line in installations), place


def requirements_of(name: str) -> str | None:
    """The Pythons that an installed package wants; None where its version is not the locked one."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    return about.get("Requires-Python", "") if about["Version"] == LOCKED[name] else None


def test_what_is_locked_can_be_installed_on_the_oldest_python() -> None:
    # The first of its line: Debian 12 has 3.11.2, and some packages want a later patch of it.
    oldest = Version(f"{next(iter(SpecifierSet(PROJECT['requires-python']))).version}.0")
    wanted = {name: text for name in LOCKED if (text := requirements_of(name)) is not None}
    assert len(wanted) > len(LOCKED) / 2
    assert [name for name, text in wanted.items() if oldest not in SpecifierSet(text)] == []


@pytest.mark.parametrize("name", [name for name in LOCKED if name != BUILDER.name])
def test_no_locked_package_has_a_copyleft_licence(name: str) -> None:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        pytest.skip("not installed here")
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
    stated = [about.get("License-Expression", ""), (about.get("License") or "")[:80], *classifiers]
    licences = " ".join(filter(None, stated))
    assert licences
    assert not re.search(r"GPL|General Public|EUPL|SSPL", licences), licences
