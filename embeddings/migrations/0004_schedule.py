"""A look for what has no vector in the first schedule; from here on it belongs to whoever edits it in the admin."""

from django.conf import settings
from django.db import migrations

TASK = "embeddings.tend"


def plan(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    when, _made = Crontab.objects.get_or_create(
        minute="40", hour="*", day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
    )
    defaults = {"task": TASK, "crontab": when}
    PeriodicTask.objects.get_or_create(name="Tracks without vectors", defaults=defaults)


def forget(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task=TASK).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("embeddings", "0003_what_they_are_of"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(plan, forget)]
