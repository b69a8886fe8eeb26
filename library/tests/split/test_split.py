"""The split of the wide Track: nothing is lost on the way there, and the way back leads to where it began."""

from base64 import b64decode

import pytest
from django.core.management.base import CommandError

from library.migrations._split import names as frozen
from library.migrations._split.numbers import position_of, year_of
from library.migrations._split.pictures import Picture
from library.tests.split.databases import SPLIT, WIDE, Own

COPIED = [
    ("library", "0005_copy_covers"),
    ("analysis", "0002_copy_audio_columns"),
    ("embeddings", "0002_copy_vectors"),
    ("enrichment", "0002_copy_genre_texts"),
]


def one(library: Own, query: str) -> object:
    ((value,),) = library.ask(query)
    return value


def test_forwards_backwards_and_forwards_again(library: Own) -> None:
    wide = library.rows()
    bpm = one(library, "SELECT count(*) FROM tracks WHERE bpm < 1000")
    vectors = one(library, "SELECT count(*) FROM tracks WHERE vector_norm(vector) > 0")
    library.migrate(SPLIT)
    split = library.rows()
    assert one(library, "SELECT count(bpm) FROM track_audio_features") == bpm
    assert one(library, "SELECT count(*) FROM track_embeddings") == vectors
    they_are_where_they_belong(library)
    library.migrate(WIDE)
    back = library.rows()
    for table, rows in wide.items():
        assert back[table] == rows, table
    library.migrate(SPLIT)
    again = library.rows()
    for table, rows in split.items():
        assert again[table] == rows, table


def they_are_where_they_belong(library: Own) -> None:
    genres = dict(library.ask("SELECT name_key, name FROM genres"))
    assert genres == {
        "rock": "Rock", "electro": "Electro", "rock pop": "Rock / Pop", "jazz": "Jazz", "hip hop": "Hip-Hop", "rap": "Rap",
    }  # fmt: skip
    texts = (
        "SELECT array_agg(name ORDER BY name) FROM track_genres JOIN genres ON genres.id = genre_id WHERE track_id = {}"
    )
    assert one(library, texts.format(2504 * 3)) == ["Hip-Hop", "Rap"]
    assert one(library, texts.format(2503 * 3)) == ["Rock / Pop"]
    assert one(library, texts.format(2502 * 3)) == ["Jazz", "Rock"]
    assert one(library, texts.format(2505 * 3)) == ["Rock"]
    text = "SELECT metadata_value FROM track_metadata WHERE metadata_key = 'genre' AND track_id = {}"
    assert one(library, text.format(2502 * 3)) == "rock; jazz"
    keys = library.ask("SELECT artist_id, key FROM artist_keys WHERE artist_id IN (1, 3, 9, 20, 10) ORDER BY 1, 2")
    assert keys == [
        (1, "name:the artist 1"),
        (3, "mb:00000003-0000-4000-8000-000000000000"),
        (3, "name:the artist 3"),
        (9, "mb:00000009-0000-4000-8000-000000000000"),
        (9, "name:!!!"),
        (10, "name:elan"),
    ]
    assert one(library, "SELECT sort_name FROM artists WHERE id = 3") == "artist 3 the"
    assert one(library, "SELECT count(*) FROM albums WHERE compilation") == 2
    numbers = "SELECT track_position, disc_position, year_number, duration_ms FROM tracks WHERE id = {}"
    assert library.ask(numbers.format(31 * 3)) == [(3, 1, 2014, None)]
    assert library.ask(numbers.format(32 * 3)) == [(3, None, None, 32_000)]
    # A float is no exact time of a file, and what is no time breaks JSON.
    assert one(library, "SELECT count(file_mtime_ns) FROM tracks") == 0
    assert library.ask("SELECT file_mtime FROM tracks WHERE id IN (12, 15) ORDER BY id") == [
        (1_700_000_004.25,),
        (None,),
    ]
    shown = "SELECT count(*), count(DISTINCT entity_id) FROM covers WHERE entity_type = 'album' AND shown"
    assert library.ask(shown)[0][0] == library.ask(shown)[0][1] > 200
    files = {file.stem: file.read_bytes() for file in library.media.rglob("*.png")}
    assert files.keys() == {digest for (digest,) in library.ask("SELECT digest FROM cover_images")}
    assert all(content.startswith(b"\x89PNG") for content in files.values())


