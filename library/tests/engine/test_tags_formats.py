"""Every format's own way of writing tags, read into the same row; and files that are not what they seem."""

import base64
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from library.engine.tags import Changing, Unreadable, Vanished, folders, read_file
from library.engine.tags.pictures import cover
from library.engine.tags.raw import Raw
from library.engine.tags.rows import Row
from library.tests.engine.material import (
    FRAMES,
    MADE,
    OTHERS,
    anything,
    id3_tagged,
    picture,
    raw_of,
    row_of,
    sound,
    synchsafe,
    with_frames,
    written,
)

# mutagen ships a py.typed without the types; by these names its modules are frankly dynamic.
apev2: Any = import_module("mutagen.apev2")
asf: Any = import_module("mutagen.asf")
flac: Any = import_module("mutagen.flac")
mp4: Any = import_module("mutagen.mp4")
oggopus: Any = import_module("mutagen.oggopus")
oggvorbis: Any = import_module("mutagen.oggvorbis")
wave: Any = import_module("mutagen.wave")

ONE, TWO, THREE, FOUR = (f"{number:08d}-0000-4000-8000-000000000000" for number in (1, 2, 3, 4))
SUFFIX = {"alac": "m4a"}
# By the names of Vorbis comments; what each format calls them is written out below.
SAID: dict[str, list[str]] = {
    "title": ["Jóga"], "artist": ["Björk feat. A"], "artists": ["Björk", "A"], "albumartist": ["Björk"],
    "album": ["Homogenic"], "genre": ["Electronic", "Pop"], "tracknumber": ["3/12"], "discnumber": ["1/2"],
    "date": ["1997-09-22"], "originaldate": ["1997"], "composer": ["C"], "bpm": ["128"], "initialkey": ["Am"],
    "artistsort": ["Björk; A"], "isrc": ["GBAAA9700001"], "label": ["One Little Indian"],
    "musicbrainz_trackid": [ONE], "musicbrainz_releasetrackid": [TWO], "musicbrainz_albumid": [THREE],
    "musicbrainz_artistid": [FOUR, ONE], "replaygain_track_gain": ["-7.50 dB"], "replaygain_track_peak": ["0.98"],
    "comment": ["C'est ça"], "lyrics": ["One\nTwo"],
}  # fmt: skip


def vorbis(audio: Any) -> None:
    for name, values in SAID.items():
        audio[name.upper()] = values


def in_ogg(kind: Any) -> Callable[[BytesIO], None]:
    def write(file: BytesIO) -> None:
        audio = kind(file)
        vorbis(audio)
        block: Any = flac.Picture()
        block.type, block.mime, block.data = 3, "image/jpeg", picture()
        audio["METADATA_BLOCK_PICTURE"] = [base64.b64encode(block.write()).decode()]
        file.seek(0)
        audio.save(file)

    return write


def flac_comments(file: BytesIO) -> None:
    audio: Any = flac.FLAC(file)
    vorbis(audio)
    block: Any = flac.Picture()
    block.type, block.data = 3, picture()
    audio.add_picture(block)
    file.seek(0)
    audio.save(file)


def id3_frames(encoding: int = 3) -> list[Any]:
    e = encoding
    texts = {
        "TIT2": "title", "TPE1": "artist", "TPE2": "albumartist", "TALB": "album", "TCON": "genre",
        "TRCK": "tracknumber",
        "TPOS": "discnumber", "TDRC": "date", "TDOR": "originaldate", "TCOM": "composer", "TBPM": "bpm",
        "TKEY": "initialkey", "TSOP": "artistsort", "TSRC": "isrc", "TPUB": "label",
    }  # fmt: skip
    free = {
        "ARTISTS": "artists", "MusicBrainz Release Track Id": "musicbrainz_releasetrackid",
        "MusicBrainz Album Id": "musicbrainz_albumid", "MusicBrainz Artist Id": "musicbrainz_artistid",
        "replaygain_track_gain": "replaygain_track_gain", "REPLAYGAIN_TRACK_PEAK": "replaygain_track_peak",
    }  # fmt: skip
    found = [getattr(FRAMES, frame)(encoding=e, text=SAID[name]) for frame, name in texts.items()]
    found += [FRAMES.TXXX(encoding=e, desc=desc, text=SAID[name]) for desc, name in free.items()]
    found.append(FRAMES.UFID(owner="http://musicbrainz.org", data=ONE.encode()))
    found.append(FRAMES.COMM(encoding=e, lang="fra", desc="", text=SAID["comment"]))
    found.append(FRAMES.USLT(encoding=e, lang="eng", desc="", text=SAID["lyrics"][0]))
    found.append(FRAMES.APIC(encoding=e, mime="JPG", type=3, desc="", data=picture()))
    return found


