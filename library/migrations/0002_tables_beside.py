"""The tables of today and the columns that tracks, albums, artists, genres and covers gain; nothing is filled yet."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from library.migrations._split.together import Together


ADD_COLUMNS = """
ALTER TABLE albums ADD COLUMN artist_credit text NOT NULL DEFAULT '', ADD COLUMN barcode text NOT NULL DEFAULT '',
    ADD COLUMN catalog_number text NOT NULL DEFAULT '', ADD COLUMN compilation boolean NOT NULL DEFAULT false,
    ADD COLUMN discogs_url text, ADD COLUMN label text NOT NULL DEFAULT '',
    ADD COLUMN locked_fields text[] NOT NULL DEFAULT '{}', ADD COLUMN musicbrainz_releasegroupid text,
    ADD COLUMN original_year smallint, ADD COLUMN release_type text NOT NULL DEFAULT '',
    ADD COLUMN sort_title text NOT NULL DEFAULT '', ADD COLUMN spotify_url text,
    ADD COLUMN support varchar(10) NOT NULL DEFAULT 'Unknown', ADD COLUMN version text NOT NULL DEFAULT '',
    ADD COLUMN year smallint;
ALTER TABLE albums ALTER COLUMN artist_credit DROP DEFAULT, ALTER COLUMN barcode DROP DEFAULT,
    ALTER COLUMN catalog_number DROP DEFAULT, ALTER COLUMN compilation DROP DEFAULT,
    ALTER COLUMN label DROP DEFAULT, ALTER COLUMN locked_fields DROP DEFAULT,
    ALTER COLUMN release_type DROP DEFAULT, ALTER COLUMN sort_title DROP DEFAULT, ALTER COLUMN support DROP DEFAULT,
    ALTER COLUMN version DROP DEFAULT;
ALTER TABLE artists ADD COLUMN lastfm_url text, ADD COLUMN locked_fields text[] NOT NULL DEFAULT '{}',
    ADD COLUMN sort_name text NOT NULL DEFAULT '', ADD COLUMN spotify_id text;
ALTER TABLE artists ALTER COLUMN locked_fields DROP DEFAULT, ALTER COLUMN sort_name DROP DEFAULT;
ALTER TABLE covers ADD COLUMN shown boolean NOT NULL DEFAULT false,
    ADD COLUMN source varchar(10) NOT NULL DEFAULT '';
ALTER TABLE covers ALTER COLUMN shown DROP DEFAULT, ALTER COLUMN source DROP DEFAULT;
ALTER TABLE genres ADD COLUMN name_key text NOT NULL DEFAULT '';
ALTER TABLE genres ALTER COLUMN name_key DROP DEFAULT;
ALTER TABLE tracks ADD COLUMN artist_credit text NOT NULL DEFAULT '',
    ADD COLUMN audio_hash text NOT NULL DEFAULT '', ADD COLUMN available boolean NOT NULL DEFAULT false,
    ADD COLUMN bit_depth smallint, ADD COLUMN channels smallint, ADD COLUMN comment text NOT NULL DEFAULT '',
    ADD COLUMN cue_end_ms integer, ADD COLUMN cue_index smallint NOT NULL DEFAULT 0,
    ADD COLUMN cue_start_ms integer, ADD COLUMN disc_position integer,
    ADD COLUMN disc_subtitle text NOT NULL DEFAULT '', ADD COLUMN duration_ms integer,
    ADD COLUMN file_mtime_ns bigint, ADD COLUMN folder text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN isrc text NOT NULL DEFAULT '', ADD COLUMN language text NOT NULL DEFAULT '',
    ADD COLUMN locked_fields text[] NOT NULL DEFAULT '{}', ADD COLUMN missing_since timestamp with time zone,
    ADD COLUMN musicbrainz_trackid text, ADD COLUMN original_date text NOT NULL DEFAULT '',
    ADD COLUMN recording_date text NOT NULL DEFAULT '', ADD COLUMN release_date text NOT NULL DEFAULT '',
    ADD COLUMN replaygain_album_gain double precision, ADD COLUMN replaygain_album_peak double precision,
    ADD COLUMN replaygain_track_gain double precision, ADD COLUMN replaygain_track_peak double precision,
    ADD COLUMN sample_rate integer, ADD COLUMN sort_title text NOT NULL DEFAULT '',
    ADD COLUMN track_position integer, ADD COLUMN year_number smallint;
