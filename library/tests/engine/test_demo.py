"""The demo library keeps its promises: what its pieces say of themselves is what is heard and tagged."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from mutagen import flac, id3, mp3, mp4, oggopus
from PIL import Image

from library.engine.demo import PIECES, MadeFile, Piece, make_piece
from library.engine.demo.covers import DRAWINGS, draw_cover
from library.engine.demo.performance import Player, passages, swung
from library.engine.demo.score import BEATS_PER_BAR
from library.engine.demo.theory import SCALES, Key, lead, parse_chord, parse_degree

# mutagen ships a py.typed without the types; by these names its classes are frankly dynamic.
FLAC: Any = flac.FLAC
Picture: Any = flac.Picture
ID3: Any = id3.ID3
MP3: Any = mp3.MP3
MP4: Any = mp4.MP4
OggOpus: Any = oggopus.OggOpus

ROOT = Path(__file__).parents[3]
BY_SLUG = {piece.slug: piece for piece in PIECES}
# One of each format, among them two with drums, a 24-bit file, one of the compilation, and one with an .lrc.
HEARD = ("nocturne", "ferrymans-daughter", "vending-summer", "gentle-engines")


@dataclass(frozen=True)
class Heard:
    mono: npt.NDArray[np.float64]
    peak: float
    rate: int
    format: str


@cache
def files(slug: str) -> tuple[MadeFile, ...]:
    return tuple(make_piece(BY_SLUG[slug]))


@cache
def heard(slug: str) -> Heard:
    with av.open(BytesIO(files(slug)[0].content), "r") as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        decoded = [out for frame in container.decode(stream) for out in resampler.resample(frame)]
        sound = np.concatenate([frame.to_ndarray() for frame in decoded], axis=1).astype(np.float64)
        return Heard(sound.mean(axis=0), float(np.abs(sound).max()), stream.rate, stream.codec_context.name)


def picture_size(content: bytes) -> tuple[str | None, tuple[int, int]]:
    with Image.open(BytesIO(content)) as image:
        image.load()
        return image.format, image.size


# ------------------------------------------------------------------------------------------------ the catalogue


def test_paths_are_unique_relative_and_safe_on_every_system() -> None:
    paths = [piece.path for piece in PIECES]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in map(PurePosixPath, paths):
        assert not path.is_absolute()
        assert len(path.parts) == 3
        for part in path.parts:
            assert not set(part) & set('<>:"\\|?*')
            assert part == part.strip()
            assert not part.endswith(".")
            assert part not in {".", ".."}


def test_the_library_is_as_various_as_promised() -> None:
    albums = {piece.album.title: piece.album for piece in PIECES}
    assert len(PIECES) == 24
    assert len(albums) == 8
    assert len({piece.artists[0] for piece in PIECES}) == 9
    assert [album.artist for album in albums.values() if album.compilation] == ["Various Artists"]
    assert [len(album.discs) for album in albums.values()].count(2) == 1
    assert {piece.format for piece in PIECES} == {"flac", "mp3", "opus", "m4a"}
    assert {piece.metre for piece in PIECES} == {"4/4", "3/4", "6/8"}
    assert any(len(piece.artists) > 1 for piece in PIECES)
    assert max(piece.year for piece in PIECES) - min(piece.year for piece in PIECES) >= 50
    assert (min(piece.bpm for piece in PIECES), max(piece.bpm for piece in PIECES)) == (60, 174)


def test_there_is_one_piece_in_each_of_the_twenty_four_keys() -> None:
    assert len({(Key.named(piece.key, piece.scale).tonic, piece.scale) for piece in PIECES}) == 24


def test_each_album_is_complete_and_has_a_cover_somewhere() -> None:
    for album in {piece.album for piece in PIECES}:
        numbers = sorted((piece.disc, piece.track) for piece in PIECES if piece.album == album)
        assert numbers == [(disc + 1, track + 1) for disc, tracks in enumerate(album.discs) for track in range(tracks)]
        assert album.folder_cover or album.embedded_cover


def test_only_some_pieces_tell_their_tempo_and_key() -> None:
    assert 0 < sum(piece.tagged_tempo for piece in PIECES) < 12
    assert 0 < sum(piece.tagged_key for piece in PIECES) < 12


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.slug)
def test_a_piece_is_playable_data(piece: Piece) -> None:
    assert 30 <= piece.seconds <= 60
    assert 0 <= piece.energy <= 1
    assert piece.scale in SCALES
    key = Key.named(piece.key, piece.scale)
    form = passages(piece.score, key, piece.metre)
    sections = {passage.section.name for passage in form}
    assert sum(passage.beats for passage in form) == piece.score.bars() * BEATS_PER_BAR[piece.metre]
    for layer in piece.score.layers:
        assert set(layer.where.split()) <= sections
        player = Player(layer, key, piece.metre, 1)
        notes = [note for passage in form if layer.sounds_in(passage.section.name) for note in player.play(passage)]
        assert notes
        assert layer.manner == "beat" or all(26 <= note.pitch <= 100 for note in notes)
        assert all(0 < note.velocity <= 1 for note in notes)


def test_reading_the_catalogue_loads_no_heavy_library() -> None:
    code = "import sys, library.engine.demo; sys.exit(bool({'numpy', 'av', 'PIL', 'mutagen'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# ------------------------------------------------------------------------------------------------ theory


def test_numerals_become_chords() -> None:
    c_minor = Key.named("C", "minor")
    assert parse_chord("VImaj7", c_minor).tones() == (8, 0, 3, 7)
    assert parse_chord("V7/7", Key.named("C", "major")).bass == 11
    assert parse_chord("ii9", Key.named("D", "major")).tones() == (4, 7, 11, 2, 6)


def test_degrees_become_pitches() -> None:
    g_major = Key.named("G", "major")
    assert [parse_degree(text, g_major, 60) for text in ("1", "3", "#4", "8", "5,", "b7")] == [67, 71, 73, 79, 62, 77]
    assert parse_degree("1", g_major, 60, shift=2) == 71


def test_voices_are_led_by_small_steps() -> None:
    key = Key.named("C", "major")
    first = lead(parse_chord("I", key), (), 55, 76)
    second = lead(parse_chord("IV", key), first, 55, 76)
    assert all(min(abs(pitch - other) for other in first) <= 2 for pitch in second)


def test_swing_moves_the_offbeat_and_leaves_the_beat() -> None:
    assert [swung(beat, 0.2, 0.25) for beat in (0, 0.25, 0.5, 1)] == pytest.approx([0, 0.3, 0.5, 1])


# ------------------------------------------------------------------------------------------------ sound


@pytest.mark.parametrize("slug", HEARD)
def test_the_sound_is_whole(slug: str) -> None:
    sound, piece = heard(slug), BY_SLUG[slug]
    assert abs(sound.mono.size / sound.rate - piece.seconds) < 0.2
    assert np.isfinite(sound.mono).all()
    assert 0.3 < sound.peak < 0.99
    assert 0.05 < np.sqrt(np.mean(sound.mono**2)) < 0.2
    assert abs(sound.mono.mean()) < 1e-3
    assert np.abs(sound.mono[: sound.rate // 100]).max() < 0.02
    assert np.abs(sound.mono[-sound.rate // 20 :]).max() < 0.002


def onsets(sound: Heard) -> tuple[npt.NDArray[np.float64], float]:
    """Spectral flux, and its frames a second."""
    hop = 256
    starts = np.arange(0, sound.mono.size - 1024, hop)
    window = np.hanning(1024)
    spectra = np.array(
        [np.log1p(100 * np.abs(np.fft.rfft(sound.mono[start : start + 1024] * window))) for start in starts]
    )
    flux = np.maximum(np.diff(spectra, axis=0), 0).sum(axis=1)
    return flux - flux.mean(), sound.rate / hop


def tempo_found(sound: Heard) -> float:
    """The tempo whose beat, counted on for sixteen beats, meets the most echoes of the onsets."""
    flux, frames = onsets(sound)
    size = 1 << (2 * flux.size).bit_length()
    correlation = np.fft.irfft(np.abs(np.fft.rfft(flux, size)) ** 2, size)
    tempi = np.arange(60.0, 180.0, 0.25)
    lags = np.rint(60 * frames / tempi[:, None] * np.arange(1, 17)).astype(int)
    return float(tempi[np.argmax(correlation[lags].sum(axis=1))])


@pytest.mark.parametrize("slug", ["vending-summer", "gentle-engines"])
def test_the_tempo_measured_is_the_tempo_named(slug: str) -> None:
    octaves = [tempo_found(heard(slug)) * factor for factor in (0.5, 1, 2)]
    assert min(abs(tempo / BY_SLUG[slug].bpm - 1) for tempo in octaves) < 0.01


def key_found(sound: Heard) -> tuple[int, str]:
    """Krumhansl and Kessler's profiles against the energy of the twelve pitch classes."""
    profiles = {
        "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
        "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
    }
    size = 1 << 14
    hz = np.fft.rfftfreq(size, 1 / sound.rate)
    used = (hz > 60) & (hz < 1000)
    pitch = 69 + 12 * np.log2(hz[used] / 440)
    nearness = np.exp(-(((pitch - np.round(pitch)) / 0.25) ** 2))
    chroma = np.zeros(12)
    for start in range(0, sound.mono.size - size, size):
        spectrum = np.abs(np.fft.rfft(sound.mono[start : start + size] * np.hanning(size)))[used]
        chroma += np.bincount(np.round(pitch).astype(int) % 12, spectrum * nearness, 12)
    keys = [(tonic, name) for name in profiles for tonic in range(12)]
    return max(keys, key=lambda key: float(np.corrcoef(np.roll(profiles[key[1]], key[0]), chroma)[0, 1]))


