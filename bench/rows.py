"""Libraries of any size, made of rows alone: names, albums, genres, covers and lyrics, in a few statements of SQL.

Words follow each other as they do in real titles: a few are everywhere, most are rare. The same number gives the same
library; there are no files behind it.
"""

from psycopg import Connection

# ruff: noqa: S608  (statements of our own; what they are given stands beside them)

COMMON = (
    "love night time heart day rain blue light home dream dance fire sun moon girl world life way summer black river "
    "soul city star road wild sweet gold song eyes sky sea train wind stone winter angel man good long cold live red "
    "nuit jour amour ciel été mer pluie rêve temps chanson vie soleil cœur lune fleur rue hiver ombre lumière danse "
    "white lonely lost free baby blood water ghost mother ocean garden silver mountain shadow mirror house street "
    "morning evening midnight tomorrow yesterday forever never always gone alone together again away down high low "
    "matin soir minuit demain hier toujours jamais seul ensemble loin retour voyage maison jardin forêt montagne "
    "paper glass iron copper velvet electric magnetic static digital plastic broken burning falling rising floating"
)
GENRES = (
    "Rock;Pop;Jazz;Blues;Folk;Soul;Funk;Reggae;Hip-Hop;Electronic;House;Techno;Ambient;Classical;Metal;Punk;Country;"
    "Chanson française;Trip-Hop;Drum & Bass;Shoegaze;Post-Punk;New Wave;Krautrock;Bossa Nova;R&B;Disco;Dub;Opéra;"
    "Singer-Songwriter"
)
SYLLABLES = (
    "ba be bi bo bra car cel con dan del dor el en fa fer fin gan gel gra har hel in jo ka ker kin la len lor ma mel "
    "mi mon na nel no or pa per pol ra ren ri ro sa sel sil so ta tel ter tor u va ven vi wal win xan yel za zen zo"
)
FIRST = (
    "John Mary Paul Anna David Nina Miles Ella Marvin Aretha Björk Édith Jacques Françoise Serge Zoë Sigur Tom Joni "
    "Leonard Patti Neil Kate Nick Lou Iggy Otis Sam Etta Chet Bill Sarah Billie Duke Max Lena Émilie Hervé Noémie"
)

# A word by chance: half of them out of the common ones, and of those the first ones most; the others made up. The outer
# row is named so that chance is asked anew for each.
WORD = """
    (SELECT CASE WHEN random() < 0.55 THEN (%(common)s::text[])[1 + floor(power(random(), 1.2) * %(commons)s)::int]
     ELSE (%(syllables)s::text[])[1 + floor(random() * %(syllable_count)s)::int]
       || (%(syllables)s::text[])[1 + floor(random() * %(syllable_count)s)::int]
       || CASE WHEN random() < 0.5 THEN (%(syllables)s::text[])[1 + floor(random() * %(syllable_count)s)::int]
          ELSE '' END
     END FROM generate_series(1, 1) WHERE k IS NOT NULL)
"""
WORDS = """
    (SELECT initcap(string_agg(word, ' ')) FROM (
       SELECT %(one)s AS word FROM generate_series(1, {least} + floor(random() * {more})::int) k WHERE {row} IS NOT NULL
     ) words)
"""


def _words(row: str, least: int, more: int) -> str:
    return WORDS.format(row=row, least=least, more=more).replace("%(one)s", WORD)


