"""The library's map: drawn by a worker, added to without moving anything, read in columns."""

import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray

from core.database_jobs import next_waiting, run_job
from core.jobs import JobKind
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job, start_job
from core.tests.here import Here
from core.worker.client import ApiClient
from core.worker.running import RunningJob
from embeddings.models import MapLayout, MapPoint, MapRegion, TrackEmbeddings
from embeddings.schemas.work import TEND_KIND
from embeddings.selectors.mapping import map_points, map_regions
from embeddings.services.mapping import draw_map, draw_outstanding
from embeddings.tests.sea import chart, family, sounding_track, towards
from embeddings.worker.mapping import Mapping
from library.models import Track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drawn(token: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Job]]:
    """Does a job as its process would, to its end."""
    monkeypatch.setattr("core.queue.send", lambda job: True)
    api = ApiClient("http://here", token("worker"), transport=Here(), patience_s=0)

    def run(job: Job) -> Job:
        claimed = claim_job(job_id=job.pk, worker="here")
        with RunningJob(claimed, api) as running:
            Mapping(running).run()
        finish_job(job_id=job.pk, finish=JobFinish(attempt=claimed.attempt, state="done", metrics=running.metrics))
        job.refresh_from_db()
        return job

    yield run
    api.close()


def lie(tracks: list[Track]) -> dict[int, tuple[int, int]]:
    rows = MapPoint.objects.filter(layout__shown=True, track__in=tracks).values_list("track", "x", "y")
    return {track: (x, y) for track, x, y in rows}


