"""Which model answers, and its index: another one takes over when it has seen the whole library, and not before."""

import hashlib

from django.db import connection, transaction

from core.cache import invalidate
from core.logs import get_logger
from embeddings.models import ArtistEmbedding, EmbeddingModel, EmbeddingState, TrackEmbeddings
from embeddings.schemas.work import TYPES, OurType
from embeddings.selectors.encoders import GROUP, wanted_model
from embeddings.selectors.searching import quoted
from embeddings.selectors.work import is_complete

log = get_logger(__name__)
# Below that an exact scan is as quick, and always right.
INDEXED_FROM = 10_000
# And an index is kept until there is clearly less: it is not built anew for a handful that comes and goes.
INDEXED_UNTIL = 8_000
M, EF_CONSTRUCTION = 16, 64
# Building in memory takes about so much a row; what does not fit takes twice as long.
KB_A_ROW, LEAST_KB, MOST_KB = 1.8, 65_536, 262_144


def note_model(*, kind: str, model: str, source: str) -> None:
    """Before its first vector; where nothing answers yet, there is nothing to wait for."""
    row, made = EmbeddingModel.objects.get_or_create(embedding_type=kind, name=model, defaults={"source": source})
    if made:
        others = EmbeddingModel.objects.filter(embedding_type=kind, serving=True)
        EmbeddingModel.objects.filter(pk=row.pk).update(serving=not others.exists())
        invalidate(GROUP)


def settle_models() -> list[str]:
    """Lets the wanted models answer that are complete, and clears away what they have replaced; says which."""
    return [name for kind in TYPES if (name := _settle(kind))]


@transaction.atomic
def _settle(kind: OurType) -> str:
    rows = {row.name: row for row in EmbeddingModel.objects.select_for_update().filter(embedding_type=kind)}
    wanted = wanted_model(kind)
    if wanted in rows and is_complete(kind, wanted):
        changed = not rows[wanted].serving
        _serve(kind, wanted)
        for name in rows.keys() - {wanted}:
            _clear(rows[name])
        return wanted if changed else ""
    answering = next((name for name, row in rows.items() if row.serving), "")
    if not answering or is_complete(kind, answering):
        return ""
    # Whoever stands in for an encoder that is away answers once it has caught up.
    other = next((name for name in rows if name != answering and is_complete(kind, name)), "")
    if other:
        _serve(kind, other)
    return other


def _serve(kind: str, name: str) -> None:
    of_kind = EmbeddingModel.objects.filter(embedding_type=kind)
    of_kind.exclude(name=name).filter(serving=True).update(serving=False)
    of_kind.filter(name=name, serving=False).update(serving=True)
    invalidate(GROUP)


def _clear(row: EmbeddingModel) -> None:
    """A model that nobody wants any more, with all that it has made."""
    log.info("model_cleared", kind=row.embedding_type, model=row.name)
    given = {"embedding_type": row.embedding_type, "embedding_model": row.name}
    for model in (TrackEmbeddings, EmbeddingState, ArtistEmbedding):
        rows = model._default_manager.filter(**given)
        rows._raw_delete(rows.db)  # nothing hangs on them
    _drop(row.index_name)
    row.delete()


def tend_indexes() -> int:
    """Builds the indexes that are worth it by now, and drops those that are not any more; how many were built.

    Beside what goes on: neither searches nor writes wait. Never inside a transaction.
    """
    built = 0
    for row in EmbeddingModel.objects.order_by("pk"):
        there = row.index_name and _is_valid(row.index_name)
        count = TrackEmbeddings.objects.filter(embedding_type=row.embedding_type, embedding_model=row.name).count()
        if count >= INDEXED_FROM and not there:
            build_index(row=row, rows=count)
            built += 1
        elif row.index_name and (not there or count < INDEXED_UNTIL):
            drop_index(row=row)
    return built


def build_index(*, row: EmbeddingModel, rows: int = 0) -> None:
    """An HNSW index over the vectors of this model, half as large as they are."""
    name = index_name(row.embedding_type, row.name)
    memory = int(min(MOST_KB, max(LEAST_KB, rows * KB_A_ROW)))
    with connection.cursor() as cursor:
        # What a build that was broken off has left behind is no index.
        cursor.execute(f"DROP INDEX IF EXISTS {name}")
        cursor.execute(f"SET maintenance_work_mem = '{memory}kB'")
        cursor.execute("SET max_parallel_maintenance_workers = 0")
        try:
            cursor.execute(
                f"CREATE INDEX {'' if connection.in_atomic_block else 'CONCURRENTLY'} {name} ON track_embeddings"
                f" USING hnsw ((vector::halfvec(512)) halfvec_ip_ops)"
                f" WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
                f" WHERE embedding_type = {quoted(row.embedding_type)} AND embedding_model = {quoted(row.name)}"
            )
        finally:
            cursor.execute("RESET maintenance_work_mem")
            cursor.execute("RESET max_parallel_maintenance_workers")
        # How the vectors are spread decides whether the planner takes the index.
        cursor.execute("ANALYZE track_embeddings (embedding_type, embedding_model, track_id)")
    EmbeddingModel.objects.filter(pk=row.pk).update(index_name=name)
    invalidate(GROUP)


def drop_index(*, row: EmbeddingModel) -> None:
    """Searches go back to reading row by row before it goes."""
    EmbeddingModel.objects.filter(pk=row.pk).update(index_name="")
    invalidate(GROUP)
    _drop(row.index_name)


def _drop(name: str) -> None:
    if name:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def _is_valid(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = %s AND i.indisvalid",
            [name],
        )
        return cursor.fetchone() is not None


def index_name(kind: str, model: str) -> str:
    """Whatever a model is called."""
    return f"idx_hnsw_{hashlib.blake2b(f'{kind} {model}'.encode(), digest_size=8).hexdigest()}"
