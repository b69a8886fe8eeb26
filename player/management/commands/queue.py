"""Shows and drives somebody's queue; where it plays is a browser or a program that is open."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from core.errors import SoniqueBayError
from core.models import User
from player.schemas.queue import CommandIn, Done
from player.selectors.entries import entries_around
from player.selectors.queue import position_now, queue_of
from player.services.queue import apply_command
from player.services.talking import said_of

SIMPLE = {
    "next": "goes to the next one",
    "previous": "goes to the beginning, or to the one before",
    "play": "plays, on the device that played last",
    "pause": "pauses",
    "clear": "takes everything out",
    "unshuffle": "brings back the order from before",
}
SOURCES = ("album", "artist", "genre", "track")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="whose queue; the owner's if nobody is named")
        parts = parser.add_subparsers(dest="what", required=True)
        show = parts.add_parser("show", help="what is in it, around what plays")
        show.add_argument("--json", action="store_true", help="as one line of JSON")
        show.add_argument("--size", type=int, default=20, help="how many entries (20)")
        add = parts.add_parser("add", help="adds tracks: album 12, artist 3, genre 7, track 5 6 7")
        add.add_argument("kind", choices=SOURCES)
        add.add_argument("numbers", type=int, nargs="+")
        add.add_argument("--where", choices=["now", "next", "last"], default="last")
        for name, said in SIMPLE.items():
            parts.add_parser(name, help=said)
        parts.add_parser("remove", help="takes entries out").add_argument("entries", type=int, nargs="+")
        parts.add_parser("jump", help="plays an entry").add_argument("entry", type=int)
        parts.add_parser("seek", help="goes to a second of what plays").add_argument("second", type=float)
        parts.add_parser("repeat", help="off, all or one").add_argument("repeat", choices=["off", "all", "one"])
        shuffle = parts.add_parser("shuffle", help="shuffles it; what plays comes first")
        shuffle.add_argument("--apart", action="store_true", help="tracks of one album not beside each other")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _person(options["user"])
        try:
            if options["what"] == "show":
                self._show(user, size=options["size"], as_json=options["json"])
            else:
                self._say([self._apply(user, asked) for asked in _asked(options)])
        except ValidationError as error:
            raise CommandError(said_of(error)) from None
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None

    def _apply(self, user: User, asked: dict[str, Any]) -> Done:
        return apply_command(user=user, asked=CommandIn.model_validate(asked).root)

    def _say(self, done: list[Done]) -> None:
        if gone := [number for one in done for number in one.gone]:
            self.stderr.write(f"Not there: {', '.join(str(number) for number in gone)}.")
        added = sum(len(one.entries) for one in done)
        said = f"{added:,} added." if added else "Done." if any(one.changed for one in done) else "Nothing changed."
        self.stdout.write(said)

    def _show(self, user: User, *, size: int, as_json: bool) -> None:
        queue, entries, count = queue_of(user), *entries_around(user, size=max(1, min(size, 200)))
        position_s = position_now(queue) // 1000
        if as_json:
            rows = [{"entry": one.entry, "track": one.track.id, "title": one.track.title} for one in entries]
            told = {"state": queue.state, "current": queue.current_id, "position_s": position_s, "count": count}
            self.stdout.write(json.dumps({**told, "entries": rows}))
            return
        on = f" on {queue.device}" if queue.device and queue.state == "playing" else ""
        self.stdout.write(f"{queue.state}{on}, {position_s // 60}:{position_s % 60:02d}; {count:,} entries")
        for one in entries:
            mark = "▶" if one.entry == queue.current_id else " "
            self.stdout.write(f"{mark} {one.entry:>8}  {one.track.artist_credit} – {one.track.title}")


def _asked(options: dict[str, Any]) -> list[dict[str, Any]]:
    name = options["what"]
    if name == "add" and options["kind"] == "track":
        return [{"command": "add", "tracks": options["numbers"], "where": options["where"]}]
    if name == "add":
        sources = [{"kind": options["kind"], "id": number} for number in options["numbers"]]
        return [{"command": "add", "from": source, "where": options["where"]} for source in sources]
    if name == "seek":
        return [{"command": "seek", "position_ms": round(options["second"] * 1000)}]
    names = {"remove": ["entries"], "jump": ["entry"], "repeat": ["repeat"], "shuffle": ["apart"]}
    return [{"command": name, **{key: options[key] for key in names.get(name, [])}}]


def _person(name: str | None) -> User:
    people = User.objects.filter(is_active=True)
    user = people.filter(username=name).first() if name else people.filter(is_superuser=True).order_by("pk").first()
    if user is None:
        raise CommandError(f"There is nobody called {name}." if name else "There is no owner yet: sign in first.")
    return user
