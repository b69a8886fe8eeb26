"""When two names are the same."""

import pytest

from library.engine.names import album_key, artist_key, folded, genre_key, sort_key

MBID = "89ad4ac3-39f7-470e-963a-56509c546377"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Björk", "BJORK"),
        ("Sigur Rós", "sigur ros"),
        ("Guns N’ Roses", "Guns N' Roses"),
        ("Œuvre", "oeuvre"),
        ("Straße", "STRASSE"),
        ("Dvořák", "Dvorák"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Drum&Bass", "Drum and Bass"),
        ("  Low   Tide ", "low-tide"),
        ("Мумий Тролль", "МУМИЙ ТРОЛЛЬ"),
        ("Cafe\u0301", "Café"),
        ("ＡＢＢＡ", "abba"),
        ("\u202eMoss\u202c", "Moss"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("+/-", "!!!"), ("???", "..."), ("がく", "かく"), ("काल", "कल"), ("東京事変", "東京"), ("Abba", "Abby")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert folded(one)
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("name", "tag", "key"),
    [
        ("The Beatles", "", "beatles the"),
        ("The Beatles", "Beatles, The", "beatles the"),
        ("L’Impératrice", "", "imperatrice l"),
        ("The The", "", "the the"),
        ("The", "", "the"),
        ("椎名林檎", "Shiina, Ringo", "shiina ringo"),
        ("Theatre", "", "theatre"),
    ],
)
def test_articles_do_not_sort(name: str, tag: str, key: str) -> None:
    assert sort_key(name, tag) == key


def test_a_musicbrainz_id_is_the_better_key_and_nonsense_is_none() -> None:
    assert artist_key("Moss", MBID.upper()) == f"mb:{MBID}"
    assert artist_key("Moss", "not an id") == artist_key("MOSS") == "name:moss"
    assert album_key(["Moss"], "Low Tide", musicbrainz_albumid=MBID) == f"mb:{MBID}"


def test_albums_of_one_title_differ_by_artist_version_and_date() -> None:
    keys = {
        album_key(["Queen"], "Greatest Hits"),
        album_key(["Abba"], "Greatest Hits"),
        album_key(["Queen"], "Greatest Hits", version="2011 Remaster"),
        album_key(["Queen"], "Greatest Hits", date="1981"),
    }
    assert len(keys) == 4


def test_keys_fit_into_an_index_and_long_ones_stay_apart() -> None:
    one, other = artist_key("x" * 20_000 + "a"), artist_key("x" * 20_000 + "b")
    assert len(one) <= 420
    assert one != other
    assert len(sort_key("y" * 20_000)) == 200
    assert genre_key("R&B") == genre_key("r & b")
