"""Every index takes its share of each file that a scan brings: those go that begin as another one does."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Django makes these by itself, and knows no way to say that they are not wanted.
BESIDE = (
    ("artist_keys_key_7aa37703_like", "artist_keys (key text_pattern_ops)"),
    ("album_keys_key_4114f3a8_like", "album_keys (key text_pattern_ops)"),
    ("cover_images_digest_2e8c7d42_like", "cover_images (digest varchar_pattern_ops)"),
    ("track_genres_track_id_20550026", "track_genres (track_id)"),
    ("album_genres_album_id_68922487", "album_genres (album_id)"),
    ("artist_genres_artist_id_773a1690", "artist_genres (artist_id)"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_names_and_setbacks"),
        ("library", "0012_folder_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON {place}")
            for name, place in BESIDE
        ),
        migrations.AlterField(
            model_name="album",
            name="album_artist",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="albums", to="library.artist"
            ),
        ),
        migrations.AlterField(
            model_name="albumartist",
            name="album",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="album_artists",
                to="library.album",
            ),
        ),
        migrations.AlterField(
            model_name="cover",
            name="image",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="covers",
                to="library.coverimage",
            ),
        ),
        migrations.AlterField(
            model_name="scanabsence",
            name="job",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="core.job"
            ),
        ),
        migrations.AlterField(
            model_name="scanerror",
            name="root",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="errors",
                to="library.libraryroot",
            ),
        ),
        migrations.AlterField(
            model_name="scanfolder",
            name="root",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="folders",
                to="library.libraryroot",
            ),
        ),
        migrations.AlterField(
            model_name="track",
            name="album",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tracks",
                to="library.album",
            ),
        ),
        migrations.AlterField(
            model_name="track",
            name="root",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tracks",
                to="library.libraryroot",
            ),
        ),
        migrations.AlterField(
            model_name="track",
            name="track_artist",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="tracks", to="library.artist"
            ),
        ),
        migrations.AlterField(
            model_name="trackartist",
            name="artist",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="track_credits",
                to="library.artist",
            ),
        ),
        migrations.AlterField(
            model_name="trackartist",
            name="track",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="track_artists",
                to="library.track",
            ),
        ),
        migrations.AlterField(
            model_name="trackgenretag",
            name="track",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="library.track"),
        ),
        migrations.AlterField(
            model_name="trackmoodtag",
            name="track",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="library.track"),
        ),
        migrations.AlterField(
            model_name="trackuse",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="track_uses",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
