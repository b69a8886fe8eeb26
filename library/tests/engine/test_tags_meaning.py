"""What values in tags mean: names, numbers, dates, ids, loudness, keys, ratings, genres, words."""

from typing import Any

import pytest

from library.engine.tags import dates, genres, keys, lyrics, musicbrainz, numbers, pictures, replaygain
from library.engine.tags.credits import credits_of, roles_of
from library.engine.tags.encodings import decoded, guessed
from library.engine.tags.names import named
from library.engine.tags.raw import Audio, Picture, Raw, cleaned
from library.engine.tags.rows import album_row, track_row
from library.tests.engine.material import picture, rules

ONE, TWO, THREE = (f"{number:08d}-0000-4000-8000-000000000000" for number in (1, 2, 3))


def raw(**values: str | list[str]) -> Raw:
    found = Raw(Audio("flac"))
    for name, value in values.items():
        found.values[name] = [value] if isinstance(value, str) else value
    return found


def row(folder: str = "", name: bytes = b"a.flac", **values: str | list[str]) -> dict[str, Any]:
    return track_row(raw(**values), folder=folder, name=name, size=1, mtime_ns=1, rules=rules())


# --- several artists -------------------------------------------------------------------------------------------------


def as_list(value: str | list[str]) -> list[str]:
    return ([value] if value else []) if isinstance(value, str) else value


def artists(
    shown: str | list[str], *, listed: str | list[str] = "", known: int = 0, exceptions: list[str] | None = None
) -> list[str]:
    identifiers = [ONE, TWO, THREE][:known]
    chosen = rules(exceptions=exceptions or [])
    return [credit.name for credit in credits_of(as_list(shown), as_list(listed), identifiers, [], chosen)[0]]


@pytest.mark.parametrize(
    "name",
    [
        "AC/DC", "M/A/R/R/S", "Simon & Garfunkel", "Earth, Wind & Fire", "Tyler, The Creator", "Hall & Oates", "+/-",
        "Florence and the Machine", "Crosby, Stills, Nash & Young", "The The", "Little Feat", "Featherstone",
    ],
)  # fmt: skip
def test_names_that_are_one_are_left_whole(name: str) -> None:
    assert artists(name) == [name]
    assert artists(name, known=1) == [name]


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("A feat. B", ["A", "B"]),
        ("A Feat. B ft. C", ["A", "B", "C"]),
        ("A featuring B", ["A", "B"]),
        ("A / B; C", ["A", "B", "C"]),
        ("AC/DC feat. Simon & Garfunkel", ["AC/DC", "Simon & Garfunkel"]),
    ],
)
def test_one_string_is_split_where_nobody_has_it_in_a_name(shown: str, names: list[str]) -> None:
    assert artists(shown) == names


def test_a_list_of_artists_beats_what_is_shown() -> None:
    assert artists("A & B", listed=["A", "B"]) == ["A", "B"]
    found, credit = credits_of(["A & B feat. C"], ["A", "B", "C"], [ONE, TWO, THREE], [], rules())
    assert credit == "A & B feat. C"
    assert [(each.name, each.join, each.identifier) for each in found] == [
        ("A", " & ", ONE),
        ("B", " feat. ", TWO),
        ("C", "", THREE),
    ]


def test_several_values_are_several_artists() -> None:
    found, credit = credits_of(["AC/DC", "A; B"], [], [], ["AC/DC", "B; A"], rules())
    assert [(each.name, each.sort) for each in found] == [("AC/DC", "AC/DC"), ("A; B", "B; A")]
    assert credit == "AC/DC, A; B"


@pytest.mark.parametrize(
    ("shown", "known", "names"),
    [
        ("A & B", 2, ["A", "B"]),
        ("A, B & C", 3, ["A", "B", "C"]),
        ("Simon & Garfunkel", 1, ["Simon & Garfunkel"]),
        ("Now; Then", 1, ["Now; Then"]),
        ("Earth, Wind & Fire feat. B", 2, ["Earth, Wind & Fire", "B"]),
        ("AC/DC", 1, ["AC/DC"]),
        ("A/B", 2, ["A", "B"]),
    ],
)
def test_the_number_of_ids_is_the_number_of_artists(shown: str, known: int, names: list[str]) -> None:
    assert artists(shown, known=known) == names


