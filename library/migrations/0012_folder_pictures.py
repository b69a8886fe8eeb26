"""Which picture lies in a folder, so that one that is taken away is noticed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0011_search")]
    operations = [
        migrations.AddField(
            model_name="scanfolder",
            name="picture",
            field=models.CharField(blank=True, max_length=64, null=True),
        ),
    ]
