"""Other formats of a track, made while they are heard: how many, from where, and once."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from library.models import Track
from player.engine.formats import MADE
from player.engine.keeping import Kept, found, keep_within
from player.services.transcoding import places
from player.tests.sounds import decoded

Reader = Callable[[str], Client]
SECONDS = 3.0
# An encoder of frames may begin and end with less than two of silence.
SLACK_S = 0.06


@pytest.fixture
def track(playing: Callable[..., Track]) -> Track:
    return playing("flac", SECONDS, audio_hash="the-sound")


@pytest.fixture
def read(api: Reader, track: Track) -> Callable[..., Any]:
    client = api("read")
    return lambda asked, **headers: client.get(f"/api/tracks/{track.pk}/{asked}", headers=headers)


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    yield
    assert places.taken == 0


def seconds_of(answer: Any) -> float:
    with BytesIO(b"".join(answer)) as file:
        samples = len(decoded(file))
    return samples / (48_000 if "opus" in answer["Content-Type"] else 44_100)


@pytest.mark.parametrize("name", MADE)
def test_a_track_is_heard_in_every_format(name: str, read: Callable[..., Any]) -> None:
    answer = read(f"stream?format={name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, MADE[name].mime)
    assert seconds_of(answer) == pytest.approx(SECONDS, abs=SLACK_S)


@pytest.mark.parametrize("name", MADE)
def test_it_may_begin_at_any_moment(name: str, read: Callable[..., Any]) -> None:
    assert seconds_of(read(f"stream?format={name}&start_ms=1234.5")) == pytest.approx(SECONDS - 1.2345, abs=SLACK_S)


def test_more_bits_are_more_bytes(read: Callable[..., Any]) -> None:
    sizes = [len(b"".join(read(f"stream?format=opus&bitrate={kbits}&start_ms=1"))) for kbits in (32, 128, 320)]
    assert sizes == sorted(sizes)
    assert sizes[0] * 4 < sizes[2]
    # What a format cannot do is brought into what it can.
    assert read("stream?format=mp3&bitrate=999&start_ms=1").getvalue()


def test_behind_its_end_there_is_nothing_to_make(read: Callable[..., Any]) -> None:
    answer = read("stream?format=mp3&start_ms=60000")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


REFUSED = [
    "stream?format=exe", "stream?format=opus&bitrate=0", "stream?format=opus&bitrate=x",
    "stream?format=opus&start_ms=-1",
    "stream?format=opus&start_ms=nan", "stream?format=opus&start_ms=inf", "stream?format=opus&start_ms=1e300",
    "pieces?from_ms=-1", "pieces?for_ms=0", "pieces?for_ms=99999999", "pieces?from_ms=nan", "pieces?as=exe",
]  # fmt: skip


@pytest.mark.parametrize("asked", REFUSED)
def test_what_cannot_be_is_refused_in_words(asked: str, read: Callable[..., Any]) -> None:
    answer = read(asked)
    assert answer.status_code == 422
    assert answer.json()["field"]


def test_what_cannot_be_decoded_is_refused_in_words(folder: Path, track: Track, read: Callable[..., Any]) -> None:
    (folder / "tone.flac").write_bytes(b"no sound at all" * 1000)
    for asked in ("stream?format=opus", "playback", "pieces", "pieces?as=opus"):
        answer = read(asked)
        assert answer.status_code == 422, asked
        assert "cannot be played" in answer.json()["message"]
        assert str(folder) not in answer.content.decode()


def test_a_head_starts_nothing(api: Reader, track: Track) -> None:
    answer = api("read").head(f"/api/tracks/{track.pk}/stream?format=opus")
    assert (answer.status_code, answer["Content-Type"]) == (200, MADE["opus"].mime)


def test_too_many_at_once_are_asked_to_wait(read: Callable[..., Any], settings: Any) -> None:
    settings.TRANSCODES_AT_ONCE = 2
    with ExitStack() as stack:
        for _ in range(2):
            stack.callback(read("stream?format=opus&start_ms=1").answer.close)
        answer = read("stream?format=opus&start_ms=1")
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert read("stream").getvalue(), "the file itself takes nobody's place"
    assert read("stream?format=opus&start_ms=1").getvalue()


# --- kept -------------------------------------------------------------------------------------------------------------


def kept_files(settings: Any) -> list[str]:
    return sorted(entry.name for entry in os.scandir(settings.TRANSCODE_FOLDER))


def test_what_was_heard_to_its_end_is_made_once(read: Callable[..., Any], settings: Any) -> None:
    made = read("stream?format=opus").getvalue()
    assert len(kept_files(settings)) == 1
    again = read("stream?format=opus")
    assert again.getvalue() == made
    part = read("stream?format=opus", Range="bytes=10-19", If_Range=again["ETag"])
    assert (part.status_code, b"".join(part)) == (206, made[10:20])
    assert read("stream?format=opus&bitrate=64").getvalue() != made
    assert len(kept_files(settings)) == 2


def test_new_tags_do_not_make_it_anew_but_another_sound_does(track: Track, read: Any, settings: Any) -> None:
    read("stream?format=opus").getvalue()
    Track.objects.filter(pk=track.pk).update(title="another", file_mtime_ns=5)
    read("stream?format=opus").getvalue()
    assert len(kept_files(settings)) == 1
    Track.objects.filter(pk=track.pk).update(audio_hash="another")
    read("stream?format=opus").getvalue()
    assert len(kept_files(settings)) == 2


def test_a_part_is_not_kept_for_the_whole(read: Callable[..., Any], settings: Any) -> None:
    read("stream?format=opus&start_ms=500").getvalue()
    assert not settings.TRANSCODE_FOLDER.exists()


def test_nothing_is_kept_where_nothing_may_be(read: Callable[..., Any], settings: Any) -> None:
    settings.TRANSCODES_KEPT_MB = 0
    assert read("stream?format=opus").getvalue()
    assert kept_files(settings) == []


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    for number in range(4):
        kept = Kept(tmp_path / f"{number}", 10_000)
        kept.write(bytes(1000))
        kept.finish()
        os.utime(tmp_path / f"{number}", (1000 + number, 1000 + number))
    before = (tmp_path / "0").stat().st_mtime_ns
    assert found(tmp_path / "0")
    assert not found(tmp_path / "none")
    assert (tmp_path / "0").stat().st_mtime_ns == before, "readers know it by the time at which it was written"
    keep_within(tmp_path, 2000)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["0", "3"]


def test_what_is_half_made_is_seen_by_nobody(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "x", 1500)
    kept.write(bytes(1000))
    assert not found(tmp_path / "x")
    kept.write(bytes(1000))
    kept.finish()
    assert list(tmp_path.iterdir()) == [], "more than all that may be kept"


# --- playback ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["flac", "mp3", "opus", "ogg", "m4a"])
def test_a_player_is_told_what_it_must_know(kind: str, playing: Callable[..., Track], api: Reader) -> None:
    track = playing(kind, SECONDS, replaygain_track_gain=-6.5, replaygain_track_peak=0.9)
    said = api("read").get(f"/api/tracks/{track.pk}/playback").json()
    priming = {"flac": 0, "mp3": 1105, "opus": 312, "ogg": 1024, "m4a": 1024}[kind]
    assert said["pieces"]["priming_samples"] == priming
    assert said["pieces"]["first_sample_ms"] == pytest.approx(priming * 1000 / said["sample_rate"], abs=1e-6)
    assert said["duration_ms"] == pytest.approx(SECONDS * 1000, abs=25 if kind == "ogg" else 0)
    assert said["gain"] == {"track_db": -6.5, "album_db": None, "track_peak": 0.9, "album_peak": None}
    assert said["etag"] == api("read").head(said["stream"])["ETag"]
    for pieces in (said["pieces"], said["opus_pieces"]):
        answer = api("read").get(f"{pieces['url']}&from_ms=0&for_ms=500")
        assert answer["Content-Type"] == pieces["mime"]
        assert float(answer["X-Piece-From-Ms"]) == pytest.approx(-pieces["first_sample_ms"], abs=1e-5)
        assert len(b"".join(answer)) == int(answer["Content-Length"])


def test_a_part_of_a_cue_sheet_is_a_track_of_its_own(playing: Callable[..., Track], api: Reader) -> None:
    track = playing("flac", SECONDS, cue_index=2, cue_start_ms=500, cue_end_ms=1700)
    client = api("read")
    said = client.get(f"/api/tracks/{track.pk}/playback").json()
    assert (said["duration_ms"], said["pieces"]["first_sample_ms"]) == (1200, 500)
    last = client.get(f"/api/tracks/{track.pk}/pieces?from_ms=1000&for_ms=5000")
    assert (last["X-Piece-Last"], float(last["X-Piece-To-Ms"]) < 1400) == ("1", True)
    assert last.getvalue()
    assert seconds_of(client.get(f"/api/tracks/{track.pk}/stream?format=opus")) == pytest.approx(1.2, abs=SLACK_S)
