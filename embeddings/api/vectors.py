"""REST of vectors: listed, made, read, changed, removed; of one track, by type."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field

from core.api import FAULTS, PageSize
from core.doors import Needs
from core.pagination import keyset_page
from embeddings.schemas.vectors import EmbeddingIn, EmbeddingOut, EmbeddingPage, TrackVectorIn
from embeddings.selectors.vectors import (
    embedding_by_id,
    embedding_out,
    embeddings_rows,
    get_by_track_id,
    get_tracks_without_embeddings,
)
from embeddings.services import writing
from library.api.asking import Number
from library.schemas.texts import RowId
from library.schemas.tracks import TrackOut
from library.selectors.outs import track_outs
from library.selectors.tracks import track_rows

vectors = Router(tags=["embeddings"])
of_tracks = Router(tags=["embeddings"])
Kind = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Word = Annotated[str | None, Query(max_length=120, pattern=r"^[^\x00]*$")]


@vectors.get("/", response={200: EmbeddingPage, **FAULTS}, auth=Needs("read"))
def list_vectors(
    request: HttpRequest,
    track_id: Annotated[RowId | None, Query()] = None,
    embedding_type: Word = None,
    embedding_model: Word = None,
    cursor: str | None = None,
    size: PageSize = 50,
) -> EmbeddingPage:
    """Which vectors there are, without the vectors themselves."""
    given = {"track": track_id, "embedding_type": embedding_type, "embedding_model": embedding_model}
    rows = embeddings_rows().filter(**{name: value for name, value in given.items() if value is not None})
    page = keyset_page(rows, order=("id",), cursor=cursor, size=size)
    items = [embedding_out(row, with_vector=False) for row in page.items]
    return EmbeddingPage(items=items, next_cursor=page.next_cursor)


@vectors.post("/", response={201: EmbeddingOut, **FAULTS}, auth=Needs("write"))
def post_vector(request: HttpRequest, data: TrackVectorIn) -> Status[EmbeddingOut]:
    """A vector that somebody else has made; 409 where the track has one of that type and model."""
    given = EmbeddingIn.model_validate(data.model_dump(exclude={"track_id"}))
    return Status(201, embedding_out(writing.create(track_id=data.track_id, data=given)))


@vectors.get("/{int:vector_id}", response={200: EmbeddingOut, **FAULTS}, auth=Needs("read"))
def get_vector(request: HttpRequest, vector_id: Number) -> EmbeddingOut:
    return embedding_out(embedding_by_id(vector_id))


@vectors.put("/{int:vector_id}", response={200: EmbeddingOut, **FAULTS}, auth=Needs("write"))
def put_vector(request: HttpRequest, vector_id: Number, data: EmbeddingIn) -> EmbeddingOut:
    """Another vector in its place; its track, type and model stay."""
    return embedding_out(writing.update(embedding_id=vector_id, data=data))


@vectors.delete("/{int:vector_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def delete_vector(request: HttpRequest, vector_id: Number) -> Status[None]:
    """Our own come again with the next vectorising, if they can."""
    writing.delete_one(embedding_id=vector_id)
    return Status(204, None)


@of_tracks.get("/without-embeddings", response={200: list[TrackOut], **FAULTS}, auth=Needs("read"))
def get_without(
    request: HttpRequest,
    embedding_type: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,31}$")] = "text",
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> list[TrackOut]:
    """Tracks that have no vector of that type, the newest first."""
    found = [row.pk for row in get_tracks_without_embeddings(limit, embedding_type=embedding_type)]
    rows = {row.pk: row for row in track_rows().filter(pk__in=found)}
    return track_outs([rows[pk] for pk in found if pk in rows])


@of_tracks.get("/{int:track_id}/embeddings", response={200: list[EmbeddingOut], **FAULTS}, auth=Needs("read"))
def get_of_track(request: HttpRequest, track_id: Number) -> list[EmbeddingOut]:
    """All vectors of a track."""
    return [embedding_out(row) for row in get_by_track_id(track_id)]


@of_tracks.post("/{int:track_id}/embeddings", response={201: EmbeddingOut, **FAULTS}, auth=Needs("write"))
def post_of_track(request: HttpRequest, track_id: Number, data: EmbeddingIn) -> Status[EmbeddingOut]:
    """409 where there is one of that type and model."""
    return Status(201, embedding_out(writing.create(track_id=track_id, data=data)))


@of_tracks.put("/{int:track_id}/embeddings", response={200: EmbeddingOut, **FAULTS}, auth=Needs("write"))
def put_of_track(request: HttpRequest, track_id: Number, data: EmbeddingIn) -> EmbeddingOut:
    """Creates or updates."""
    return embedding_out(writing.create_or_update(track_id=track_id, data=data))


@of_tracks.delete("/{int:track_id}/embeddings", response={204: None, **FAULTS}, auth=Needs("write"))
def delete_of_track(request: HttpRequest, track_id: Number) -> Status[None]:
    writing.delete(track_id=track_id)
    return Status(204, None)


@of_tracks.get("/{int:track_id}/embeddings/{kind}", response={200: list[EmbeddingOut], **FAULTS}, auth=Needs("read"))
def get_of_type(request: HttpRequest, track_id: Number, kind: Kind) -> list[EmbeddingOut]:
    """Those of one type; that of the model which answers now is the first."""
    return [embedding_out(row) for row in get_by_track_id(track_id, kind)]


@of_tracks.delete("/{int:track_id}/embeddings/{kind}", response={204: None, **FAULTS}, auth=Needs("write"))
def delete_of_type(request: HttpRequest, track_id: Number, kind: Kind) -> Status[None]:
    writing.delete(track_id=track_id, embedding_type=kind)
    return Status(204, None)
