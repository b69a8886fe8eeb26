"""How lists and search answer in a library of 1,000 tracks and in one of 100,000: p50, p95, and the ratio of the two.

Both libraries stand side by side, each in a whole stack of its own, and are asked in turns, so that whatever else the
machine does falls on both. Every search asks for other words, so that none is answered from the cache.
"""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg

from bench.rows import COMMON, fill
from bench.stack import fresh_home, started_on
from core.tokens import digest
from soniquebay.embedded import Home, Postgres

SMALL, LARGE = 1_000, 100_000
BOUND = 2.0
ROUNDS = 40
WARM_UP = 3
TOKEN = "sbay_bench"
LISTS = ("artists", "albums", "tracks", "genres")
WORDS = [word for word in COMMON.split() if len(word) > 3]
PATIENCE_S = 600.0


@dataclass
class Library:
    """One of the two, as a client sees it."""

    tracks: int
    port: int
    cursors: dict[str, str] = field(default_factory=dict)

    def connect(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path: str, method: str = "GET", body: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{path} answered {answer.status}: {text[:300]!r}")
        return json.loads(text)

    def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        self.ask(path)
        return (time.perf_counter() - began) * 1000


def run() -> bool:
    with ExitStack() as stack:
        libraries = [_library(stack, tracks) for tracks in (SMALL, LARGE)]
        times = _measured(libraries)
    return _report(times)


def _library(stack: ExitStack, tracks: int) -> Library:
    home = stack.enter_context(fresh_home())
    port = stack.enter_context(started_on(home))
    print(f"making {tracks:,} tracks", flush=True)
    _fill(home, tracks)
    library = Library(tracks, port)
    library.connect()
    _index(library)
    _find_deep_pages(library)
    return library


def _fill(home: Path, tracks: int) -> None:
    with psycopg.connect(Postgres(Home(home)).url) as connection:
        connection.execute(
            "INSERT INTO api_tokens (name, scope, digest, beginning, created_at) VALUES ('b', 'admin', %s, 'b', now())",
            [digest(TOKEN)],
        )
        fill(connection, tracks)


def _index(library: Library) -> None:
    """As after a scan: by the job that brings search up to date."""
    job = library.ask("/api/jobs", "POST", json.dumps({"kind": "library.heal_search"}))["id"]
    began = time.perf_counter()
    while (found := library.ask(f"/api/jobs/{job}"))["state"] not in {"done", "failed", "cancelled"}:
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit("Search was not brought up to date in ten minutes.")
        time.sleep(0.5)
    if found["state"] != "done":
        raise SystemExit(f"Search was not brought up to date: {found['message']}")


def _find_deep_pages(library: Library) -> None:
    """Cursors two thirds down each list, found by walking there once."""
    for name in LISTS:
        rows = library.ask("/api/library/counts")[name]
        # So that a whole page lies behind it in the small library too.
        depth = max(min(rows * 2 // 3, rows - 60), 1)
        size = min(depth, 200)
        page = library.ask(f"/api/{name}?size={size}")
        for _ in range(depth // size - 1):
            page = library.ask(f"/api/{name}?size={size}&cursor={quote(page['next_cursor'])}")
        library.cursors[name] = page["next_cursor"] or ""


def _requests() -> dict[str, Callable[[Library, int], str]]:
    """What is measured; the number says which round it is."""

    def searched(words: Callable[[str], str], path: str = "/api/search") -> Callable[[Library, int], str]:
        return lambda library, number: f"{path}?{urlencode({'q': words(WORDS[number % len(WORDS)])})}"

    def first(name: str) -> Callable[[Library, int], str]:
        # Of other sizes each time: what is asked for again may come from the cache.
        return lambda library, number: f"/api/{name}?size={40 + number % 20}"

    def deep(name: str) -> Callable[[Library, int], str]:
        return lambda library, number: f"/api/{name}?size={40 + number % 20}&cursor={quote(library.cursors[name])}"

    return {
        **{f"{name}, first page": first(name) for name in LISTS},
        **{f"{name}, deep page": deep(name) for name in LISTS if name != "genres"},
        "search, a word": searched(lambda word: word),
        "search, two words": searched(lambda word: f"{word} {word[::-1][:1]}"),
        "search, a beginning": searched(lambda word: word[:3]),
        "search, mistyped": searched(lambda word: word[:-2] + word[-1] + word[-2] + "q"),
        "suggest, two letters": searched(lambda word: word[:2], "/api/search/suggest"),
        "suggest, four letters": searched(lambda word: word[:4], "/api/search/suggest"),
        "suggest, mistyped": searched(lambda word: word[1] + word[0] + word[2:], "/api/search/suggest"),
    }


def _measured(libraries: list[Library]) -> dict[str, dict[int, list[float]]]:
    for library in libraries:
        # Closed by the other side while the next one was made; the next request opens it again.
        library.connection.close()
    requests = _requests()
    times: dict[str, dict[int, list[float]]] = {name: {one.tracks: [] for one in libraries} for name in requests}
    for number in range(-WARM_UP, ROUNDS):
        for name, request in requests.items():
            for library in _in_turns(libraries, number):
                taken = library.milliseconds(request(library, number))
                if number >= 0:
                    times[name][library.tracks].append(taken)
    return times


def _in_turns(libraries: list[Library], number: int) -> Iterator[Library]:
    yield from libraries if number % 2 else reversed(libraries)


def _report(times: dict[str, dict[int, list[float]]]) -> bool:
    print(f"milliseconds of an answer, {SMALL:,} and {LARGE:,} tracks, {ROUNDS} times each, in turns")
    print(f"  {'':<24} {'p50':>8} {'p95':>8} {'p50':>8} {'p95':>8} {'ratio':>7}")
    within = True
    for name, by_size in times.items():
        small, large = by_size[SMALL], by_size[LARGE]
        ratio = statistics.median(large) / statistics.median(small)
        within = within and ratio <= BOUND
        columns = [statistics.median(small), _p95(small), statistics.median(large), _p95(large)]
        print(f"  {name:<24} " + " ".join(f"{column:8.1f}" for column in columns) + f" {ratio:7.2f}")
    print(f"  bound of the ratio {BOUND:.0f}: {'kept' if within else 'exceeded'}")
    return within


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
