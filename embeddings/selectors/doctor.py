"""What the doctor says of vectors: what is missing, indexes that should be there, how often they find what is near."""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from core.doctor.findings import Finding, ok, problem, warning
from embeddings.models import EmbeddingModel, TrackEmbeddings
from embeddings.schemas.work import TYPES
from embeddings.selectors.encoders import Serving, encoder_settings, serving_by_type, wanted_model
from embeddings.selectors.ollama import ollama_state
from embeddings.selectors.searching import nearest
from embeddings.selectors.work import count_to_do

SAMPLE, NEIGHBOURS = 20, 10
ENOUGH = 0.97
INDEXED_FROM = 10_000
VALID = "SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = %s AND i.indisvalid"


def vectors() -> Iterator[Finding]:
    """PostgreSQL's absence has a line of its own."""
    try:
        yield from _left()
        for one in serving_by_type().values():
            yield from _index_of(one)
    except (OperationalError, InterfaceError, ProgrammingError):
        return
    chosen = encoder_settings()
    if chosen.encoder == "ollama" or chosen.chat_model:
        yield from _ollama()


def _left() -> Iterator[Finding]:
    chosen = encoder_settings()
    left = sum(count_to_do(kind, wanted_model(kind, chosen), "outstanding") for kind in TYPES)
    if left and not chosen.automatic:
        yield ok("vectors", f"switched off, {left:,} are not made")
    else:
        yield ok("vectors", f"{left:,} left to be made" if left else "nothing left to do")


def _index_of(one: Serving) -> Iterator[Finding]:
    rows = TrackEmbeddings.objects.filter(embedding_type=one.kind, embedding_model=one.model)
    count = rows.count()
    if not one.indexed:
        if count >= INDEXED_FROM:
            hint = "Control builds it: start “Keeping what tracks mean in order” in Activity, or wait for its hour."
            yield warning("vectors", f"{one.kind}: {count:,} vectors have no index, every search reads them all", hint)
        return
    name = EmbeddingModel.objects.get(embedding_type=one.kind, name=one.model).index_name
    if not _is_valid(name):
        yield problem("vectors", f"{one.kind}: the index {name} is broken or gone", "Control builds it anew by itself.")
        return
    found = recall(one)
    said = f"{one.kind}: the index finds {found:.1%} of the {NEIGHBOURS} nearest ({SAMPLE} of {count:,} tried)"
    yield ok("vectors", said) if found >= ENOUGH else warning("vectors", said, "Build it anew: REINDEX INDEX " + name)


def recall(one: Serving, *, sample: int = SAMPLE, neighbours: int = NEIGHBOURS) -> float:
    """Of the exactly nearest, how many the index finds, over tracks by chance."""
    rows = TrackEmbeddings.objects.filter(embedding_type=one.kind, embedding_model=one.model)
    tracks = list(rows.order_by("?").values_list("track", flat=True)[:sample])
    hits = wanted = 0
    for track in tracks:
        exact = nearest(track, kind=one.kind, limit=neighbours, model=one.model, exactly=True)
        found = nearest(track, kind=one.kind, limit=neighbours, model=one.model)
        # Of those that are equally near, any will do.
        least = exact[-1][1] - 1e-3 if exact else 1.0
        wanted += len(exact)
        hits += sum(score >= least for _track, score in found)
    return hits / wanted if wanted else 1.0


def _is_valid(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(VALID, [name])
        return cursor.fetchone() is not None


def _ollama() -> Iterator[Finding]:
    state, chosen = ollama_state(), encoder_settings()
    if not state.reached:
        yield warning("Ollama", state.problem, "Start it, or choose the built-in encoder under Settings → Meaning.")
    elif chosen.encoder == "ollama" and not state.has_model:
        yield warning("Ollama", f"it has no model {chosen.model}", f"ollama pull {chosen.model}")
    elif chosen.chat_model and not state.has_chat_model:
        yield warning("Ollama", f"it has no model {chosen.chat_model}", f"ollama pull {chosen.chat_model}")
    else:
        yield ok("Ollama", f"version {state.version}")
