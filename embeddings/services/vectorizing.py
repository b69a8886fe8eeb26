"""Vectorising: asked for, given to workers in batches, and what they send back."""

from base64 import b64encode
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core.cache import invalidate
from core.errors import Conflict, InvalidInput
from core.models import Job, User
from core.services.jobs import start_job
from embeddings.jobs import VECTORIZE
from embeddings.models import TrackEmbeddings
from embeddings.schemas.encoder import AUDIO
from embeddings.schemas.work import (
    TYPES,
    VECTOR_BYTES,
    Made,
    NextIn,
    NextOut,
    NotMade,
    ResultsIn,
    ResultsOut,
    TrackSound,
    TrackWords,
    What,
)
from embeddings.selectors.encoders import GROUP, encoder_for, encoder_settings, wanted_model
from embeddings.selectors.facts import descriptors_of, facts_of
from embeddings.selectors.searching import text_of_bytes
from embeddings.selectors.work import count_to_do, next_track_ids, running_vectorizing
from embeddings.services.serving import note_model
from embeddings.services.writing import write_vectors
from library.services.statements import Record, execute

STATES = Record("r", {"track_id": "bigint", "digest": "text", "problem": "text"})
NOTE = f"""
    INSERT INTO embedding_states (track_id, embedding_type, embedding_model, digest, problem, at, due)
    SELECT r.track_id, %(kind)s, %(model)s, r.digest, r.problem, %(at)s, false
    FROM {STATES} JOIN tracks ON tracks.id = r.track_id ORDER BY r.track_id
    ON CONFLICT (track_id, embedding_type, embedding_model) DO UPDATE SET
      digest = excluded.digest, problem = excluded.problem, at = excluded.at, due = false
"""  # noqa: S608  (its columns are our own)
SAME = """
    UPDATE embedding_states SET at = %(at)s, due = false
    WHERE embedding_type = %(kind)s AND embedding_model = %(model)s AND track_id = ANY(%(tracks)s::bigint[])
"""


def start_vectorizing(*, what: What = "outstanding", requested_by: User | None = None) -> tuple[Job | None, int]:
    """The job, and how many tracks it is about; no job where nothing is to be done. 409 while one is at it."""
    since = timezone.now().isoformat() if what == "all" else ""
    chosen = encoder_settings()
    counts = [count_to_do(kind, wanted_model(kind, chosen), what, since) for kind in TYPES]
    if not any(counts):
        return None, 0
    params = {"what": what, "since": since}
    return start_job(kind=VECTORIZE.name, params=params, requested_by=requested_by), sum(counts)


def start_outstanding() -> Job | None:
    """What is missing or has changed; nothing where that was switched off, or somebody is at it."""
    if not encoder_settings().automatic:
        return None
    try:
        with transaction.atomic():
            return start_vectorizing()[0]
    except Conflict:
        return None


@transaction.atomic
def next_for(*, asked: NextIn) -> NextOut:
    """The next tracks of a running job, with what is known of them, and who is to make vectors of it."""
    job, params = running_vectorizing(asked.job_id, asked.attempt)
    encoder = encoder_for(asked.type, instead=asked.instead)
    note_model(kind=asked.type, model=encoder.model, source=encoder.source)
    out = NextOut(at=timezone.now(), encoder=encoder, cancel=job.cancel_requested)
    if asked.count:
        out.remaining = count_to_do(asked.type, encoder.model, params.what, params.since)
    known = dict(next_track_ids(asked.type, encoder.model, params, after=asked.after, limit=asked.limit))
    if asked.type == AUDIO:
        out.sounds = [
            TrackSound.model_construct(
                track_id=pk, digest=known[pk], descriptors=b64encode(held).decode(), version=version
            )
            for pk, held, version in descriptors_of(list(known))
        ]
    else:
        out.words = [
            TrackWords.model_construct(track_id=pk, digest=known[pk], facts=facts)
            for pk, facts in facts_of(list(known)).items()
        ]
    return out


@transaction.atomic
def take_results(*, results: ResultsIn) -> ResultsOut:
    """What a worker has made; delivering it again changes nothing."""
    job, _params = running_vectorizing(results.job_id, results.attempt)
    if results.model not in _acceptable(results):
        raise InvalidInput("This is not the model that was asked for.", hint="Ask for the next tracks.", field="model")
    vectors, refused = _read(results.made)
    made = [one for one in results.made if one.track_id in vectors]
    write_vectors(vectors=vectors, kind=results.type, model=results.model, source=results.source)
    _note(results, made, results.none)
    _note_same(results)
    _forget(results)
    invalidate(GROUP)
    return ResultsOut(kept=len(made), refused=refused, cancel=job.cancel_requested)


def _acceptable(results: ResultsIn) -> set[str]:
    return {encoder_for(results.type, instead=instead).model for instead in (False, True)}


def _read(made: Sequence[Made]) -> tuple[dict[int, str], dict[int, str]]:
    """Vectors as PostgreSQL reads them; and what was none, with the reason."""
    vectors: dict[int, str] = {}
    refused: dict[int, str] = {}
    for one in made:
        if len(one.vector) != VECTOR_BYTES:
            refused[one.track_id] = f"A vector has {VECTOR_BYTES} bytes, and not {len(one.vector)}."
            continue
        text = text_of_bytes(one.vector)
        if "nan" in text or "inf" in text:
            refused[one.track_id] = "It holds what is no number."
        elif not any(digit in "123456789" for digit in text):
            refused[one.track_id] = "It is all zeros."
        else:
            vectors[one.track_id] = text
    return vectors, refused


def _note(results: ResultsIn, made: Sequence[Made], none: Sequence[NotMade]) -> None:
    rows = [{"track_id": one.track_id, "digest": one.digest, "problem": ""} for one in made]
    rows += [{"track_id": one.track_id, "digest": one.digest, "problem": one.reason or "nothing"} for one in none]
    if rows:
        execute(NOTE, {**_of(results), **STATES.of(rows)})


def _note_same(results: ResultsIn) -> None:
    if results.same:
        execute(SAME, {**_of(results), "tracks": results.same})


def _of(results: ResultsIn) -> dict[str, object]:
    return {"kind": results.type, "model": results.model, "at": results.at}


def _forget(results: ResultsIn) -> None:
    """Of what nothing can be said any more, nothing old is said either."""
    if results.none:
        rows = TrackEmbeddings.objects.filter(track__in=[one.track_id for one in results.none])
        rows.filter(embedding_type=results.type, embedding_model=results.model).delete()