def id3_before(version: int, encoding: int = 3) -> Callable[[BytesIO], None]:
    def write(file: BytesIO) -> None:
        content = id3_tagged(file.getvalue(), *id3_frames(encoding), version=version)
        file.seek(0)
        file.write(content)

    return write


def in_chunk(kind: Any) -> Callable[[BytesIO], None]:
    def write(file: BytesIO) -> None:
        audio = kind(file)
        audio.add_tags()
        for frame in id3_frames():
            audio.tags.add(frame)
        file.seek(0)
        audio.save(file)

    return write


def ape(file: BytesIO) -> None:
    tags: Any = apev2.APEv2()
    names = {"tracknumber": "Track", "discnumber": "Disc", "date": "Year", "albumartist": "Album Artist"}
    for name, values in SAID.items():
        tags[names.get(name, name.title())] = list(values)
    tags["Cover Art (Front)"] = apev2.APEValue(b"Cover Art (Front).jpg\0" + picture(), apev2.BINARY)
    file.seek(0)
    tags.save(file)


def atoms(file: BytesIO) -> None:
    audio: Any = mp4.MP4(file)
    if audio.tags is None:
        audio.add_tags()
    texts = {
        "\xa9nam": "title", "\xa9ART": "artist", "aART": "albumartist", "\xa9alb": "album", "\xa9gen": "genre",
        "\xa9day": "date", "\xa9wrt": "composer", "soar": "artistsort", "\xa9cmt": "comment", "\xa9lyr": "lyrics",
    }  # fmt: skip
    free = {
        "ARTISTS": "artists", "MusicBrainz Track Id": "musicbrainz_trackid", "ISRC": "isrc", "LABEL": "label",
        "MusicBrainz Release Track Id": "musicbrainz_releasetrackid", "MusicBrainz Album Id": "musicbrainz_albumid",
        "MusicBrainz Artist Id": "musicbrainz_artistid", "replaygain_track_gain": "replaygain_track_gain",
        "replaygain_track_peak": "replaygain_track_peak", "initialkey": "initialkey", "ORIGINALDATE": "originaldate",
    }  # fmt: skip
    audio.tags.update({atom: SAID[name] for atom, name in texts.items()})
    form: Any = mp4.MP4FreeForm
    audio.tags.update(
        {f"----:com.apple.iTunes:{atom}": [form(text.encode()) for text in SAID[name]] for atom, name in free.items()}
    )
    image: Any = mp4.MP4Cover
    audio.tags.update({"trkn": [(3, 12)], "disk": [(1, 2)], "tmpo": [128], "covr": [image(picture())]})
    file.seek(0)
    audio.save(file)


