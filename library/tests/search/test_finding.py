"""What people type and what they find: accents, marks, slips, scripts, ranks, facets."""

from collections.abc import Callable

import pytest

from library.models import Artist
from library.schemas.search import SearchOut

Titles = Callable[..., list[str]]
Found = Callable[..., SearchOut]


@pytest.mark.parametrize(
    ("typed", "artist"),
    [
        ("bjork", "Björk"),
        ("BJÖRK", "Björk"),
        ("edith piaf", "Édith Piaf"),
        ("acdc", "AC/DC"),
        ("ac dc", "AC/DC"),
        ("ac/dc", "AC/DC"),
        ("rem", "R.E.M."),
        ("r.e.m", "R.E.M."),
        ("!!!", "!!!"),
        ("die arzte", "Die Ärzte"),
        ("mo", "MØ"),
        ("simon and garfunkel", "Simon & Garfunkel"),
        ("garfunkel & simon", "Simon & Garfunkel"),
        ("東京", "東京事変"),
        ("京事変", "東京事変"),
        ("פיטר", "פיטר רוט"),
        ("pinkfloyd", "Pink Floyd"),
        ("radio head", "Radiohead"),
    ],
)
def test_an_artist_is_found_however_the_name_is_typed(typed: str, artist: str, artists: Titles) -> None:
    assert artists(typed)[0] == artist


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("hymne amour", "L’hymne à l’amour"),
        ("l'hymne à l'amour", "L’hymne à l’amour"),
        ("lhymne", "L’hymne à l’amour"),
        ("coeur", "Cœur volant"),
        ("cœur volant", "Cœur volant"),
        ("grosse strasse", "Große Straße"),
        ("dont wanna dance", "Don't Wanna Dance"),
        ("don’t wanna", "Don't Wanna Dance"),
        ("joga", "Jóga"),
        ("林檎", "林檎の唄"),
        ("唄", "林檎の唄"),
        ("שלום", "שלום עולם"),
        ("radiohead creep", "Creep"),
        ("creep radiohead", "Creep"),
        ("pablo honey you", "You"),
    ],
)
def test_a_title_is_found_however_it_is_typed(typed: str, title: str, tracks: Titles) -> None:
    assert tracks(typed)[0] == title


def test_words_may_be_unfinished(artists: Titles, tracks: Titles) -> None:
    for typed in ("ra", "rad", "radio", "radiohe"):
        assert artists(typed) == ["Radiohead"]
    assert tracks("everything in its ri") == ["Everything in Its Right Place"]


@pytest.mark.parametrize("typed", ["raidohead", "radiohed", "radiioheadd"[:-1], "rafiohead", "adiohead", "radoihe"])
def test_one_slip_is_forgiven_and_said(typed: str, found: Found) -> None:
    answer = found(typed)
    assert [hit.name for hit in answer.artists.items] == ["Radiohead"]
    assert answer.meant == "radiohead"


def test_a_slip_in_each_word_is_forgiven(found: Found) -> None:
    answer = found("abbye raod")
    assert [hit.title for hit in answer.albums.items] == ["Abbey Road"]
    assert answer.meant == "abbey road"


def test_a_slip_in_french_is_forgiven(tracks: Titles) -> None:
    assert tracks("accordeonitse") == ["L’hymne à l’amour", "La foule"]


def test_what_is_spelt_rightly_is_not_corrected(found: Found) -> None:
    answer = found("creep")
    assert answer.meant is None
    assert [hit.title for hit in answer.tracks.items] == ["Creep"]


def test_numbers_are_not_corrected(found: Found) -> None:
    assert found("1970").tracks.count == 0


def test_the_very_name_comes_first_then_what_begins_so_then_words(artists: Titles, tracks: Titles) -> None:
    assert artists("beatles") == ["The Beatles", "Beatles Revival Band"]
    assert artists("the beatles") == ["The Beatles"]
    assert tracks("something")[0] == "Something"


def test_a_title_counts_more_than_lyrics(tracks: Titles) -> None:
    assert tracks("children") == ["Idioteque"]
    assert tracks("together")[0] == "Come Together"


