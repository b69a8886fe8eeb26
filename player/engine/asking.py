"""Asks the sound process, which is started when it is first needed, and ends by itself when it is not."""

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from player.engine.orders import Order, SoundError

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 30.0
LONGEST_HEAD = 64 * 1024
BLOCK = 64 * 1024
# What a child has used for a moment goes back at once.
THRIFT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TOP_PAD_": "4096",
    "MALLOC_TRIM_THRESHOLD_": "16384",
    "MALLOC_MMAP_THRESHOLD_": "32768",
}


class Answer:
    """What a child says first, and the bytes that follow; it ends when this is closed."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.head: dict[str, Any] = {}
        self.begun = b""
        """of the bytes, what came with the head"""
        self.after: Callable[[], None] = lambda: None
        """done once, when it is closed"""
        self._closing = threading.Lock()
        self._closed = False

    def read_head(self) -> bool:
        """Whether there was one; waits for it."""
        came, deadline = b"", time.monotonic() + PATIENCE_S
        poll = select.poll()
        poll.register(self.number, select.POLLIN)
        while b"\n" not in came:
            left = deadline - time.monotonic()
            if left <= 0 or len(came) > LONGEST_HEAD or not poll.poll(left * 1000):
                raise SoundError("Nothing came of it for too long.")
            data = os.read(self.number, BLOCK)
            if not data:
                return False
            came += data
        line, _newline, self.begun = came.partition(b"\n")
        self.head = json.loads(line)
        return True

    def read(self) -> bytes:
        """What has come; raises BlockingIOError while there is nothing, and gives nothing at the end."""
        with self._closing:
            return b"" if self._closed else os.read(self.number, BLOCK)

    def blocks(self) -> Iterator[bytes]:
        """The bytes, waiting for each."""
        if self.begun:
            yield self.begun
        poll = select.poll()
        poll.register(self.number, select.POLLIN)
        while poll.poll() and (data := self.read()):
            yield data

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
            os.close(self.number)
        self.after()

    def __del__(self) -> None:
        """Whoever asked may leave before there is an answer, which then nobody has to close."""
        self.close()


class SoundProcess:
    """The process, and the line to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, order: Order) -> Answer:
        """The answer, once it has begun; raises SoundError with the reason where there is none."""
        # It may just have ended because nobody asked; then it is started anew.
        for _attempt in range(2):
            answer = self._asked(order)
            try:
                if answer.read_head():
                    if "error" in answer.head:
                        raise SoundError(answer.head["error"])
                    return answer
            except BaseException:
                answer.close()
                raise
            answer.close()
        raise SoundError("Reading it has ended unexpectedly.")

    def _asked(self, order: Order) -> Answer:
        ours, theirs = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(ours, False)
        try:
            self._send(order.as_bytes(), theirs)
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return Answer(ours)

    def _send(self, text: bytes, number: int) -> None:
        with self._lock:
            for attempt in range(2):
                line = self._line or self._start()
                try:
                    socket.send_fds(line, [text], [number])
                except OSError:
                    self._hang_up()
                    if attempt:
                        raise
                else:
                    return

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "player.engine.sound_process", str(theirs.fileno())],
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", ""), **THRIFT},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line = ours
        return ours

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        if self._process:
            self._process.wait()
        self._line = self._process = None

    def close(self) -> None:
        with self._lock:
            self._hang_up()


sound_process = SoundProcess()


def ask(order: Order) -> Answer:
    return sound_process.ask(order)