def microsoft(file: BytesIO) -> None:
    audio: Any = asf.ASF(file)
    names = {
        "Title": "title", "Author": "artist", "WM/AlbumArtist": "albumartist", "WM/AlbumTitle": "album",
        "WM/Genre": "genre", "WM/TrackNumber": "tracknumber", "WM/PartOfSet": "discnumber", "WM/Year": "date",
        "WM/OriginalReleaseYear": "originaldate", "WM/Composer": "composer", "WM/BeatsPerMinute": "bpm",
        "WM/InitialKey": "initialkey", "WM/ArtistSortOrder": "artistsort", "WM/ISRC": "isrc", "WM/Publisher": "label",
        "WM/ARTISTS": "artists", "MusicBrainz/Track Id": "musicbrainz_trackid", "WM/Lyrics": "lyrics",
        "MusicBrainz/Release Track Id": "musicbrainz_releasetrackid", "MusicBrainz/Album Id": "musicbrainz_albumid",
        "MusicBrainz/Artist Id": "musicbrainz_artistid", "replaygain_track_gain": "replaygain_track_gain",
        "replaygain_track_peak": "replaygain_track_peak", "Description": "comment",
    }  # fmt: skip
    for attribute, name in names.items():
        audio.tags[attribute] = list(SAID[name])
    nothing = b"\0\0"
    block = struct.pack("<BI", 3, len(picture())) + "image/jpeg".encode("utf-16-le") + nothing + nothing + picture()
    audio.tags["WM/Picture"] = [asf.ASFByteArrayAttribute(block)]
    file.seek(0)
    audio.save(file)


WRITERS: dict[str, tuple[str, Callable[[BytesIO], None]]] = {
    "mp3, ID3v2.4": ("mp3", id3_before(4)),
    "mp3, ID3v2.4 in UTF-16": ("mp3", id3_before(4, 1)),
    "mp3, APEv2": ("mp3", ape),
    "flac": ("flac", flac_comments),
    "ogg": ("ogg", in_ogg(oggvorbis.OggVorbis)),
    "opus": ("opus", in_ogg(oggopus.OggOpus)),
    "m4a": ("m4a", atoms),
    "alac": ("alac", atoms),
    "wma": ("wma", microsoft),
    "wav": ("wav", in_chunk(wave.WAVE)),
    "aac, ID3v2.4": ("aac", id3_before(4)),
    "ape": ("ape", ape),
    "wv": ("wv", ape),
    "mpc": ("mpc", ape),
    "tta, ID3v2.4": ("tta", id3_before(4)),
}


def tagged(way: str) -> bytes:
    name, write = WRITERS[way]
    file = BytesIO(anything(name))
    write(file)
    return file.getvalue()


@pytest.mark.parametrize("way", WRITERS)
def test_every_format_says_the_same(tmp_path: Path, way: str) -> None:
    name = WRITERS[way][0]
    path = written(tmp_path, f"x.{SUFFIX.get(name, name)}", tagged(way))
    found = row_of(path)
    found["lyrics"].pop("language", None)
    assert found["file_type"] == name
    assert {field: found[field] for field in EXPECTED} == EXPECTED
    assert found["artists"][0]["name"] == "Björk"
    assert {artist["name"]: artist["musicbrainz_id"] for artist in found["artists"]} == {"Björk": FOUR, "A": ONE}
    assert (found["album"]["title"], found["album"]["label"]) == ("Homogenic", "One Little Indian")
    assert found["album"]["artists"] == [{"name": "Björk"}]
    assert sorted(found["genres"]) == ["Electronic", "Pop"]
    assert {(role["role"], role["name"]) for role in found["roles"]} == {("composer", "C")}
    assert cover(raw_of(path).pictures) == picture()


EXPECTED = {
    "title": "Jóga", "credit": "Björk feat. A", "track_number": "3", "track_position": 3, "disc_position": 1,
    "year": "1997-09-22", "year_number": 1997, "original_date": "1997", "bpm": 128.0, "key": "Am",
    "isrc": "GBAAA9700001", "musicbrainz_id": ONE, "musicbrainz_trackid": TWO, "musicbrainz_albumid": THREE,
    "replaygain_track_gain": -7.5, "replaygain_track_peak": 0.98, "comment": "C'est ça",
    "lyrics": {"text": "One\nTwo", "source": "tags"},
}  # fmt: skip


