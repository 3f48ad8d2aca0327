"""The files for nginx and Caddy: the programs themselves find nothing wrong in them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from tests.paths import ROOT
from web.cli.main import main

FOLDER = ROOT / "archive" / "proxies"
REQUIRED = "TANGTHU_PROXIES_REQUIRED"
"""With this in the environment a missing program is a failure: the gate never skips."""


def program(name: str) -> str:
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None and not os.environ.get(REQUIRED):
        pytest.skip(f"{name} is not installed (Debian: nginx-light, caddy)")
    assert path is not None
    return path


def nginx_says(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What nginx says of a site, with a certificate of its own and ports that anybody may use."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*request, *names], check=True, capture_output=True)
    text = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", str(certificate), text)
    text = re.sub(r"/etc/letsencrypt/\S+/privkey.pem", str(key), text)
    text = re.sub(r"(listen \[::\]:.*)", r"# \1", text)
    text = text.replace("listen 80;", "listen 58080;").replace("listen 443 ", "listen 58443 ")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n"
    )
    arguments = ["-t", "-p", str(folder), "-c", str(configuration)]
    return subprocess.run(
        [program("nginx"), *arguments], capture_output=True, text=True, check=False
    )


def caddy_says(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "Caddyfile").write_text(text)
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    arguments = ["validate", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return subprocess.run(
        [program("caddy"), *arguments], capture_output=True, text=True, check=False, env=environment
    )


def test_nginx_finds_nothing_wrong(tmp_path: Path) -> None:
    said = nginx_says((FOLDER / "nginx.conf").read_text(encoding="utf-8"), tmp_path)
    assert said.returncode == 0, said.stderr
    assert "emerg" not in said.stderr


def test_nginx_finds_what_is_wrong(tmp_path: Path) -> None:
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    assert nginx_says(text.replace("proxy_pass", "proxy_past"), tmp_path).returncode != 0


def test_caddy_finds_nothing_wrong(tmp_path: Path) -> None:
    said = caddy_says((FOLDER / "Caddyfile").read_text(encoding="utf-8"), tmp_path)
    assert said.returncode == 0, said.stderr


def test_caddy_finds_what_is_wrong(tmp_path: Path) -> None:
    text = (FOLDER / "Caddyfile").read_text(encoding="utf-8")
    assert caddy_says(text.replace("reverse_proxy", "reverse_poxy"), tmp_path).returncode != 0


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_serve_takes_the_options_that_a_file_names(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    (options,) = re.findall(r"^#   (--.*)$", text, re.MULTILINE)
    command = main.get_command(click.Context(main), "serve")
    assert command is not None
    assert command.make_context("serve", options.split()).args == []
    # The header that names a reader never comes from outside.
    assert "X-Remote-User" in text


def test_the_files_are_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "proxies/*" in project["tool"]["setuptools"]["package-data"]["archive"]