ALTER TABLE tracks ALTER COLUMN artist_credit DROP DEFAULT, ALTER COLUMN audio_hash DROP DEFAULT,
    ALTER COLUMN available DROP DEFAULT, ALTER COLUMN comment DROP DEFAULT, ALTER COLUMN cue_index DROP DEFAULT,
    ALTER COLUMN disc_subtitle DROP DEFAULT, ALTER COLUMN folder DROP DEFAULT, ALTER COLUMN isrc DROP DEFAULT,
    ALTER COLUMN language DROP DEFAULT, ALTER COLUMN locked_fields DROP DEFAULT,
    ALTER COLUMN original_date DROP DEFAULT, ALTER COLUMN recording_date DROP DEFAULT,
    ALTER COLUMN release_date DROP DEFAULT, ALTER COLUMN sort_title DROP DEFAULT;
"""
DROP_COLUMNS = """
ALTER TABLE albums DROP COLUMN artist_credit, DROP COLUMN barcode, DROP COLUMN catalog_number,
    DROP COLUMN compilation, DROP COLUMN discogs_url, DROP COLUMN label, DROP COLUMN locked_fields,
    DROP COLUMN musicbrainz_releasegroupid, DROP COLUMN original_year, DROP COLUMN release_type,
    DROP COLUMN sort_title, DROP COLUMN spotify_url, DROP COLUMN support, DROP COLUMN version, DROP COLUMN year;
ALTER TABLE artists DROP COLUMN lastfm_url, DROP COLUMN locked_fields, DROP COLUMN sort_name,
    DROP COLUMN spotify_id;
