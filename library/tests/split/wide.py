"""A library as the first SoniqueBay had it: wide rows, half of them empty, with what old scanners left in them."""

TRACKS = 3_000
PNG = r"'\x89504e470d0a1a0a'::bytea"
VECTOR = "(SELECT array_agg(sin({n} * 7 + d)) FROM generate_series(1, 512) d)::vector(512)"
ZEROS = "array_fill(0, ARRAY[512])::vector(512)"


def picture(n: str, length: int = 20) -> str:
    """Base64 of something that begins like a picture; long ones get the line breaks of PostgreSQL."""
    return f"encode({PNG} || convert_to(rpad(({n})::text, {length}, 'x'), 'UTF8'), 'base64')"


# Three hundred artists, every tenth a namesake, one whose name no index could hold.
ARTISTS = f"""
INSERT INTO artists (id, name, musicbrainz_artistid, vector, search, date_added, date_modified)
SELECT n, CASE WHEN n % 10 = 0 THEN 'Élan' WHEN n = 7 THEN 'Various Artists' WHEN n = 8 THEN repeat(md5('a'), 100)
  WHEN n = 9 THEN '!!!' ELSE 'The Artist ' || n END,
  CASE WHEN n % 3 = 0 THEN format('%s-0000-4000-8000-000000000000', lpad(to_hex(n), 8, '0')) WHEN n = 4 THEN 'none' END,
  CASE n % 4 WHEN 0 THEN {VECTOR.format(n="n")} WHEN 1 THEN {ZEROS} END,
  CASE WHEN n % 2 = 0 THEN to_tsvector('simple', 'artist ' || n) END,
  timestamptz '2024-01-01' + n * interval '1 hour', timestamptz '2024-06-01' + n * interval '1 hour'
FROM generate_series(1, 300) n
"""
ALBUMS = """
INSERT INTO albums (id, title, album_artist_id, release_year, musicbrainz_albumid, date_added, date_modified)
SELECT n, CASE WHEN n % 20 = 0 THEN 'Greatest Hits' ELSE 'Album ' || n END, 1 + n % 300,
  (ARRAY['1997', '2005/06/05', 'unknown', NULL, '0000', ''])[1 + n % 6],
  CASE WHEN n % 4 = 0 THEN format('%s-0000-4000-9000-000000000000', lpad(to_hex(n), 8, '0')) END,
  timestamptz '2024-01-01' + n * interval '1 hour', timestamptz '2024-06-01' + n * interval '1 hour'
FROM generate_series(1, 400) n
"""
GENRES = """
INSERT INTO genres (id, name, date_added, date_modified) SELECT place, name, '2024-01-01', '2024-02-02'
FROM unnest(ARRAY['Rock', 'rock', 'ROCK', 'Electro', 'Électro', 'Rock / Pop', 'Jazz']) WITH ORDINALITY AS g (name, place)
"""
TRACK_ROWS = f"""
INSERT INTO tracks (id, title, path, track_artist_id, album_id, duration, track_number, disc_number, year, genre,
  file_type, bitrate, file_mtime, file_size, featured_artists, musicbrainz_id, musicbrainz_genre, cover_data,
  cover_mime_type, bpm, key, scale, danceability, mood_happy, genre_main, camelot_key, tonal, vector, search,
  date_added, date_modified)
SELECT n * 3, CASE n % 7 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'Title ' || n END,
  CASE WHEN n % 11 > 0 THEN format('/music/%s/é %s.flac', n % 400, n) END, 1 + n % 300,
  CASE WHEN n % 5 > 0 THEN 1 + n % 400 END, CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN 2000000000 ELSE n END,
  (ARRAY['3', '03', '3/12', 'A1', '-1', '99999999999', '', NULL, 'zwölf', '0'])[1 + n % 10],
  (ARRAY['1', '1/2', NULL, '', 'CD2'])[1 + n % 5], (ARRAY['1984', '2014-05', '0000', 'ca. 1970', NULL, 'x'])[1 + n % 6],
  (ARRAY['Rock', 'ROCK', 'rock; jazz', 'Rock / Pop', 'Hip-Hop/Rap', '(17)Rock', '', NULL, 'électro', ' ; '])[1 + n % 10],
  CASE WHEN n % 2 = 0 THEN 'flac' END, CASE WHEN n % 2 = 0 THEN 900 END,
  CASE n % 4 WHEN 0 THEN 1700000000.25 + n WHEN 1 THEN 'NaN' WHEN 2 THEN 1e300 END, n, CASE WHEN n = 5 THEN 'B & C' END,
  CASE WHEN n % 2 = 0 THEN format('%s-0000-4000-a000-000000000000', lpad(to_hex(n), 8, '0')) END,
  (ARRAY['shoegaze', 'Shoegaze;dream pop', NULL, ''])[1 + n % 4],
  CASE n % 12 WHEN 0 THEN {picture("n % 40")} WHEN 1 THEN 'data:image/png;base64,' || {picture("n % 40")}
    WHEN 2 THEN {picture("n % 40", 300)} WHEN 3 THEN '%%% broken ' || n WHEN 4 THEN encode('no picture'::bytea, 'base64')
    WHEN 5 THEN '' WHEN 6 THEN rtrim({picture("n % 40", 21)}, '=') END,
  CASE n % 5 WHEN 0 THEN 'image/png' WHEN 1 THEN '' END,
  CASE n % 6 WHEN 0 THEN 60 + n % 100 + 0.1 WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' END,
  (ARRAY['C#', NULL, '', NULL])[1 + n % 4], (ARRAY['minor', NULL])[1 + n % 2],
  CASE WHEN n % 9 = 0 THEN 0 END, CASE WHEN n % 9 = 0 THEN 1e-300 END, CASE WHEN n % 8 = 0 THEN 'ambient' END,
  CASE WHEN n % 4 = 0 THEN '12A' END, CASE WHEN n % 10 = 0 THEN 0.1 + 0.2 END,
  CASE n % 4 WHEN 0 THEN {VECTOR.format(n="n")} WHEN 1 THEN {ZEROS} END,
  CASE WHEN n % 2 = 0 THEN setweight(to_tsvector('simple', 'title ' || n), 'A') END,
  timestamptz '2024-01-01' + n * interval '1 minute', timestamptz '2024-06-01' + n * interval '1 minute'
FROM generate_series(1, {TRACKS}) n
"""
LINKS = (
    "INSERT INTO track_genres (track_id, genre_id) SELECT n * 3, 1 + n % 5 FROM generate_series(1, 2000) n",
    "INSERT INTO track_genres (track_id, genre_id) SELECT n * 3, 1 + (n + 1) % 5 FROM generate_series(1, 900) n",
    "INSERT INTO album_genres (album_id, genre_id) SELECT n, 1 + n % 7 FROM generate_series(1, 300) n",
    "INSERT INTO artist_genres (artist_id, genre_id) SELECT n, 1 + n % 7 FROM generate_series(1, 200) n",
    "INSERT INTO genre_tags (id, name) VALUES (1, 'Shoegaze'), (2, 'slow')",
    "INSERT INTO mood_tags (id, name) VALUES (1, 'calm')",
    "INSERT INTO track_genre_tags (track_id, tag_id) SELECT n * 3, 1 + n % 2 FROM generate_series(1, 500) n",
    "INSERT INTO track_mood_tags (track_id, tag_id) SELECT n * 3, 1 FROM generate_series(1, 500) n",
)
COVERS = f"""
INSERT INTO covers (id, entity_type, entity_id, cover_data, mime_type, url, date_added, date_modified)
SELECT n, (ARRAY['track', 'album', 'artist'])[1 + n % 3], n,
  CASE n % 5 WHEN 0 THEN 'data:image/png;base64,' || {picture("n % 40")} WHEN 1 THEN 'broken' WHEN 2 THEN {picture("n")} END,
  CASE WHEN n % 2 = 0 THEN 'image/png' END,
  (ARRAY[NULL, 'https://i.scdn.co/image/1', 'https://lastfm.freetls.fastly.net/i/1', NULL, 'https://example.org/x.jpg'])[1 + n % 5],
  '2024-01-01', '2024-02-02'
FROM generate_series(1, 200) n
"""
SEQUENCES = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), max(id)) FROM {0}"
TABLES = ("artists", "albums", "genres", "tracks", "genre_tags", "mood_tags", "covers")
STATEMENTS = (ARTISTS, ALBUMS, GENRES, TRACK_ROWS, *LINKS, COVERS, *(SEQUENCES.format(table) for table in TABLES))
