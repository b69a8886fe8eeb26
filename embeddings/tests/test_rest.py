"""Vectors over REST and GraphQL: made, read, changed, removed, searched; and the choice of the encoder."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Job
from embeddings.models import ArtistEmbedding, TrackEmbeddings
from embeddings.selectors.encoders import encoder_settings, ollama_token
from library.models import Track
from library.tests.factories import make_track

pytestmark = pytest.mark.django_db
Api = Callable[[str], Client]
Made = Callable[[int], list[float]]
JSON = "application/json"


@pytest.fixture
def track(db: None) -> Track:
    return make_track("Low tide", genres=["Ambient"])


def put(client: Client, track: Track, vector: list[float], **more: Any) -> Any:
    given = {"embedding_type": "text", "embedding_model": "theirs", "vector": vector, **more}
    return client.put(f"/api/tracks/{track.pk}/embeddings", given, JSON)


def test_a_vector_is_made_read_changed_and_removed(api: Api, track: Track, vector: Made) -> None:
    client = api("write")
    body = {"track_id": track.pk, "vector": vector(1), "embedding_type": "text", "embedding_model": "theirs"}
    made = client.post("/api/track-vectors/", body, JSON)
    assert made.status_code == 201, made.json()
    assert client.post("/api/track-vectors/", body, JSON).status_code == 409
    place = f"/api/track-vectors/{made.json()['id']}"
    assert client.get(place).json()["vector"] == pytest.approx(made.json()["vector"])
    assert sum(one * one for one in made.json()["vector"]) == pytest.approx(1, abs=1e-4)
    other = {**body, "vector": vector(2)}
    other.pop("track_id")
    assert client.put(place, other, JSON).json()["vector"] != made.json()["vector"]
    assert client.put(place, {**other, "embedding_type": "audio"}, JSON).status_code == 422
    assert ArtistEmbedding.objects.get().tracks == 1
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert not ArtistEmbedding.objects.exists()


def test_lists_leave_the_vectors_themselves_out_and_are_paged(api: Api, vector: Made) -> None:
    client = api("write")
    for number in range(3):
        put(client, make_track(), vector(number))
    page = client.get("/api/track-vectors/?size=2&embedding_type=text").json()
    assert [one["vector"] for one in page["items"]] == [None, None]
    rest = client.get(f"/api/track-vectors/?size=2&cursor={page['next_cursor']}").json()
    assert len(rest["items"]) == 1
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "wrong", [[0.0] * 512, [1.0] * 511, [1e300] * 512, ["x"] * 512, [1e-30] * 512, None, [[1.0]] * 512]
)
def test_what_is_no_vector_is_refused(api: Api, track: Track, wrong: Any) -> None:
    assert put(api("write"), track, wrong).status_code == 422
    assert not TrackEmbeddings.objects.exists()


def test_the_vectors_of_a_track_by_type(api: Api, track: Track, vector: Made) -> None:
    client = api("write")
    put(client, track, vector(1))
    put(client, track, vector(2), embedding_type="audio")
    assert len(client.get(f"/api/tracks/{track.pk}/embeddings").json()) == 2
    assert [one["embedding_type"] for one in client.get(f"/api/tracks/{track.pk}/embeddings/audio").json()] == ["audio"]
    assert client.delete(f"/api/tracks/{track.pk}/embeddings/audio").status_code == 204
    assert client.get(f"/api/tracks/{track.pk}/embeddings/audio").json() == []
    assert client.get(f"/api/tracks/{track.pk + 1}/embeddings").status_code == 404
    assert client.get(f"/api/tracks/{track.pk}/embeddings/UPPER").status_code == 422


def test_search_finds_what_is_near_also_narrowed(api: Api, vector: Made) -> None:
    client = api("write")
    tracks = [make_track(year_number=1990 + number, genres=["Ambient"]) for number in range(4)]
    for number, track in enumerate(tracks):
        put(client, track, vector(number), embedding_type="semantic")
    body = {"vector": vector(2), "embedding_type": "semantic", "limit": 4}
    found = client.post("/api/embeddings/search", body, JSON).json()
    assert found[0]["track"]["id"] == tracks[2].pk
    assert found[0]["similarity"] == pytest.approx(1, abs=1e-4)
    near = {"embedding_type": "semantic"}
    similar = client.post(f"/api/tracks/{tracks[2].pk}/embeddings/search-similar", near, JSON).json()
    assert len(similar) == 3
    narrowed = client.post("/api/embeddings/search", {**body, "filters": {"year_to": "1990"}}, JSON)
    if narrowed.status_code == 200:
        assert [one["track"]["id"] for one in narrowed.json()] == [tracks[0].pk]
    assert client.post("/api/embeddings/search", {"embedding_type": "text"}, JSON).status_code == 422
    assert client.post("/api/embeddings/search", {**body, "track_id": 1}, JSON).status_code == 422


def test_statistics_and_tracks_without(api: Api, track: Track, vector: Made) -> None:
    client = api("write")
    assert [one["id"] for one in client.get("/api/tracks/without-embeddings").json()] == [track.pk]
    put(client, track, vector(1), embedding_model="soniquebay-text-1")
    assert client.get("/api/tracks/without-embeddings").json() == []
    found = client.get("/api/embeddings/statistics").json()
    assert [(one["embedding_model"], one["vectors"]) for one in found["models"]] == [("soniquebay-text-1", 1)]


def test_vectors_are_asked_for_once(api: Api, track: Track) -> None:
    client = api("write")
    answer = client.post("/api/embeddings/vectorize", {}, JSON)
    assert (answer.status_code, answer.json()["tracks"]) == (202, 1)
    assert client.post("/api/embeddings/vectorize", {}, JSON).status_code == 409
    assert Job.objects.filter(kind="embeddings.vectorize").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "http://[fe80::1]:11434",
        "http://0.0.0.0:11434",
        "http://224.0.0.1",
        "ftp://ollama",
        "http://user:secret@ollama",
        "http://ollama/?x=1",
        "//ollama",
        "http://",
        "http://[::ffff:169.254.169.254]",
    ],
)
def test_addresses_that_are_no_servers_are_refused(api: Api, address: str) -> None:
    answer = api("admin").patch("/api/embeddings/encoder", {"url": address}, JSON)
    assert answer.status_code == 422, answer.json()
    assert encoder_settings().url != address


def test_the_choice_of_the_encoder_is_the_owners_and_tells_no_secret(api: Api) -> None:
    body = {"encoder": "ollama", "url": "http://ollama.lan:11434/", "model": "nomic-embed-text", "token": "secret"}
    assert api("write").patch("/api/embeddings/encoder", body, JSON).status_code == 403
    answer = api("admin").patch("/api/embeddings/encoder", body, JSON)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["url"], answer.json()["has_token"]) == ("http://ollama.lan:11434", True)
    assert "secret" not in json.dumps(api("read").get("/api/embeddings/encoder").json())
    assert ollama_token() == "secret"
    api("admin").patch("/api/embeddings/encoder", {"url": "http://elsewhere.lan:11434"}, JSON)
    assert ollama_token() == ""


def test_graphql_knows_vectors_too(api: Api, track: Track, vector: Made) -> None:
    client = api("write")
    put(client, track, vector(1))
    query = (
        "query Q($track: Int!) { track_embeddings(track_id: $track) { embedding_model vector }"
        " embeddings_statistics { tracks models { embedding_model vectors } }"
        " tracks_without_embeddings { title } search_embeddings(track_id: $track) { track { title } similarity } }"
    )
    answer = client.post("/api/graphql", {"query": query, "variables": {"track": track.pk}}, JSON).json()
    assert "errors" not in answer, answer
    assert answer["data"]["track_embeddings"][0]["embedding_model"] == "theirs"
    assert answer["data"]["embeddings_statistics"]["tracks"] == 1
    asked = client.post("/api/graphql", {"query": "mutation { vectorize { kind } }"}, JSON).json()
    assert asked["data"]["vectorize"]["kind"] == "embeddings.vectorize"
