"""Removes what has its own tables now; the way back begins by counting what the wide Track would have no place for."""

from django.conf import settings
from django.db import migrations, models

from library.engine.cover_files import original
from library.migrations._split.together import Together
from library.migrations._split.stops import SplitRefused, refuse_losses

AUDIO = ("bpm, key, scale, danceability, mood_happy, mood_aggressive, mood_party, mood_relaxed, instrumental, acoustic, "
         "tonal, genre_main, camelot_key")  # fmt: skip
NEW_TEXTS = ("audio_hash", "disc_subtitle", "recording_date", "original_date", "release_date", "isrc", "language", "comment")
NEW_VALUES = ("root_id", "cue_start_ms", "missing_since", "sample_rate", "bit_depth", "channels", "musicbrainz_trackid",
              "replaygain_track_gain", "replaygain_track_peak", "replaygain_album_gain", "replaygain_album_peak")  # fmt: skip
NEW_OF_ALBUMS = "num_nonnulls(original_year, musicbrainz_releasegroupid, discogs_id, spotify_url, discogs_url) > 0 OR " \
    "concat(version, release_type, label, catalog_number, barcode) <> '' OR support <> 'Unknown' OR locked_fields <> '{}'"

INDEXES = [
    migrations.AddIndex(
        model_name='artist',
        index=models.Index(fields=['name'], name='idx_artist_name'),
    ),
    migrations.AddIndex(
        model_name='artist',
        index=models.Index(fields=['sort_name', 'id'], name='idx_artist_sort_name'),
    ),
    migrations.AddIndex(
        model_name='artist',
        index=models.Index(fields=['musicbrainz_artistid'], name='idx_artist_mb_id'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['title'], name='idx_album_title'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['year', 'id'], name='idx_album_year'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['sort_title', 'id'], name='idx_album_sort_title'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['-date_added', '-id'], name='idx_album_date_added'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['album_artist', 'year'], name='idx_album_artist_year'),
    ),
    migrations.AddIndex(
        model_name='album',
        index=models.Index(fields=['musicbrainz_albumid'], name='idx_album_mb_id'),
    ),
    migrations.AddIndex(
        model_name='cover',
        index=models.Index(fields=['image'], name='idx_covers_image'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['root', 'folder'], name='idx_tracks_folder'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['date_added', 'path'], name='idx_tracks_scan_perf'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['-date_added', '-id'], name='idx_tracks_date_added'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['sort_title', 'id'], name='idx_tracks_sort_title'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['year_number', 'id'], name='idx_tracks_year'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(fields=['album', 'disc_position', 'track_position'], name='idx_track_album'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(condition=models.Q(('audio_hash', ''), _negated=True), fields=['audio_hash'], name='idx_tracks_audio_hash'),
    ),
    migrations.AddIndex(
        model_name='track',
        index=models.Index(condition=models.Q(('missing_since__isnull', False)), fields=['missing_since'], name='idx_tracks_missing'),
    ),
]


def rows(table, condition="true"):
    return f"SELECT count(*) FROM {table} WHERE {condition}"


# Only what cannot be told from the wide columns again: a sort name or a number of seconds in milliseconds can.
LOSSES = (
    ("tracks with several embeddings",
     "SELECT count(*) FROM (SELECT FROM track_embeddings GROUP BY track_id HAVING count(*) > 1) several"),
    ("embeddings with a type, a source or a model",
     rows("track_embeddings", "embedding_type <> 'semantic' OR embedding_source <> '' OR embedding_model <> ''")),
    ("artists with several embeddings",
     "SELECT count(*) FROM (SELECT FROM artist_embeddings GROUP BY artist_id HAVING count(*) > 1) several"),
    ("embeddings of artists with a type, a source or a model",
     rows("artist_embeddings", "embedding_type <> 'semantic' OR embedding_source <> '' OR embedding_model <> ''")),
    ("features with a source or a time", rows("track_audio_features", "analysis_source <> '' OR analyzed_at IS NOT NULL")),
    ("features of nothing", rows("track_audio_features", f"num_nonnulls({AUDIO}) = 0")),
    ("metadata of tracks",
     rows("track_metadata", "metadata_key NOT IN ('genre', 'musicbrainz_genre') OR metadata_source <> ''")),
    ("metadata of albums", rows("album_metadata")),
    ("lyrics", rows("lyrics")),
    ("listeners' plays, ratings and loves", rows("track_uses")),
    ("corrections", rows("corrections")),
    ("splits of artists", rows("artist_splits")),
    ("folders of music", rows("library_roots")),
    ("further artists of tracks",
     "SELECT count(*) FROM track_artists credit JOIN tracks ON tracks.id = credit.track_id WHERE role <> 'artist' "
     "OR position <> 0 OR join_phrase <> '' OR detail <> '' OR artist_id <> track_artist_id"),
    ("further artists of albums",
     "SELECT count(*) FROM album_artist credit JOIN albums ON albums.id = credit.album_id "
     "WHERE position <> 0 OR join_phrase <> '' OR artist_id <> album_artist_id"),
    ("tracks with more than the wide row holds",
     rows("tracks", f"num_nonnulls({', '.join(NEW_VALUES)}) > 0 OR concat({', '.join(NEW_TEXTS)}) <> '' "
          "OR cue_index <> 0 OR locked_fields <> '{}'")),
    ("albums with more than the old row holds", rows("albums", NEW_OF_ALBUMS)),
    ("artists with more than the old row holds",
     rows("artists", "num_nonnulls(spotify_id, lastfm_url) > 0 OR locked_fields <> '{}'")),
    ("things with several covers",
     "SELECT count(*) FROM (SELECT FROM covers WHERE (entity_type, source) <> ('track', 'embedded') AND NOT EXISTS "
     "(SELECT FROM split_leftovers kept WHERE kept.kind = 'added_cover' AND kept.entity_id = covers.id) "
     "GROUP BY entity_type, entity_id HAVING count(*) > 1) several"),
    ("paths that several tracks have",
     "SELECT count(*) FROM (SELECT FROM tracks WHERE path IS NOT NULL GROUP BY path HAVING count(*) > 1) several"),
    ("recordings that several tracks have",
     "SELECT count(*) FROM (SELECT FROM tracks WHERE musicbrainz_id IS NOT NULL GROUP BY musicbrainz_id "
     "HAVING count(*) > 1) several"),
)  # fmt: skip


def refuse(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        refuse_losses(cursor, LOSSES)
        with cursor.connection.cursor(name="split_files") as images:
            images.execute("SELECT digest, mime_type FROM cover_images WHERE digest IN (SELECT image_id FROM covers)")
            gone = sum(not original(settings.MEDIA_ROOT, *image).is_file() for image in images)
    if gone:
        raise SplitRefused(f"Files of covers that are not there any more: {gone:,}. Nothing was changed.")


DROP_WIDE = """
ALTER TABLE artists DROP COLUMN search, DROP COLUMN vector;
ALTER TABLE covers DROP COLUMN cover_data;
ALTER TABLE tracks DROP COLUMN acoustic, DROP COLUMN bpm, DROP COLUMN camelot_key, DROP COLUMN cover_data,
    DROP COLUMN cover_mime_type, DROP COLUMN danceability, DROP COLUMN genre, DROP COLUMN genre_main,
    DROP COLUMN instrumental, DROP COLUMN key, DROP COLUMN mood_aggressive, DROP COLUMN mood_happy,
    DROP COLUMN mood_party, DROP COLUMN mood_relaxed, DROP COLUMN musicbrainz_genre, DROP COLUMN scale,
    DROP COLUMN search, DROP COLUMN tonal, DROP COLUMN vector;
"""
ADD_WIDE = """
ALTER TABLE artists ADD COLUMN search tsvector, ADD COLUMN vector vector(512);
ALTER TABLE covers ADD COLUMN cover_data text;
ALTER TABLE tracks ADD COLUMN acoustic double precision, ADD COLUMN bpm double precision,
    ADD COLUMN camelot_key text, ADD COLUMN cover_data text, ADD COLUMN cover_mime_type text,
    ADD COLUMN danceability double precision, ADD COLUMN genre text, ADD COLUMN genre_main text,
    ADD COLUMN instrumental double precision, ADD COLUMN key text, ADD COLUMN mood_aggressive double precision,
    ADD COLUMN mood_happy double precision, ADD COLUMN mood_party double precision,
    ADD COLUMN mood_relaxed double precision, ADD COLUMN musicbrainz_genre text, ADD COLUMN scale text,
    ADD COLUMN search tsvector, ADD COLUMN tonal double precision, ADD COLUMN vector vector(512);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0006_verify_split'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='track',
            name='idx_tracks_missing_audio',
        ),
        Together(
            database_operations=[migrations.RunSQL(DROP_WIDE, ADD_WIDE)],
            state_operations=[
                migrations.RemoveField(
                    model_name='artist',
                    name='search',
                ),
                migrations.RemoveField(
                    model_name='artist',
                    name='vector',
                ),
                migrations.RemoveField(
                    model_name='cover',
                    name='cover_data',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='acoustic',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='bpm',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='camelot_key',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='cover_data',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='cover_mime_type',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='danceability',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='genre',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='genre_main',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='instrumental',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='key',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='mood_aggressive',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='mood_happy',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='mood_party',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='mood_relaxed',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='musicbrainz_genre',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='scale',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='search',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='tonal',
                ),
                migrations.RemoveField(
                    model_name='track',
                    name='vector',
                ),
            ],
        ),
        migrations.AlterField(
            model_name='track',
            name='title',
            field=models.TextField(blank=True, default=''),
        ),
        Together(database_operations=INDEXES, state_operations=INDEXES),
        migrations.AlterField(
            model_name='genre',
            name='name_key',
            field=models.TextField(unique=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
