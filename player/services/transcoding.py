"""Streams that are made while somebody listens: so many at once, made once where they are heard to their end."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from django.conf import settings
from django.http import StreamingHttpResponse

from core.errors import InvalidInput, Unavailable
from core.streams import give_back
from player.engine import asking
from player.engine.asking import Answer
from player.engine.formats import MADE, Made
from player.engine.keeping import found
from player.engine.orders import Order, SoundError
from player.selectors.streaming import Playable

AGAIN_S = 5


class Places:
    """How many are being made in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken = 0

    def take(self) -> None:
        with self._lock:
            if self.taken >= settings.TRANSCODES_AT_ONCE:
                raise Unavailable(
                    "Too many streams are being converted just now.",
                    retry_after_s=AGAIN_S,
                    hint="Try again in a moment, or ask for the original.",
                )
            self.taken += 1

    def give(self) -> None:
        with self._lock:
            self.taken -= 1


places = Places()


class MadeAnswer(StreamingHttpResponse):
    """What a child of the sound process makes, as fast as it is taken; it ends when its reader leaves."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        super().__init__(answer.blocks(), headers=headers)
        self.answer = answer
        self._resource_closers.append(answer.close)  # type: ignore[attr-defined]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await give_back()
        if self.answer.begun:
            yield self.answer.begun
        while data := await _next(self.answer):
            yield data


async def _next(answer: Answer) -> bytes:
    """The next bytes, without a thread that waits for them."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            return answer.read()
        except BlockingIOError:
            ready = asyncio.Event()
            loop.add_reader(answer.number, ready.set)
            try:
                await ready.wait()
            finally:
                loop.remove_reader(answer.number)


def ask_for(order: Order) -> Answer:
    """An answer that has begun; it gives its place back when it is closed."""
    places.take()
    try:
        answer = asking.ask(order)
    except SoundError as error:
        places.give()
        raise InvalidInput(f"The file cannot be played: {error}.") from None
    except BaseException:
        places.give()
        raise
    answer.after = places.give
    return answer


def kbits_for(made: Made, asked: int | None) -> int:
    least, usual, most = made.kbits
    return usual if asked is None else max(least, min(most, asked))


def transcoded(*, playing: Playable, name: str, bitrate: int | None, start_ms: float) -> MadeAnswer:
    """From that moment to the end of the track."""
    made = MADE[name]
    kbits = kbits_for(made, bitrate)
    order = Order(
        "transcode",
        str(playing.path),
        begin_ms=playing.begin_ms + start_ms,
        end_ms=playing.end_ms,
        format=name,
        kbits=kbits,
        keep="" if start_ms else str(kept_place(playing, name, kbits)),
        keep_most=settings.TRANSCODES_KEPT_MB * 2**20,
    )
    return MadeAnswer(ask_for(order), {"Content-Type": made.mime})


def kept_place(playing: Playable, name: str, kbits: int) -> Path:
    """Under what the sound is, so that new tags do not make it anew."""
    track = playing.track
    sound = track.audio_hash or f"{playing.path}:{playing.state}"
    key = f"{sound}:{track.cue_start_ms}:{track.cue_end_ms}:{name}:{kbits}"
    digest = hashlib.blake2b(key.encode(errors="surrogateescape"), digest_size=16).hexdigest()
    return settings.TRANSCODE_FOLDER / f"{digest}.{MADE[name].suffix}"


def kept(*, playing: Playable, name: str, bitrate: int | None) -> Path | None:
    """What was made of it before, if it is still there."""
    place = kept_place(playing, name, kbits_for(MADE[name], bitrate))
    return place if found(place) else None
