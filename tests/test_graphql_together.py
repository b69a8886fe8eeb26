"""GraphQL where apps meet: types that several of them fill, and the documents that were promised."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.graphql import CoreMutation
from library.models import Artist, Track
from soniquebay.graphql import build_schema, extend

# Word for word as the public documents print them.
CREATE_ARTISTS = """
mutation CreateArtists($artists: [ArtistCreateInput!]!) {
    create_artists(data: $artists) {
        id
        name
        musicbrainz_artistid
    }
}
"""
CREATE_TRACKS = """
mutation CreateTracks($tracks: [TrackCreateInput!]!) {
    create_tracks(data: $tracks) {
        id
        title
        path
        bpm
        key
    }
}
"""
MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


@pytest.mark.django_db
def test_graphql_batch_operations(api: Callable[[str], Client]) -> None:
    client = api("write")

    def ask(document: str, **variables: object) -> Any:
        sent = json.dumps({"query": document, "variables": variables})
        answer = client.post("/api/graphql", sent, content_type="application/json").json()
        assert "errors" not in answer, answer
        return answer["data"]

    artists = [{"name": f"Artist {n}"} for n in range(499)] + [{"name": "Moss", "musicbrainz_artistid": MBID}]
    made = ask(CREATE_ARTISTS, artists=artists)["create_artists"]
    assert [artist["name"] for artist in made] == [artist["name"] for artist in artists]
    assert made[-1]["musicbrainz_artistid"] == MBID
    tracks = [
        {
            "title": f"Track {n}",
            "path": f"/music/{n}.flac",
            "track_artist_id": made[n]["id"],
            "bpm": 100 + n / 10,
            "key": "Am",
        }
        for n in range(500)
    ]
    with CaptureQueriesContext(connection) as seen:
        first = ask(CREATE_TRACKS, tracks=tracks)["create_tracks"]
    assert len(seen) <= 60
    assert [(track["title"], track["path"]) for track in first] == [(t["title"], t["path"]) for t in tracks]
    assert [track["bpm"] for track in first] == [track["bpm"] for track in tracks]
    assert first[0]["key"]
    assert ask(CREATE_ARTISTS, artists=artists)["create_artists"] == made
    assert ask(CREATE_TRACKS, tracks=tracks)["create_tracks"] == first
    assert (Artist.objects.count(), Track.objects.count()) == (500, 500)


def test_an_app_above_adds_fields_to_a_type() -> None:
    @strawberry.type
    class Thing:
        id: int

    @strawberry.type
    class Mood:
        @strawberry.field
        def mood(parent: strawberry.Parent[Any]) -> str:
            return f"mood of {parent.id}"

    @strawberry.type
    class Query:
        @strawberry.field
        def thing(self) -> Thing:
            return Thing(id=7)

    extend(Thing, Mood)
    answer = build_schema([Query], [CoreMutation]).execute_sync("{ thing { id mood } }")
    assert answer.data == {"thing": {"id": 7, "mood": "mood of 7"}}


def test_two_apps_do_not_share_a_field() -> None:
    @strawberry.type
    class Thing:
        id: int

    @strawberry.type
    class Thief:
        id: int

    with pytest.raises(TypeError, match=r"Thing\.id is claimed by Thing and Thief"):
        extend(Thing, Thief)
