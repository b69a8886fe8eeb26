"""How well questions are answered: a file of tracks, requests and graded answers, asked through the product's own door.

The file is JSON: {"tracks": [{"id", "title", "artist", "album", "year", "genres" | "genre", "moods", "tags", "bpm",
"key", "scale", "energy" …}], "requests": [{"lang", "text", "grades": {id: grade}}], "known": [{"text", "id"}]}.
Asked twice: of a poor library, with what ordinary files say (title, artist, album, year, and the one coarse genre that
"genre_id3" names, where the file has it), and of a rich one.

Two such files stand beside this one. Choices were made by the one that is called seen; the other one was written by
somebody who knew nothing of how questions are understood, and no choice was made by it: its figures have bounds.
"""

import json
import math
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.api import TOKEN, Library
from bench.stack import fresh_home, started_on
from bench.vectors import wait_for
from core.tokens import digest
from soniquebay.embedded import Home, Postgres

FIRST = 10
USAGE = "usage: bin/bench ask [FILE] [--each]"
ASKING = Path(__file__).parent / "asking"
SEEN, UNSEEN = ASKING / "seen.json", ASKING / "unseen.json"
BOUNDS = {("poor", "en"): 0.50, ("poor", "fr"): 0.45, ("rich", "en"): 0.60, ("rich", "fr"): 0.55}
KNOWN_BOUND = 0.95
FEATURES = (
    "bpm", "key", "scale", "energy", "valence", "danceability", "acoustic", "instrumental", "mood_happy",
    "mood_aggressive", "mood_party", "mood_relaxed",
)  # fmt: skip
TAGGED = {"moods": ("mood_tags", "track_mood_tags"), "tags": ("genre_tags", "track_genre_tags")}


@dataclass
class Asking:
    """A library that was filled, and the numbers of its tracks by those of the file."""

    library: Library
    database: "psycopg.Connection[tuple[Any, ...]]"
    given: dict[str, Any]
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        return {number: name for name, number in self.numbers.items()}


def run(arguments: list[str]) -> bool:
    files = [Path(one) for one in arguments if not one.startswith("-")]
    if len(files) > 1 or not all(file.is_file() for file in files):
        raise SystemExit(USAGE)
    verdicts = [_measured(file, each="--each" in arguments) for file in files or (SEEN, UNSEEN)]
    return all(verdicts)


def _measured(file: Path, *, each: bool) -> bool:
    """Of the poor and of the rich library; true where a bound that holds for this file is kept."""
    given = json.loads(file.read_text(encoding="utf-8"))
    print(f"{file.name}: {len(given['requests'])} requests over {len(given['tracks'])} tracks")
    verdicts, known = [], []
    with ExitStack() as stack:
        asking = _library(stack, given)
        for kind, fill in (("poor", _fill_poor), ("rich", _fill_rich)):
            fill(asking)
            _learn(asking)
            report = _report(kind, asking, each=each)
            verdicts += [
                report.by_language.get(language, 1.0) >= bound for (of, language), bound in BOUNDS.items() if of == kind
            ]
            known.append(report.known)
    verdicts.append(sum(known) / len(known) >= KNOWN_BOUND)
    bounds = ", ".join(f"{kind} {language} {bound}" for (kind, language), bound in BOUNDS.items())
    print(f"bounds of {UNSEEN.name}: {bounds}, known items {KNOWN_BOUND}")
    return file != UNSEEN or all(verdicts)


def _library(stack: ExitStack, given: dict[str, Any]) -> Asking:
    home = stack.enter_context(fresh_home())
    port = stack.enter_context(started_on(home))
    database = stack.enter_context(psycopg.connect(Postgres(Home(home)).url, autocommit=True))
    database.execute(
        "INSERT INTO api_tokens (name, scope, digest, beginning, created_at) VALUES ('b', 'admin', %s, 'b', now())",
        [digest(TOKEN)],
    )
    library = Library(len(given["tracks"]), port)
    library.connect()
    library.ask("/api/embeddings/encoder", "PATCH", '{"automatic": false}')
    return Asking(library, database, given)


def _genres(track: dict[str, Any]) -> list[str]:
    found = track.get("genres") or track.get("genre") or []
    return [one.strip() for one in found.split(",")] if isinstance(found, str) else list(found)


def _coarse(track: dict[str, Any]) -> list[str]:
    if "genre_id3" not in track:
        return _genres(track)
    return [track["genre_id3"]] if track["genre_id3"] else []


