"""Cue sheets: one file of sound, several tracks in it, beginning at their INDEX 01 in seventy-fifths of a second."""

import re
from copy import copy
from dataclasses import dataclass, field

from library.engine.tags.encodings import decoded
from library.engine.tags.raw import Raw, cleaned

FRAMES_A_SECOND = 75
LARGEST = 1 << 20
MOST_TRACKS = 999
_LINE = re.compile(r"\s*(?:REM\s+)?([A-Z_]+)\s+(.*?)\s*$", re.IGNORECASE)
_QUOTED = re.compile(r'"(.*)"\s*(\S*)$')
_INDEX = re.compile(r"0*1\s+(\d{1,4}):(\d{2}):(\d{2})$")


@dataclass
class CueTrack:
    number: int
    title: str = ""
    performer: str = ""
    songwriter: str = ""
    isrc: str = ""
    start_ms: int | None = None


@dataclass
class CueFile:
    name: str
    """as the sheet calls it, which need not be how it is called now"""
    tracks: list[CueTrack] = field(default_factory=list)


@dataclass
class CueSheet:
    files: list[CueFile] = field(default_factory=list)
    title: str = ""
    performer: str = ""
    date: str = ""
    genre: str = ""
    comment: str = ""
    catalog: str = ""
    disc: str = ""


def parse(content: bytes | str) -> CueSheet:
    """What it says; whatever makes no sense is passed over."""
    sheet = CueSheet()
    text = content if isinstance(content, str) else decoded(content[:LARGEST])
    track: CueTrack | None = None
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        word, rest = match[1].upper(), match[2]
        if word == "FILE":
            sheet.files.append(CueFile(_text(rest)))
            track = None
        elif word == "TRACK":
            track = _begin_track(sheet, rest)
        elif track is not None:
            _say_of_track(track, word, rest)
        elif word in _OF_SHEET:
            setattr(sheet, _OF_SHEET[word], _text(rest))
    return sheet


_OF_SHEET = {
    "TITLE": "title", "PERFORMER": "performer", "DATE": "date", "GENRE": "genre", "COMMENT": "comment",
    "CATALOG": "catalog", "DISCNUMBER": "disc",
}  # fmt: skip
_OF_TRACK = {"TITLE": "title", "PERFORMER": "performer", "SONGWRITER": "songwriter", "ISRC": "isrc"}


def _begin_track(sheet: CueSheet, rest: str) -> CueTrack | None:
    number = re.match(r"\d{1,3}", rest)
    if number is None or not sheet.files or sum(len(file.tracks) for file in sheet.files) >= MOST_TRACKS:
        return None
    track = CueTrack(int(number[0]))
    sheet.files[-1].tracks.append(track)
    return track


def _say_of_track(track: CueTrack, word: str, rest: str) -> None:
    if word in _OF_TRACK:
        setattr(track, _OF_TRACK[word], _text(rest))
    elif word == "INDEX":
        index = _INDEX.match(rest)
        if index:
            seconds = int(index[1]) * 60 + int(index[2])
            track.start_ms = round((seconds + int(index[3]) / FRAMES_A_SECOND) * 1000)


def _text(rest: str) -> str:
    quoted = _QUOTED.match(rest)
    if quoted:
        return cleaned(quoted[1])
    # A file's name without quotation marks has its type behind it.
    return cleaned(re.sub(r"\s+(?:WAVE|MP3|AIFF|BINARY|MOTOROLA|FLAC)$", "", rest))


def image_of(file: CueFile, sheet_stem: str, names: dict[str, bytes]) -> bytes | None:
    """Which of the folder's audio files it speaks of: `names` are these by their case-folded names.

    Sheets are written for a .wav that became a .flac, and are copied from other systems.
    """
    said = file.name.replace("\\", "/").rpartition("/")[2].casefold()
    if said in names:
        return names[said]
    stem = said.rpartition(".")[0] or said
    by_stem: dict[str, list[bytes]] = {}
    for name, real in names.items():
        by_stem.setdefault(name.rpartition(".")[0] or name, []).append(real)
    for candidate in (stem, sheet_stem.casefold()):
        if len(by_stem.get(candidate, [])) == 1:
            return by_stem[candidate][0]
    return None


def is_of_images(file: CueFile) -> bool:
    """Whether it cuts a file into tracks; a sheet of a file for each track says nothing that the tags do not."""
    return len([track for track in file.tracks if track.start_ms is not None]) > 1


@dataclass(frozen=True)
class Part:
    """A track within a file."""

    index: int
    start_ms: int
    end_ms: int | None
    raw: Raw


def parts(raw: Raw, sheet: CueSheet, file: CueFile) -> list[Part]:
    """The tracks, each with what the sheet says of it before what the tags say of the whole."""
    end = raw.audio.duration_ms
    starts = {track.start_ms: track for track in file.tracks if track.start_ms is not None}
    # What would begin behind the end of the file is not in it.
    tracks = [(start, starts[start]) for start in sorted(starts) if end is None or start < end]
    ends = [start for start, _ in tracks[1:]] + [end]
    return [
        Part(place, start, behind, _raw_of(raw, sheet, track, start, behind))
        for place, ((start, track), behind) in enumerate(zip(tracks, ends, strict=False), 1)
    ]


def _raw_of(raw: Raw, sheet: CueSheet, track: CueTrack, start: int, end: int | None) -> Raw:
    part = copy(raw)
    part.audio = copy(raw.audio)
    part.audio.duration_ms = end - start if end is not None else None
    part.words, part.rating, part.doubtful = [], None, []
    part.gains = {}
    part.values = {name: values for name, values in raw.values.items() if name not in _OF_THE_WHOLE}
    part.audio_hash = f"{raw.audio_hash}-{track.number}" if raw.audio_hash else ""
    said = {
        "title": track.title or f"Track {track.number}", "track": str(track.number), "isrc": track.isrc,
        "artist": track.performer or sheet.performer, "composer": track.songwriter, "album": sheet.title,
        "albumartist": sheet.performer, "barcode": sheet.catalog, "disc": sheet.disc,
    }  # fmt: skip
    part.values |= {name: [text] for name, text in said.items() if text}
    for name, text in (("date", sheet.date), ("genre", sheet.genre), ("comment", sheet.comment)):
        if text:
            part.values.setdefault(name, [text])
    return part


# What the tags of the whole file say does not hold for each of its tracks.
_OF_THE_WHOLE = {
    "title", "titlesort", "track", "tracktotal", "artist", "artists", "artist_id", "artistsort", "recording_id",
    "track_id", "isrc", "cuesheet", "replaygaintrackgain", "replaygaintrackpeak", "r128trackgain", "bpm", "key",
    "acoustidfingerprint", "composer", "rating", "fmpsrating",
}  # fmt: skip