def test_what_was_not_copied_right_stops_it_before_anything_is_removed(library: Own) -> None:
    library.migrate(COPIED)
    library.ask("UPDATE track_audio_features SET bpm = bpm + 1 WHERE track_id IN (18, 36)")
    library.ask("DELETE FROM track_embeddings WHERE track_id = 12")
    library.ask("DELETE FROM covers WHERE entity_type = 'track' AND source = 'embedded' AND entity_id = 36")
    with pytest.raises(CommandError) as stop:
        library.migrate(SPLIT)
    for words in (
        "tracks whose audio columns are not their features: 2",
        "vectors of tracks that differ: 1",
        "covers of tracks that are neither a file nor kept aside: 1",
    ):
        assert words in str(stop.value)
    assert one(library, "SELECT count(bpm) FROM tracks") != 0
    assert library.ask("SELECT name FROM django_migrations WHERE app = 'library' ORDER BY id DESC LIMIT 1") == [
        ("0005_copy_covers",)
    ]


def test_the_way_back_refuses_what_the_wide_row_has_no_place_for(library: Own) -> None:
    library.migrate(SPLIT)
    library.run(
        (
            "INSERT INTO lyrics (track_id, text, synced, language, source, date_added, date_modified) "
            "SELECT id, 'la', false, '', '', now(), now() FROM tracks WHERE id <= 6",
            "INSERT INTO track_embeddings (track_id, embedding_type, vector, embedding_source, embedding_model, created_at, "
            "date_added, date_modified) SELECT track_id, 'audio', vector, '', '', now(), now(), now() "
            "FROM track_embeddings LIMIT 3",
        )
    )
    with pytest.raises(CommandError) as stop:
        library.migrate(WIDE)
    assert "lyrics: 2" in str(stop.value)
    assert "tracks with several embeddings: 3" in str(stop.value)
    assert library.ask("SELECT name FROM django_migrations WHERE app = 'library' ORDER BY id DESC LIMIT 1") == [
        SPLIT[0][1:]
    ]
    library.run(
        (
            "DELETE FROM lyrics",
            "DELETE FROM track_embeddings WHERE embedding_type = 'audio'",
            "UPDATE track_audio_features SET bpm = 123.5 WHERE track_id = 18",
            "UPDATE track_metadata SET metadata_value = 'corrected' WHERE track_id = 12 AND metadata_key = 'genre'",
            "DELETE FROM track_embeddings WHERE track_id = 12",
        )
    )
    library.migrate(WIDE)
    assert one(library, "SELECT bpm FROM tracks WHERE id = 18") == 123.5
    assert library.ask("SELECT genre, vector FROM tracks WHERE id = 12") == [("corrected", None)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("03", 3), (" 3/12 ", 3), ("3 of 12", 3), ("0", None), ("A1", None), ("-1", None), ("9" * 30, None),
     ("3.5", None), ("٣", None), ("", None), (None, None)],
)  # fmt: skip
def test_places_on_a_record(text: str | None, number: int | None) -> None:
    assert position_of(text) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [("1997", 1997), ("2005/06/05", 2005), ("ca. 1970", 1970), ("12 Mar 1971", 1971), ("0000", None), ("19970521", None),
     ("97", None), ("", None), (None, None)],
)  # fmt: skip
def test_years(text: str | None, year: int | None) -> None:
    assert year_of(text) == year


PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("text", "problem", "exact"),
    [
        (PNG, "", True),
        (f"data:image/png;base64,{PNG}", "", True),
        (f"DATA:;base64,{PNG}", "", True),
        (PNG.rstrip("="), "", False),
        (f"{PNG[:4]}\r\n{PNG[4:]}", "", False),
        (f"{PNG}garbage!", "broken_cover", None),
        ("%%%", "broken_cover", None),
        ("A", "broken_cover", None),
        ("é", "broken_cover", None),
        ("bm8gcGljdHVyZQ==", "cover_is_no_picture", None),
        ("", "empty_cover", None),
        ("data:image/png;base64,", "empty_cover", None),
    ],
)
def test_pictures_in_texts(text: str, problem: str, exact: bool | None) -> None:
    picture = Picture(text)
    assert picture.problem == problem
    assert picture.content == (None if problem else b64decode(PNG))
    if exact is not None:
        assert picture.exact is exact


def test_names_are_folded_as_scans_fold_them() -> None:
    """Otherwise a scan would not find again what was imported."""
    today = pytest.importorskip("library.engine.names", reason="scans come later")
    for name in ("The Beatles", "L’Impératrice", "!!!", "Sigur Rós", "椎名林檎", "AC/DC", "Œ ß ø", "+/-", "a" * 900):
        assert frozen.sort_key(name) == today.sort_key(name)
        assert frozen.artist_key(name, None) == today.artist_key(name, None)
        assert frozen.genre_key(name) == today.genre_key(name)
        assert frozen.album_key([name], name, date="1999") == today.album_key([name], name, date="1999")
