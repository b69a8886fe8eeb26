"""The REST and GraphQL doors of the analysis, to those who read, those who write, and workers."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError, AnalysisLease, TrackAudioFeatures, TrackWaveform
from analysis.selectors.features import get_by_track_id, outlines_of
from analysis.services.correcting import correct_feature
from analysis.services.features import create
from analysis.services.governing import change_governor, note_listening
from analysis.services.starting import start_analysis, start_outstanding
from analysis.tests.material import track_of, write_music
from core.models import Job, Worker
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from library.models import Track
from library.tests.factories import make_root, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_delivery")]
Api = Callable[[str], Client]


@pytest.fixture
def track() -> Track:
    return make_track(root=make_root())


@pytest.fixture
def writer(api: Api) -> Client:
    return api("write")


@pytest.fixture
def worker(api: Api) -> Client:
    return api("worker")


def send(client: Client, method: str, address: str, body: Any = None) -> Any:
    return client.generic(method, address, json.dumps(body), content_type="application/json")


def test_features_are_made_read_changed_and_removed(track: Track, writer: Client) -> None:
    place = f"/api/tracks/{track.pk}/audio-features"
    assert writer.get(place).status_code == 404
    made = send(writer, "POST", place, {"bpm": 120, "key": "Am"})
    assert made.status_code == 201
    assert (made.json()["camelot_key"], made.json()["locked_fields"]) == ("8A", ["bpm", "key"])
    assert send(writer, "POST", place, {"bpm": 121}).status_code == 409
    assert send(writer, "PATCH", place, {"energy": 0.5, "lock": ["valence"]}).json()["energy"] == 0.5
    told = send(writer, "PUT", f"/api/tracks/{track.pk}/features", {"unlock": ["bpm"]}).json()
    assert (told["bpm"], told["key"]) == (None, "A")
    assert send(writer, "PUT", place, {"bpm": 99, "analysis_source": "librosa", "confidence": 0.3}).json()["bpm"] == 99
    told = writer.get(place).json()
    assert told["features"]["bpm"] | {"at": None} == {
        "value": 99, "source": "librosa", "confidence": 0.3, "version": None, "at": None, "locked": False,
        "others": [], "contradicted": False,
    }  # fmt: skip
    for body in ({"bpm": 0}, {"nonsense": 1}, {"key": "H#b"}, {"lock": ["nonsense"]}, {"energy": 2}):
        assert send(writer, "PUT", place, body).status_code == 422, body
    assert writer.delete(place).status_code == 204
    assert writer.get(place).status_code == 404
    assert send(writer, "PUT", "/api/tracks/999999999/features", {"bpm": 100}).status_code == 404


def test_letting_go_of_the_only_word_leaves_nothing(track: Track, writer: Client) -> None:
    place = f"/api/tracks/{track.pk}/audio-features"
    send(writer, "PUT", place, {"bpm": 120})
    assert send(writer, "PUT", place, {"unlock": ["bpm"]}).json()["bpm"] is None
    assert not TrackAudioFeatures.objects.exists()


def test_tempo_candidates_and_changes_over_rest(track: Track, writer: Client) -> None:
    row = create(track_id=track.pk, values={"bpm": 62}, source="librosa")
    row.candidates = {"key": [{"key": "C", "scale": "major", "camelot": "8B", "confidence": 0.3}]}
    row.save()
    place = f"/api/tracks/{track.pk}/audio-features"
    assert send(writer, "POST", f"{place}/tempo", {"factor": "2"}).json()["bpm"] == 124
    assert send(writer, "POST", f"{place}/pick", {"field": "key", "place": 0}).json()["camelot_key"] == "8B"
    assert send(writer, "POST", f"{place}/pick", {"field": "key", "place": 1}).status_code == 404
    changes = writer.get(f"{place}/changes").json()
    assert [(one["field"], one["old"]) for one in changes] == [
        ("key", {"key": None, "scale": None, "camelot_key": None}), ("bpm", {"bpm": 62.0}),
    ]  # fmt: skip
    assert send(writer, "POST", f"{place}/changes/{changes[1]['id']}/take-back").status_code == 200
    assert writer.get(place).json()["bpm"] == 62
    other = make_track(root=track.root)
    elsewhere = f"/api/tracks/{other.pk}/audio-features/changes/{changes[0]['id']}/take-back"
    assert send(writer, "POST", elsewhere).status_code == 404


def test_a_waveform_is_numbers_or_bytes_and_is_not_sent_again(track: Track, api: Api) -> None:
    reader, place = api("read"), f"/api/tracks/{track.pk}/waveform"
    assert reader.get(place).status_code == 404
    TrackWaveform.objects.create(track=track, peaks=bytes([1, 2, 3, 4, 5, 6]), channels=2, version=1)
    told = reader.get(place)
    assert told.json() == {"channels": 2, "points": 3, "peaks": [[1, 2, 3], [4, 5, 6]], "duration_ms": None}
    raw = reader.get(place, headers={"Accept": "application/octet-stream"})
    assert (raw.content, raw["X-Channels"]) == (bytes([1, 2, 3, 4, 5, 6]), "2")
    assert raw["ETag"] != told["ETag"]
    again = reader.get(place, headers={"Accept": "application/octet-stream", "If-None-Match": raw["ETag"]})
    assert again.status_code == 304
    assert outlines_of([track.pk], points=2) == {track.pk: [4, 6]}


def test_analysis_is_asked_for(track: Track, writer: Client) -> None:
    asked = send(writer, "POST", "/api/tracks/analyze-audio", {})
    assert (asked.status_code, asked.json()["tracks"], len(asked.json()["jobs"])) == (202, 1, 1)
    assert send(writer, "POST", "/api/tracks/analyze-audio", {}).status_code == 409
    some = send(writer, "POST", "/api/tracks/analyze-audio", {"track_ids": [track.pk]})
    assert (some.status_code, some.json()["tracks"]) == (202, 1)
    assert send(writer, "POST", "/api/tracks/analyze-audio", {"track_ids": [10**9]}).status_code == 422
    Job.objects.all().delete()
    TrackAudioFeatures.objects.create(track=track, analyzer_version=ANALYZER_VERSION)
    assert send(writer, "POST", "/api/tracks/analyze-audio", {}).json() == {"jobs": [], "tracks": 0}
    assert send(writer, "POST", "/api/tracks/analyze-audio", {"what": "all"}).json()["tracks"] == 1


def test_as_many_parts_begin_as_machines_can_take_them(track: Track) -> None:
    for number in range(5):
        make_track(root=track.root)
        Worker.objects.create(name=f"worker {number}", queues=["compute"] if number < 3 else ["files"])
    assert [job.subject for job in start_analysis()] == ["part 1", "part 2", "part 3"]
    Job.objects.all().delete()
    change_governor(workers=2)
    assert len(start_analysis()) == 2


# --- workers ---------------------------------------------------------------------------------------------------------


def claimed(job: Job) -> dict[str, Any]:
    return {"job_id": str(job.pk), "attempt": claim_job(job_id=job.pk, worker="w").attempt}


def running() -> tuple[Job, dict[str, Any]]:
    (job,) = start_analysis()
    return job, claimed(job)


def result(track: Track, **over: Any) -> dict[str, Any]:
    return {
        "track_id": track.pk,
        "file_size": track.file_size,
        "file_mtime_ns": track.file_mtime_ns,
        "version": ANALYZER_VERSION,
        "values": {"bpm": 121.0, "key": "A", "scale": "minor", "camelot_key": "8A", "energy": 0.5},
        "confidence": {"bpm": 0.8},
        "waveform": base64.b64encode(bytes(100)).decode(),
        "decoded_ms": 180_000,
        "took_s": 1.5,
        **over,
    }


def next_of(worker: Client, who: dict[str, Any], limit: int = 10, holding: list[int] | None = None) -> Any:
    answer = send(
        worker,
        "POST",
        "/api/analysis/next",
        {**who, "version": ANALYZER_VERSION, "limit": limit, "holding": holding or []},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_no_track_is_given_out_twice(track: Track, worker: Client) -> None:
    others = [make_track(root=track.root) for _ in range(3)]
    change_governor(workers=2)
    one, other = start_analysis()
    first, second = (claimed(job) for job in (one, other))
    given = [found["track_id"] for found in next_of(worker, first, 2)["tracks"]]
    assert len(given) == 2
    rest = next_of(worker, second)
    assert {found["track_id"] for found in rest["tracks"]} == {track.pk, *(one.pk for one in others)} - set(given)
    assert next_of(worker, first, 10, given)["tracks"] == []
    again = next_of(worker, first, 10, given[:1])["tracks"]
    assert [found["track_id"] for found in again] == given[1:], "what it never heard of is given to it again"
    finish_job(job_id=one.pk, finish=JobFinish(attempt=1, state="failed", message="x"))
    assert len(next_of(worker, second, 10, [found["track_id"] for found in rest["tracks"]])["tracks"]) == 2


def test_results_are_taken_once_and_only_from_whose_they_are(track: Track, worker: Client) -> None:
    _job, who = running()
    (given,) = next_of(worker, who)["tracks"]
    assert (given["track_id"], given["location"], given["start_ms"]) == (track.pk, track.path, None)
    batch = {**who, "analysed": [result(track)]}
    before = REGISTRY.get_sample_value("audio_analysis_duration_seconds_count") or 0
    told = send(worker, "POST", "/api/analysis/results", batch).json()
    assert (told["kept"], told["figures"]["analysed"], told["figures"]["music_s"]) == (1, 1, 180.0)
    row = get_by_track_id(track.pk)
    told = send(worker, "POST", "/api/analysis/results", batch).json()
    assert (told["kept"], told["figures"]["analysed"]) == (0, 1)
    assert get_by_track_id(track.pk).date_modified == row.date_modified
    assert REGISTRY.get_sample_value("audio_analysis_duration_seconds_count") == before + 1
    late = send(worker, "POST", "/api/analysis/results", {**batch, "attempt": 2})
    assert (late.status_code, late.json()["code"]) == (409, "superseded")
    stranger = send(worker, "POST", "/api/analysis/next", {"job_id": str(UUID(int=7)), "attempt": 1, "version": 1})
    assert stranger.status_code == 404


def test_a_file_that_changed_meanwhile_is_given_out_again(track: Track, worker: Client) -> None:
    _job, who = running()
    next_of(worker, who)
    Track.objects.filter(pk=track.pk).update(file_size=5)
    told = send(worker, "POST", "/api/analysis/results", {**who, "analysed": [result(track)]}).json()
    assert (told["kept"], told["outdated"]) == (0, [track.pk])
    assert not TrackAudioFeatures.objects.exists()
    assert [found["file_size"] for found in next_of(worker, who)["tracks"]] == [5]


def test_values_that_cannot_be_cost_their_own_track_alone(track: Track, worker: Client) -> None:
    other = make_track(root=track.root)
    _job, who = running()
    next_of(worker, who)
    odd = result(other, values={"bpm": -5})
    told = send(worker, "POST", "/api/analysis/results", {**who, "analysed": [odd, result(track)]}).json()
    assert (told["kept"], list(told["refused"])) == (2, [str(other.pk)])
    assert "bpm" in AnalysisError.objects.get(track=other).reason
    assert get_by_track_id(track.pk).bpm == 121
    assert next_of(worker, who)["tracks"] == []


def test_a_lock_survives_being_analysed_again(track: Track, worker: Client) -> None:
    correct_feature(track_id=track.pk, field="bpm", value=60)
    _job, who = running()
    next_of(worker, who)
    send(worker, "POST", "/api/analysis/results", {**who, "analysed": [result(track)]})
    row = get_by_track_id(track.pk)
    assert (row.bpm, row.energy, row.claims["bpm"]["librosa"]["value"]) == (60, 0.5, 121)


def test_values_of_a_replaced_recording_go_when_the_new_one_cannot_be_heard(track: Track, worker: Client) -> None:
    create(track_id=track.pk, values={"bpm": 90}, source="librosa")
    correct_feature(track_id=track.pk, field="energy", value=0.9)
    TrackAudioFeatures.objects.update(analyzer_version=0)
    (job,) = start_analysis(what="stale")
    who = claimed(job)
    next_of(worker, who)
    fields = ("track_id", "file_size", "file_mtime_ns", "version")
    failure = {name: result(track)[name] for name in fields} | {"reason": "It is noise."}
    send(worker, "POST", "/api/analysis/results", {**who, "failed": [failure]})
    row = get_by_track_id(track.pk)
    assert (row.bpm, row.energy, row.analyzer_version) == (None, 0.9, None)


def test_the_governor_holds_back(track: Track, worker: Client) -> None:
    _job, who = running()
    note_listening()
    assert (next_of(worker, who)["tracks"], next_of(worker, who)["governor"]["pause"]) == ([], "listening")
    note_listening(listening=False)
    change_governor(paused=True)
    assert next_of(worker, who)["governor"]["pause"] == "paused"
    change_governor(paused=False, processes=3, nice=7)
    told = next_of(worker, who)
    assert (told["governor"]["processes"], told["governor"]["nice"], len(told["tracks"])) == (3, 7, 1)


def test_a_new_analyser_redoes_everything_while_the_old_values_serve(track: Track, worker: Client) -> None:
    create(track_id=track.pk, values={"bpm": 90}, source="librosa")
    TrackAudioFeatures.objects.update(analyzer_version=ANALYZER_VERSION - 1)
    (job,) = start_outstanding()
    assert job.params["what"] == "stale"
    assert get_by_track_id(track.pk).bpm == 90
    who = claimed(job)
    next_of(worker, who)
    send(worker, "POST", "/api/analysis/results", {**who, "analysed": [result(track)]})
    assert get_by_track_id(track.pk).bpm == 121
    assert not AnalysisLease.objects.exists()


def test_a_worker_with_an_older_analyser_gets_nothing(
    track: Track, worker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _job, who = running()
    monkeypatch.setattr("analysis.services.leasing.ANALYZER_VERSION", ANALYZER_VERSION + 1)
    assert (next_of(worker, who)["tracks"], next_of(worker, who)["governor"]["pause"]) == ([], "older")


def test_a_file_is_sent_to_workers_as_long_as_it_is_as_known(tmp_path: Path, worker: Client, api: Api) -> None:
    track = track_of(write_music(tmp_path / "é.wav", seconds=0.1))
    place = f"/api/analysis/tracks/{track.pk}/audio.wav"
    answer = worker.get(place)
    assert b"".join(answer.streaming_content) == (tmp_path / "é.wav").read_bytes()  # type: ignore[attr-defined]
    assert api("admin").get(place).status_code == 403
    (tmp_path / "é.wav").write_bytes(b"another")
    assert worker.get(place).status_code == 404


def test_the_governor_is_the_owners_to_choose(api: Api, writer: Client) -> None:
    assert send(writer, "PATCH", "/api/analysis/governor", {"nice": 3}).status_code == 403
    admin = api("admin")
    chosen = send(admin, "PATCH", "/api/analysis/governor", {"from_hour": "23:00", "to_hour": "07:00"}).json()
    assert (chosen["from_hour"], chosen["to_hour"], chosen["nice"]) == ("23:00", "07:00", 15)
    for odd in ({"from_hour": None}, {"from_hour": "25:00"}, {"processes": 0}, {"nonsense": 1}):
        assert send(admin, "PATCH", "/api/analysis/governor", odd).status_code == 422, odd
    assert send(writer, "POST", "/api/analysis/pause").json()["pause"] == "paused"
    assert send(writer, "POST", "/api/analysis/resume").json()["paused"] is False
    assert writer.get("/api/analysis/errors").json() == {"items": [], "next_cursor": None}


# --- GraphQL ---------------------------------------------------------------------------------------------------------


def graphql(client: Client, document: str, **variables: Any) -> Any:
    sent = json.dumps({"query": document, "variables": variables})
    answer = client.post("/api/graphql", sent, content_type="application/json").json()
    assert answer.get("data") or "errors" in answer
    return answer


def test_graphql_reads_and_corrects(track: Track, writer: Client, api: Api, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        other = make_track(root=track.root)
        create(track_id=other.pk, values={"bpm": 118 + number, "key": "Am"}, source="librosa")
    update = """mutation($id: Int!) {
        update_audio_features(track_id: $id, data: {bpm: 60, key: "Em"}) { bpm locked_fields }
    }"""
    assert graphql(writer, update, id=track.pk)["data"]["update_audio_features"] == {
        "bpm": 60.0, "locked_fields": ["bpm", "key"],
    }  # fmt: skip
    assert graphql(api("read"), update, id=track.pk)["errors"][0]["extensions"]["code"] == "not_allowed"
    scale = 'mutation($id: Int!) { scale_tempo(track_id: $id, factor: "2") { bpm features { name source locked } } }'
    assert graphql(writer, scale, id=track.pk)["data"]["scale_tempo"]["features"][-1] == {
        "name": "bpm", "source": "manual", "locked": True,
    }  # fmt: skip
    query = """query($id: Int!) {
        tracks(size: 50) { items { title audio_features { bpm stale features { name others { value } } } } }
        search_audio_features(where: {bpm_min: 119}) { items { bpm camelot_key } }
        similar_by_features(track_id: $id) { score reasons track { bpm } }
        analysis_statistics { tracks missing keys }
        track_audio_features(track_id: $id) { camelot_key }
    }"""
    with django_assert_max_num_queries(22):
        found = graphql(writer, query, id=track.pk)
    assert "errors" not in found, found
    data = found["data"]
    assert [one["bpm"] for one in data["search_audio_features"]["items"]] == [119, 120, 120, 121]
    assert [one["track"]["bpm"] for one in data["similar_by_features"]] == [120, 119, 121, 118]
    assert data["analysis_statistics"] == {"tracks": 5, "missing": 5, "keys": {"8A": 4, "9A": 1}}
    asked = graphql(writer, "mutation { analyze_audio { kind state } }")["data"]["analyze_audio"]
    assert asked == [{"kind": "analysis.analyze", "state": "queued"}]
