"""A library of many thousand rows, made inside the database: for plans and counts of queries, not to be listened to."""

from django.db import connection

ARTISTS = """
INSERT INTO artists (name, sort_name, locked_fields, date_added, date_modified)
SELECT 'Artist ' || n, chr(97 + n % 26) || ' artist ' || md5(n::text), '{}', now() - n * interval '1 minute', now()
FROM generate_series(1, %(artists)s) n
"""
ALBUMS = """
INSERT INTO albums (title, sort_title, album_artist_id, artist_credit, version, year, compilation, support,
    release_type, label, catalog_number, barcode, locked_fields, date_added, date_modified)
SELECT 'Album ' || n, chr(97 + n * 7 % 26) || ' album ' || md5(n::text),
    (SELECT min(id) FROM artists) + n %% %(artists)s, 'Artist', '',
    CASE WHEN n % 10 = 0 THEN NULL ELSE 1950 + n % 75 END, n % 20 = 0,
    (ARRAY['Vinyl', 'CD', 'Digital', 'Digital', 'Digital'])[1 + n % 5],
    '', '', '', '', '{}', now() - n * interval '1 minute', now()
FROM generate_series(1, %(albums)s) n
""".replace("%%", "%")
TRACKS = """
INSERT INTO tracks (path, folder, cue_index, file_type, bitrate, duration, duration_ms, file_size, audio_hash,
    available, missing_since, title, sort_title, track_artist_id, artist_credit, album_id, disc_subtitle, disc_position,
    track_position, year_number, recording_date, original_date, release_date, isrc, language, comment, locked_fields,
    date_added, date_modified)
SELECT '/music/' || n || '.flac', '', 0, CASE WHEN n % 3 = 0 THEN 'mp3' ELSE 'flac' END, 900000, 100 + n % 500,
    (100 + n % 500) * 1000 + n % 1000, 1000000, 'hash-' || n, n % 100 <> 0, CASE WHEN n % 100 = 0 THEN now() END,
    'Track ' || n, chr(97 + n * 11 % 26) || ' track ' || md5(n::text),
    a.album_artist_id, 'Artist', a.id, '', 1, 1 + n / %(albums)s, a.year, '', '', '', '', '', '', '{}',
    now() - n * interval '1 second', now()
FROM generate_series(1, %(tracks)s) n
JOIN albums a ON a.id = (SELECT min(id) FROM albums) + n %% %(albums)s
""".replace("%%", "%")
CREDITS = """
INSERT INTO track_artists (track_id, artist_id, role, position, join_phrase, detail)
SELECT id, track_artist_id, 'artist', 0, '', '' FROM tracks;
INSERT INTO album_artist (album_id, artist_id, position, join_phrase) SELECT id, album_artist_id, 0, '' FROM albums;
INSERT INTO genres (name, name_key, date_added, date_modified)
SELECT 'Genre ' || n, 'genre ' || n, now(), now() FROM generate_series(1, 100) n;
INSERT INTO track_genres (track_id, genre_id)
SELECT t.id, (SELECT min(id) FROM genres) + t.id % 100 FROM tracks t;
INSERT INTO album_genres (album_id, genre_id) SELECT a.id, (SELECT min(id) FROM genres) + a.id % 100 FROM albums a;
"""
TABLES = ["artists", "albums", "tracks", "track_artists", "album_artist", "genres", "track_genres", "album_genres"]


def make_large_library(*, tracks: int = 20_000) -> None:
    """With a tenth as many albums as tracks, and a third as many artists as albums."""
    sizes = {"tracks": tracks, "albums": tracks // 10, "artists": tracks // 30}
    with connection.cursor() as cursor:
        for statement in (ARTISTS, ALBUMS, TRACKS, CREDITS):
            for name, size in sizes.items():
                statement = statement.replace(f"%({name})s", str(size))
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
