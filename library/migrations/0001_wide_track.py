"""The library as the first SoniqueBay had it: everything that is known of a track in one wide row."""

import django.contrib.postgres.search
import django.db.models.deletion
import pgvector.django.vector
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # which makes the extension for vectors
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Genre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('name', models.TextField(unique=True)),
            ],
            options={
                'db_table': 'genres',
            },
        ),
        migrations.CreateModel(
            name='GenreTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
            ],
            options={
                'db_table': 'genre_tags',
            },
        ),
        migrations.CreateModel(
            name='MoodTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
            ],
            options={
                'db_table': 'mood_tags',
            },
        ),
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('entity_type', models.CharField(choices=[('track', 'Track'), ('album', 'Album'), ('artist', 'Artist')], max_length=6)),
                ('entity_id', models.BigIntegerField()),
                ('cover_data', models.TextField(blank=True, null=True)),
                ('mime_type', models.TextField(blank=True, null=True)),
                ('url', models.TextField(blank=True, null=True)),
            ],
            options={
                'db_table': 'covers',
                'constraints': [models.UniqueConstraint(fields=('entity_type', 'entity_id'), name='uq_entity_cover')],
            },
        ),
        migrations.CreateModel(
            name='Artist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('name', models.TextField()),
                ('musicbrainz_artistid', models.TextField(blank=True, null=True)),
                ('vector', pgvector.django.vector.VectorField(blank=True, dimensions=512, null=True)),
                ('search', django.contrib.postgres.search.SearchVectorField(blank=True, null=True)),
                ('genres', models.ManyToManyField(db_table='artist_genres', related_name='artists', to='library.genre')),
            ],
            options={
                'db_table': 'artists',
            },
        ),
        migrations.CreateModel(
            name='Album',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('title', models.TextField()),
                ('release_year', models.TextField(blank=True, null=True)),
                ('musicbrainz_albumid', models.TextField(blank=True, null=True)),
                ('album_artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='albums', to='library.artist')),
                ('genres', models.ManyToManyField(db_table='album_genres', related_name='albums', to='library.genre')),
            ],
            options={
                'db_table': 'albums',
            },
        ),
        migrations.CreateModel(
            name='Track',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date_added', models.DateTimeField(auto_now_add=True)),
                ('date_modified', models.DateTimeField(auto_now=True)),
                ('title', models.TextField(blank=True, null=True)),
                ('path', models.TextField(blank=True, null=True)),
                ('duration', models.IntegerField(blank=True, null=True)),
                ('track_number', models.TextField(blank=True, null=True)),
                ('disc_number', models.TextField(blank=True, null=True)),
                ('year', models.TextField(blank=True, null=True)),
                ('genre', models.TextField(blank=True, null=True)),
                ('file_type', models.TextField(blank=True, null=True)),
                ('bitrate', models.IntegerField(blank=True, null=True)),
                ('file_mtime', models.FloatField(blank=True, null=True)),
                ('file_size', models.BigIntegerField(blank=True, null=True)),
                ('featured_artists', models.TextField(blank=True, null=True)),
                ('musicbrainz_id', models.TextField(blank=True, null=True)),
                ('musicbrainz_albumid', models.TextField(blank=True, null=True)),
                ('musicbrainz_artistid', models.TextField(blank=True, null=True)),
                ('musicbrainz_albumartistid', models.TextField(blank=True, null=True)),
                ('musicbrainz_genre', models.TextField(blank=True, null=True)),
                ('acoustid_fingerprint', models.TextField(blank=True, null=True)),
                ('cover_data', models.TextField(blank=True, null=True)),
                ('cover_mime_type', models.TextField(blank=True, null=True)),
                ('bpm', models.FloatField(blank=True, null=True)),
                ('key', models.TextField(blank=True, null=True)),
                ('scale', models.TextField(blank=True, null=True)),
                ('danceability', models.FloatField(blank=True, null=True)),
                ('mood_happy', models.FloatField(blank=True, null=True)),
                ('mood_aggressive', models.FloatField(blank=True, null=True)),
                ('mood_party', models.FloatField(blank=True, null=True)),
                ('mood_relaxed', models.FloatField(blank=True, null=True)),
                ('instrumental', models.FloatField(blank=True, null=True)),
                ('acoustic', models.FloatField(blank=True, null=True)),
                ('tonal', models.FloatField(blank=True, null=True)),
                ('genre_main', models.TextField(blank=True, null=True)),
                ('camelot_key', models.TextField(blank=True, null=True)),
                ('vector', pgvector.django.vector.VectorField(blank=True, dimensions=512, null=True)),
                ('search', django.contrib.postgres.search.SearchVectorField(blank=True, null=True)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tracks', to='library.album')),
                ('genres', models.ManyToManyField(db_table='track_genres', related_name='tracks', to='library.genre')),
                ('track_artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tracks', to='library.artist')),
            ],
            options={
                'db_table': 'tracks',
            },
        ),
        migrations.CreateModel(
            name='TrackGenreTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='library.genretag')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='library.track')),
            ],
            options={
                'db_table': 'track_genre_tags',
            },
        ),
        migrations.AddField(
            model_name='track',
            name='genre_tags',
            field=models.ManyToManyField(related_name='tracks', through='library.TrackGenreTag', to='library.genretag'),
        ),
        migrations.CreateModel(
            name='TrackMoodTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='library.moodtag')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='library.track')),
            ],
            options={
                'db_table': 'track_mood_tags',
            },
        ),
        migrations.AddField(
            model_name='track',
            name='mood_tags',
            field=models.ManyToManyField(related_name='tracks', through='library.TrackMoodTag', to='library.moodtag'),
        ),
        migrations.AddConstraint(
            model_name='trackgenretag',
            constraint=models.UniqueConstraint(fields=('track', 'tag'), name='uq_track_genre_tags'),
        ),
        migrations.AddConstraint(
            model_name='trackmoodtag',
            constraint=models.UniqueConstraint(fields=('track', 'tag'), name='uq_track_mood_tags'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(fields=['path'], name='idx_tracks_path'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(fields=['track_artist', 'album'], name='idx_tracks_artist_album'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(fields=['musicbrainz_id'], name='idx_tracks_mb_id'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(fields=['bpm', 'key'], name='idx_tracks_missing_audio'),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.UniqueConstraint(fields=('path',), name='uq_tracks_path'),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.UniqueConstraint(fields=('musicbrainz_id',), name='uq_tracks_musicbrainz_id'),
        ),
    ]