def middle(tracks: list[Track]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.array(list(lie(tracks).values()), float).mean(axis=0)
    return found


def test_families_lie_together_and_regions_have_their_names(drawn: Callable[..., Job]) -> None:
    calm, loud = family(1, 15, "Ambient"), family(2, 15, "Techno")
    assert drawn(draw_map()).state == "done"
    assert len(lie(calm)) == len(lie(loud)) == 15
    apart = np.linalg.norm(middle(calm) - middle(loud))
    for tracks in (calm, loud):
        away = [np.linalg.norm(np.array(place) - middle(tracks)) for place in lie(tracks).values()]
        assert np.median(away) < apart / 2
    assert {region.name for region in map_regions()} <= {"Ambient", "Techno"}
    assert map_regions()
    assert MapPoint.objects.filter(sound_usual__isnull=True).count() == 0


def test_what_is_added_moves_nothing(drawn: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.services.mapping.SMALL", 0)
    calm, loud = family(1, 12), family(2, 12)
    drawn(draw_map())
    before = lie([*calm, *loud])
    layout = MapLayout.objects.get(shown=True)
    added = sounding_track(towards(1, 0.1, 77), towards(1, 0.1, 77))
    assert draw_outstanding() is not None
    drawn(Job.objects.get(state="queued"))
    assert MapLayout.objects.get(shown=True).pk == layout.pk
    assert lie([*calm, *loud]) == before
    near_calm = np.linalg.norm(np.array(lie([added])[added.pk]) - middle(calm))
    assert near_calm < np.linalg.norm(np.array(lie([added])[added.pk]) - middle(loud))
    assert draw_outstanding() is None


def test_a_new_drawing_lies_over_the_old_one(drawn: Callable[..., Job]) -> None:
    calm, loud = family(1, 12), family(2, 12)
    drawn(draw_map())
    before = middle(calm) - middle(loud)
    drawn(draw_map(anew=True))
    after = middle(calm) - middle(loud)
    assert before @ after / np.linalg.norm(before) / np.linalg.norm(after) > 0.8
    assert MapLayout.objects.count() == 1


def test_a_map_of_another_model_is_outgrown(drawn: Callable[..., Job]) -> None:
    tracks = family(1, 8)
    drawn(draw_map())
    layout = MapLayout.objects.get(shown=True)
    MapLayout.objects.update(models_used={"sound": ["audio", "older"], "meaning": ["text", "older"]})
    assert draw_outstanding() is not None
    drawn(Job.objects.get(state="queued"))
    assert MapLayout.objects.get(shown=True).pk != layout.pk
    assert len(lie(tracks)) == 8


def test_without_vectors_there_is_nothing_to_draw(drawn: Callable[..., Job]) -> None:
    sounding_track()
    assert draw_outstanding() is None
    drawn(draw_map())
    assert not MapLayout.objects.filter(shown=True).exists()
    assert map_points().count == 0


def test_it_is_read_in_columns_and_not_sent_twice(api: Callable[[str], Client]) -> None:
    features = {"camelot_key": "8A", "mood_happy": 0.1, "mood_relaxed": 0.9, "mood_party": 0.2, "mood_aggressive": 0.0}
    one = sounding_track(features=features, genres=["Dub"], year_number=1994)
    other, away = sounding_track(), sounding_track(available=False)
    chart([(one, 100, -200), (other, 3, 4), (away, 5, 6)])
    client = api("read")
    answer = client.get("/api/map")
    found = answer.json()
    assert found["count"] == 2
    assert (found["ids"], found["x"], found["y"]) == ([one.pk, other.pk], [100, 3], [-200, 4])
    legend = found["legend"]
    assert legend["genres"][found["genre"][0]] == "Dub"
    assert legend["moods"][found["mood"][0]] == "relaxed"
    assert legend["decades"][found["decade"][0]] == 1990
    assert legend["keys"][found["key"][0]] == "8A"
    assert {found[name][1] for name in ("genre", "mood", "decade", "key")} == {255}
    assert client.get("/api/map", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_it_is_read_as_bytes(api: Callable[[str], Client]) -> None:
    tracks = family(1, 3)
    chart([(track, 10 * place, -place) for place, track in enumerate(tracks)])
    sent = api("read").get("/api/map", headers={"Accept": "application/octet-stream"}).content
    length = int(np.frombuffer(sent, "<u4", 1, 4)[0])
    head = json.loads(sent[8 : 8 + length])
    assert (sent[:4], head["count"], length % 4) == (b"SBM1", 3, 0)
    assert np.frombuffer(sent, "<u4", 3, 8 + length).tolist() == [track.pk for track in tracks]
    assert np.frombuffer(sent, "<i2", 3, 8 + length + 12).tolist() == [0, 10, 20]
    assert len(sent) == 8 + length + 3 * (4 + 2 + 2 + 4)


def test_points_are_taken_twice_without_harm_and_never_half(api: Callable[[str], Client]) -> None:
    track = sounding_track(towards(1))
    layout = MapLayout.objects.create()
    body = {"layout_id": layout.pk, "ids": [track.pk, 10**9], "x": [1, 2], "y": [3, 4]}
    body |= {name: [0.1, None] for name in ("sound_usual", "sound_spread", "meaning_usual", "meaning_spread")}
    client = api("worker")
    for _time in range(2):
        assert client.post("/api/map/points", body, content_type="application/json").json() == {"taken": 1}
    assert MapPoint.objects.count() == 1
    body["x"] = [1]
    assert client.post("/api/map/points", body, content_type="application/json").status_code == 422
    body |= {"layout_id": 10**9, "x": [1, 2]}
    assert client.post("/api/map/points", body, content_type="application/json").status_code == 404


def test_deleting_a_track_takes_its_point_along() -> None:
    track = sounding_track(towards(1))
    chart([(track, 1, 1)])
    TrackEmbeddings.objects.all().delete()
    track.track_artists.all().delete()
    track.delete()
    assert MapPoint.objects.count() == 0
    assert MapRegion.objects.count() == 0


def test_the_job_is_known_by_its_name() -> None:
    from core.jobs import kind_named

    assert isinstance(kind_named("embeddings.map"), JobKind)


def test_the_map_is_drawn_once_there_are_no_more_vectors_to_make(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the job that keeps what tracks mean in order; while more are being made, the map waits."""
    monkeypatch.setattr("core.queue.send", lambda job: True)
    family(1, 3)
    for more, drawn_then in ((object(), False), (None, True)):
        monkeypatch.setattr("embeddings.services.tending.active_vectorizing", lambda more=more: more)
        start_job(kind=TEND_KIND, params={"start": False})
        waiting = next_waiting()
        assert waiting is not None
        run_job(waiting)
        assert Job.objects.filter(kind="embeddings.map").exists() is drawn_then
