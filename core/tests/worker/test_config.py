"""What a worker must be told, and how it says that it was not."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.environment import BadVariable
from core.worker.config import WorkerConfig, config

ROOT = Path(__file__).resolve().parents[3]
THREE = {
    "CELERY_BROKER_URL": "redis://:secret@server:6379/0",
    "API_URL": "http://server:8337/",
    "WORKER_TOKEN": "sbay_worker_secret",
}
OTHERS = ["WORKER_NAME", "WORKER_CONCURRENCY", "WORKER_QUEUES", "WORKER_ROOTS", "LOG_LEVEL", "LOG_JSON"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., WorkerConfig]]:
    """Reads it from an environment of three addresses, with changes."""
    monkeypatch.setenv("SONIQUEBAY_HOME", str(tmp_path))

    def read(**changes: str) -> WorkerConfig:
        for name in [*THREE, *OTHERS]:
            monkeypatch.delenv(name, raising=False)
        for name, value in {**THREE, **changes}.items():
            monkeypatch.setenv(name, value)
        config.cache_clear()
        return config()

    yield read
    config.cache_clear()


def test_three_things_are_enough(read: Callable[..., WorkerConfig]) -> None:
    found = read()
    assert found.api_url == "http://server:8337"
    assert found.queues == ["files", "compute", "network"]
    assert found.name == os.uname().nodename


@pytest.mark.parametrize("name", THREE)
def test_whatever_is_missing_is_named(read: Callable[..., WorkerConfig], name: str) -> None:
    with pytest.raises(BadVariable, match=f"{name} is not set"):
        read(**{name: ""})


def test_folders_that_are_shared_with_the_server_are_separated_by_colons(read: Callable[..., WorkerConfig]) -> None:
    assert read().roots == []
    assert read(WORKER_ROOTS="/music:/mnt/more, and more").roots == ["/music", "/mnt/more, and more"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKER_ROOTS", "music"),
        ("CELERY_BROKER_URL", "amqp://server"),
        ("API_URL", "server:8337"),
        ("WORKER_TOKEN", "sbay_worker_sécret"),
        ("WORKER_TOKEN", "sbay_worker\nsecret"),
        ("WORKER_CONCURRENCY", "0"),
        ("WORKER_CONCURRENCY", "two"),
        ("WORKER_QUEUES", "compute,fils"),
        ("WORKER_QUEUES", ","),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_JSON", "perhaps"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(read: Callable[..., WorkerConfig], name: str, value: str) -> None:
    with pytest.raises(BadVariable, match=name):
        read(**{name: value})


def test_the_token_may_lie_in_a_file(read: Callable[..., WorkerConfig], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sbay_worker_of_a_file\n")
    assert read(WORKER_TOKEN="", WORKER_TOKEN_FILE=str(tmp_path / "token")).token == "sbay_worker_of_a_file"


def test_a_worker_without_an_address_says_one_sentence_and_ends(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "SONIQUEBAY_HOME": str(tmp_path)}
    said = subprocess.run([sys.executable, "-m", "core.worker"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert said.returncode == 2
    assert said.stderr.startswith("worker: CELERY_BROKER_URL is not set.")
    assert len(said.stderr.splitlines()) == 1
