"""Puts a backup in the place of the library: whole or not at all; the old database is kept aside."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from core.backups.database import live_database
from core.backups.manifest import Manifest, refuse_unreadable
from core.backups.progress import Bar
from core.backups.restoring import Restored, forget_old, restore, restore_media
from core.backups.terminal import stoppable
from core.backups.verifying import verify

KEPT = "Nothing was changed."


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a file that backup has made")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--media-only", action="store_true", help="only the covers, not the database")
        parser.add_argument("--forget-old", action="store_true", help="drop the databases that restores have put aside")

    def handle(self, *args: Any, **options: Any) -> None:
        connections.close_all()
        with stoppable(KEPT) as bar:
            done = self._done(options, bar)
        # Out here, because nobody may be told that nothing was changed any more.
        self.stdout.write(done)

    def _done(self, options: dict[str, Any], bar: Bar) -> str:
        """What there is to say afterwards."""
        if options["forget_old"]:
            dropped = forget_old(live_database(), settings.MEDIA_ROOT)
            return f"Dropped: {', '.join(dropped)}." if dropped else "No old database was kept."
        if options["file"] is None:
            raise CommandError("Name the file to restore, such as backups/soniquebay-20260131-020000.tar.")
        return self._restore(options, bar)

    def _restore(self, options: dict[str, Any], bar: Bar) -> str:
        backup = verify(options["file"].absolute(), bar)
        refuse_unreadable(backup.manifest)
        bar.end()
        if not options["yes"]:
            self._ask(backup.manifest, media_only=options["media_only"])
        database, media = live_database(), settings.MEDIA_ROOT
        if options["media_only"]:
            restore_media(backup, database=database, media=media, progress=bar)
            return f"{backup.manifest.media.files:,} covers were restored; the database is as it was."
        return _said_of(restore(backup, database=database, media=media, progress=bar))

    def _ask(self, manifest: Manifest, *, media_only: bool) -> None:
        what = "the covers" if media_only else "the library, its people and its settings"
        held = f"{sum(manifest.rows.values()):,} rows, {manifest.media.files:,} covers"
        made = f"{manifest.created:%Y-%m-%d %H:%M} UTC (SoniqueBay {manifest.soniquebay}, {held})"
        self.stdout.write(f"This puts {what} back to {made}.")
        if not sys.stdin.isatty():
            raise CommandError(f"Nobody is there to be asked: add --yes. {KEPT}")
        if input("Type yes to go on: ").strip().lower() != "yes":
            raise CommandError(KEPT)


def _said_of(restored: Restored) -> str:
    said = ["The backup is restored; what runs goes on with it by itself."]
    if restored.jobs_failed:
        said.append(f"Jobs that ran then are marked as failed ({restored.jobs_failed}); start them anew if wanted.")
    said.append("Passwords, sessions, API tokens and invitations are as they were then, those revoked since included.")
    if restored.unreadable:
        said.append(
            f"Encrypted with another key, and not readable here: {', '.join(restored.unreadable)}. "
            "Put the old ENCRYPTION_KEY behind yours, after a comma, or enter these settings anew."
        )
    if restored.put_aside:
        said.append(
            f"The old database is kept as {restored.put_aside}. Once all is well: manage.py restore --forget-old"
        )
    return "\n".join(said)
