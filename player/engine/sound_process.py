"""The process that has PyAV loaded: it forks a child for every order, and ends when nobody asks for a while.

The web starts it as `python -m player.engine.sound_process SOCKET`. A child answers into the pipe that came with its
order, and dies by it when whoever listens leaves.
"""

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from player.engine.formats import MADE
from player.engine.keeping import Kept
from player.engine.orders import MOST_BYTES, Order, order_of
from player.engine.pieces import Piece, Window, cut
from player.engine.reading import opened
from player.engine.transcoding import opus_piece, transcode
from player.engine.warming import warm_up

IDLE_S = 300.0
# Bounds of a child: a hostile file costs it, and nobody else.
MEMORY = 1 << 30
CPU_S = 20
LOWER_BY = {"transcode": 10, "opus": 5}
PIPE = 64 * 1024


class GoneError(Exception):
    """Nobody listens any more."""


class Outlet:
    """The way to whoever listens; what is written waits until it is taken."""

    def __init__(self, number: int, kept: Kept | None = None) -> None:
        self.number, self.kept = number, kept
        self.told = False
        self.allowed_s = 0.0
        self._poll = select.poll()
        self._poll.register(number, 0)

    def tell(self, **facts: Any) -> None:
        """The line before the bytes; the last word, if there are none."""
        if not self.told:
            self.told = True
            self._all(json.dumps(facts).encode() + b"\n")

    def write(self, data: bytes) -> int:
        self.tell()
        self._all(data)
        if self.kept:
            self.kept.write(data)
        return len(data)

    def check(self) -> None:
        """Between two writes as well: it may take long until there is something to write."""
        if self._poll.poll(0):
            raise GoneError

    def _all(self, data: bytes) -> None:
        self._allow()
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self.number, rest[:PIPE]) :]
        except BrokenPipeError:
            raise GoneError from None

    def _allow(self) -> None:
        """So many seconds of computing without a word are enough."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        used_s = used.ru_utime + used.ru_stime
        if used_s >= self.allowed_s - CPU_S / 2:
            self.allowed_s = used_s + CPU_S
            resource.setrlimit(resource.RLIMIT_CPU, (int(self.allowed_s) + 1, resource.RLIM_INFINITY))


def facts(order: Order, outlet: Outlet) -> None:
    with opened(order.path) as sound:
        outlet.tell(
            codec=sound.codec,
            rate=sound.rate,
            channels=sound.channels,
            priming=sound.priming,
            samples=sound.samples,
            packing=asdict(sound.packing) if sound.packing else None,
        )


def cut_piece(order: Order, outlet: Outlet) -> None:
    with opened(order.path) as sound:
        _send(cut(order.path, sound, _window(order), order.resume), outlet)


def encode_piece(order: Order, outlet: Outlet) -> None:
    with opened(order.path) as sound:
        _send(opus_piece(sound, _window(order), order.kbits), outlet)


def _window(order: Order) -> Window:
    return Window(order.from_ms, order.for_ms, order.begin_ms, order.end_ms)


def _send(piece: Piece, outlet: Outlet) -> None:
    told = asdict(piece)
    content = told.pop("content")
    outlet.tell(**told, size=len(content))
    outlet.write(content)


def encode(order: Order, outlet: Outlet) -> None:
    outlet.kept = Kept(Path(order.keep), order.keep_most) if order.keep else None
    try:
        with opened(order.path) as sound:
            transcode(
                sound,
                MADE[order.format],
                order.kbits,
                outlet,
                begin_ms=order.begin_ms,
                end_ms=order.end_ms,
                check=outlet.check,
            )
        if outlet.kept:
            outlet.kept.finish()
    finally:
        if outlet.kept:
            outlet.kept.forget()


DOINGS: dict[str, Callable[[Order, Outlet], None]] = {
    "facts": facts,
    "cut": cut_piece,
    "opus": encode_piece,
    "transcode": encode,
}


def work(text: bytes, number: int) -> None:
    """A child's whole life."""
    outlet = Outlet(number)
    try:
        order = order_of(text)
        os.nice(LOWER_BY.get(order.do, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        DOINGS[order.do](order, outlet)
        outlet.tell(error="There is nothing to hear in it.")
    except GoneError:
        return
    except Exception as error:
        with suppress(GoneError):
            outlet.tell(error=str(error) or type(error).__name__)


def serve(control: socket.socket) -> None:
    """Until nobody asks for a while, or whoever could has ended."""
    control.settimeout(IDLE_S)
    while True:
        try:
            text, numbers, _flags, _address = socket.recv_fds(control, MOST_BYTES, 1)
        except (TimeoutError, OSError):
            return
        if not text or not numbers:
            return
        if os.fork() == 0:
            try:
                control.close()
                work(text, numbers[0])
            finally:
                os._exit(0)
        os.close(numbers[0])


def main() -> None:
    # Ended children are nobody's business; Ctrl-C is the web's, with which this process ends.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    av.logging.set_level(None)
    warm_up()
    gc.collect()
    gc.freeze()
    gc.disable()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