@pytest.mark.parametrize("name", [*MADE, *OTHERS])
def test_the_sound_s_facts_are_there(tmp_path: Path, name: str) -> None:
    found = row_of(written(tmp_path, f"x.{SUFFIX.get(name, name)}", anything(name)))
    assert found["file_type"] == name
    assert found["duration_ms"] > 0
    assert found["sample_rate"] in {44_100, 48_000, 2_822_400}
    assert found["bitrate"] > 0
    assert found.get("bit_depth") == {"flac": 16, "alac": 16, "wav": 16, "aiff": 16, "wv": 16, "ape": 16}.get(
        name, 1 if name in ("dsf", "dff") else None
    )


def test_version_2_3_joins_by_slashes_and_dates_apart(tmp_path: Path) -> None:
    content = id3_tagged(sound("mp3"), *id3_frames(1), version=3)
    found = row_of(written(tmp_path, "a.mp3", content))
    assert [artist["name"] for artist in found["artists"]] == ["Björk", "A"]
    assert [artist["musicbrainz_id"] for artist in found["artists"]] == [FOUR, ONE]
    assert (found["year"], found["original_date"]) == ("1997-09-22", "1997")
    assert found["genres"] == ["Electronic", "Pop"]


def test_version_2_2_has_names_of_three_letters(tmp_path: Path) -> None:
    frames = {
        b"TT2": b"\0Old",
        b"TP1": b"\0A",
        b"TAL": b"\0B",
        b"TCP": b"\x001",
        b"TYE": b"\x001987",
        b"TRK": b"\x003/9",
    }
    body = b"".join(name + struct.pack(">I", len(data))[1:] + data for name, data in frames.items())
    content = b"ID3\x02\0\0" + synchsafe(len(body)) + body + sound("mp3")
    found = row_of(written(tmp_path, "a.mp3", content))
    assert (found["title"], found["year_number"], found["track_position"]) == ("Old", 1987, 3)
    assert found["album"]["compilation"]


def frames_row(tmp_path: Path, frames: dict[str, bytes], *, version: int = 3) -> Row:
    return row_of(written(tmp_path, "a.mp3", with_frames(sound("mp3"), frames, version=version)))


def test_utf_16_in_all_its_forms(tmp_path: Path) -> None:
    for text in (
        b"\x01" + "Jóga".encode("utf-16"),
        b"\x01\xfe\xff" + "Jóga".encode("utf-16-be"),
        b"\x01" + "Jóga".encode("utf-16-le"),
        b"\x01\xff\xfe\xff\xfe" + "Jóga".encode("utf-16-le"),
        b"\x02" + "Jóga".encode("utf-16-be"),
        b"\x01" + "Jóga".encode("utf-16") + b"\0\0",
        b"\x01" + "Jóga".encode("utf-16") + b"\0",
    ):
        assert frames_row(tmp_path, {"TIT2": text})["title"].strip("\ufeff") == "Jóga"


def test_lists_with_nuls_occur_in_version_2_3_too(tmp_path: Path) -> None:
    found = frames_row(tmp_path, {"TPE1": b"\x01" + "A".encode("utf-16") + b"\0\0" + "B".encode("utf-16")})
    assert [artist["name"] for artist in found["artists"]] == ["A", "B"]


def test_relative_volume_and_pairs_of_people(tmp_path: Path) -> None:
    content = id3_tagged(
        sound("mp3"),
        FRAMES.RVA2(desc="track", channel=1, gain=-6.5, peak=0.5),
        FRAMES.RVA2(desc="album", channel=1, gain=1.25, peak=0),
        FRAMES.TIPL(encoding=3, people=[["producer", "P"]]),
        FRAMES.TMCL(encoding=3, people=[["guitar", "G"]]),
        FRAMES.POPM(email="Windows Media Player 9 Series", rating=196, count=0),
        FRAMES.COMM(encoding=0, lang="eng", desc="iTunNORM", text=[" 000003E8 000003E8 0 0 0 0 0 0 0 0"]),
    )
    found = row_of(written(tmp_path, "a.mp3", content))
    assert (found["replaygain_track_gain"], found["replaygain_track_peak"]) == (-6.5, 0.5)
    assert found["replaygain_album_gain"] == 1.25
    assert found["rating"] == 8
    assert {(role["role"], role["name"]) for role in found["roles"]} == {("producer", "P"), ("performer", "G")}
    assert "comment" not in found


