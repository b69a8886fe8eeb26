"""Streams as listeners ask for them: throughput beside nginx, how long others wait meanwhile, what idle readers cost.

Both servers send the same file to the same client, a process of its own, in turns. How long others wait is what a timer
in the web's event loop is late by; the way there and back of a ping on open sockets holds the client's own waits too.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from websockets.sync.client import ClientConnection, connect

from bench.lag import Watched, watched_web
from bench.memory import pss_mb
from bench.processes import family
from bench.stack import free_port, fresh_home, started
from bench.tones import write_tone
from core.tokens import digest
from soniquebay.embedded import Home, Postgres

STREAMS = 20
FILE_BYTES = 192 * 2**20
RANGE_BYTES = 48 * 2**20
RANGES = 4
TURNS = 5
LEAST_RATIO, MOST_DELAY_MS, MOST_MB_EACH = 0.5, 50.0, 4.0
# The door of events takes this many messages of one socket before it thinks of a flood.
SOCKETS, PING_EVERY_S = 8, 0.5
TOKEN = "sbay_bench"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIG = """
daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{ access_log off; sendfile on; tcp_nopush on; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
  fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


class BrokenError(Exception):
    """A stream that is no stream."""


Door = tuple[int, str]
"""a port, and the address of the file there"""


def run() -> bool:
    with ExitStack() as stack:
        home = stack.enter_context(fresh_home())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soniquebay-music-")))
        stack.enter_context(started(home))
        _let_in(home)
        web = stack.enter_context(watched_web(home))
        port, pid = web.port, web.pid
        _ask(port, "POST", "/api/roots", {"path": str(folder)})
        large = _large(folder / "large.flac")
        track = _track(port, large)
        tone = _track(port, write_tone(folder / "tone.flac", seconds=300))
        within = [
            _throughput(stack, web, track, large),
            _first_bytes(port, tone),
            _idle_readers("the file", port, pid, f"/api/tracks/{track}/stream"),
            _idle_readers("a transcode", port, pid, f"/api/tracks/{tone}/stream?format=mp3&bitrate=320&start_ms=1000"),
        ]
    return all(within)


def _let_in(home: Path) -> None:
    with psycopg.connect(Postgres(Home(home)).url) as connection:
        connection.execute(
            "INSERT INTO api_tokens (name, scope, digest, beginning, created_at) VALUES ('b', 'admin', %s, 'b', now())",
            [digest(TOKEN)],
        )


def _ask(port: int, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def _track(port: int, path: Path) -> int:
    return int(_ask(port, "POST", "/api/tracks", {"title": path.stem, "path": str(path), "artists": ["Bench"]})["id"])


def _large(path: Path) -> Path:
    block = os.urandom(2**20)
    with path.open("wb") as file:
        for _ in range(FILE_BYTES // len(block)):
            file.write(block)
    return path


# --- throughput -------------------------------------------------------------------------------------------------------


def _throughput(stack: ExitStack, web: Watched, track: int, large: Path) -> bool:
    ours = (web.port, f"/api/tracks/{track}/stream")
    client = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
    print(f"{STREAMS} parallel streams, each {RANGES} ranges of {RANGE_BYTES // 2**20} MB, {TURNS} turns")
    nginx = stack.enter_context(_nginx(large.parent)) if Path(NGINX).exists() else None
    speeds: dict[str, list[float]] = {"soniquebay": [], "nginx": []}
    idle: list[float] = []
    with web.watching(idle):
        time.sleep(3)
    delays: list[float] = []
    pings: list[float] = []
    for _ in range(TURNS):
        with web.watching(delays), _pinging(web.port, pings):
            speeds["soniquebay"].append(client.submit(_speed, ours).result())
        if nginx:
            speeds["nginx"].append(client.submit(_speed, (nginx, f"/{large.name}")).result())
    ratio = _compared(speeds)
    _say("the loop before", idle)
    _say("the loop meanwhile", delays, f"   bound of p99 {MOST_DELAY_MS:.0f}")
    _say("a ping meanwhile", pings)
    return ratio >= LEAST_RATIO and _quantile(delays, 0.99) <= MOST_DELAY_MS


def _say(what: str, delays: list[float], bound: str = "") -> None:
    figures = ", ".join(f"{name} {_quantile(delays, share):.1f}" for name, share in (("p50", 0.5), ("p99", 0.99)))
    print(f"  {what:<18} {figures} ms, of {len(delays)}{bound}")


def _compared(speeds: dict[str, list[float]]) -> float:
    for name, values in speeds.items():
        if values:
            print(f"  {name:<11} {statistics.median(values):8.0f} MB/s   {[round(value) for value in values]}")
    if not speeds["nginx"]:
        print("  nginx is not installed: there is nothing to compare with (apt-get install nginx-light)")
        return 0.0
    ratio = statistics.median(speeds["soniquebay"]) / statistics.median(speeds["nginx"])
    print(f"  ratio {ratio:.2f}   bound {LEAST_RATIO}")
    return ratio


@contextmanager
def _nginx(root: Path) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="soniquebay-nginx-") as folder:
        for place in (Path(folder), root):
            place.chmod(0o755)  # nginx's processes are somebody else's
        config = Path(folder) / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, port=port, root=root))
        server = subprocess.Popen([NGINX, "-p", folder, "-c", str(config), "-e", "stderr"])
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("nginx did not start.")


