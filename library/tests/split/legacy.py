"""A database of the first SoniqueBay, as its users have it: the wide Track, and tables that only link."""

from library.tests.split import wide

SCHEMA = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    "CREATE TYPE covertype AS ENUM ('TRACK', 'ALBUM', 'ARTIST')",
    """CREATE TABLE artists (id serial PRIMARY KEY, name varchar NOT NULL, musicbrainz_artistid varchar, vector vector(512),
    search tsvector, date_added timestamptz DEFAULT CURRENT_TIMESTAMP, date_modified timestamptz DEFAULT CURRENT_TIMESTAMP)""",
    """CREATE TABLE albums (id serial PRIMARY KEY, title varchar NOT NULL, album_artist_id integer NOT NULL REFERENCES artists,
    release_year varchar, musicbrainz_albumid varchar,
    date_added timestamptz DEFAULT CURRENT_TIMESTAMP, date_modified timestamptz DEFAULT CURRENT_TIMESTAMP)""",
    """CREATE TABLE tracks (id serial PRIMARY KEY, title varchar, path varchar CONSTRAINT uq_tracks_path UNIQUE,
    track_artist_id integer NOT NULL REFERENCES artists, album_id integer REFERENCES albums, duration integer,
    track_number varchar, disc_number varchar, year varchar, genre varchar, file_type varchar, bitrate integer,
    file_mtime double precision, file_size integer, featured_artists varchar,
    musicbrainz_id varchar CONSTRAINT uq_tracks_musicbrainz_id UNIQUE, musicbrainz_albumid varchar,
    musicbrainz_artistid varchar, musicbrainz_albumartistid varchar, musicbrainz_genre varchar, acoustid_fingerprint varchar,
    cover_data varchar, cover_mime_type varchar, bpm double precision, key varchar, scale varchar,
    danceability double precision, mood_happy double precision, mood_aggressive double precision,
    mood_party double precision, mood_relaxed double precision, instrumental double precision, acoustic double precision,
    tonal double precision, genre_main varchar, camelot_key varchar, vector vector(512), search tsvector,
    date_added timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, date_modified timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP)""",
    "CREATE TABLE genres (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE, date_added timestamp, date_modified timestamp)",
    "CREATE TABLE genre_tags (id serial PRIMARY KEY, name varchar UNIQUE)",
    "CREATE TABLE mood_tags (id serial PRIMARY KEY, name varchar UNIQUE)",
    "CREATE TABLE artist_genres (artist_id integer REFERENCES artists, genre_id integer REFERENCES genres)",
    "CREATE TABLE album_genres (album_id integer REFERENCES albums, genre_id integer REFERENCES genres)",
    "CREATE TABLE track_genres (track_id integer, genre_id integer)",
    "CREATE TABLE track_genre_tags (track_id integer REFERENCES tracks, tag_id integer REFERENCES genre_tags)",
    "CREATE TABLE track_mood_tags (track_id integer REFERENCES tracks, tag_id integer REFERENCES mood_tags)",
    """CREATE TABLE covers (id serial PRIMARY KEY, entity_type covertype NOT NULL, entity_id integer NOT NULL, cover_data varchar,
    mime_type varchar, url varchar, date_added timestamptz DEFAULT CURRENT_TIMESTAMP,
    date_modified timestamptz DEFAULT CURRENT_TIMESTAMP, CONSTRAINT uq_entity_cover UNIQUE (entity_type, entity_id))""",
    """CREATE TABLE settings (id serial PRIMARY KEY, key varchar NOT NULL UNIQUE, value varchar, is_encrypted boolean,
    description varchar, date_added timestamp, date_modified timestamp)""",
)
COVERS = (
    wide.COVERS.replace("'track', 'album', 'artist'", "'TRACK', 'ALBUM', 'ARTIST'")
    .replace("n % 3], n,", "n % 3]::covertype, n * 3,")
    .replace("generate_series(1, 200)", "generate_series(1, 60)")
)
ODDITIES = (
    "INSERT INTO track_genres VALUES (3, 1), (3, 1), (3, 99), (999999, 1), (NULL, 1), (6, NULL)",
    "INSERT INTO genre_tags (name) VALUES (NULL)",
    "INSERT INTO covers (entity_type, entity_id, url) VALUES ('ALBUM', 77777, 'https://example.org/')",
    "INSERT INTO settings (key, value, is_encrypted) VALUES ('lastfm_key', 'gAAAA', true), ('theme', 'dark', false)",
    "CREATE TABLE chats (id serial PRIMARY KEY, text varchar)",
    "INSERT INTO chats (text) VALUES ('Salut'), ('Bonjour')",
)
FILL = (wide.ARTISTS, wide.ALBUMS, wide.GENRES, wide.TRACK_ROWS, *wide.LINKS, COVERS)
STATEMENTS = (*SCHEMA, *FILL[:-1], *(wide.SEQUENCES.format(table) for table in wide.TABLES[:-1]), COVERS,
              wide.SEQUENCES.format("covers"), *ODDITIES)  # fmt: skip

AUDIO = ("bpm, key, scale, danceability, mood_happy, mood_aggressive, mood_party, mood_relaxed, instrumental, acoustic, "
         "tonal, genre_main, camelot_key")  # fmt: skip
# A newer one: split there already, with what comes of rules that are not in the database.
NEWER = (
    f"""CREATE TABLE track_audio_features AS SELECT (row_number() OVER (ORDER BY id))::int AS id, id AS track_id, {AUDIO},
    'librosa'::varchar AS analysis_source, timestamp '2025-05-05' AS analyzed_at, date_added, date_modified
    FROM tracks WHERE bpm < 1000 OR camelot_key IS NOT NULL""",
    "INSERT INTO track_audio_features (id, track_id, bpm, analysis_source) VALUES (900001, 12, 99, 'tags'), (900002, 888888, 1, 'tags')",
    """CREATE TABLE track_embeddings AS SELECT (row_number() OVER (ORDER BY id))::int AS id, id AS track_id,
    'semantic'::varchar AS embedding_type, vector, 'ollama'::varchar AS embedding_source,
    'nomic-embed-text'::varchar AS embedding_model, date_added AS created_at, date_added, date_modified
    FROM tracks WHERE vector IS NOT NULL""",
    """CREATE TABLE track_metadata (id serial PRIMARY KEY, track_id integer, metadata_key varchar, metadata_value varchar,
    metadata_source varchar, created_at timestamptz, date_added timestamptz, date_modified timestamptz)""",
    """INSERT INTO track_metadata (track_id, metadata_key, metadata_value, metadata_source) VALUES
    (3, 'listeners', '1', 'lastfm'), (3, 'listeners', '2', 'lastfm'), (3, 'listeners', '3', NULL)""",
    "ALTER TABLE tracks " + ", ".join(f"DROP COLUMN {column}" for column in AUDIO.split(", ")) + ", DROP COLUMN vector, "
    "DROP COLUMN search, DROP COLUMN cover_data, DROP COLUMN cover_mime_type, DROP CONSTRAINT uq_tracks_musicbrainz_id, "
    "ADD COLUMN rating integer",
    "UPDATE tracks SET musicbrainz_id = (SELECT musicbrainz_id FROM tracks WHERE id = 6), rating = 5 WHERE id IN (9, 15)",
    "DROP TABLE covers, mood_tags, track_mood_tags",
)  # fmt: skip
