"""The containers' files agree with the code; whether the images run cannot be seen without an engine."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from soniquebay.embedded.home import SECRETS
from tests.declared import ROOT, web_variables, worker_variables

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"secrets", "setup", "web", "control", "worker"}
IMAGES_OWN = {"PYTHONUNBUFFERED", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "PORT"}


def dockerfile(service: str) -> str:
    return Path(ROOT, SERVICES[service]["build"]["dockerfile"]).read_text(encoding="utf-8")


def instructions(service: str, name: str) -> Iterator[str]:
    joined = dockerfile(service).replace("\\\n", " ")
    for line in joined.splitlines():
        word, _, rest = line.partition(" ")
        if word == name:
            yield rest


def command(service: str) -> list[str]:
    return list(SERVICES[service].get("command") or json.loads(next(instructions(service, "CMD"))))


def mounts(service: str) -> dict[str, tuple[str, str]]:
    """Target → source and mode; the source may hold a variable with a colon of its own."""
    pattern = re.compile(r"^(?P<source>\$\{[^}]*\}|[^:]+):(?P<target>[^:]+)(:(?P<mode>\w+))?$")
    found = [pattern.match(line) for line in SERVICES[service].get("volumes", [])]
    assert all(found)
    return {match["target"]: (match["source"], match["mode"] or "rw") for match in found if match}


def test_everything_that_runs_is_there() -> None:
    assert set(SERVICES) == OURS | {"db", "redis"}


@pytest.mark.parametrize("service", sorted(OURS))
def test_each_command_exists(service: str) -> None:
    words = command(service)
    if words[1:2] == ["manage.py"]:
        assert words[2] in get_commands()
    elif words[1:2] == ["-m"]:
        module = ROOT / words[2].replace(".", "/")
        assert (module / "__main__.py").is_file() or module.with_suffix(".py").is_file()
    else:
        assert (ROOT / words[1]).is_file()


@pytest.mark.parametrize("service", sorted(OURS))
def test_each_variable_is_one_that_the_code_reads(service: str) -> None:
    known = worker_variables() if service == "worker" else web_variables()
    given = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]} - IMAGES_OWN
    assert given <= known


def test_a_worker_is_told_nothing_of_the_database() -> None:
    environment = SERVICES["worker"]["environment"]
    assert not [name for name in environment if "DATABASE" in name or "SECRET" in name or "ENCRYPTION" in name]
    assert set(mounts("worker")) == {"/worker", "/music"}
    assert {name.removesuffix("_FILE") for name in environment} >= {"CELERY_BROKER_URL", "API_URL", "WORKER_TOKEN"}


def test_a_workers_image_has_no_django() -> None:
    assert "requirements-worker.txt" in dockerfile("worker")
    assert not re.search(r"requirements\.txt|requirements-dev", dockerfile("worker"))
    pinned = (ROOT / "requirements-worker.txt").read_text(encoding="utf-8").lower()
    assert not re.search(r"^(django|psycopg|pgvector|channels|strawberry|daphne)", pinned, re.MULTILINE)


def test_the_ports_agree() -> None:
    assert SERVICES["web"]["ports"] == ["${PORT:-8337}:8337"]
    assert "8337" in command("web")
    assert list(instructions("web", "EXPOSE")) == ["8337"]
    for service in ("web", "control", "setup", "worker"):
        assert SERVICES[service]["environment"]["API_URL"] == "http://web:8337"


@pytest.mark.parametrize("service", ["web", "worker"])
def test_what_is_copied_exists_and_is_not_ignored(service: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for line in instructions(service, "COPY"):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
            assert source not in ignored
    for needed in ("docker", "core", "locale", "static", "templates", "manage.py"):
        assert needed not in ignored


def test_no_secret_goes_into_an_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".git"} <= set(ignored)


@pytest.mark.parametrize("service", ["web", "control", "worker", "db", "redis"])
def test_whatever_stays_has_a_health_check_a_limit_and_comes_back(service: str) -> None:
    described = SERVICES[service]
    assert described["restart"] == "unless-stopped"
    assert described["mem_limit"]
    assert described["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_health_checks_ask_for_what_exists() -> None:
    assert "/health" in (ROOT / "docker" / "healthy.py").read_text(encoding="utf-8")
    assert resolve("/health").url_name == "health"
    parts = (ROOT / "core" / "health.py").read_text(encoding="utf-8")
    for service in ("control", "worker"):
        assert f'"{SERVICES[service]["healthcheck"]["test"][-1]}"' in parts


def test_volumes_are_declared_and_used() -> None:
    named = {source for service in SERVICES for source, _ in mounts(service).values() if source.isidentifier()}
    assert named == set(COMPOSE["volumes"])


def test_nobody_can_write_into_the_music() -> None:
    modes = {service: mounts(service)["/music"][1] for service in SERVICES if "/music" in mounts(service)}
    assert set(modes) == {"setup", "web", "control", "worker"}
    assert set(modes.values()) == {"ro"}
    assert SERVICES["web"]["environment"]["MUSIC_DIR"] == "/music"


def test_images_have_versions() -> None:
    bases = [next(instructions(service, "FROM")) for service in ("web", "worker")]
    named = [SERVICES[service]["image"] for service in SERVICES] + bases
    for image in named:
        _, colon, tag = image.partition(":")
        assert colon
        assert re.search(r"\d", tag)
        assert "latest" not in tag
    assert "pg18" in SERVICES["db"]["image"]


@pytest.mark.parametrize("service", ["web", "worker"])
def test_nobody_is_root(service: str) -> None:
    assert list(instructions(service, "USER")) == ["soniquebay"]


def test_nothing_starts_before_what_it_needs() -> None:
    for service, described in SERVICES.items():
        for needed, how in described.get("depends_on", {}).items():
            assert needed in SERVICES, service
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]
            else:
                assert SERVICES[needed]["restart"] == "no"


def test_what_env_example_sets_is_used() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines if "=" in line and not line.startswith("#")}
    used = set(re.findall(r"\$\{(\w+):-", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert names == used


class TestSecrets:
    """docker/setup.py, run with folders of the test in the place of the volumes."""

    def make(self, folder: Path) -> dict[str, str]:
        for name in ("data", "stores", "worker"):
            (folder / name).mkdir(exist_ok=True)
        code = (
            "import sys; sys.path.insert(0, 'docker'); import setup; from pathlib import Path;"
            f"setup.SECRETS, setup.STORES, setup.WORKER = (Path({str(folder)!r}) / p for p in "
            "('data/secrets', 'stores', 'worker')); setup.make_secrets()"
        )
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}

    def test_are_made_once(self, tmp_path: Path) -> None:
        first = self.make(tmp_path)
        assert self.make(tmp_path) == first
        assert first["stores/database_password"] in first["stores/database_url"]
        assert f"requirepass {first['stores/redis_password']}" in first["stores/redis.conf"]

    def test_are_those_that_the_code_and_the_containers_read(self, tmp_path: Path) -> None:
        made = self.make(tmp_path)
        assert {f"data/secrets/{name}" for name in SECRETS if not name.endswith("_password")} <= set(made)
        read = [value for service in SERVICES.values() for value in service.get("environment", {}).values()]
        for path in [str(value) for value in read if str(value).startswith(("/stores", "/worker"))]:
            assert path.removeprefix("/") in {*made, "worker/worker_token"}

    def test_a_workers_volume_holds_nothing_of_the_database(self, tmp_path: Path) -> None:
        made = self.make(tmp_path)
        assert [name for name in made if name.startswith("worker/")] == ["worker/broker_url"]

    def test_keys_are_closed_to_others(self, tmp_path: Path) -> None:
        self.make(tmp_path)
        for path in (tmp_path / "data" / "secrets").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert os.stat(tmp_path / "data" / "secrets").st_mode & 0o077 == 0
