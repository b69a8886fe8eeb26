"""Why a folder's changes are not noticed at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0008_lists")]
    operations = [
        migrations.AddField(
            model_name="libraryroot",
            name="watch_problem",
            field=models.TextField(blank=True, default=""),
        ),
    ]
