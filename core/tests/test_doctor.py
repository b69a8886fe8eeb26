"""The doctor: what it finds, and that it finds the rest while a part is away."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django.fixtures import Settings

from core.doctor import Finding, Level, machine, parts, software, stores
from core.errors import Unavailable
from core.management.commands.doctor import summary
from core.models import Setting, Worker
from core.services.tokens import create_token
from core.version import VERSION


def doctor(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments],
        env={**os.environ, **environment},
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def by_name(findings: Any) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


class TestWhileStoresAreAway:
    def test_it_says_so_and_looks_at_the_rest(self) -> None:
        done = doctor("--json", DATABASE_URL="postgresql://a:b@127.0.0.1:1/c", REDIS_URL="redis://127.0.0.1:1/0")
        assert done.returncode == 1, done.stderr
        found = {entry["name"]: entry for entry in json.loads(done.stdout)}
        for name in ("PostgreSQL", "Redis", "web"):
            assert found[name]["level"] == "problem"
            assert found[name]["hint"]
        assert "cannot be reached" in found["PostgreSQL"]["detail"]
        assert found["Python"]["level"] == found["disk"]["level"] == "ok"

    def test_it_speaks_in_lines(self) -> None:
        done = doctor(DATABASE_URL="postgresql://a:b@127.0.0.1:1/c")
        lines = done.stdout.splitlines()
        assert [line for line in lines if line.startswith("PROBLEM  PostgreSQL ")]
        assert "problems" in lines[-1]
        assert "Traceback" not in done.stdout + done.stderr


def test_one_is_not_several() -> None:
    levels = [Level.WARNING, Level.OK, Level.PROBLEM, Level.PROBLEM]
    assert summary([Finding("part", level, "so") for level in levels]) == "2 problems, 1 warning."


@pytest.mark.django_db(transaction=True)
class TestWhileStoresAnswer:
    def test_they_are_named_with_their_versions(self) -> None:
        found = by_name([*stores.postgresql(), *stores.redis_server(), *stores.migrations(), *stores.queues()])
        assert {finding.level for finding in found.values()} == {Level.OK}
        assert found["PostgreSQL"].version.startswith("18")
        assert found["pgvector"].version >= "0.8"
        assert {"connections", "database size", "migrations", "Redis memory", "queues"} <= set(found)

    def test_pending_and_unknown_migrations(self) -> None:
        with stores.connect() as connection:
            connection.execute("DELETE FROM django_migrations WHERE app = 'core' AND name = '0002_schedule'")
            assert "1 pending" in by_name(stores.migrations())["migrations"].detail
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES "
                "('core', '0002_schedule', now()), ('core', '0999_tomorrow', now())"
            )
            assert "0999_tomorrow" in by_name(stores.migrations())["migrations"].detail
            connection.execute("DELETE FROM django_migrations WHERE name = '0999_tomorrow'")

    def test_a_worker_and_control_that_went_silent(self) -> None:
        assert by_name(parts.workers())["worker"].detail == "was never heard of"
        Worker.objects.create(name="attic", version="0.0.1", queues=["compute"])
        assert by_name(parts.workers())["worker"].level is Level.WARNING
        Worker.objects.create(name=Worker.CONTROL, version=VERSION, seen_at=timezone.now() - timedelta(hours=1))
        finding = by_name(parts.control())["control"]
        assert (finding.level, finding.detail) == (Level.PROBLEM, "not heard of since 60 minutes")
        Worker.objects.update(seen_at=timezone.now(), version=VERSION)
        assert by_name([*parts.control(), *parts.workers()])["worker"].level is Level.OK

    def test_the_workers_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        row, secret = create_token(name="worker", scope="worker", user=None)
        monkeypatch.setenv("WORKER_TOKEN", secret)
        assert by_name(parts.worker_token())["worker token"].level is Level.OK
        row.revoked_at = timezone.now()
        row.save()
        assert by_name(parts.worker_token())["worker token"].level is Level.PROBLEM

    def test_a_schedule_that_names_what_does_not_exist(self) -> None:
        assert by_name(parts.schedule())["schedule"].level is Level.OK
        every = IntervalSchedule.objects.create(every=1, period="days")
        PeriodicTask.objects.create(name="Old", task="no.such.job", interval=every)
        assert "Old (no.such.job)" in by_name(parts.schedule())["schedule"].detail

    def test_secrets_of_another_key(self) -> None:
        Setting.objects.create(key="lastfm_key", secret=Fernet(Fernet.generate_key()).encrypt(b"x"))
        finding = by_name(parts.stored_secrets())["secrets"]
        assert (finding.level, "lastfm_key" in finding.detail) == (Level.PROBLEM, True)

    def test_the_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert by_name(machine.clock())["clock"].level is Level.OK
        monkeypatch.setattr("core.doctor.machine.time.time", lambda: timezone.now().timestamp() - 60)
        assert "60.0 s behind the database" in by_name(machine.clock())["clock"].detail


class TestTheMachine:
    def test_open_secrets_are_named(self, settings: Settings, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        (tmp_path / "secrets").mkdir(mode=0o700)
        (tmp_path / "secrets" / "secret_key").write_text("x")
        (tmp_path / "secrets" / "secret_key").chmod(0o644)
        (finding,) = machine.home_folders()
        assert "secret_key is open to others (0644)" in finding.detail
        assert finding.hint.startswith("chmod go= ")

    @pytest.mark.parametrize(
        ("prepare", "level"),
        [
            (lambda folder: None, Level.PROBLEM),
            (lambda folder: folder.mkdir(), Level.WARNING),
            (lambda folder: (folder / "album").mkdir(parents=True), Level.OK),
        ],
    )
    def test_the_music(self, settings: Settings, tmp_path: Path, prepare: Callable[[Path], None], level: Level) -> None:
        settings.MUSIC_DIR = str(tmp_path / "music")
        prepare(tmp_path / "music")
        assert by_name(machine.music_folder())["music"].level is level

    def test_a_full_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine, "TOO_LITTLE_SPACE", 2**60)
        assert by_name(machine.disk_space())["disk"].level is Level.PROBLEM


class TestBackups:
    def test_none_yet(self, settings: Settings, tmp_path: Path) -> None:
        settings.BACKUP_FOLDER, settings.MEDIA_ROOT = tmp_path / "backups", tmp_path / "media"
        assert by_name(parts.last_backup())["backups"].level is Level.WARNING

    @pytest.mark.parametrize(("days", "level"), [(1, Level.OK), (10, Level.WARNING)])
    def test_their_age(self, settings: Settings, tmp_path: Path, days: int, level: Level) -> None:
        settings.BACKUP_FOLDER, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
        made = tmp_path / "soniquebay-20260101-020000.tar"
        made.touch()
        then = timezone.now().timestamp() - days * 86400
        os.utime(made, (then, then))
        assert by_name(parts.last_backup())["backups"].level is level


class TestSoftware:
    def test_packages_are_those_that_are_pinned(self) -> None:
        assert by_name(software.packages())["packages"].detail.endswith("as pinned")

    def test_a_package_of_another_version_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(software, "version", lambda name: "0.0")
        finding = by_name(software.packages())["packages"]
        assert finding.level is Level.WARNING
        assert "0.0 instead of" in finding.detail

    def test_settings_that_the_checks_object_to(self, settings: Settings) -> None:
        settings.EMBEDDING_DIMENSION = 7
        assert "soniquebay.E001" in by_name(software.system_checks())["settings"].detail


def test_a_check_that_breaks_is_one_line_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    from core import doctor as examined

    def broken() -> list[Finding]:
        raise Unavailable("nobody knows why")

    monkeypatch.setattr(examined, "CHECKS", {"broken": broken, "Python": software.python})
    monkeypatch.setattr(examined, "_checks_of_apps", dict)
    assert [finding.level for finding in examined.examine()] == [Level.PROBLEM, Level.OK]
