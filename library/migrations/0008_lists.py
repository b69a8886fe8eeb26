"""What lists are sorted by is folded: its order is that of its bytes, on every server; indexes for every order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0007_narrow_track"),
    ]

    operations = [
        migrations.AlterField("artist", "sort_name", models.TextField(blank=True, db_collation="C", default="")),
        migrations.AlterField("album", "sort_title", models.TextField(blank=True, db_collation="C", default="")),
        migrations.AlterField("track", "sort_title", models.TextField(blank=True, db_collation="C", default="")),
        migrations.AlterField("genre", "name_key", models.TextField(db_collation="C", unique=True)),
        migrations.AddIndex("artist", models.Index(fields=["-date_added", "-id"], name="idx_artist_date_added")),
        migrations.AddIndex("track", models.Index(fields=["duration_ms", "id"], name="idx_tracks_duration")),
    ]
