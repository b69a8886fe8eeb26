"""What is to be done for a model: tracks that it has not seen, and those that have changed since it has."""

from typing import Any
from uuid import UUID

from django.db import connection

from core.errors import NotFound, Superseded
from core.models import Job
from core.schemas import ACTIVE_STATES
from core.selectors import jobs
from embeddings.schemas.work import VECTORIZE_KIND, VectorizeParams, What

# ruff: noqa: S608  (the pieces of these statements are our own; what is asked is given beside them)
STATE = """
    LEFT JOIN embedding_states s
      ON s.track_id = t.id AND s.embedding_type = %(kind)s AND s.embedding_model = %(model)s
"""
# A sound is known where the analysis has left its descriptors; words are what every track has.
SOURCES = {
    "text": f"FROM tracks t {STATE}",
    "audio": f"FROM (SELECT track_id AS id FROM track_descriptors) t {STATE}",
}
WHICH: dict[What, str] = {
    "outstanding": "(s.id IS NULL OR s.due)",
    "missing": "s.id IS NULL",
    "stale": "s.due",
    "all": "(s.id IS NULL OR s.due OR s.at < %(since)s::timestamptz)",
}


def next_track_ids(kind: str, model: str, params: VectorizeParams, *, after: int, limit: int) -> list[tuple[int, str]]:
    """The next tracks by their numbers, with the digest of what was made before; of `all` nothing is known before."""
    known = "''" if params.what == "all" else "coalesce(s.digest, '')"
    statement = (
        f"SELECT t.id, {known} {SOURCES[kind]} WHERE t.id > %(after)s AND {WHICH[params.what]}"
        " ORDER BY t.id LIMIT %(limit)s"
    )
    return _rows(statement, {**_given(kind, model, params.since), "after": after, "limit": limit})


def count_to_do(kind: str, model: str, what: What, since: str = "") -> int:
    statement = f"SELECT count(*) {SOURCES[kind]} WHERE {WHICH[what]}"
    return int(_rows(statement, _given(kind, model, since))[0][0])


def is_complete(kind: str, model: str) -> bool:
    """Whether every track that could have a vector of this model was seen by it."""
    statement = f"SELECT NOT EXISTS (SELECT 1 {SOURCES[kind]} WHERE {WHICH['missing']})"
    return bool(_rows(statement, _given(kind, model, ""))[0][0])


def _given(kind: str, model: str, since: str) -> dict[str, Any]:
    return {"kind": kind, "model": model, "since": since or None}


def _rows(statement: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: list[Any] = cursor.fetchall()
    return found


def running_vectorizing(job_id: UUID, attempt: int) -> tuple[Job, VectorizeParams]:
    """The job, locked, for the worker whose attempt it is; anybody else is told that it is over."""
    job = jobs(kind=VECTORIZE_KIND).select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job.")
    if job.state != Job.State.RUNNING or job.attempt != attempt:
        raise Superseded(f"Attempt {attempt} of this job is over: it is {job.state}, attempt {job.attempt}.")
    return job, VectorizeParams.model_validate(job.params)


def active_vectorizing() -> Job | None:
    return jobs(kind=VECTORIZE_KIND).filter(state__in=ACTIVE_STATES).order_by("queued_at").first()
