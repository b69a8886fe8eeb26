"""Search by vectors in libraries of 10,000 and of 100,000 tracks: how much of what is near is found, and how soon.

Both stand side by side, each in a whole stack of its own, and are asked in turns. The vectors are made up, in clusters,
of sixty directions and a little of everything else, as vectors of real music are.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
from pgvector.psycopg import register_vector

from bench.api import PATIENCE_S, Library, _fill, _p95
from bench.stack import fresh_home, started_on
from soniquebay.embedded import Home, Postgres

# ruff: noqa: S608  (statements of our own)
SMALL, LARGE = 10_000, 100_000
LEAST_RECALL, MOST_TIMES = 0.97, 3.0
SAMPLE, ROUNDS, WARM_UP, NEAR, PAGE = 100, 300, 5, 10, 20
INSERTED = 500
MODEL = "bench"
WHERE = f"e.embedding_type = 'text' AND e.embedding_model = '{MODEL}'"
TUNED = (
    "SELECT set_config('hnsw.ef_search', '100', true), set_config('hnsw.iterative_scan', 'relaxed_order', true),"
    " set_config('hnsw.max_scan_tuples', '20000', true)"
)
TARGET = f"(SELECT vector FROM track_embeddings e WHERE e.track_id = %(track)s AND {WHERE})"
BY_INDEX = f"(e.vector::halfvec(512)) <#> {TARGET}::halfvec(512)"
EXACT = f"e.vector <#> {TARGET}"
NARROW = "SELECT id FROM tracks WHERE year_number BETWEEN 1990 AND 1999"
SHOWN = """
    SELECT t.id, t.title, t.artist_credit, b.title, t.year_number, t.duration_ms,
      (SELECT c.image_id FROM covers c WHERE c.entity_type = 'album' AND c.entity_id = b.id AND c.shown)
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY asked (id, place) JOIN tracks t USING (id)
      LEFT JOIN albums b ON b.id = t.album_id ORDER BY asked.place