ARTISTS = f"""
    INSERT INTO artists (name, sort_name, locked_fields, date_added, date_modified)
    SELECT name, lower(name), '{{}}', now(), now() FROM (
      SELECT CASE n %% 3
        WHEN 0 THEN (%(first)s::text[])[1 + floor(random() * %(firsts)s)::int] || ' ' || {_words("n", 1, 1)}
        WHEN 1 THEN 'The ' || {_words("n", 1, 2)}
        ELSE {_words("n", 1, 2)} END AS name
      FROM generate_series(1, %(artists)s) n
    ) made
"""
ALBUMS = f"""
    INSERT INTO albums (title, sort_title, album_artist_id, artist_credit, version, release_year, year, original_year,
      compilation, support, release_type, label, catalog_number, barcode, locked_fields, date_added, date_modified)
    SELECT title, lower(title), artist, (SELECT name FROM artists WHERE id = artist), '', year::text, year, year,
      false, (ARRAY['Digital', 'CD', 'Vinyl', 'Cassette', 'Unknown'])[1 + floor(power(random(), 2) * 5)::int],
      'album', '', '', '', '{{}}', added, added
    FROM (
      SELECT {_words("n", 1, 4)} AS title,
        %(artist)s + floor(power(random(), 1.5) * %(artists)s)::int AS artist,
        1955 + floor(sqrt(random()) * 70)::int AS year,
        now() - n * interval '1 hour' AS added
      FROM generate_series(1, %(albums)s) n
    ) made
"""
TRACKS = f"""
    INSERT INTO tracks (root_id, path, folder, cue_index, file_type, bitrate, sample_rate, duration, duration_ms,
      file_mtime, file_mtime_ns, file_size, audio_hash, available, title, sort_title, track_artist_id, artist_credit,
      album_id, track_number, disc_number, track_position, disc_position, disc_subtitle, year, year_number,
      recording_date, original_date, release_date, isrc, language, comment, locked_fields, date_added, date_modified)
    SELECT %(root)s, '/bench/' || a.id || '/' || place || '.flac', a.id || '/', 0,
      (ARRAY['flac', 'mp3', 'opus'])[1 + n %% 3], 900000, 44100, length / 1000, length, 1, 1000000000, length * 110,
      md5(n::text), n %% 50 > 0, made.title, lower(made.title), a.album_artist_id, a.artist_credit, a.id,
      place::text, '1', place, 1, '', a.release_year, a.year, '', '', '', '', '', '', '{{}}', a.date_added, a.date_added
    FROM (
      SELECT n, {_words("n", 1, 5)} AS title, 1 + n %% 10 AS place, 120000 + floor(random() * 240000)::int AS length,
        %(album)s + (n / 10) AS album
      FROM generate_series(0, %(tracks)s - 1) n
    ) made JOIN albums a ON a.id = made.album
"""
LINKS = (
    """INSERT INTO album_artist (album_id, artist_id, position, join_phrase)
       SELECT id, album_artist_id, 0, '' FROM albums WHERE id >= %(album)s""",
    """INSERT INTO track_artists (track_id, artist_id, role, position, join_phrase, detail)
       SELECT id, track_artist_id, 'artist', 0, '', '' FROM tracks WHERE id >= %(track)s""",
    """INSERT INTO album_genres (album_id, genre_id)
       SELECT id, %(genre)s + floor(power(random(), 2) * %(genres)s)::int FROM albums WHERE id >= %(album)s""",
    """INSERT INTO track_genres (track_id, genre_id)
       SELECT t.id, g.genre_id FROM tracks t JOIN album_genres g ON g.album_id = t.album_id WHERE t.id >= %(track)s""",
    """INSERT INTO cover_images (digest, mime_type, size, width, height, color_1, color_2, problem, thumbnails_at,
         date_added)
       SELECT encode(sha256(('cover ' || id)::bytea), 'hex'), 'image/jpeg', 100000, 600, 600, '#204060', '#c08040', '',
         now(), now() FROM albums WHERE id >= %(album)s""",
    """INSERT INTO covers (entity_type, entity_id, source, image_id, mime_type, shown, date_added, date_modified)
       SELECT 'album', id, 'embedded', encode(sha256(('cover ' || id)::bytea), 'hex'), 'image/jpeg', true, now(), now()
       FROM albums WHERE id >= %(album)s""",
)
LYRICS = f"""
    INSERT INTO lyrics (track_id, text, synced, language, source, date_added, date_modified)
    SELECT id, {_words("id", 80, 80)}, false, '', 'tags', now(), now() FROM tracks
    WHERE id >= %(track)s AND id %% 8 = 0
"""
FILLED = ("artists", "albums", "genres", "tracks", "track_artists", "track_genres", "album_genres", "covers", "lyrics")


def fill(connection: "Connection[tuple[object, ...]]", tracks: int) -> None:
    """A library of so many tracks, ten to an album, a dozen or so to an artist."""
    given: dict[str, object] = {
        "common": COMMON.split(),
        "commons": len(COMMON.split()),
        "syllables": SYLLABLES.split(),
        "syllable_count": len(SYLLABLES.split()),
        "first": FIRST.split(),
        "firsts": len(FIRST.split()),
        "tracks": tracks,
        "albums": max(tracks // 10, 1),
        "artists": max(tracks // 12, 1),
        "genres": len(GENRES.split(";")),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute(
            "INSERT INTO library_roots (name, path, enabled, watched, follow_symlinks, skip_nomedia, track_count,"
            " watch_problem, date_added, date_modified)"
            " VALUES ('Bench', '/bench', true, false, true, false, 0, '', now(), now())"
            " RETURNING id"
        )
        given["root"] = (cursor.fetchone() or (0,))[0]
        for table, column in {"artists": "artist", "albums": "album", "genres": "genre", "tracks": "track"}.items():
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
            given[column] = (cursor.fetchone() or (1,))[0]
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {given[column]}, false)")
        for name in GENRES.split(";"):
            cursor.execute(
                "INSERT INTO genres (name, name_key, date_added, date_modified) VALUES (%s, %s, now(), now())",
                [name, name.casefold()],
            )
        for statement in (ARTISTS, ALBUMS, TRACKS, *LINKS, LYRICS):
            cursor.execute(statement, given)
        for table in FILLED:
            cursor.execute(f"ANALYZE {table}")