def test_timed_words_before_plain_ones(tmp_path: Path) -> None:
    timed = FRAMES.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=[("One", 1500), ("Two", 62_000)])
    content = id3_tagged(sound("mp3"), FRAMES.USLT(encoding=3, lang="fra", desc="", text="Un"), timed)
    found = row_of(written(tmp_path, "a.mp3", content))
    assert found["lyrics"] == {
        "text": "[00:01.50]One\n[01:02.00]Two",
        "synced": True,
        "language": "eng",
        "source": "tags",
    }


def test_addresses_of_pictures_are_not_followed(tmp_path: Path) -> None:
    content = id3_tagged(
        sound("mp3"), FRAMES.APIC(encoding=0, mime="-->", type=3, desc="", data=b"http://example.org/a.jpg")
    )
    assert raw_of(written(tmp_path, "a.mp3", content)).pictures == []


def test_old_pictures_in_vorbis_comments(tmp_path: Path) -> None:
    file = BytesIO(sound("ogg"))
    audio: Any = oggvorbis.OggVorbis(file)
    audio["COVERART"] = [base64.b64encode(picture()).decode().rstrip("=")]
    file.seek(0)
    audio.save(file)
    assert cover(raw_of(written(tmp_path, "a.ogg", file.getvalue())).pictures) == picture()


def test_r128_belongs_to_opus(tmp_path: Path) -> None:
    file = BytesIO(sound("opus"))
    audio: Any = oggopus.OggOpus(file)
    audio["R128_TRACK_GAIN"] = ["-2560"]
    file.seek(0)
    audio.save(file)
    assert row_of(written(tmp_path, "a.opus", file.getvalue()))["replaygain_track_gain"] == -5.0


# --- several blocks of tags ------------------------------------------------------------------------------------------


def version_1(title: bytes = b"v1 title", artist: bytes = b"v1 artist") -> bytes:
    block = b"TAG" + title.ljust(30, b"\0") + artist.ljust(30, b"\0") + b"v1 album".ljust(30, b"\0") + b"1987"
    return block + b"comment".ljust(28, b"\0") + b"\0\x07\x11"


def test_version_2_before_ape_before_version_1(tmp_path: Path) -> None:
    file = BytesIO(id3_tagged(sound("mp3"), FRAMES.TIT2(encoding=3, text=["v2 title"])))
    tags: Any = apev2.APEv2()
    tags["Title"], tags["Artist"] = "ape title", "ape artist"
    tags.save(file)
    found = row_of(written(tmp_path, "a.mp3", file.getvalue() + version_1()))
    assert (found["title"], found["credit"], found["album"]["title"]) == ("v2 title", "ape artist", "v1 album")
    assert (found["track_position"], found["genres"], found["year_number"]) == (7, ["Rock"], 1987)


def test_utf_8_in_thirty_bytes(tmp_path: Path) -> None:
    title = ("a" + "ż" * 20).encode()[:30]
    found = row_of(written(tmp_path, "a.mp3", sound("mp3") + version_1(title, "Björk".encode("latin-1"))))
    assert found["title"] == "a" + "ż" * 14
    assert found["credit"] == "Björk"


def test_a_second_tag_behind_the_first(tmp_path: Path) -> None:
    second = id3_tagged(sound("mp3"), FRAMES.TIT2(encoding=3, text=["2nd"]), FRAMES.TALB(encoding=3, text=["Album"]))
    both = id3_tagged(b"", FRAMES.TIT2(encoding=3, text=["1st"])) + second
    found = row_of(written(tmp_path, "a.mp3", both))
    assert (found["title"], found["album"]["title"]) == ("1st", "Album")