"""


@dataclass
class Side:
    """One of the two: as a client sees it, and from inside."""

    library: Library
    database: "psycopg.Connection[tuple[Any, ...]]"
    tracks: list[int] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


def run() -> bool:
    with ExitStack() as stack:
        sides = [_side(stack, tracks) for tracks in (SMALL, LARGE)]
        for side in sides:
            # Closed by the other side while the next one was made; the next request opens it again.
            side.library.connection.close()
            _recall(side)
            _full_pages(side)
        _times(sides)
        for side in sides:
            _insert(side)
    return _report(sides)


def _side(stack: ExitStack, tracks: int) -> Side:
    home = stack.enter_context(fresh_home())
    port = stack.enter_context(started_on(home))
    print(f"making {tracks:,} tracks and their vectors", flush=True)
    _fill(home, tracks)
    library = Library(tracks, port)
    library.connect()
    library.ask("/api/embeddings/encoder", "PATCH", '{"automatic": false}')
    database = stack.enter_context(psycopg.connect(Postgres(Home(home)).url, autocommit=True))
    register_vector(database)
    side = Side(library, database, [pk for (pk,) in database.execute("SELECT id FROM tracks ORDER BY id")])
    _give_vectors(side)
    began = time.perf_counter()
    wait_for(library, "embeddings.tend", {"start": False})
    side.figures["index s"] = time.perf_counter() - began
    _sizes(side)
    _await_map(side)
    return side


def _give_vectors(side: Side) -> None:
    side.database.execute(
        "INSERT INTO embedding_models (embedding_type, name, source, serving, index_name, made_at)"
        " VALUES ('text', %s, 'bench', true, '', now())",
        [MODEL],
    )
    _insert_vectors(side, side.tracks, seed=1)
    side.database.execute("ANALYZE track_embeddings")


def made_up(count: int, seed: int) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """Unit vectors around one centre for every hundred, in sixty directions that are the same for all seeds."""
    fixed, chance = np.random.default_rng(0), np.random.default_rng(seed)
    directions = fixed.standard_normal((60, 512)).astype(np.float32) / np.sqrt(512)
    centres = fixed.standard_normal((1_000, 60)).astype(np.float32)
    chosen = centres[chance.integers(0, 1_000, count)] + 0.7 * chance.standard_normal((count, 60)).astype(np.float32)
    vectors = chosen @ directions + 0.1 * chance.standard_normal((count, 512)).astype(np.float32) / np.sqrt(512)
    made: np.ndarray[Any, np.dtype[np.float32]] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made


def _insert_vectors(side: Side, tracks: list[int], seed: int) -> float:
    """Seconds that the statement took."""
    cursor = side.database.cursor()
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS made (track_id bigint, vector vector(512)); TRUNCATE made")
    with cursor.copy("COPY made FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["int8", "vector"])
        for track, vector in zip(tracks, made_up(len(tracks), seed), strict=True):
            copy.write_row((track, vector))
    began = time.perf_counter()
    cursor.execute(
        "INSERT INTO track_embeddings (track_id, embedding_type, vector, embedding_source, embedding_model,"
        " created_at, date_added, date_modified)"
        f" SELECT track_id, 'text', vector, 'bench', '{MODEL}', now(), now(), now() FROM made"
        " ON CONFLICT (track_id, embedding_type, embedding_model) DO UPDATE SET vector = excluded.vector"
    )
    return time.perf_counter() - began


def wait_for(library: Library, kind: str, params: dict[str, Any]) -> None:
    """Starts it when nothing else is running any more, and waits for its end."""
    while library.ask("/api/jobs?state=active")["items"]:
        time.sleep(0.1)
    job = library.ask("/api/jobs", "POST", json.dumps({"kind": kind, "params": params}))["id"]
    began = time.perf_counter()
    while (found := library.ask(f"/api/jobs/{job}"))["state"] not in {"done", "failed", "cancelled"}:
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit(f"{kind} has not ended in ten minutes.")
        time.sleep(0.1)
    if found["state"] != "done":
        raise SystemExit(f"{kind}: {found['message']}")


def _await_map(side: Side) -> None:
    """New vectors are drawn at once; what is measured next would have to share the machine with that."""
    began = time.perf_counter()
    while side.library.ask("/api/jobs?state=active")["items"] or not (drawn := _drawings(side)):
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit("The map has not been drawn in ten minutes.")
        time.sleep(1)
    began_at, ended_at = (datetime.fromisoformat(drawn[-1][name]) for name in ("started_at", "finished_at"))
    side.figures["map s"] = (ended_at - began_at).total_seconds()


def _drawings(side: Side) -> list[dict[str, Any]]:
    return [job for job in side.library.ask("/api/jobs?size=100")["items"] if job["kind"] == "embeddings.map"]


@contextmanager
def _walking(side: Side) -> Iterator[None]:
    with side.database.transaction():
        side.database.execute(TUNED)
        yield


def _near(side: Side, track: int, distance: str, limit: int, narrowed: str = "") -> list[int]:
    more = f" AND e.track_id IN ({narrowed})" if narrowed else ""
    statement = (
        f"SELECT e.track_id, {distance} FROM track_embeddings e WHERE {WHERE}{more} AND e.track_id <> %(track)s"
        f" ORDER BY {distance} LIMIT {limit}"
    )
    return [pk for pk, _distance in side.database.execute(statement, {"track": track}, prepare=False)]


def _sample(side: Side, count: int) -> list[int]:
    chance = np.random.default_rng(7)
    return [side.tracks[place] for place in chance.choice(len(side.tracks), count, replace=False)]


def _recall(side: Side) -> None:
    hits = 0
    for track in _sample(side, SAMPLE):
        exact = _near(side, track, EXACT, NEAR)
        with _walking(side):
            hits += len(set(exact) & set(_near(side, track, BY_INDEX, NEAR)))
    side.figures["recall@10"] = hits / (NEAR * SAMPLE)


def _full_pages(side: Side) -> None:
    """Through the API, narrowed to a decade: how full the pages are, and how many of them are right."""
    full = hits = 0
    for track in _sample(side, SAMPLE // 4):
        body = {"track_id": track, "limit": PAGE, "filters": {"decade": "1990"}}
        found = [one["track"]["id"] for one in side.library.ask("/api/embeddings/search", "POST", json.dumps(body))]
        full += len(found) == PAGE
        hits += len(set(found) & set(_near(side, track, EXACT, PAGE, NARROW)))
    side.figures["full pages"] = full / (SAMPLE // 4)
    side.figures["recall, filtered"] = hits / (PAGE * (SAMPLE // 4))


def _times(sides: list[Side]) -> None:
    taken: dict[str, list[float]] = {f"{way} {one.library.tracks}": [] for one in sides for way in ("api", "sql")}
    samples = {one.library.tracks: _sample(one, ROUNDS + WARM_UP) for one in sides}
    for number in range(-WARM_UP, ROUNDS):
        for side in sides:
            track = samples[side.library.tracks][number + WARM_UP]
            for way, ask in (("api", _ask_api), ("sql", _ask_sql)):
                ms = _milliseconds(ask, side, track)
                if number >= 0:
                    taken[f"{way} {side.library.tracks}"].append(ms)
    for side in sides:
        for way in ("api", "sql"):
            found = taken[f"{way} {side.library.tracks}"]
            side.figures[f"{way} p50 ms"], side.figures[f"{way} p95 ms"] = statistics.median(found), _p95(found)


def _milliseconds(ask: Callable[[Side, int], None], side: Side, track: int) -> float:
    began = time.perf_counter()
    ask(side, track)
    return (time.perf_counter() - began) * 1000


def _ask_api(side: Side, track: int) -> None:
    side.library.ask(f"/api/tracks/{track}/embeddings/search-similar", "POST", f'{{"limit": {PAGE}}}')


def _ask_sql(side: Side, track: int) -> None:
    """What the API asks: the nearest, and what is shown of them."""
    with _walking(side):
        found = _near(side, track, BY_INDEX if side.figures["index MB"] else EXACT, PAGE)
    side.database.execute(SHOWN, {"ids": found}, prepare=False).fetchall()


def _insert(side: Side) -> None:
    side.figures["insert 500 s"] = _insert_vectors(side, _sample(side, INSERTED), seed=2)


def _report(sides: list[Side]) -> bool:
    print(f"{'':<20}" + "".join(f"{one.library.tracks:>12,}" for one in sides))
    for name in sides[0].figures:
        print(f"{name:<20}" + "".join(f"{one.figures[name]:12.3f}" for one in sides))
    large = sides[-1].figures
    times = large["api p95 ms"] / large["sql p95 ms"]
    found = min(one.figures["recall@10"] for one in sides)
    print(f"p95 through the API is {times:.1f} times that of the statements alone (bound {MOST_TIMES:.0f})")
    print(f"recall@10 {found:.3f} (bound {LEAST_RECALL}); pages are {large['full pages']:.0%} full")
    return found >= LEAST_RECALL and times <= MOST_TIMES and large["full pages"] == 1.0


def _sizes(side: Side) -> None:
    """Megabytes of the index and of what it is of."""
    name = side.database.execute("SELECT index_name FROM embedding_models WHERE name = %s", [MODEL]).fetchone()
    index = name[0] if name else ""
    for label, relation in (("index MB", index), ("vectors MB", "track_embeddings")):
        found = side.database.execute("SELECT pg_table_size(%s::regclass)", [relation]).fetchone() if relation else None
        side.figures[label] = (found[0] if found else 0) / 2**20
