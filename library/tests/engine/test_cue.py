"""Cue sheets: tracks within a file."""

import pytest

from library.engine import cue
from library.engine.tags.raw import Audio, Raw, Words

SHEET = """REM GENRE Rock
REM DATE 1999
REM DISCID 860B640B
PERFORMER "Bänd"
TITLE "Album "
FILE "Band - Album.wav" WAVE
  TRACK 01 AUDIO
    TITLE "One"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Two"
    PERFORMER "Guest"
    ISRC GBAAA9700002
    INDEX 00 03:00:00
    INDEX 01 03:02:37
  TRACK 03 AUDIO
    INDEX 01 99:00:00
"""


def whole(**values: str) -> Raw:
    raw = Raw(Audio("flac", duration_ms=400_000, sample_rate=44_100), audio_hash="abc", words=[Words("for all")])
    raw.values = {name: [value] for name, value in values.items()}
    raw.gains = {"track_gain": -3.0}
    return raw


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_each_sheet_has_its_own_encoding(encoding: str) -> None:
    sheet = cue.parse(SHEET.encode(encoding))
    assert (sheet.performer, sheet.title, sheet.date, sheet.genre) == ("Bänd", "Album", "1999", "Rock")
    assert [track.start_ms for track in sheet.files[0].tracks] == [0, 182_493, 5_940_000]


def test_parts_say_what_the_sheet_says_of_them() -> None:
    sheet = cue.parse(SHEET.encode())
    raw = whole(
        title="The whole", artist="X", genre="Pop", comment="ripped", album_id="kept", recording_id="of the whole"
    )
    one, two = cue.parts(raw, sheet, sheet.files[0])
    assert (one.index, one.start_ms, one.end_ms) == (1, 0, 182_493)
    assert (two.index, two.start_ms, two.end_ms) == (2, 182_493, 400_000)
    assert (one.raw.first("title"), one.raw.first("artist"), one.raw.first("track")) == ("One", "Bänd", "1")
    assert (two.raw.first("artist"), two.raw.first("albumartist")) == ("Guest", "Bänd")
    assert (two.raw.first("genre"), two.raw.first("date"), two.raw.first("album")) == ("Pop", "1999", "Album")
    assert two.raw.first("album_id") == "kept"
    assert not two.raw.first("recording_id")
    assert (two.raw.audio.duration_ms, two.raw.audio.sample_rate) == (217_507, 44_100)
    assert (one.raw.words, one.raw.gains) == ([], {})
    assert len({one.raw.audio_hash, two.raw.audio_hash, "abc"}) == 3
    assert raw.first("title") == "The whole"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Band - Album.wav"], b"Band - Album.wav"),
        (["band - album.WAV"], b"band - album.WAV"),
        (["Band - Album.flac"], b"Band - Album.flac"),
        (["sheet.ape", "other.mp3"], b"sheet.ape"),
        (["other.mp3"], None),
        (["Band - Album.flac", "Band - Album.mp3"], None),
    ],
)
def test_the_file_is_found_under_the_name_that_it_has_now(names: list[str], found: bytes | None) -> None:
    sheet = cue.parse(SHEET.encode())
    assert cue.image_of(sheet.files[0], "sheet", {name.casefold(): name.encode() for name in names}) == found


def test_paths_of_other_systems_name_files_of_this_folder() -> None:
    sheet = cue.parse('FILE "C:\\Music\\a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n')
    assert cue.image_of(sheet.files[0], "s", {"a.flac": b"a.flac"}) == b"a.flac"


def test_a_file_for_each_track_is_not_cut() -> None:
    text = "".join(f'FILE "{n}.flac" WAVE\n  TRACK 0{n} AUDIO\n    INDEX 01 00:00:00\n' for n in (1, 2, 3))
    assert not any(cue.is_of_images(file) for file in cue.parse(text).files)
    assert cue.is_of_images(cue.parse(SHEET).files[0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\0\0",
        "TRACK 01 AUDIO\nINDEX 01 00:00:00",
        'FILE "a',
        "FILE a.wav WAVE\nTRACK xx\nINDEX 01 0:0:0",
        "INDEX 01",
    ],
)
def test_what_makes_no_sense_is_passed_over(text: str) -> None:
    sheet = cue.parse(text.encode())
    assert not any(cue.is_of_images(file) for file in sheet.files)


def test_a_sheet_of_ten_thousand_tracks_ends() -> None:
    text = 'FILE "a.wav" WAVE\n' + "TRACK 01 AUDIO\nINDEX 01 00:00:00\n" * 10_000
    assert len(cue.parse(text).files[0].tracks) == cue.MOST_TRACKS