@pytest.mark.parametrize(
    ("shown", "listed", "known", "names"),
    [
        ("Foo feat. Bar", "Foo/Bar", 0, ["Foo", "Bar"]),
        ("AC/DC", "AC/DC", 0, ["AC/DC"]),
        ("AC/DC", "AC/DC", 1, ["AC/DC"]),
        ("Hall & Oates feat. A", "Hall & Oates/A", 2, ["Hall & Oates", "A"]),
    ],
)
def test_a_list_that_was_joined_by_a_slash(shown: str, listed: str, known: int, names: list[str]) -> None:
    """ID3v2.3 has no other way."""
    assert artists(shown, listed=listed, known=known) == names


def test_exceptions_are_left_whole_wherever_they_stand() -> None:
    assert artists("Now; Then feat. B", exceptions=["now; then"]) == ["Now; Then", "B"]
    assert artists("A; Now; Then", exceptions=["Now; Then"]) == ["A", "Now; Then"]


def test_five_hundred_artists_are_five_hundred() -> None:
    names = [f"A{number}" for number in range(500)]
    assert len(row(artist=names)["artists"]) == 500


# --- the album -------------------------------------------------------------------------------------------------------


def album(**values: str | list[str]) -> dict[str, Any]:
    makers, _ = credits_of(as_list(values.get("artist", "A")), [], [], [], rules())
    found = album_row(raw(album="X", **values), makers, rules())
    assert found is not None
    return found


def test_an_album_artist_is_taken_as_it_stands() -> None:
    found = album(artist="A", albumartist="B", albumartist_id=ONE, albumartistsort="B, The")
    assert found["artists"] == [{"name": "B", "musicbrainz_id": ONE, "sort": "B, The"}]


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("true", True), ("0", False), ("", False), ("no", False)])
def test_compilations_are_said_in_several_ways(value: str, expected: bool) -> None:
    assert album(compilation=value).get("compilation", False) == expected


def test_a_compilation_without_an_artist_is_of_various_artists() -> None:
    found = album(compilation="1", artist="A")
    assert found["artists"] == [{"name": "Various Artists", "musicbrainz_id": musicbrainz.VARIOUS_ARTISTS}]


def test_what_tells_albums_apart_is_there() -> None:
    found = album(
        albumversion="Deluxe", date="2011-05-03", originaldate="1987", album_id=ONE, releasegroup_id=TWO, label="L",
        catalognumber="CAT 1", barcode="123", media="CD", releasetype=["album", "live"],
    )  # fmt: skip
    assert (found["version"], found["release_date"], found["year_number"]) == ("Deluxe", "2011-05-03", 2011)
    assert (found["original_year"], found["musicbrainz_albumid"]) == (1987, ONE)
    assert (found["musicbrainz_releasegroupid"], found["release_type"]) == (TWO, "album; live")


def test_without_an_album_there_is_none() -> None:
    assert "album" not in row(title="T")


# --- dates and numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1987-03-31T07:00:00Z", ("1987-03-31", 1987)),
        ("2009-09-04 07:00", ("2009-09-04", 2009)),
        ("2005/06/05", ("2005-06-05", 2005)),
        ("2014-05", ("2014-05", 2014)),
        ("2014", ("2014", 2014)),
        ("20140503", ("2014-05-03", 2014)),
        ("31.12.1999", ("1999", 1999)),
        ("2014-00-00", ("2014", 2014)),
        ("0000", ("", None)),
        ("0000-00-00", ("", None)),
        ("MMXX", ("", None)),
        ("9999", ("", None)),
        ("12345", ("", None)),
        ("", ("", None)),
    ],
)
def test_dates(text: str, expected: tuple[str, int | None]) -> None:
    assert dates.parsed(text) == expected


def test_recording_original_and_release_are_kept_apart() -> None:
    found = row(date="1999-01", originaldate="1987-03-31", releasedate="2011")
    assert (found["year"], found["year_number"]) == ("1999-01", 1999)
    assert (found["recording_date"], found["original_date"], found["release_date"]) == ("1999-01", "1987-03-31", "2011")


