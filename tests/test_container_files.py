"""The files for containers: what their schemas and our own commands and variables know."""

from __future__ import annotations

from typing import Any

import kubernetes_validate
import pytest
import yaml
from click import Context

from archive.settings.archive_settings import VARIABLES
from archive.settings.catalogue_location import PASSWORD_VARIABLE, check_url
from archive.settings.originals_location import KEY_VARIABLE, SECRET_VARIABLE, check_originals_url
from indexer.opensearch_engine.location import PASSWORD_VARIABLE as ENGINE_PASSWORD
from indexer.opensearch_engine.location import parse_location
from tests.paths import ROOT
from web.cli.main import COMMANDS, main

FOLDER = ROOT / ".container"
COMPOSE = [FOLDER / "compose.yaml", FOLDER / "compose.cluster.yaml"]
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((FOLDER / "kubernetes" / "tangthu.yaml").read_text(encoding="utf-8"))
)
OUR_VARIABLES = {
    *VARIABLES.values(),
    *(PASSWORD_VARIABLE, ENGINE_PASSWORD, KEY_VARIABLE, SECRET_VARIABLE, "TANGTHU_HOME"),
}


def check_words(words: list[str]) -> None:
    """Check that the words of a container are a command of ours with options that it has."""
    assert words[0] in COMMANDS
    command = main.get_command(Context(main), words[0])
    assert command is not None
    command.make_context(words[0], list(words[1:]))


def check_variables(values: dict[str, str]) -> None:
    """Check that variables of ours are known, and hold what is allowed."""
    ours = {name for name in values if name.startswith("TANGTHU_")}
    assert ours <= OUR_VARIABLES
    if url := values.get("TANGTHU_CATALOGUE"):
        check_url(url, "here")
    if url := values.get("TANGTHU_ENGINE"):
        parse_location(url)
    if url := values.get("TANGTHU_ORIGINALS"):
        check_originals_url(url, "here")


def pods(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pods that a manifest describes."""
    spec = manifest.get("spec", {})
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    return [template["spec"]] if template else []


@pytest.mark.parametrize(
    "manifest", MANIFESTS, ids=lambda manifest: f"{manifest['kind']}-{manifest['metadata']['name']}"
)
def test_a_manifest_is_what_kubernetes_knows(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    check_variables({**manifest.get("data", {}), **manifest.get("stringData", {})})
    named = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in MANIFESTS}
    for pod in pods(manifest):
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in pod["containers"]:
            check_words(container["args"])
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
            sources = {
                ("ConfigMap", source["configMapRef"]["name"])
                for source in container["envFrom"]
                if "configMapRef" in source
            }
            sources |= {
                ("Secret", source["secretRef"]["name"])
                for source in container["envFrom"]
                if "secretRef" in source
            }
            assert sources <= named
        claims = (volume.get("persistentVolumeClaim") for volume in pod["volumes"])
        assert {("PersistentVolumeClaim", claim["claimName"]) for claim in claims if claim} <= named


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_names_what_there_is(path: Any) -> None:
    project = yaml.safe_load(path.read_text(encoding="utf-8"))
    services = project["services"]
    for name, service in services.items():
        assert {"image", "build"} & service.keys(), name
        assert set(service.get("depends_on", ())) <= services.keys()
        check_variables(service.get("environment", {}))
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in project["volumes"] or (FOLDER / source).exists()
        if service["image"] == "tangthu" and "command" in service:
            check_words(service["command"])
        for file in [service["env_file"]] if "env_file" in service else []:
            lines = (FOLDER / f"{file}.example").read_text(encoding="utf-8").splitlines()
            assert all(line.startswith("#") or line.endswith("=") for line in lines), "a password"
            check_variables({line[:-1]: "" for line in lines})


def test_the_image_gets_the_files_that_it_copies() -> None:
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copies = [
        line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    for name in (name for names in copies for name in names):
        assert f"!{name.removeprefix('./')}" in ignored
        assert (ROOT / name).exists()
