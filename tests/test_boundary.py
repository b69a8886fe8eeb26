"""The boundary between the server and its workers, each of its three locks tried with a violation."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.apps import apps
from django.core.wsgi import get_wsgi_application

from core.jobs import Queue, all_kinds
from core.models import Job
from core.schemas import ClaimedJob, JobClaim
from core.services.jobs import start_job
from core.services.tokens import create_token
from core.worker.child import run
from core.worker.client import ApiClient
from core.worker.errors import ApiRefused
from core.worker.running import RunningJob

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["core", "library", "analysis", "enrichment", "embeddings", "player", "soniquebay"]
LINTER = Path(sys.executable).parent / "lint-imports"


@pytest.fixture
def copy_of_the_tree(tmp_path: Path) -> Path:
    """The sources alone, to be spoilt."""
    for app in ORDER:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(tree: Path) -> str:
    """What import-linter says of a tree; empty when it is content."""
    done = subprocess.run(
        [LINTER, "--no-cache"], cwd=tree, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tree)}
    )
    return done.stdout if done.returncode else ""


VIOLATIONS = {
    "a worker that imports Django": ("library/worker/tasks.py", "import django.db\n", "only over HTTP"),
    "a worker that imports the database driver": ("library/worker/tasks.py", "import psycopg\n", "only over HTTP"),
    "a worker that imports models": ("core/worker/files.py", "from core.models import Job\n", "only over HTTP"),
    "a service that imports a worker": ("core/services/jobs.py", "import core.worker.client\n", "imports workers"),
    "a lower app that imports an upper one": ("library/apps.py", "import player.apps\n", "what stands below"),
    "core that imports an app": ("core/api.py", "import library.jobs\n", "what stands below"),
    "neighbours that import each other": ("analysis/apps.py", "import enrichment.apps\n", "what stands below"),
    "a selector that imports a service": ("library/selectors/demo.py", "import library.services\n", "Inside an app"),
    "models that import a door": ("core/models.py", "import core.api\n", "Inside core"),
    "a stray module": ("library/utils.py", "X = 1\n", "Inside an app"),
    "an engine that imports Django": ("library/engine/demo/theory.py", "import django\n", "Engines"),
    "a wire format of ninja's": ("library/schemas/scan.py", "import ninja\n", "plain Pydantic"),
}


def test_the_tree_as_it_is_keeps_every_contract(copy_of_the_tree: Path) -> None:
    assert broken_contracts(copy_of_the_tree) == ""


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_the_linter_refuses(violation: str, copy_of_the_tree: Path) -> None:
    file, line, contract = VIOLATIONS[violation]
    place = copy_of_the_tree / file
    place.write_text(line + (place.read_text() if place.exists() else ""))
    said = " ".join(broken_contracts(copy_of_the_tree).split())
    assert contract in said


WORKER_ENV = {
    "PATH": "/usr/bin:/bin",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "API_URL": "http://127.0.0.1:1",
    "WORKER_TOKEN": "sbay_worker_none",
}
LIST_TASKS = """
import json, sys
from core.worker.app import app
app.loader.import_default_modules()
print(json.dumps({"tasks": [n for n in app.tasks if not n.startswith("celery.")], "modules": list(sys.modules)}))
"""


def test_workers_start_where_django_is_not_installed_and_know_every_task_of_the_jobs(workers_own_python: Path) -> None:
    probe = subprocess.run([workers_own_python, "-c", "import django"], capture_output=True)
    assert probe.returncode != 0, "the environment of workers holds Django"
    said = subprocess.run(
        [workers_own_python, "-c", LIST_TASKS], cwd=ROOT, env=WORKER_ENV, capture_output=True, text=True, check=True
    )
    found = json.loads(said.stdout)
    asked_for = {kind.name for kind in all_kinds() if kind.queue != Queue.CONTROL}
    assert asked_for == set(found["tasks"])
    assert not {"django", "psycopg", "ninja", "numpy"} & {name.partition(".")[0] for name in found["modules"]}


def test_a_job_of_control_has_code_and_a_job_of_workers_has_none() -> None:
    for kind in all_kinds():
        assert (kind.run is not None) == (kind.queue == Queue.CONTROL), kind.name


@pytest.fixture
def client(transactional_db: None) -> ApiClient:
    """The worker's real client against the real API, in one process."""
    _row, secret = create_token(name="seam", scope="worker", user=None)
    transport = httpx.WSGITransport(app=get_wsgi_application())
    return ApiClient("http://testserver", secret, transport=transport, patience_s=0)


def test_the_workers_client_and_the_api_agree(client: ApiClient) -> None:
    job = start_job(kind="library.demo_library")

    def do(running: RunningJob) -> None:
        running.error("a.flac", "cut short")
        running.progress("Composing", 1, 2, checkpoint={"after": "a"}, item="a")
        running.tell()

    claimed = ClaimedJob.model_validate(client.post(f"/api/jobs/{job.pk}/claim", JobClaim(worker="seam").model_dump()))
    running = RunningJob(claimed, client)
    do(running)
    client.post(f"/api/jobs/{job.pk}/finish", {"attempt": claimed.attempt, "state": "done", "metrics": {"made": 1}})
    job.refresh_from_db()
    assert (job.state, job.current, job.total, job.error_count) == (Job.State.DONE, 1, 2, 1)
    assert job.checkpoint == {"after": "a"}
    assert job.figures["made"] == 1


def test_a_message_delivered_twice_is_done_once(client: ApiClient) -> None:
    job = start_job(kind="library.demo_library")
    client.post(f"/api/jobs/{job.pk}/claim", JobClaim(worker="other").model_dump())
    done: list[RunningJob] = []
    run(str(job.pk), done.append, client, worker="seam")
    assert done == []


def test_a_worker_may_not_do_what_people_do(client: ApiClient) -> None:
    with pytest.raises(ApiRefused) as refusal:
        client.post("/api/jobs", {"kind": "library.demo_library"})
    assert refusal.value.status == 403


def relations_from_above(app: str) -> set[str]:
    """By which names the rows of upper apps can be looked up from an app's own models."""
    models = apps.get_app_config(app).get_models()
    relations = [relation for model in models for relation in model._meta.related_objects]
    above = ORDER[ORDER.index(app) + 1 :]
    return {relation.name for relation in relations if relation.related_model._meta.app_label in above}


def upward_look_ups(source: str, names: set[str]) -> list[str]:
    """Look-ups through such relations, written as strings or keywords, where no import betrays them."""
    nodes = list(ast.walk(ast.parse(source)))
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    keywords = [node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg]
    return [text for text in [*strings, *keywords] if text.partition("__")[0].lstrip("-") in names]


def test_a_look_up_through_a_relation_of_an_upper_app_is_found() -> None:
    names = {"track_audio_features"}
    assert upward_look_ups("Track.objects.filter(track_audio_features__bpm=1)", names)
    assert upward_look_ups("Track.objects.select_related('track_audio_features')", names)
    assert upward_look_ups("Track.objects.order_by('-track_audio_features__bpm')", names)
    assert not upward_look_ups("Track.objects.filter(album__title='track_audio')", names)


@pytest.mark.parametrize("app", ["core", "library", "analysis", "enrichment", "embeddings"])
def test_no_app_looks_anything_up_through_the_relations_of_upper_ones(app: str) -> None:
    names = relations_from_above(app)
    for file in (ROOT / app).rglob("*.py"):
        if "tests" not in file.parts:
            assert upward_look_ups(file.read_text(), names) == [], file
