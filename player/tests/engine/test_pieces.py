"""Pieces are whole packets, one behind the other, and give back exactly the samples that were encoded."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
import pytest

from player.engine.mp3 import FAR, Frames, Place
from player.engine.orders import SoundError
from player.engine.pieces import Piece, Window, cut
from player.engine.reading import opened
from player.engine.transcoding import OPUS_RATE, opus_piece
from player.tests.sounds import LOUD, MADE, Samples, tone, write

KINDS = list(MADE)
# How far an encoder may be from what it was given, in the middle and where it begins and ends.
NEAR = {"flac": 0.0001, "mp3": 0.03, "opus": 0.03, "ogg": 0.06, "m4a": 0.03}
SECONDS = 2.0
# Where encoders begin and end they are less exact.
EDGE = 4_800


def file_of(folder: Path, kind: str, start: int = 0, seconds: float = SECONDS) -> Path:
    rate = MADE[kind][2]
    return write(folder / f"{start}.{kind}", tone(rate, start, round(rate * seconds)))


def pieces_of(path: Path, for_ms: float, *, encoded: bool = False, **window: Any) -> list[Piece]:
    """All of them, each asked for where the one before has ended."""
    found: list[Piece] = []
    at, resume = 0.0, None
    while not found or not found[-1].last:
        asked = Window(at, for_ms, **window)
        with opened(str(path)) as sound:
            piece = opus_piece(sound, asked, 160) if encoded else cut(str(path), sound, asked, resume)
        assert piece.to_ms > at
        found.append(piece)
        at, resume = piece.to_ms, piece.resume
    return found


def decoded(pieces: list[Piece]) -> Samples:
    """As one stream, as a browser's decoder sees it: nothing is cut off."""
    if pieces[0].mime == "audio/mpeg":
        sources = [b"".join(piece.content for piece in pieces)]
    else:
        sources = [piece.content for piece in pieces]
    frames: list[Any] = []
    decoder: Any = None
    for content in sources:
        with av.open(BytesIO(content), "r") as container:
            stream = container.streams.audio[0]
            if decoder is None:
                decoder = av.CodecContext.create(stream.codec_context.name, "r")
                decoder.extradata, decoder.sample_rate = stream.codec_context.extradata, stream.rate
                decoder.layout = "stereo"
            for packet in container.demux(stream):
                if packet.size:
                    frames += decoder.decode(av.Packet(bytes(packet)))
    frames += decoder.decode(None)
    whole = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
    side = whole[0] if len(whole) > 1 else whole.reshape(-1, 2)[:, 0]
    return (side / 32_768 if side.dtype.kind == "i" else side).astype(np.float32)


def heard_of(path: Path, for_ms: float = 300, *, encoded: bool = False) -> Samples:
    """Cut at both ends as a player is told to."""
    with opened(str(path)) as sound:
        rate, priming, samples = sound.rate, sound.priming, sound.samples
    if encoded:
        priming, samples, rate = 312, round(samples * OPUS_RATE / rate), OPUS_RATE
    if MADE[path.suffix[1:]][1] == "vorbis" and not encoded:
        # Its first packet only prepares the decoder, and gives nothing.
        priming = 0
    return decoded(pieces_of(path, for_ms, encoded=encoded))[priming : priming + samples]


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_follow_each_other_without_a_hole(kind: str, tmp_path: Path) -> None:
    pieces = pieces_of(file_of(tmp_path, kind), 250)
    assert len(pieces) > 4
    assert pieces[0].from_ms <= 0
    assert [piece.from_ms for piece in pieces[1:]] == [piece.to_ms for piece in pieces[:-1]]
    assert pieces[-1].to_ms >= SECONDS * 1000 - 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_a_piece_is_the_same_whether_it_is_sought_or_reached(kind: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, kind)
    for piece in pieces_of(path, 250):
        with opened(str(path)) as sound:
            again = cut(str(path), sound, Window(max(0.0, piece.from_ms), 250))
        assert (again.content, again.from_ms, again.to_ms) == (piece.content, piece.from_ms, piece.to_ms)


