"""What each vector was made from, which models there are, and no vector that says nothing."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('embeddings', '0002_copy_vectors'),
        ('library', '0011_search'),
    ]

    operations = [
        # Read where the row is: out of line, as vectors are kept by default, a scan costs six times as much.
        migrations.RunSQL(
            "ALTER TABLE track_embeddings ALTER COLUMN vector SET STORAGE PLAIN",
            "ALTER TABLE track_embeddings ALTER COLUMN vector SET STORAGE EXTERNAL",
        ),
        migrations.RunSQL(
            "ALTER TABLE artist_embeddings ALTER COLUMN vector SET STORAGE PLAIN",
            "ALTER TABLE artist_embeddings ALTER COLUMN vector SET STORAGE EXTERNAL",
        ),
        migrations.CreateModel(
            name='EmbeddingModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedding_type', models.TextField()),
                ('name', models.TextField()),
                ('source', models.TextField(blank=True, default='')),
                ('serving', models.BooleanField(default=False)),
                ('index_name', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'db_table': 'embedding_models',
            },
        ),
        migrations.CreateModel(
            name='EmbeddingState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedding_type', models.TextField()),
                ('embedding_model', models.TextField()),
                ('digest', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'embedding_states',
            },
        ),
        migrations.AddField(
            model_name='artistembedding',
            name='tracks',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='artistembedding',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThan(models.Func('vector', function='vector_norm', output_field=models.FloatField()), 0.0), models.Q(models.Q(('embedding_type__in', ('text', 'audio')), _negated=True), django.db.models.lookups.LessThan(django.db.models.functions.math.Abs(django.db.models.expressions.CombinedExpression(models.Func('vector', function='vector_norm', output_field=models.FloatField()), '-', models.Value(1.0))), 0.001), _connector='OR')), name='artist_embeddings_honest'),
        ),
        migrations.AddConstraint(
            model_name='trackembeddings',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThan(models.Func('vector', function='vector_norm', output_field=models.FloatField()), 0.0), models.Q(models.Q(('embedding_type__in', ('text', 'audio')), _negated=True), django.db.models.lookups.LessThan(django.db.models.functions.math.Abs(django.db.models.expressions.CombinedExpression(models.Func('vector', function='vector_norm', output_field=models.FloatField()), '-', models.Value(1.0))), 0.001), _connector='OR')), name='track_embeddings_honest'),
        ),
        migrations.AddConstraint(
            model_name='embeddingmodel',
            constraint=models.UniqueConstraint(fields=('embedding_type', 'name'), name='uq_embedding_models'),
        ),
        migrations.AddConstraint(
            model_name='embeddingmodel',
            constraint=models.UniqueConstraint(condition=models.Q(('serving', True)), fields=('embedding_type',), name='embedding_models_one_serves'),
        ),
        migrations.AddField(
            model_name='embeddingstate',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='embedding_states', to='library.track'),
        ),
        migrations.AddIndex(
            model_name='embeddingstate',
            index=models.Index(condition=models.Q(('due', True)), fields=['embedding_type', 'track'], name='idx_embedding_states_due'),
        ),
        migrations.AddConstraint(
            model_name='embeddingstate',
            constraint=models.UniqueConstraint(fields=('track', 'embedding_type', 'embedding_model'), name='uq_embedding_states'),
        ),
    ]
