"""A database and a folder of covers beside those of the other tests, to be saved, lost and found again."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from psycopg import sql

from core.backups import swapping
from core.backups.database import Database
from core.backups.making import Place, make_backup
from core.backups.progress import silent
from core.backups.restoring import Restored, restore
from core.backups.verifying import Backup, verify

PASSWORD = "correct horse battery"
FILL = f"""
import django; django.setup()
from core.models import Job, User, Setting
from core.services.jobs import report_job
from core.services.settings import write_secret_setting, write_setting
from core.services.tokens import create_token
owner = User.objects.create_superuser("owner", password={PASSWORD!r})
User.objects.create_user("Élodie", password={PASSWORD!r}, language="fr")
create_token(name="phone", scope="read", user=owner)
write_setting(key="theme", value={{"dark": True}})
write_secret_setting(key="lastfm_key", secret="a secret of Last.fm")
Job.objects.create(kind="clean_up", queue="control", state="running", attempt=1, worker="control")
done = Job.objects.create(kind="library.demo_library", queue="compute", state="done", figures={{"rate_per_s": 1.5}})
done.errors.create(item="a/b.flac", item_digest="x", reason="It is no music.")
"""
SIGN_IN = f"""
import django; django.setup()
from django.contrib.auth import authenticate
assert authenticate(username="Élodie", password={PASSWORD!r}).language == "fr"
"""


@dataclass(frozen=True)
class Library:
    database: Database
    home: Path

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def place(self) -> Place:
        return Place(self.home / "backups", self.media, self.database, keep=3)

    @property
    def environment(self) -> dict[str, str]:
        secrets = {"SECRET_KEY": settings.SECRET_KEY, "ENCRYPTION_KEY": ",".join(settings.ENCRYPTION_KEYS)}
        return {**os.environ, **secrets, "DATABASE_URL": self.database.url, "SONIQUEBAY_HOME": str(self.home)}

    def back_up(self) -> Backup:
        return make_backup(self.place, silent)

    def restore(self, path: Path) -> Restored:
        return restore(verify(path, silent), database=self.database, media=self.media, progress=silent)

    def ask(self, query: sql.SQL | sql.Composed | str, *values: object) -> list[tuple[object, ...]]:
        with self.database.connect() as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def rows(self) -> dict[str, list[object]]:
        """Everything that is in the database."""
        tables = [name for (name,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        every = sql.SQL("SELECT t::text FROM {} t ORDER BY 1")
        return {str(name): [row[0] for row in self.ask(every.format(sql.Identifier(str(name))))] for name in tables}

    def covers(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.media)): path.read_bytes() for path in self.media.rglob("*") if path.is_file()
        }

    def cover(self, name: str, content: bytes) -> None:
        path = self.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def python(self, *arguments: str, setup: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=setup,
        )

    def manage(self, *arguments: str, setup: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
        return self.python("manage.py", *arguments, setup=setup)

    def siblings(self) -> set[str]:
        """Names of the databases that begin like this one, without it."""
        with swapping.elsewhere(self.database) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        return {name for (name,) in rows if name.startswith(self.database.name)} - {self.database.name}
