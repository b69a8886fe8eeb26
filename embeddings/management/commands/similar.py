"""Says which tracks go with one, and why: by its number, or by words of its title and artist."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import SoniqueBayError
from embeddings.selectors.outs import recommended_outs, tracks_of
from embeddings.selectors.recommending import Recommended, similar_tracks
from embeddings.selectors.words import sentence
from library.models import Track
from library.schemas.search import TrackHits
from library.selectors.search.results import search_group

MOST = 100


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("track", help="a number, or words that find the track")
        parser.add_argument("--limit", type=int, default=10, help="how many (10)")
        parser.add_argument("--json", action="store_true", help="what the API answers, as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        limit: int = options["limit"]
        if not 1 <= limit <= MOST:
            raise CommandError(f"--limit is 1 to {MOST}.")
        try:
            track = _track(options["track"])
            found = similar_tracks(user_id=None, track_id=track.pk, limit=limit)
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        if options["json"]:
            self.stdout.write(json.dumps([out.model_dump(mode="json") for out in recommended_outs(found)]))
            return
        self.stdout.write(f"Near {_named(track)}:")
        for line in _lines(found):
            self.stdout.write(line)
        if not found:
            self.stdout.write("Nothing is known to be near it: neither vectors nor tempo and key say anything.")


def _track(asked: str) -> Track:
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        found = Track.objects.filter(pk=int(asked)).first()
    else:
        hits = search_group(asked, "tracks", size=1)
        first = hits.items[0].id if isinstance(hits, TrackHits) and hits.items else 0
        found = Track.objects.filter(pk=first).first()
    if found is None:
        raise CommandError("There is no such track.")
    return found


def _lines(found: list[Recommended]) -> list[str]:
    rows = tracks_of(found)
    width = max((len(_named(row)) for row in rows.values()), default=0)
    return [
        f"{one.score or 0:5.2f}  {_named(rows[one.track_id]):<{width}}  {sentence(one.reasons)}".rstrip()
        for one in found
        if one.track_id in rows
    ]


def _named(track: Track) -> str:
    return f"{track.title or 'Untitled'}, {track.artist_credit or 'unknown'} ({track.pk})"