ALTER TABLE covers DROP COLUMN shown, DROP COLUMN source;
ALTER TABLE genres DROP COLUMN name_key;
ALTER TABLE tracks DROP COLUMN artist_credit, DROP COLUMN audio_hash, DROP COLUMN available, DROP COLUMN bit_depth,
    DROP COLUMN channels, DROP COLUMN comment, DROP COLUMN cue_end_ms, DROP COLUMN cue_index,
    DROP COLUMN cue_start_ms, DROP COLUMN disc_position, DROP COLUMN disc_subtitle, DROP COLUMN duration_ms,
    DROP COLUMN file_mtime_ns, DROP COLUMN folder, DROP COLUMN isrc, DROP COLUMN language,
    DROP COLUMN locked_fields, DROP COLUMN missing_since, DROP COLUMN musicbrainz_trackid,
    DROP COLUMN original_date, DROP COLUMN recording_date, DROP COLUMN release_date,
    DROP COLUMN replaygain_album_gain, DROP COLUMN replaygain_album_peak, DROP COLUMN replaygain_track_gain,
    DROP COLUMN replaygain_track_peak, DROP COLUMN sample_rate, DROP COLUMN sort_title, DROP COLUMN track_position,
    DROP COLUMN year_number;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_names_and_setbacks'),
        ('library', '0001_wide_track'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AlbumArtist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.SmallIntegerField(default=0)),
                ('join_phrase', models.TextField(blank=True, default='')),
                ('album', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='album_artists', to='library.album')),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='album_credits', to='library.artist')),
            ],
            options={
                'db_table': 'album_artist',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('album', 'artist'), name='uq_album_artist')],
            },
        ),
        migrations.CreateModel(
            name='AlbumKey',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
                ('album', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='library.album')),
            ],
            options={
                'db_table': 'album_keys',
            },
        ),
        migrations.CreateModel(
            name='ArtistKey',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='library.artist')),
            ],
            options={
                'db_table': 'artist_keys',
            },
        ),
        migrations.CreateModel(
            name='ArtistSplit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('key', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('parts', models.JSONField(default=list)),
            ],
            options={
                'db_table': 'artist_splits',
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('title', models.TextField()),
                ('before', models.JSONField(default=dict)),
                ('done_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'corrections',
                'indexes': [models.Index(fields=['-done_at', '-id'], name='idx_corrections_done_at')],
            },
        ),
        migrations.CreateModel(
            name='CoverImage',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('mime_type', models.TextField()),
                ('size', models.IntegerField()),
                ('width', models.IntegerField(blank=True, null=True)),
                ('height', models.IntegerField(blank=True, null=True)),
                ('color_1', models.CharField(blank=True, default='', max_length=7)),
                ('color_2', models.CharField(blank=True, default='', max_length=7)),
                ('problem', models.TextField(blank=True, default='')),
                ('thumbnails_at', models.DateTimeField(blank=True, null=True)),
                ('date_added', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'db_table': 'cover_images',
                'indexes': [models.Index(condition=models.Q(('thumbnails_at__isnull', True)), fields=['date_added'], name='idx_cover_images_waiting')],
            },
        ),
        migrations.CreateModel(
            name='LibraryRoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('name', models.TextField()),
                ('path', models.TextField(unique=True)),
                ('enabled', models.BooleanField(default=True)),
                ('watched', models.BooleanField(default=True)),
                ('follow_symlinks', models.BooleanField(default=True)),
                ('skip_nomedia', models.BooleanField(default=False)),
                ('last_scan_at', models.DateTimeField(blank=True, null=True)),
                ('track_count', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'library_roots',
            },
        ),
        migrations.CreateModel(
            name='Lyrics',
            fields=[
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('track', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='lyrics', serialize=False, to='library.track')),
                ('text', models.TextField()),
                ('synced', models.BooleanField(default=False)),
                ('language', models.TextField(blank=True, default='')),
                ('source', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'lyrics',
            },
        ),
        migrations.CreateModel(
            name='ScanAbsence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.job')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='library.track')),
            ],
            options={
                'db_table': 'scan_absences',
                'constraints': [models.UniqueConstraint(fields=('job', 'track'), name='uq_scan_absences')],
            },
        ),
        migrations.CreateModel(
            name='ScanError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField()),
                ('size', models.BigIntegerField(default=0)),
                ('mtime_ns', models.BigIntegerField(default=0)),
                ('reason', models.TextField()),
                ('first_seen_at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField(auto_now=True)),
                ('root', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='errors', to='library.libraryroot')),
            ],
            options={
                'db_table': 'scan_errors',
                'constraints': [models.UniqueConstraint(fields=('root', 'path'), name='uq_scan_errors')],
            },
        ),
        migrations.CreateModel(
            name='ScanFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField(db_collation='C')),
                ('digest', models.CharField(max_length=32)),
                ('files', models.IntegerField(default=0)),
                ('root', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='library.libraryroot')),
            ],
            options={
                'db_table': 'scan_folders',
                'constraints': [models.UniqueConstraint(fields=('root', 'path'), name='uq_scan_folders')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('track', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='library.track')),
                ('words', models.JSONField(default=dict)),
                ('document', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
            ],
            options={
                'db_table': 'search_documents',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['document'], name='idx_search_documents')],
            },
        ),
        migrations.CreateModel(
            name='SplitLeftover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entity', models.CharField(max_length=10)),
                ('entity_id', models.BigIntegerField()),
                ('field', models.TextField(blank=True, default='')),
                ('kind', models.TextField()),
                ('value', models.TextField(blank=True, null=True)),
            ],
            options={
                'db_table': 'split_leftovers',
                'indexes': [models.Index(fields=['kind', 'entity', 'entity_id'], name='idx_split_leftovers')],
            },
        ),
        migrations.CreateModel(
            name='TrackArtist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('artist', 'Artist'), ('composer', 'Composer'), ('lyricist', 'Lyricist'), ('conductor', 'Conductor'), ('performer', 'Performer'), ('remixer', 'Remixer'), ('producer', 'Producer'), ('arranger', 'Arranger'), ('engineer', 'Engineer'), ('mixer', 'Mixer'), ('djmixer', 'Djmixer'), ('writer', 'Writer')], default='artist', max_length=10)),
                ('position', models.SmallIntegerField(default=0)),
                ('join_phrase', models.TextField(blank=True, default='')),
                ('detail', models.TextField(blank=True, default='')),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='track_credits', to='library.artist')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='track_artists', to='library.track')),
            ],
            options={
                'db_table': 'track_artists',
                'ordering': ['role', 'position'],
                'indexes': [models.Index(fields=['artist', 'role'], name='idx_track_artists_role')],
                'constraints': [models.UniqueConstraint(fields=('track', 'artist', 'role', 'detail'), name='uq_track_artists')],
            },
        ),
        migrations.CreateModel(
            name='TrackUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plays', models.IntegerField(default=0)),
                ('last_played', models.DateTimeField(blank=True, null=True)),
                ('loved', models.BooleanField(default=False)),
                ('rating', models.SmallIntegerField(blank=True, null=True)),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='library.track')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='track_uses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'track_uses',
                'indexes': [models.Index(condition=models.Q(('loved', True)), fields=['user', 'track'], name='idx_track_uses_loved'), models.Index(fields=['user', '-last_played'], name='idx_track_uses_last_played')],
                'constraints': [models.CheckConstraint(condition=models.Q(('rating__isnull', True), ('rating__range', (1, 10)), _connector='OR'), name='track_uses_rating'), models.UniqueConstraint(fields=('user', 'track'), name='uq_track_uses')],
            },
        ),
        # In one statement a table, not in eighty.
        Together(
            database_operations=[migrations.RunSQL(ADD_COLUMNS, DROP_COLUMNS)],
            state_operations=[
                migrations.AddField(
                    model_name='album',
                    name='artist_credit',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='barcode',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='catalog_number',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='compilation',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='album',
                    name='discogs_url',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='album',
                    name='label',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='locked_fields',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None),
                ),
                migrations.AddField(
                    model_name='album',
                    name='musicbrainz_releasegroupid',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='album',
                    name='original_year',
                    field=models.SmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='album',
                    name='release_type',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='sort_title',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='spotify_url',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='album',
                    name='support',
                    field=models.CharField(choices=[('Vinyl', 'Vinyl'), ('CD', 'CD'), ('Digital', 'Digital'), ('Cassette', 'Cassette'), ('Unknown', 'Unknown')], default='Unknown', max_length=10),
                ),
                migrations.AddField(
                    model_name='album',
                    name='version',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='album',
                    name='year',
                    field=models.SmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='artist',
                    name='lastfm_url',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='artist',
                    name='locked_fields',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None),
                ),
                migrations.AddField(
                    model_name='artist',
                    name='sort_name',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='artist',
                    name='spotify_id',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='cover',
                    name='shown',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='cover',
                    name='source',
                    field=models.CharField(choices=[('manual', 'Manual'), ('folder', 'Folder'), ('embedded', 'Embedded'), ('caa', 'Caa'), ('discogs', 'Discogs'), ('spotify', 'Spotify'), ('lastfm', 'Lastfm')], default='', max_length=10),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='genre',
                    name='name_key',
                    field=models.TextField(default=''),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name='track',
                    name='artist_credit',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='audio_hash',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='available',
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name='track',
                    name='bit_depth',
                    field=models.SmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='channels',
                    field=models.SmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='comment',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='cue_end_ms',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='cue_index',
                    field=models.SmallIntegerField(default=0),
                ),
                migrations.AddField(
                    model_name='track',
                    name='cue_start_ms',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='disc_position',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='disc_subtitle',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='duration_ms',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='file_mtime_ns',
                    field=models.BigIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='folder',
                    field=models.TextField(blank=True, db_collation='C', default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='isrc',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='language',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='locked_fields',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None),
                ),
                migrations.AddField(
                    model_name='track',
                    name='missing_since',
                    field=models.DateTimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='musicbrainz_trackid',
                    field=models.TextField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='original_date',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='recording_date',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='release_date',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='replaygain_album_gain',
                    field=models.FloatField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='replaygain_album_peak',
                    field=models.FloatField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='replaygain_track_gain',
                    field=models.FloatField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='replaygain_track_peak',
                    field=models.FloatField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='sample_rate',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='sort_title',
                    field=models.TextField(blank=True, default=''),
                ),
                migrations.AddField(
                    model_name='track',
                    name='track_position',
                    field=models.IntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name='track',
                    name='year_number',
                    field=models.SmallIntegerField(blank=True, null=True),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='cover',
            name='uq_entity_cover',
        ),
        migrations.RemoveConstraint(
            model_name='track',
            name='uq_tracks_path',
        ),
        migrations.RemoveConstraint(
            model_name='track',
            name='uq_tracks_musicbrainz_id',
        ),
        migrations.AddField(
            model_name='album',
            name='discogs_id',
            field=models.TextField(blank=True, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='album',
            name='artists',
            field=models.ManyToManyField(related_name='credited_albums', through='library.AlbumArtist', to='library.artist'),
        ),
        migrations.AddConstraint(
            model_name='album',
            constraint=models.CheckConstraint(condition=models.Q(('support__in', ['Vinyl', 'CD', 'Digital', 'Cassette', 'Unknown'])), name='albums_known_support'),
        ),
        migrations.AddField(
            model_name='cover',
            name='image',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='library.coverimage'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.UniqueConstraint(fields=('entity_type', 'entity_id', 'source'), name='uq_entity_cover'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.UniqueConstraint(condition=models.Q(('shown', True)), fields=('entity_type', 'entity_id'), name='uq_entity_cover_shown'),
        ),
        migrations.AddField(
            model_name='track',
            name='root',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tracks', to='library.libraryroot'),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.UniqueConstraint(fields=('root', 'path', 'cue_index'), name='uq_tracks_path'),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.UniqueConstraint(condition=models.Q(('root__isnull', True)), fields=('path', 'cue_index'), name='uq_tracks_path_alone'),
        ),
    ]