def test_a_year_that_is_text_is_kept_as_text() -> None:
    found = row(date="MMXX")
    assert found["year"] == "MMXX"
    assert "year_number" not in found
    assert "year" not in row(date="0000")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/12", ("3", 3)), ("03", ("3", 3)), ("3", ("3", 3)), ("3.0", ("3", 3)), ("A1", ("A1", 101)),
        ("b2", ("B2", 202)), ("B", ("B", 200)), ("99999999999/0", (None, None)), ("-3/10", (None, None)),
        ("0", (None, None)), ("", (None, None)), ("track one", (None, None)), ("/12", (None, None)),
    ],
)  # fmt: skip
def test_numbers(text: str, expected: tuple[str | None, int | None]) -> None:
    assert numbers.numbered(text) == expected


@pytest.mark.parametrize(
    ("folder", "disc"),
    [("A/CD2/", 2), ("A/Disc 03 - Live/", 3), ("A/disk_1/", 1), ("A/B/", None), ("CDs/", None), ("A/CD 1999/", None)],
)
def test_a_folder_names_the_disc_where_tags_do_not(folder: str, disc: int | None) -> None:
    assert row(folder).get("disc_position") == disc
    assert row(folder, disc="7")["disc_position"] == 7


@pytest.mark.parametrize(
    ("name", "title", "number"),
    [
        (b"03 - Song.mp3", "Song", "3"), (b"07. Song.mp3", "Song", "7"),
        (b"99 Luftballons.mp3", "99 Luftballons", None),
        (b"Song.mp3", "Song", None), (b"caf\xe9.mp3", "caf␛e9", None), (b"A1 - Song.mp3", "Song", "A1"),
    ],
)  # fmt: skip
def test_without_a_title_the_file_s_name_is_one(name: bytes, title: str, number: str | None) -> None:
    found = row(name=name)
    assert (found["title"], found.get("track_number")) == (title, number)


# --- MusicBrainz -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("MUSICBRAINZ_TRACKID", "recording_id"), ("MusicBrainz Track Id", "recording_id"),
        ("MusicBrainz/Track Id", "recording_id"), ("MUSICBRAINZ_RELEASETRACKID", "track_id"),
        ("MusicBrainz Release Track Id", "track_id"), ("musicbrainz_albumid", "album_id"),
        ("MusicBrainz Album Artist Id", "albumartist_id"), ("ALBUM ARTIST", "albumartist"),
        ("album_artist", "albumartist"),
        ("replaygain_track_gain", "replaygaintrackgain"), ("Unsynced Lyrics", "lyrics"), ("x", None), ("", None),
    ],
)  # fmt: skip
def test_fields_have_one_name(spelling: str, name: str | None) -> None:
    assert named(spelling) == name


def test_ids_are_ids_or_nothing() -> None:
    assert musicbrainz.identifiers([f"{ONE}/{TWO}"]) == [ONE, TWO]
    assert musicbrainz.identifiers([f"{ONE.upper()}; {TWO}", "nonsense", THREE]) == [ONE, TWO, THREE]
    assert musicbrainz.identifiers([musicbrainz.NOBODY, "12345", ""]) == []
    found = row(recording_id=ONE, track_id=TWO, album_id="no id", artist=["A", "B"], artist_id=[ONE, TWO])
    assert (found["musicbrainz_id"], found["musicbrainz_trackid"]) == (ONE, TWO)
    assert "musicbrainz_albumid" not in found
    assert [artist["musicbrainz_id"] for artist in found["artists"]] == [ONE, TWO]


# --- loudness, tempo, key, rating ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+3.2 dB", 3.2), ("-7,5 dB", -7.5), ("-7.5", -7.5), ("0.00 dB", 0.0), ("nan dB", None), ("inf", None),
        ("-inf dB", None), ("loud", None), ("1e999", None), ("", None),
    ],
)  # fmt: skip
def test_gains(text: str, expected: float | None) -> None:
    assert replaygain.levels(raw(replaygaintrackgain=text)).get("replaygain_track_gain") == expected


def test_r128_counts_in_256ths_against_another_reference() -> None:
    found = replaygain.levels(raw(r128trackgain="-1280", r128albumgain="256", replaygaintrackgain="9 dB"))
    assert found == {"replaygain_track_gain": 0.0, "replaygain_album_gain": 6.0}


