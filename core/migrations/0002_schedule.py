"""The first schedule; from here on it belongs to whoever edits it in the admin."""

from django.conf import settings
from django.db import migrations

DAILY = {
    "clean_up": ("Cleaning up old jobs and sessions", "20", "3"),
    "backup_database": ("Backup of the database and covers", "0", "2"),
}


def plan(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    for task, (name, minute, hour) in DAILY.items():
        when, _made = Crontab.objects.get_or_create(
            minute=minute, hour=hour, day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
        )
        PeriodicTask.objects.get_or_create(name=name, defaults={"task": task, "crontab": when})


def forget(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task__in=DAILY).delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("django_celery_beat", "0019_alter_periodictasks_options")]
    operations = [migrations.RunPython(plan, forget)]