@pytest.mark.parametrize("slug", ["nocturne", "ferrymans-daughter", "vending-summer"])
def test_the_key_heard_is_the_key_named(slug: str) -> None:
    piece = BY_SLUG[slug]
    assert key_found(heard(slug)) == (Key.named(piece.key, piece.scale).tonic, piece.scale)


def test_the_same_piece_is_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from hashlib import sha256; from library.engine.demo import PIECES, make_piece;"
        "piece = next(piece for piece in PIECES if piece.slug == sys.argv[1]);"
        "print(*(sha256(made.content).hexdigest() for made in make_piece(piece)))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, "gentle-engines"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert other.stdout.split() == [sha256(made.content).hexdigest() for made in files("gentle-engines")]


# ------------------------------------------------------------------------------------------------ files and tags


def test_flac_tags_and_resolution() -> None:
    audio = FLAC(BytesIO(files("nocturne")[0].content))
    assert (audio.info.bits_per_sample, audio.info.sample_rate) == (24, 48000)
    assert audio.info.md5_signature
    assert audio["title"] == ["Nocturne pour une fenêtre"]
    assert audio["albumartist"] == ["Jeanne Aubier"]
    assert audio["genre"] == ["Classical", "Nocturne"]
    assert audio["mood"] == ["Tender"]
    assert (audio["tracknumber"], audio["tracktotal"], audio["date"]) == (["1"], ["3"], ["1998"])
    assert "bpm" not in audio
    assert not audio.pictures