def test_itunes_own_is_the_last_resort() -> None:
    words = " 000007D0 000003E8 00000000 00000000 0 0 0 0 0 0"
    assert replaygain.levels(raw(itunnorm=words))["replaygain_track_gain"] == pytest.approx(-3.01)
    assert replaygain.levels(raw(itunnorm=words, replaygaintrackgain="1 dB"))["replaygain_track_gain"] == 1.0
    for nonsense in ("0 0 0 0 0 0 0 0 0 0", "x", "1 2"):
        assert replaygain.levels(raw(itunnorm=nonsense)) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("128 BPM", 128.0), ("141.7", 141.7), ("128,5", 128.5), ("0", None), ("", None), ("fast", None), ("1e9", None)],
)
def test_tempi(text: str, expected: float | None) -> None:
    assert keys.tempo([text]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am", "Am"), ("F#m", "F#m"), ("Bb", "Bb"), ("8A", "8A"), ("12b", "12b"), ("1m", "1m"), ("C minor", "C minor"),
        ("o", None), ("13A", None), ("H", None), ("unknown", None), ("", None),
    ],
)  # fmt: skip
def test_keys(text: str, expected: str | None) -> None:
    assert keys.key([text]) == expected


def test_ratings_count_half_stars() -> None:
    stars = {0: None, 1: 2, 13: 1, 54: 3, 64: 4, 118: 5, 128: 6, 186: 7, 196: 8, 242: 9, 255: 10}
    assert {rating: keys.from_popm(rating, "Windows Media Player 9 Series") for rating in stars} == stars
    assert keys.from_popm(153, "traktor@native-instruments.de") == 6
    assert [keys.rating("0.5", ""), keys.rating("", "80"), keys.rating("", "4"), keys.rating("", "0.6")] == [5, 8, 8, 6]
    assert [keys.rating("", "0"), keys.rating("", "x"), keys.rating("", "101"), keys.rating("", "nan")] == [None] * 4
    assert [keys.from_microsoft(value) for value in (0, 1, 25, 50, 75, 99)] == [None, 2, 4, 6, 8, 10]


# --- genres and roles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(17)Rock", ["Rock"]), ("17", ["Rock"]), ("(17)", ["Rock"]), ("(RX)", ["Remix"]), ("(CR)", ["Cover"]),
        ("(4)Eurodisco", ["Eurodisco"]), ("(31)(39)", ["Trance", "Noise"]), ("((Rock)", ["(Rock)"]), ("Rock", ["Rock"]),
        ("255", ["255"]), ("(Big) Beat", ["(Big) Beat"]), ("80s", ["80s"]), ("", [""]),
    ],
)  # fmt: skip
def test_genres_of_id3(text: str, names: list[str]) -> None:
    assert genres.from_id3(text) == names


def test_one_string_of_genres_is_several() -> None:
    assert row(genre="Rock; Pop/Folk, Jazz")["genres"] == ["Rock", "Pop", "Folk", "Jazz"]
    assert row(genre=["R&B/Soul", "Pop"])["genres"] == ["R&B/Soul", "Pop"]
    assert row(mood=["calm", "calm"])["moods"] == ["calm"]


def test_roles_keep_instruments_and_pairs() -> None:
    values = {"composer": ["A/B"], "performer": ["C (violin)", "D"], "lyricist": ["E", "F; G"]}
    people = [("producer", "P"), ("mix", "M"), ("DJ-mix", "J"), ("guitar", "G"), ("engineer", "")]
    found = [(part["role"], part["name"], part.get("detail", "")) for part in roles_of(values, people, rules())]
    assert found == [
        ("composer", "A", ""), ("composer", "B", ""), ("lyricist", "E", ""), ("lyricist", "F; G", ""),
        ("performer", "C", "violin"), ("performer", "D", ""), ("producer", "P", ""), ("mixer", "M", ""),
        ("djmixer", "J", ""), ("performer", "G", "guitar"),
    ]  # fmt: skip


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a ", "a"), ("a\x07b", "ab"), ("\u200b", ""), ("a\ud800b", "a�b"), ("क्\u200dष", "क्\u200dष"),
        ("a\r\nb", "a\nb"), ("日本\u3000語", "日本\u3000語"), ("x" * 30_000, "x" * 20_000), ("\x00", ""),
    ],
)  # fmt: skip
def test_text_is_cleaned(text: str, expected: str) -> None:
    assert cleaned(text) == expected
    cleaned(text).encode()


