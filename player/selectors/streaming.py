"""Tracks as sound: where the file is, what is in it, how a player takes it."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.models import TrackAudioFeatures
from core.errors import InvalidInput, NotFound
from library.engine.file_kinds import AUDIO, suffix_of
from library.models import Track
from library.selectors.files import place_of
from player.engine.asking import ask
from player.engine.formats import MADE, ORIGINALS, UNKNOWN
from player.engine.orders import Order, SoundError
from player.schemas.streaming import GainOut, PiecesOut, PlaybackOut, TranscodeOut

OPUS_RATE, OPUS_PRIMING = 48_000, 312
FACTS_KEPT = 512


@dataclass(frozen=True)
class Playable:
    """A track whose file is there; one of a cue sheet is a part of its file."""

    track: Track
    path: Path
    size: int
    mtime_ns: int

    @property
    def mime(self) -> str:
        """By the format that the library has seen, else by the name."""
        kind = self.track.file_type or AUDIO.get(suffix_of(os.fsencode(self.path.name)), "")
        return ORIGINALS.get(kind, UNKNOWN)

    @property
    def begin_ms(self) -> float:
        return float(self.track.cue_start_ms or 0)

    @property
    def end_ms(self) -> float | None:
        return None if self.track.cue_end_ms is None else float(self.track.cue_end_ms)

    @property
    def state(self) -> str:
        """Another one as soon as the file is another."""
        return f"{self.mtime_ns:x}-{self.size:x}"

    @property
    def name(self) -> str:
        """Of the file, for whoever keeps it: without what no name may hold."""
        return os.fsencode(self.path.name).decode(errors="replace")


def track_with_file(track_id: int) -> Track:
    track = Track.objects.select_related("root").filter(pk=track_id).first()
    if track is None:
        raise NotFound("There is no such track.")
    return track


def playable(track: Track) -> Playable | None:
    """None where its file is not there."""
    path = place_of(track)
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return Playable(track, path, facts.st_size, facts.st_mtime_ns)


def facts_of(found: Playable) -> dict[str, Any]:
    """What its file holds, read once for as long as it stays the same."""
    return _facts(str(found.path), found.state)


@lru_cache(maxsize=FACTS_KEPT)
def _facts(path: str, state: str) -> dict[str, Any]:
    try:
        answer = ask(Order("facts", path))
    except SoundError as error:
        raise InvalidInput(
            f"The file cannot be played: {error}.", hint="Its page says what the analysis found."
        ) from None
    answer.close()
    return answer.head


def playback_of(found: Playable) -> PlaybackOut:
    facts, track = facts_of(found), found.track
    rate = facts["rate"]
    file_ms = facts["samples"] * 1000 / rate
    duration = round(max(0.0, min(found.end_ms or file_ms, file_ms) - found.begin_ms), 6)
    address = f"/api/tracks/{track.pk}"
    packing = facts["packing"]

    def pieces(mime: str, codec: str, samples: int, at: int, begin_ms: float, kind: str) -> PiecesOut:
        return PiecesOut(
            mime=mime,
            codec_string=codec,
            first_sample_ms=round(samples * 1000 / at + begin_ms, 6),
            priming_samples=samples,
            duration_ms=duration,
            url=f"{address}/pieces?as={kind}",
        )

    return PlaybackOut(
        track_id=track.pk,
        duration_ms=duration,
        sample_rate=rate,
        channels=facts["channels"],
        codec=facts["codec"],
        pieces=pieces(packing["mime"], packing["codec"], facts["priming"], rate, found.begin_ms, "copy")
        if packing
        else None,
        opus_pieces=pieces('audio/mp4; codecs="opus"', "opus", OPUS_PRIMING, OPUS_RATE, 0.0, "opus"),
        mimes={"original": found.mime, **{name: made.mime for name, made in MADE.items()}},
        transcode=TranscodeOut(mime=MADE["opus"].mime, url=f"{address}/stream?format=opus"),
        stream=f"{address}/stream",
        gain=gain_of(track),
        etag=f'"{found.state}"',
    )


def gain_of(track: Track) -> GainOut | None:
    """As it was measured or corrected, else as the tags say."""
    features = TrackAudioFeatures.objects.filter(track=track).first()
    values = [
        next((value for row in (features, track) if row and (value := getattr(row, name)) is not None), None)
        for name in (
            "replaygain_track_gain", "replaygain_album_gain", "replaygain_track_peak", "replaygain_album_peak",
        )
    ]  # fmt: skip
    if values[0] is None and values[1] is None:
        return None
    return GainOut(track_db=values[0], album_db=values[1], track_peak=values[2], album_peak=values[3])
