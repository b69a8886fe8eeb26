"""Brings the stores up to this version before anything is served: migrations, static files, tokens of the house."""

import hashlib
import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from core.environment import secret_file
from core.errors import Conflict, SoniqueBayError
from core.models import ApiToken
from core.selectors import jobs
from core.services.accounts import make_owner_link
from core.services.jobs import start_job
from core.services.tokens import keep_token
from library.jobs import DEMO_LIBRARY
from library.schemas.scan import ScanStart
from library.services.roots import ensure_root
from library.services.scans import start_scans


class Command(BaseCommand):
    """Each line of output is one JSON object, for whoever started this to show; the last one has event "ready"."""

    help = __doc__
    requires_system_checks = ["__all__"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also start the making of the demo library")

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._collect_static()
        self._scan()
        self._say(
            event="ready",
            owner_path=self._owner_path(),
            worker_token=self._token("worker", ApiToken.Scope.WORKER, "worker_token"),
            terminal_token=self._token("terminal", ApiToken.Scope.READ, "terminal_token"),
            demo_job=self._demo() if options["demo"] else None,
        )

    def _say(self, **message: Any) -> None:
        self.stdout.write(json.dumps(message))
        self.stdout.flush()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if not total:
            return
        done = 0

        def progress(action: str, migration: Migration | None = None, fake: bool | None = None) -> None:
            nonlocal done
            if action == "apply_success" and migration:
                done += 1
                self._say(event="migrating", done=done, total=total, name=f"{migration.app_label}.{migration.name}")

        executor.progress_callback = progress
        executor.migrate(executor.loader.graph.leaf_nodes())
        # Permissions and content types, which Django's own command makes by this signal.
        call_command("migrate", verbosity=0, interactive=False)

    def _collect_static(self) -> None:
        stamp = settings.STATIC_ROOT / ".stamp"
        wanted = _static_digest()
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        self._say(event="collecting_static")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted)

    def _scan(self) -> None:
        """What changed while nothing ran; the folder that was named is one of them from now on."""
        if settings.MUSIC_DIR and Path(settings.MUSIC_DIR).is_dir():
            try:
                ensure_root(path=os.fsencode(Path(settings.MUSIC_DIR).expanduser().absolute()))
            except SoniqueBayError as error:
                self._say(event="music_not_taken", reason=f"{error.message} {error.hint}".strip())
        start_scans(asked=ScanStart())

    def _owner_path(self) -> str | None:
        link = make_owner_link()
        return f"/welcome/{link}/" if link else None

    def _token(self, name: str, scope: str, file_name: str) -> str:
        return keep_token(name=name, scope=scope, secret=secret_file(file_name))

    def _demo(self) -> str | None:
        try:
            return str(start_job(kind=DEMO_LIBRARY.name).pk)
        except Conflict:
            active = jobs(state="active", kind=DEMO_LIBRARY.name).first()
            return str(active.pk) if active else None


def _static_digest() -> str:
    """Changes when any static file does, or the version of any app that brings some."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            found.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    found.update(str([app.name for app in apps.get_app_configs()]).encode())
    return found.hexdigest()