def test_a_nul_stands_between_values() -> None:
    found = Raw(Audio("mp3"))
    found.add("title", "A\0B\0")
    assert found.values == {"title": ["A", "B"]}


@pytest.mark.parametrize(
    "content",
    [
        "Zażółć".encode(), "\ufeffZażółć".encode(), "\ufeffZażółć".encode("utf-16-le"), "Zażółć".encode("utf-16"),
        "\ufeffZażółć".encode("utf-16-be"), "\ufeff\ufeffZażółć".encode(),
    ],
)  # fmt: skip
def test_files_beside_the_music_say_their_encoding_or_do_not(content: bytes) -> None:
    assert decoded(content) == "Zażółć"


def test_utf_16_without_a_mark_and_old_windows_text() -> None:
    assert decoded("[00:01.00]Hey there".encode("utf-16-le")) == "[00:01.00]Hey there"
    assert decoded("Café – “naïve”".encode("cp1252")) == "Café – “naïve”"
    assert decoded("Земфира".encode("cp1251")) == "Земфира"


@pytest.mark.parametrize(
    ("texts", "codec"),
    [
        (["Земфира", "Искала"], "cp1251"), (["椎名林檎", "ギブス"], "shift_jis"), (["苏打绿", "小情歌"], "gbk"),
        (["방탄소년단", "봄날"], "euc_kr"), (["Björk", "Jóga"], "utf-8"),
    ],
)  # fmt: skip
def test_an_encoding_is_guessed_where_all_agree(texts: list[str], codec: str) -> None:
    assert guessed(text.encode(codec) for text in texts) == codec


def test_nothing_is_guessed_of_western_names() -> None:
    for names in (["Björk", "Sigur Rós"], ["Motörhead", "Ænima"], ["Café Tacvba"], ["ascii"], []):
        assert guessed(name.encode("latin-1") for name in names) is None
    assert guessed(["Земфира".encode("cp1251"), "椎名林檎".encode("shift_jis")]) is None


# --- words and pictures ----------------------------------------------------------------------------------------------


def test_lrc_is_synced_wherever_it_stands() -> None:
    words = lyrics.from_text("[ti:X]\r\n[00:01.50]One\r\n[00:02.00]Two")
    assert words is not None
    assert (words.synced, words.text) == (True, "[ti:X]\n[00:01.50]One\n[00:02.00]Two")
    assert lyrics.from_text("One\nTwo").synced is False  # type: ignore[union-attr]
    assert lyrics.from_text(" \n") is None


def test_an_offset_is_counted_in() -> None:
    words = lyrics.from_text("[offset:+500]\n[00:01.50]One\n[01:00.20]Two")
    assert words is not None
    assert words.text == "[00:01.00]One\n[00:59.70]Two"


def test_subtitles_become_lrc() -> None:
    srt = "1\n00:00:01,500 --> 00:00:02,000\nOne\nmore\n\n2\n00:01:02,000 --> 00:01:03,000\nTwo\n"
    ttml = '<tt><body><p begin="1.5s">One &amp; <span>more</span></p><p begin="00:01:02.000">Two</p></body></tt>'
    assert lyrics.from_file(srt.encode(), "srt").text == "[00:01.50]One more\n[01:02.00]Two"  # type: ignore[union-attr]
    assert lyrics.from_file(ttml.encode(), "ttml").text == "[00:01.50]One & more\n[01:02.00]Two"  # type: ignore[union-attr]


def test_a_picture_is_what_its_bytes_say() -> None:
    assert pictures.mime_type(picture()) == "image/jpeg"
    assert pictures.mime_type(picture("PNG")) == "image/png"
    assert pictures.mime_type(picture("WEBP")) == "image/webp"
    assert pictures.mime_type(b"https://example.org/cover.jpg") is None
    assert pictures.mime_type(b"<svg/>") is None


def test_the_front_comes_before_other_pictures() -> None:
    found = [Picture(4, picture(colour="red")), Picture(3, b"no picture"), Picture(3, picture(colour="blue"))]
    assert pictures.cover(found) == picture(colour="blue")
    assert pictures.cover(found[:1]) == picture(colour="red")
    assert pictures.cover([]) is None