def test_an_id3_tag_before_a_flac(tmp_path: Path) -> None:
    file = BytesIO(sound("flac"))
    audio: Any = flac.FLAC(file)
    audio["title"] = "Vorbis"
    file.seek(0)
    audio.save(file)
    content = id3_tagged(b"", FRAMES.TIT2(encoding=3, text=["ID3"]), FRAMES.TALB(encoding=3, text=["Album"]))
    found = row_of(written(tmp_path, "a.flac", content + file.getvalue()))
    assert (found["title"], found["album"]["title"], found["file_type"]) == ("Vorbis", "Album", "flac")


def info(**texts: bytes) -> bytes:
    body = b"INFO"
    for name, text in texts.items():
        body += name.encode() + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    return b"LIST" + struct.pack("<I", len(body)) + body


def with_chunk(content: bytes, chunk: bytes, order: str = "<") -> bytes:
    whole = content + chunk
    return whole[:4] + struct.pack(f"{order}I", len(whole) - 8) + whole[8:]


def test_list_info_of_wav(tmp_path: Path) -> None:
    chunk = info(
        INAM="Jóga".encode() + b"\0", IART="Björk".encode("cp1252"), IPRD=b"Homogenic", ICRD=b"1997", ITRK=b"3"
    )
    found = row_of(written(tmp_path, "a.wav", with_chunk(sound("wav"), chunk)))
    assert (found["title"], found["credit"], found["album"]["title"]) == ("Jóga", "Björk", "Homogenic")
    assert (found["year_number"], found["track_position"]) == (1997, 3)


def test_an_id3_chunk_of_wav_beats_list_info(tmp_path: Path) -> None:
    file = BytesIO(with_chunk(sound("wav"), info(INAM=b"INFO", IPRD=b"Album")))
    audio: Any = wave.WAVE(file)
    audio.add_tags()
    audio.tags.add(FRAMES.TIT2(encoding=3, text=["ID3"]))
    file.seek(0)
    audio.save(file)
    found = row_of(written(tmp_path, "a.wav", file.getvalue()))
    assert (found["title"], found["album"]["title"]) == ("ID3", "Album")


def test_name_and_author_of_aiff(tmp_path: Path) -> None:
    chunks = b"NAME" + struct.pack(">I", 4) + b"Joga" + b"AUTH" + struct.pack(">I", 5) + b"Bjork\0"
    found = row_of(written(tmp_path, "a.aiff", with_chunk(anything("aiff"), chunks, ">")))
    assert (found["title"], found["credit"]) == ("Joga", "Bjork")


# --- files that are not what they seem -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mp3", "flac", "m4a", "ogg", "opus", "wav", "wma", "wv"])
def test_what_a_file_is_decides_not_what_it_is_called(tmp_path: Path, name: str) -> None:
    for suffix in ("mp3", "flac", "m4a"):
        assert row_of(written(tmp_path, f"x.{suffix}", anything(name)))["file_type"] == name


