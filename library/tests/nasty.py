"""A folder of everything that goes wrong with folders of music, each with what a scan must do about it.

`indexed`: it becomes a track. `error`: it is named, with a reason, and the scan goes on. `passed`: not a word of it.
`either`: it is one or the other, as long as nothing worse happens.
"""

import os
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from library.tests.engine.material import FRAMES, id3_tagged, picture, sound, synchsafe, with_frames

Fate = Literal["indexed", "error", "passed", "either"]


@dataclass(frozen=True)
class Case:
    place: bytes
    """relative to the folder"""
    fate: Fate
    why: str


class Nasty:
    """Makes it, and remembers what it made."""

    def __init__(self, folder: Path) -> None:
        self.folder = bytes(folder)
        self.cases: list[Case] = []
        for make in (
            self._plain, self._passed_over, self._damaged, self._names, self._texts, self._numbers, self._heavy,
            self._links, self._special,
        ):  # fmt: skip
            make()

    def put(self, place: str | bytes, content: bytes, fate: Fate = "indexed", why: str = "") -> None:
        raw = os.fsencode(place)
        path = os.path.join(self.folder, raw)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        os.utime(path, ns=(1_600_000_000_000_000_000, 1_600_000_000_000_000_000))
        self.cases.append(Case(raw, fate, why))

    def link(self, place: str, target: str, fate: Fate, why: str) -> None:
        path = os.path.join(self.folder, os.fsencode(place))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
        self.cases.append(Case(os.fsencode(place), fate, why))

    def _plain(self) -> None:
        self.put("plain/song.mp3", song("Plain"))
        self.put("plain/SHOUTED.MP3", song("Shouted"), why="suffix in capitals")
        self.put("plain/song.flac", sound("flac"))
        self.put("case/Song.mp3", song("1"), why="differs by its case alone")
        self.put("case/song.MP3", song("2"), why="differs by its case alone")

    def _passed_over(self) -> None:
        for place in (
            ".hidden/a.mp3", "plain/.hidden.mp3", "@eaDir/a.mp3", "$RECYCLE.BIN/a.mp3", "#snapshot/a.mp3",
            "#recycle/a.mp3", "lost+found/a.mp3", ".git/a.mp3", "ignored/a.mp3", "ignored/below/a.mp3", "nomedia/a.mp3",
            "rules/live/a.mp3", "rules/demo.mp3",
        ):  # fmt: skip
            self.put(place, song("Unseen"), "passed")
        self.put("plain/._song.mp3", b"\0\x05\x16\x07" + bytes(60), "passed", "AppleDouble")
        self.put("ignored/.ndignore", b"", "passed")
        self.put("nomedia/.nomedia", b"", "passed")
        self.put("rules/.ndignore", b"live/\ndemo*\n!demo kept.mp3\n", "passed")
        self.put("rules/demo kept.mp3", song("Kept"), why="taken back by its rule")
        self.put("plain/notes.txt", b"not music", "passed")

    def _damaged(self) -> None:
        for suffix in ("mp3", "flac", "m4a", "ogg", "opus", "wav", "wma"):
            content = sound(suffix)
            self.put(f"damaged/empty.{suffix}", b"", "error", "0 bytes")
            self.put(f"damaged/text.{suffix}", b"no music\n" * 99, "error", "text")
            self.put(f"damaged/half.{suffix}", content[: len(content) // 2], "either", "a download that broke off")
            self.put(f"damaged/head.{suffix}", content[:40], "error", "only its head")
            other = "flac" if suffix == "mp3" else "mp3"
            self.put(f"wrong name/{suffix} as.{other}", content, "indexed", "its content decides")

    def _names(self) -> None:
        self.put(b"names/latin \xe9\xe8.mp3", song("Latin-1"), why="not UTF-8")
        self.put(b"names/\x93\x8c\x8b\x9e.mp3", song("Shift-JIS"), why="not UTF-8")
        self.put(b"names/folder \xff/a.mp3", song("Folder"), why="a folder that is not UTF-8")
        for form in ("NFC", "NFD"):
            self.put(f"names/{unicodedata.normalize('NFC' if form == 'NFC' else 'NFD', 'Beyoncé')}.mp3", song(form))
        self.put("names/new\nline.mp3", song("New line"))
        self.put('names/tab\t"quote" \\ %41 ␛e9.mp3', song("Quotes"))
        self.put("names/" + "x" * 251 + ".mp3", song("Long"), why="255 bytes")
        self.put("names/" + "東" * 83 + ".mp3", song("Long too"), why="253 bytes in 87 letters")
        self.put("/".join(f"level {n:02d} {'y' * 36}" for n in range(40)) + "/deep.mp3", song("Deep"), why="40 levels")
        self.put("names/.../album.mp3", song("Dots"), why="an album called ...")

    def _texts(self) -> None:
        for name, frame in {
            "cp1251": b"\0" + "Земфира".encode("cp1251"), "sjis": b"\0" + "椎名林檎".encode("shift_jis"),
            "nul": b"\x03A\0B", "surrogate": b"\x01\xff\xfe\x00\xd8a\0", "control": b"\x03a\x01\x1bb",
            "no mark": b"\x01" + "Jóga".encode("utf-16-le"), "two marks": b"\x01\xff\xfe\xff\xfeJ\0",
            "blank": b"\x03  ", "nothing": b"\x03", "zero width": "\x03\u200b".encode(),
        }.items():  # fmt: skip
            self.put(f"texts/{name}.mp3", with_frames(sound("mp3"), {"TIT2": frame, "TPE1": frame, "TALB": frame}))
        self.put("texts/none.mp3", sound("mp3"), why="its title is its name")

    def _numbers(self) -> None:
        for name, frame, text in (
            ("side", "TRCK", b"A1"), ("huge", "TRCK", b"99999999999/0"), ("negative", "TRCK", b"-3/10"),
            ("words", "TRCK", b"one"), ("year", "TYER", b"MMXX"), ("zero", "TYER", b"0000"),
            ("bpm", "TBPM", b"128 BPM"),
            ("fraction", "TBPM", b"141.7"), ("genre", "TCON", b"(17)(RX)Rock"), ("number", "TCON", b"250"),
            ("key", "TKEY", b"o"), ("length", "TLEN", b"-1"),
        ):  # fmt: skip
            self.put(f"numbers/{name}.mp3", with_frames(sound("mp3"), {"TIT2": b"\0Odd", frame: b"\0" + text}))
        self.put(
            "numbers/gain.mp3", song("Gain", free={"REPLAYGAIN_TRACK_GAIN": "nan dB", "replaygain_album_gain": "inf"})
        )
        self.put("numbers/ids.mp3", song("Ids", free={"MusicBrainz Album Id": "none", "MusicBrainz Artist Id": "1/2"}))

    def _heavy(self) -> None:
        words = FRAMES.USLT(encoding=3, lang="eng", desc="", text="la " * 350_000)
        self.put("heavy/words.mp3", id3_tagged(song("Words"), words), why="a megabyte of words")
        self.put("heavy/title.mp3", song("T" * 20_000), why="20,000 letters")
        self.put("heavy/artists.mp3", song("Artists", artists=[f"A{n}" for n in range(500)]), why="500 artists")
        large = FRAMES.APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=picture() + bytes(12_000_000))
        self.put("heavy/cover.mp3", id3_tagged(song("Cover"), large), why="a picture of 12 MB")
        self.put(
            "heavy/tags.mp3", b"ID3\x04\0\0" + synchsafe(200 << 20) + sound("mp3"), "error", "200 MB of tags, it says"
        )
        self.put(
            "heavy/box.m4a", struct.pack(">I4s", 0xFFFFFFF0, b"ftyp") + bytes(200), "error", "a box of 4 GB, it says"
        )

    def _links(self) -> None:
        self.link("links/here", ".", "passed", "to its own folder")
        self.link("links/up", "..", "passed", "to a folder above")
        self.link("links/broken.mp3", "nowhere.mp3", "error", "to nothing")
        self.link("links/itself.mp3", "itself.mp3", "error", "to itself")
        self.link("links/again.mp3", "../plain/song.mp3", "passed", "to what is listed anyway")
        self.link("links/folder", "../plain", "passed", "to what is listed anyway")
        self.link("links/out.mp3", "/etc/hostname", "error", "to no music, and out of here")
        self.link("links/outside", "/usr", "error", "to a folder out of here")
        self.link("links/kept.mp3", "../.hidden/a.mp3", "indexed", "to what is listed nowhere else")

    def _special(self) -> None:
        os.makedirs(self.folder + b"/special", exist_ok=True)
        os.mkfifo(self.folder + b"/special/pipe.mp3")
        self.cases.append(Case(b"special/pipe.mp3", "passed", "whoever opens it waits for ever"))
        os.makedirs(self.folder + b"/special/folder.mp3")
        self.cases.append(Case(b"special/folder.mp3", "passed", "a folder with a suffix"))

    def of(self, *fates: Fate) -> Iterator[Case]:
        return (case for case in self.cases if case.fate in fates)


def song(title: str, *, artists: list[str] | None = None, free: dict[str, str] | None = None) -> bytes:
    frames: list[Any] = [FRAMES.TIT2(encoding=3, text=[title]), FRAMES.TPE1(encoding=3, text=artists or ["A"])]
    frames += [FRAMES.TXXX(encoding=3, desc=name, text=[value]) for name, value in (free or {}).items()]
    return id3_tagged(sound("mp3"), *frames)
