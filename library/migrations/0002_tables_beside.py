"""The tables of today and the columns that tracks, albums, artists, genres and covers gain; nothing is filled yet."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


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
            ],
            options={
                'db_table': 'album_artist',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='AlbumKey',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'album_keys',
            },
        ),
        migrations.CreateModel(
            name='ArtistKey',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
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
            ],
            options={
                'db_table': 'corrections',
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
            ],
            options={
                'db_table': 'scan_absences',
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
            ],
            options={
                'db_table': 'scan_errors',
            },
        ),
        migrations.CreateModel(
            name='ScanFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.TextField(db_collation='C')),
                ('digest', models.CharField(max_length=32)),
                ('files', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'scan_folders',
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
            ],
            options={
                'db_table': 'track_artists',
                'ordering': ['role', 'position'],
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
            ],
            options={
                'db_table': 'track_uses',
            },
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
            name='discogs_id',
            field=models.TextField(blank=True, null=True, unique=True),
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
        migrations.AddField(
            model_name='albumartist',
            name='album',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='album_artists', to='library.album'),
        ),
        migrations.AddField(
            model_name='albumartist',
            name='artist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='album_credits', to='library.artist'),
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
            model_name='albumkey',
            name='album',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='library.album'),
        ),
        migrations.AddField(
            model_name='artistkey',
            name='artist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='library.artist'),
        ),
        migrations.AddField(
            model_name='correction',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='coverimage',
            index=models.Index(condition=models.Q(('thumbnails_at__isnull', True)), fields=['date_added'], name='idx_cover_images_waiting'),
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
        migrations.AddField(
            model_name='scanabsence',
            name='job',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.job'),
        ),
        migrations.AddField(
            model_name='scanabsence',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='library.track'),
        ),
        migrations.AddField(
            model_name='scanerror',
            name='root',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='errors', to='library.libraryroot'),
        ),
        migrations.AddField(
            model_name='scanfolder',
            name='root',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folders', to='library.libraryroot'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['document'], name='idx_search_documents'),
        ),
        migrations.AddField(
            model_name='trackartist',
            name='artist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='track_credits', to='library.artist'),
        ),
        migrations.AddField(
            model_name='trackartist',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='track_artists', to='library.track'),
        ),
        migrations.AddField(
            model_name='trackuse',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='library.track'),
        ),
        migrations.AddField(
            model_name='trackuse',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='track_uses', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='albumartist',
            constraint=models.UniqueConstraint(fields=('album', 'artist'), name='uq_album_artist'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['-done_at', '-id'], name='idx_corrections_done_at'),
        ),
        migrations.AddConstraint(
            model_name='scanabsence',
            constraint=models.UniqueConstraint(fields=('job', 'track'), name='uq_scan_absences'),
        ),
        migrations.AddConstraint(
            model_name='scanerror',
            constraint=models.UniqueConstraint(fields=('root', 'path'), name='uq_scan_errors'),
        ),
        migrations.AddConstraint(
            model_name='scanfolder',
            constraint=models.UniqueConstraint(fields=('root', 'path'), name='uq_scan_folders'),
        ),
        migrations.AddIndex(
            model_name='trackartist',
            index=models.Index(fields=['artist', 'role'], name='idx_track_artists_role'),
        ),
        migrations.AddConstraint(
            model_name='trackartist',
            constraint=models.UniqueConstraint(fields=('track', 'artist', 'role', 'detail'), name='uq_track_artists'),
        ),
        migrations.AddIndex(
            model_name='trackuse',
            index=models.Index(fields=['user', '-last_played'], name='idx_track_uses_last_played'),
        ),
        migrations.AddIndex(
            model_name='trackuse',
            index=models.Index(condition=models.Q(('loved', True)), fields=['user', 'track'], name='idx_track_uses_loved'),
        ),
        migrations.AddConstraint(
            model_name='trackuse',
            constraint=models.UniqueConstraint(fields=('user', 'track'), name='uq_track_uses'),
        ),
        migrations.AddConstraint(
            model_name='trackuse',
            constraint=models.CheckConstraint(condition=models.Q(('rating__isnull', True), ('rating__range', (1, 10)), _connector='OR'), name='track_uses_rating'),
        ),
    ]