def test_mp3_tags_and_gapless_header() -> None:
    content = files("ferrymans-daughter")[0].content
    audio, tags = MP3(BytesIO(content)), ID3(BytesIO(content))
    assert audio.info.encoder_info.startswith("LAME 3.100")
    assert abs(audio.info.length - BY_SLUG["ferrymans-daughter"].seconds) < 0.1
    assert tags.version == (2, 4, 0)
    assert tags["TIT2"].text == ["The Ferryman’s Daughter"]
    assert tags["TCON"].text == ["Folk", "Celtic"]
    assert (tags["TPE2"].text, tags["TRCK"].text, tags["TPOS"].text) == (["Wren & Alder"], ["2/3"], ["1/1"])
    assert (tags["TMOO"].text, tags["TKEY"].text, str(tags["TDRC"].text[0])) == (["Wistful"], ["Dm"], "1972")
    assert tags["TXXX:REPLAYGAIN_TRACK_GAIN"].text[0].endswith(" dB")
    assert "TBPM" not in tags
    assert picture_size(tags.getall("APIC")[0].data) == ("JPEG", (800, 800))


def test_timed_lyrics_lie_beside_their_piece() -> None:
    made = {PurePosixPath(file.path).suffix: file for file in files("ferrymans-daughter")}
    assert PurePosixPath(made[".lrc"].path).stem == PurePosixPath(made[".mp3"].path).stem
    lines = made[".lrc"].content.decode().splitlines()
    assert "[00:05.50]She knew the river by its name," in lines
    assert len(lines) == 3 + len(BY_SLUG["ferrymans-daughter"].timed_lyrics)


def test_m4a_tags_on_the_second_of_two_discs() -> None:
    audio = MP4(BytesIO(files("vending-summer")[0].content))
    assert audio["\xa9nam"] == ["自動販売機の夏"]
    assert (audio["\xa9ART"], audio["aART"], audio["\xa9alb"]) == (["青い灯台"], ["青い灯台"], ["真夜中の灯"])
    assert (audio["trkn"], audio["disk"], audio["tmpo"]) == ([(1, 2)], [(2, 2)], [128])
    assert audio["\xa9gen"] == ["Synth-Pop", "Electronic"]
    assert [bytes(value) for value in audio["----:com.apple.iTunes:initialkey"]] == [b"E"]
    assert picture_size(bytes(audio["covr"][0])) == ("JPEG", (800, 800))


def test_opus_tags_name_every_artist() -> None:
    audio = OggOpus(BytesIO(files("gentle-engines")[0].content))
    assert audio["artist"] == ["Low Cloud Society feat. 青い灯台"]
    assert audio["artists"] == ["Low Cloud Society", "青い灯台"]
    assert (audio["compilation"], audio["albumartist"]) == (["1"], ["Various Artists"])
    assert picture_size(Picture(base64.b64decode(audio["metadata_block_picture"][0])).data) == ("JPEG", (800, 800))


def folder_covers() -> Iterator[MadeFile]:
    for slug in HEARD:
        yield from (made for made in files(slug) if made.path.endswith("cover.jpg"))


def test_the_first_piece_of_an_album_brings_the_folder_picture() -> None:
    covers = list(folder_covers())
    assert [made.path for made in covers] == ["Jeanne Aubier/La Chambre bleue/cover.jpg"]
    assert picture_size(covers[0].content) == ("JPEG", (800, 800))


def test_every_album_has_its_own_cover() -> None:
    assert {piece.album.cover for piece in PIECES} == set(DRAWINGS)
    covers = {name: draw_cover(name) for name in DRAWINGS}
    assert len(set(covers.values())) == 8
    assert all(picture_size(content) == ("JPEG", (800, 800)) for content in covers.values())


def test_decoders_agree_on_the_formats() -> None:
    assert [heard(slug).format for slug in HEARD] == ["flac", "mp3float", "aac", "opus"]
