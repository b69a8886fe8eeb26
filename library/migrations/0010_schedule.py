"""Scans and the care of covers in the first schedule; from here on it belongs to whoever edits it in the admin."""

from django.conf import settings
from django.db import migrations

DAILY = {
    "library.scan_all": ("Scan of all folders of music", "30", "3"),
    "library.tidy_covers": ("Tidying up covers", "50", "3"),
}
HOURLY = {"library.make_thumbnails": "Thumbnails that are missing"}


def plan(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    times = {task: (name, minute, hour) for task, (name, minute, hour) in DAILY.items()}
    times |= {task: (name, "15", "*") for task, name in HOURLY.items()}
    for task, (name, minute, hour) in times.items():
        when, _made = Crontab.objects.get_or_create(
            minute=minute, hour=hour, day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
        )
        PeriodicTask.objects.get_or_create(name=name, defaults={"task": task, "crontab": when})


def forget(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task__in=[*DAILY, *HOURLY]).delete()


class Migration(migrations.Migration):
    dependencies = [("library", "0009_watch_problem"), ("django_celery_beat", "0019_alter_periodictasks_options")]
    operations = [migrations.RunPython(plan, forget)]