@pytest.mark.parametrize(
    "suffix", ["mp3", "flac", "m4a", "ogg", "opus", "wma", "wav", "aiff", "ape", "wv", "mpc", "dsf", "dff"]
)
@pytest.mark.parametrize(
    "content",
    [b"this is not audio\n" * 50, b"\0", bytes(5000), bytes(range(255, 191, -1))],
    ids=["text", "a zero", "zeros", "noise"],
)
def test_what_is_no_music_is_unreadable_and_says_why(tmp_path: Path, suffix: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged") as refused:
        raw_of(written(tmp_path, f"x.{suffix}", content))
    assert not refused.value.passing
    assert "Error" not in str(refused.value)
    assert "(error)" not in str(refused.value)


@pytest.mark.parametrize("name", [*MADE, *OTHERS])
def test_a_file_cut_anywhere_is_read_or_refused_never_worse(tmp_path: Path, name: str) -> None:
    content = anything(name)
    suffix = SUFFIX.get(name, name)
    for length in {1, 10, 50, 100, 200, len(content) // 3, len(content) // 2, len(content) - 1}:
        path = written(tmp_path, f"x.{suffix}", content[:length])
        with suppress(Unreadable):
            row_of(path)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="empty"):
        raw_of(written(tmp_path, "x.mp3", b""))


def test_what_vanished_changed_or_is_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(Vanished):
        read_file(bytes(tmp_path / "x.mp3"), size=1, mtime_ns=1)
    path = written(tmp_path, "x.mp3", sound("mp3"))
    with pytest.raises(Changing):
        read_file(bytes(path), size=path.stat().st_size, mtime_ns=1)
    os.mkfifo(tmp_path / "pipe.mp3")
    with pytest.raises(Unreadable, match="not a file"):
        read_file(bytes(tmp_path / "pipe.mp3"), size=1, mtime_ns=1)


def test_what_may_pass_is_told_from_what_is_damaged(tmp_path: Path) -> None:
    long = bytes(tmp_path) + b"/" + b"n" * 300 + b".mp3"
    with pytest.raises(Unreadable, match="File name too long") as refused:
        read_file(long, size=1, mtime_ns=1)
    assert refused.value.passing


def test_tags_of_a_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, "x.mp3", b"ID3\x04\0\0" + synchsafe(200 << 20) + sound("mp3"))
    with pytest.raises(Unreadable, match="200 MB"):
        raw_of(path)


# --- what only a folder can tell -------------------------------------------------------------------------------------


def foreign(tmp_path: Path, name: str, text: bytes) -> Raw:
    return raw_of(written(tmp_path, name, with_frames(sound("mp3"), {"TIT2": b"\0" + text, "TPE1": b"\0Plain"})))


def test_an_encoding_that_a_whole_folder_shares(tmp_path: Path) -> None:
    found = [foreign(tmp_path, f"{n}.mp3", text.encode("cp1251")) for n, text in enumerate(["Земфира", "Искала"])]
    assert folders.shared_encoding(found) == "cp1251"
    for raw in found:
        folders.read_again_as(raw, "cp1251")
    assert [raw.values["title"] for raw in found] == [["Земфира"], ["Искала"]]
    assert found[0].values["artist"] == ["Plain"]


def test_one_file_or_two_that_disagree_share_nothing(tmp_path: Path) -> None:
    cyrillic = foreign(tmp_path, "a.mp3", "Земфира".encode("cp1251"))
    assert folders.shared_encoding([cyrillic]) is None
    assert folders.shared_encoding([cyrillic, foreign(tmp_path, "b.mp3", "椎名林檎".encode("shift_jis"))]) is None
    western = [foreign(tmp_path, f"{n}.mp3", text.encode("latin-1")) for n, text in enumerate(["Jóga", "Björk"])]
    assert folders.shared_encoding(western) is None


def lone(artist: str, track: int | None, album: str = "X") -> Row:
    row: Row = {"album": {"title": album, "artists": [{"name": artist}], "credit": artist}}
    return row if track is None else row | {"track_position": track}


def makers(*rows: Row) -> list[str]:
    folders.agree_on_album_artist(rows)
    return [row["album"]["artists"][0]["name"] for row in rows]


def test_who_made_an_album_is_for_its_tracks_to_tell() -> None:
    assert makers(lone("A", 1), lone("A", 2), lone("a", 3)) == ["A", "A", "a"]
    assert makers(lone("A", 1), lone("B", 2), lone("C", 3)) == ["Various Artists"] * 3
    assert makers(lone("A", 1), lone("B", 1)) == ["A", "B"]
    assert makers(lone("A", None), lone("B", None)) == ["A", "B"]
    assert makers(lone("A", 1, "X"), lone("B", 2, "Y")) == ["A", "B"]