def _fill_poor(asking: Asking) -> None:
    albums: dict[tuple[str, str], int] = {}
    for track in asking.given["tracks"]:
        key = (track["artist"], track.get("album") or "")
        if key[1] and key not in albums:
            album = {"title": key[1], "artists": [track["artist"]], "year": track.get("year")}
            albums[key] = asking.library.ask("/api/albums", "POST", json.dumps(album))["id"]
        made = {
            "title": track["title"],
            "artists": [track["artist"]],
            "album_id": albums.get(key),
            "year": str(track["year"]) if track.get("year") else None,
            "genres": _coarse(track),
        }
        number = asking.library.ask("/api/tracks", "POST", json.dumps(made))["id"]
        asking.numbers[str(track["id"])] = number


def _fill_rich(asking: Asking) -> None:
    """Features as somebody says them; moods and tags as other services would leave them."""
    for track in asking.given["tracks"]:
        number = asking.numbers[str(track["id"])]
        if said := {name: track[name] for name in FEATURES if track.get(name) not in (None, "")}:
            asking.library.ask(f"/api/tracks/{number}/audio-features", "PUT", json.dumps(said))
        if "genre_id3" in track:
            asking.library.ask(f"/api/tracks/{number}", "PATCH", json.dumps({"genres": _genres(track)}))
        for name, (tags, links) in TAGGED.items():
            for tag in track.get(name) or []:
                _tag(asking, tags, links, number, tag)
    asking.database.execute("UPDATE tracks SET date_modified = now()")


def _tag(asking: Asking, tags: str, links: str, number: int, tag: str) -> None:
    asking.database.execute(f"INSERT INTO {tags} (name) VALUES (%s) ON CONFLICT DO NOTHING", [tag])  # noqa: S608
    asking.database.execute(
        f"INSERT INTO {links} (track_id, tag_id) SELECT %s, id FROM {tags} WHERE name = %s ON CONFLICT DO NOTHING",  # noqa: S608
        [number, tag],
    )


def _learn(asking: Asking) -> None:
    """As after a scan: words for search, then vectors."""
    began = time.perf_counter()
    wait_for(asking.library, "library.heal_search", {})
    wait_for(asking.library, "embeddings.tend", {"start": False})
    wait_for(asking.library, "embeddings.vectorize", {"what": "outstanding"})
    wait_for(asking.library, "embeddings.tend", {"start": False})
    print(f"{len(asking.numbers)} tracks learnt in {time.perf_counter() - began:.1f} s", flush=True)


def _answers(asking: Asking, text: str) -> tuple[list[str], float]:
    """The first ten, by the file's numbers, and the milliseconds it took."""
    began = time.perf_counter()
    found = asking.library.ask(f"/api/ask?{urlencode({'q': text, 'limit': FIRST})}")
    taken = (time.perf_counter() - began) * 1000
    return [asking.names[one["track"]["id"]] for one in found["items"]], taken


def ndcg(found: list[str], grades: dict[str, float]) -> float:
    """Gains of 2^grade - 1, over the ten first places."""
    gained = sum(_gain(grades.get(one, 0)) / math.log2(place + 2) for place, one in enumerate(found[:FIRST]))
    best = sorted((_gain(grade) for grade in grades.values()), reverse=True)[:FIRST]
    most = sum(gain / math.log2(place + 2) for place, gain in enumerate(best))
    return gained / most if most else 0.0


def _gain(grade: float) -> float:
    return float(2**grade - 1)


@dataclass(frozen=True)
class Report:
    by_language: dict[str, float]
    known: float


def _report(kind: str, asking: Asking, *, each: bool) -> Report:
    found: dict[str, list[float]] = defaultdict(list)
    times: list[float] = []
    for request in asking.given.get("requests", []):
        names, taken = _answers(asking, request["text"])
        times.append(taken)
        value = ndcg(names, {str(one): grade for one, grade in request["grades"].items()})
        found[request.get("lang", "?")].append(value)
        if each:
            print(f"  {value:.3f} {request['text']}")
    means = {language: sum(values) / len(values) for language, values in sorted(found.items())}
    for language, mean in means.items():
        print(f"{kind}: nDCG@10 {language} {mean:.3f} of {len(found[language])} requests")
    known = _known(kind, asking, asking.given.get("known", []), each=each)
    if times:
        print(f"{kind}: a question takes {sorted(times)[len(times) // 2]:.0f} ms (median)")
    return Report(means, known)


def _known(kind: str, asking: Asking, known: list[dict[str, Any]], *, each: bool) -> float:
    missed = [one["text"] for one in known if str(one["id"]) not in _answers(asking, one["text"])[0]]
    share = 1 - len(missed) / len(known) if known else 1.0
    print(f"{kind}: known items in the first ten: {share:.3f} of {len(known)}")
    if each:
        for text in missed:
            print(f"  missed: {text}")
    return share