@pytest.mark.parametrize("kind", KINDS)
def test_a_tone_cut_in_two_files_is_one_tone_again(kind: str, tmp_path: Path) -> None:
    rate = MADE[kind][2]
    half = round(rate * SECONDS)
    joined = np.concatenate([heard_of(file_of(tmp_path, kind, start)) for start in (0, half)])
    whole = tone(rate, 0, 2 * half)
    assert np.abs(joined[EDGE : half - EDGE] - whole[EDGE : half - EDGE]).max() < NEAR[kind]
    if kind == "ogg":
        # FFmpeg's own encoder of Vorbis, which nobody uses, fills its last block up.
        assert abs(len(joined) - len(whole)) < 2 * 1024
        return
    # A sample too many or too few would shift everything behind it.
    assert len(joined) == len(whole)
    assert np.abs(joined[half + EDGE : -EDGE] - whole[half + EDGE : -EDGE]).max() < NEAR[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_browser_cannot_take_comes_as_opus_of_the_same_length(kind: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, kind)
    found = heard_of(path, 370, encoded=True)
    whole = tone(OPUS_RATE, 0, len(found))
    assert len(found) == pytest.approx(OPUS_RATE * SECONDS, abs=0 if kind != "ogg" else 1200)
    assert np.abs(found - whole)[4800:-4800].max() < 0.06


def test_pieces_of_opus_are_no_different_at_their_joints(tmp_path: Path) -> None:
    path = file_of(tmp_path, "flac")
    many, one = heard_of(path, 200, encoded=True), heard_of(path, 10_000, encoded=True)
    assert np.abs(many - one).max() < 0.02 * LOUD


def test_an_mp3_of_one_bit_rate_is_sought_by_the_length_of_its_frames(tmp_path: Path) -> None:
    path = file_of(tmp_path, "mp3", seconds=70)
    with path.open("rb") as file:
        frames = Frames(file, path.stat().st_size)
        assert frames.constant
        walked = {place.frame: place.byte for place, _length in frames.walk(frames.first)}
        for wanted in (FAR + 1, 2500, max(walked)):
            near = frames.near(wanted, None)
            assert wanted - FAR < near.frame <= wanted
            assert near.byte == walked[near.frame]


def walked(file: IO[bytes], size: int) -> Iterator[tuple[Place, int]]:
    frames = Frames(file, size)
    return frames.walk(frames.first)


def test_rubbish_between_frames_is_stepped_over(tmp_path: Path) -> None:
    path = file_of(tmp_path, "mp3")
    content = path.read_bytes()
    with path.open("rb") as file:
        places = [place for place, _length in walked(file, len(content))]
    cut_at = places[20].byte
    path.write_bytes(content[:cut_at] + b"\xffrubbish" * 700 + content[cut_at:])
    with path.open("rb") as file:
        assert len(list(walked(file, path.stat().st_size))) == len(places)


@pytest.mark.parametrize("kind", ["flac", "mp3", "opus"])
def test_a_part_of_a_file_begins_and_ends_where_its_cue_sheet_says(kind: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, kind)
    pieces = pieces_of(path, 300, begin_ms=700.0, end_ms=1500.0)
    assert -200 < pieces[0].from_ms <= 0
    assert 800 <= pieces[-1].to_ms < 930


def test_behind_the_end_there_is_nothing(tmp_path: Path) -> None:
    path = file_of(tmp_path, "flac")
    with opened(str(path)) as sound:
        piece = cut(str(path), sound, Window(9_000, 1000))
    assert (piece.content, piece.last) == (b"", True)


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 100, b"\xff\xfb" * 5000, b"OggS" + bytes(3000)])
def test_what_is_no_sound_says_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(content)
    with pytest.raises((SoundError, ValueError)), opened(str(path)) as sound:
        cut(str(path), sound, Window(0, 1000))
