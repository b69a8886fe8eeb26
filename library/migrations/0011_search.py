"""Names and words that search looks at beside its documents, and the hourly job that heals all three."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.conf import settings
from django.db import migrations, models

JOB = "library.heal_search"


def plan(apps, schema_editor):
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    when, _made = Crontab.objects.get_or_create(
        minute="7", hour="*", day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
    )
    PeriodicTask.objects.get_or_create(name="Bringing search up to date", defaults={"task": JOB, "crontab": when})


def forget(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task=JOB).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_schedule'),
        ('library', '0010_schedule'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('artist', 'Artist'), ('album', 'Album'), ('genre', 'Genre')], max_length=6)),
                ('entity_id', models.BigIntegerField()),
                ('name', models.TextField(db_collation='C')),
                ('document', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('tracks', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'search_names',
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.TextField(db_collation='C', primary_key=True, serialize=False)),
                ('of_names', models.BooleanField(default=False)),
                ('documents', models.IntegerField(default=1)),
            ],
            options={
                'db_table': 'search_words',
            },
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='idx_search_documents',
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='title',
            field=models.TextField(blank=True, db_collation='C', default=''),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['document'], gin_pending_list_limit=512, name='idx_search_documents'),
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='lyrics',
            field=django.contrib.postgres.search.SearchVectorField(null=True),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['lyrics'], gin_pending_list_limit=512, name='idx_search_documents_lyrics'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['title'], name='idx_search_documents_title'),
        ),
        migrations.AddIndex(
            model_name='searchname',
            index=django.contrib.postgres.indexes.GinIndex(fields=['document'], gin_pending_list_limit=64, name='idx_search_names'),
        ),
        migrations.AddIndex(
            model_name='searchname',
            index=models.Index(fields=['name', 'kind'], name='idx_search_names_name'),
        ),
        migrations.AddConstraint(
            model_name='searchname',
            constraint=models.UniqueConstraint(fields=('kind', 'entity_id'), name='uq_search_names'),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=models.Index(models.Func(models.F('word'), function='reverse'), name='idx_search_words_reversed'),
        ),
        migrations.RunPython(plan, forget),
    ]