def _speed(door: Door) -> float:
    """Megabytes a second, over all streams."""
    began = time.perf_counter()
    with ThreadPoolExecutor(STREAMS) as threads:
        read = sum(threads.map(partial(_read_ranges, door), range(STREAMS)))
    return read / 2**20 / (time.perf_counter() - began)


def _read_ranges(door: Door, number: int) -> int:
    """How many bytes there were."""
    read = 0
    buffer = bytearray(2**20)
    with socket.create_connection(("127.0.0.1", door[0]), timeout=60) as connection:
        for turn in range(RANGES):
            start = (number * 7 + turn) * RANGE_BYTES % FILE_BYTES
            wanted = min(RANGE_BYTES, FILE_BYTES - start)
            _send(connection, door[1], f"Range: bytes={start}-{start + wanted - 1}\r\n")
            left = wanted - len(_behind_head(connection, b"206"))
            read += wanted
            while left:
                got = connection.recv_into(buffer, min(left, len(buffer)))
                if not got:
                    raise BrokenError("A stream broke off.")
                left -= got
    return read


def _send(connection: socket.socket, address: str, more: str = "") -> None:
    head = f"GET {address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n{more}\r\n"
    connection.sendall(head.encode())


def _behind_head(connection: socket.socket, status: bytes) -> bytes:
    """What came of the body together with the head."""
    came = b""
    while b"\r\n\r\n" not in came:
        data = connection.recv(64 * 1024)
        if not data:
            raise BrokenError(f"No answer: {came[:200]!r}")
        came += data
    head, _end, body = came.partition(b"\r\n\r\n")
    if head.split()[1] != status:
        raise BrokenError(f"Not {status!r}: {came!r}")
    return body


@contextmanager
def _pinging(port: int, delays: list[float]) -> Iterator[None]:
    """Notes the milliseconds of every ping while the block lasts."""
    over = threading.Event()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(connect(f"ws://127.0.0.1:{port}/api/ws", additional_headers=headers))
            for _ in range(SOCKETS)
        ]
        thread = threading.Thread(target=_ping, args=(sockets, delays, over))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _ping(sockets: list[ClientConnection], delays: list[float], over: threading.Event) -> None:
    while not over.is_set():
        for one in sockets:
            began = time.perf_counter()
            one.send('{"type": "ping"}')
            while json.loads(one.recv(timeout=30)).get("type") != "pong":
                pass
            delays.append((time.perf_counter() - began) * 1000)
            over.wait(PING_EVERY_S / SOCKETS)


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


# --- transcodes -------------------------------------------------------------------------------------------------------


def _first_bytes(port: int, track: int) -> bool:
    print("a transcode until its first byte, milliseconds")
    print(f"  {'the very first':<14} {_first_byte(port, f'/api/tracks/{track}/stream?format=opus&start_ms=1'):7.1f}")
    for name in ("opus", "mp3", "aac"):
        address = f"/api/tracks/{track}/stream?format={name}&start_ms=60000"
        times = [_first_byte(port, address) for _ in range(15)]
        print(f"  {name:<14} {statistics.median(times):7.1f}   the longest {max(times):.1f}")
    return True


def _first_byte(port: int, address: str) -> float:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        began = time.perf_counter()
        _send(connection, address)
        if not _behind_head(connection, b"200"):
            connection.recv(1)
        return (time.perf_counter() - began) * 1000


# --- who reads nothing ------------------------------------------------------------------------------------------------


def _idle_readers(what: str, port: int, root: int, address: str) -> bool:
    """The web and all that it has started for them, shared memory by shares."""
    _first_byte(port, address)
    time.sleep(2)
    before = _weight(root)
    with ExitStack() as stack:
        for _ in range(STREAMS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            _send(connection, address)
            connection.recv(12, socket.MSG_PEEK)
        time.sleep(5)
        each = (_weight(root) - before) / STREAMS
    print(f"{STREAMS} readers of {what} that read nothing: {each:.2f} MB each   bound {MOST_MB_EACH}")
    return each <= MOST_MB_EACH


def _weight(root: int) -> float:
    total = 0.0
    for pid in family(root):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"soniquebay.asgi" in command or b"sound_process" in command:
                total += pss_mb(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total
