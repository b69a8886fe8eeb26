"""The boundary between the server and its workers, each of its three locks tried with a violation."""

import ast
import json
import os
import re
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


def started(python: Path, tree: Path) -> "subprocess.CompletedProcess[str]":
    """A worker of that tree, up to where it would wait for its first message."""
    return subprocess.run([python, "-c", LIST_TASKS], cwd=tree, env=WORKER_ENV, capture_output=True, text=True)


def not_agreed(said: str) -> set[str]:
    """Names of jobs that no worker knows, and of tasks that nobody asks for."""
    asked_for = {kind.name for kind in all_kinds() if kind.queue != Queue.CONTROL}
    return asked_for ^ set(json.loads(said)["tasks"])


def test_workers_start_where_django_is_not_installed_and_know_every_task_of_the_jobs(workers_own_python: Path) -> None:
    probe = subprocess.run([workers_own_python, "-c", "import django"], capture_output=True)
    assert probe.returncode != 0, "the environment of workers holds Django"
    worker = started(workers_own_python, ROOT)
    assert not_agreed(worker.stdout) == set(), worker.stderr
    modules = json.loads(worker.stdout)["modules"]
    assert not {"django", "psycopg", "ninja", "numpy"} & {name.partition(".")[0] for name in modules}


FORBIDDEN = {
    "Django": ("library/worker/tasks.py", "import django.db\n"),
    "Django, by way of the server's code": ("library/worker/tasks.py", "import core.models\n"),
    "the database driver": ("core/worker/client.py", "import psycopg\n"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_worker_that_needs_what_it_may_not_have_does_not_start(
    what: str, copy_of_the_tree: Path, workers_own_python: Path
) -> None:
    file, line = FORBIDDEN[what]
    place = copy_of_the_tree / file
    place.write_text(line + place.read_text())
    worker = started(workers_own_python, copy_of_the_tree)
    assert worker.returncode != 0
    assert "ModuleNotFoundError" in worker.stderr


@pytest.mark.parametrize("name", ["library.nobody_asks", "library.demo_libary"])
def test_a_task_without_its_job_and_a_job_without_its_task_are_found(
    name: str, copy_of_the_tree: Path, workers_own_python: Path
) -> None:
    place = copy_of_the_tree / "library/worker/tasks.py"
    renamed = place.read_text().replace("library.demo_library", name)
    more = f'{place.read_text()}\n\n@job_task("{name}")\ndef nothing(job: RunningJob) -> None: ...\n'
    place.write_text(renamed if name.startswith("library.demo") else more)
    worker = started(workers_own_python, copy_of_the_tree)
    assert name in not_agreed(worker.stdout), worker.stderr


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
    """By which names the rows of upper apps can be reached from an app's own models."""
    models = apps.get_app_config(app).get_models()
    relations = [relation for model in models for relation in model._meta.related_objects]
    above = ORDER[ORDER.index(app) + 1 :]
    upward = [relation for relation in relations if relation.related_model._meta.app_label in above]
    return {name for relation in upward for name in (relation.name, relation.get_accessor_name()) if name}


def upward_look_ups(source: str, names: set[str]) -> list[str]:
    """Look-ups through such relations, written as strings or keywords, where no import betrays them."""
    nodes = list(ast.walk(ast.parse(source)))
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    keywords = [node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg]
    return [text for text in [*strings, *keywords] if names & set(text.lstrip("-").split("__"))]


def upward_variables(source: str, names: set[str]) -> list[str]:
    """The same in a template: {{ track.track_audio_features.bpm }}, {% for one in track.listens.all %}."""
    tags = re.findall(r"{[{%](.*?)[%}]}", source, re.DOTALL)
    return [tag.strip() for tag in tags if names & set(re.findall(r"\.(\w+)", tag))]


NAMES = {"track_audio_features", "listen_set"}


@pytest.mark.parametrize(
    "look_up",
    [
        "filter(track_audio_features__bpm=1)",
        "filter(tracks__track_audio_features__bpm__gt=1)",
        "select_related('track_audio_features')",
        "order_by('-track_audio_features__bpm')",
        "order_by(F('album__tracks__track_audio_features'))",
        "prefetch_related('listen_set')",
    ],
)
def test_a_look_up_through_a_relation_of_an_upper_app_is_found(look_up: str) -> None:
    assert upward_look_ups(f"Track.objects.{look_up}", NAMES)


def test_a_template_that_reaches_up_is_found() -> None:
    assert upward_variables("<p>{{ track.track_audio_features.bpm }}</p>", NAMES)
    assert upward_variables("{% for one in track.listen_set.all %}", NAMES)


def test_what_does_not_reach_up_is_left_alone() -> None:
    assert not upward_look_ups("Track.objects.filter(album__title='track_audio').order_by('-listened')", NAMES)
    assert not upward_variables("{{ track.title }} {% analysis_panel track %} listen_set", NAMES)


@pytest.mark.parametrize("app", ["core", "library", "analysis", "enrichment", "embeddings"])
def test_no_app_looks_anything_up_through_the_relations_of_upper_ones(app: str) -> None:
    names = relations_from_above(app)
    for file in (ROOT / app).rglob("*.py"):
        # Migrations are no code of the app's: they name the apps beside which they stand.
        if not {"tests", "migrations"} & set(file.parts):
            assert upward_look_ups(file.read_text(), names) == [], file
    for file in (ROOT / "templates" / app).rglob("*.html"):
        assert upward_variables(file.read_text(), names) == [], file