def test_where_a_track_was_found_is_said(found: Found) -> None:
    (hit,) = found("bunker").tracks.items
    assert (hit.title, hit.found_in) == ("Idioteque", ["lyrics"])
    (hit,) = found("lansky").tracks.items
    assert hit.title == "Idioteque"
    (hit,) = found("unruhig").tracks.items
    assert hit.found_in == ["tags"]
    assert found("creep").tracks.items[0].found_in == ["title"]


def test_times_of_synced_lyrics_are_no_words(tracks: Titles) -> None:
    assert tracks("00") == []


def test_a_year_finds_what_came_out_then(albums: Titles, tracks: Titles) -> None:
    assert set(tracks("radiohead 1993")) == {"Creep", "You"}


def test_a_genre_finds_itself_and_its_tracks(found: Found) -> None:
    answer = found("chanson francaise")
    assert [hit.name for hit in answer.genres.items] == ["Chanson française"]
    assert answer.tracks.count == 4


def test_all_words_are_wanted_and_some_are_better_than_none(found: Found) -> None:
    assert not found("radiohead creep").loosely
    answer = found("radiohead accordeoniste")
    assert answer.loosely
    assert {hit.artist for hit in answer.tracks.items} == {"Radiohead", "Édith Piaf"}


def test_quotes_keep_words_together(tracks: Titles) -> None:
    assert tracks('"right place"') == ["Everything in Its Right Place"]
    assert tracks('"place right"') == []


def test_a_minus_leaves_out(tracks: Titles) -> None:
    assert set(tracks("radiohead -creep")) == {"You", "Everything in Its Right Place", "Idioteque"}
    assert set(tracks('radiohead -"kid a"')) == {"Creep", "You"}


def test_an_empty_request_gets_a_hint(found: Found) -> None:
    answer = found("  ")
    assert answer.hint
    assert not answer.tracks.items


def test_nothing_found_says_what_to_do(found: Found) -> None:
    answer = found("xyzzyplugh")
    assert answer.hint
    assert (answer.artists.count, answer.albums.count, answer.tracks.count, answer.genres.count) == (0, 0, 0, 0)


def test_facets_count_where_the_tracks_lie(found: Found) -> None:
    facets = found("rock").facets
    assert {value.label: value.count for value in facets.genre}["Rock"] == 11
    assert {value.label: value.count for value in facets.artist}["Radiohead"] == 4
    assert {value.key: value.count for value in facets.decade}["1960"] == 3
    assert {value.key: value.count for value in facets.support}["Vinyl"] == 4


def test_facets_narrow(tracks: Titles, artists: Titles, albums: Titles) -> None:
    radiohead = Artist.objects.get(name="Radiohead").pk
    assert set(tracks("rock", artist=radiohead, decade=1990)) == {"Creep", "You"}
    assert set(tracks("rock", support="Vinyl")) == {"Come Together", "Something", "Here Comes the Sun", "Dogs"}
    assert artists("beatles", decade=1960) == ["The Beatles"]
    assert albums("radiohead", support="CD") == ["Pablo Honey"]


HOSTILE = [
    "& | ! ( ) : * <-> <2>",
    "a:*b & !!",
    "'; DROP TABLE tracks; --",
    "\\' \\\\ \\",
    "%s %(words)s {0} %",
    "\x00nul\x00",
    "\ud800 lonely",
    "x" * 10_000,
    "word " * 3000,
    '"' * 500,
    "-" * 500,
    "🎵🎶 👩‍👩‍👧‍👧 🏳️‍🌈",
    "東" * 300,
    "\u202e\u202dabc\u2066",
    "a\u0301\u0301\u0301\u0301" * 50,
    "null",
    "'''",
    "%",
    "_",
    "\U0010ffff",
    "ﷺ" * 40,
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(typed: str, found: Found) -> None:
    answer = found(typed)
    assert answer.artists.count < 20
    found(typed, genre=1, artist=1, decade=1990, support="CD")
