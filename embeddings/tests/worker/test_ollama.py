"""Vectors by Ollama: well, and in every way in which it may fail; nothing is lost, and nothing wrong is kept."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.models import Job
from embeddings.engine.ollama import LONGEST
from embeddings.models import EmbeddingModel, EmbeddingState, TrackEmbeddings
from embeddings.schemas.encoder import TEXT_MODEL
from embeddings.selectors.encoders import serving
from embeddings.selectors.ollama import ollama_state
from embeddings.selectors.requests import request_vector
from embeddings.selectors.searching import nearest
from embeddings.selectors.work import count_to_do
from embeddings.services.encoder import change_encoder
from embeddings.services.serving import settle_models
from embeddings.services.vectorizing import start_vectorizing
from embeddings.tests.ollama import FakeOllama
from embeddings.worker.ollama import OllamaClient
from library.tests.factories import make_track

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., Job]
MODEL = "ollama/nomic-embed-text/p1"


class Clock:
    """Goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def by_ollama(no_delivery: None, vectorized: Run, ollama: FakeOllama, clock: Clock) -> Run:
    """Two tracks, and a worker that asks Ollama for them."""
    make_track("Low tide", genres=["Ambient"])
    make_track("Loud", genres=["Heavy Metal"])
    change_encoder(encoder="ollama", url=ollama.url, automatic=False)

    def client(told: Any) -> OllamaClient:
        return OllamaClient(told.url, told.name, told.token, timeout=httpx.Timeout(5.0), clock=clock)

    def run() -> Job:
        active = Job.objects.filter(kind="embeddings.vectorize", state="queued").first()
        job = active or start_vectorizing()[0]
        assert job is not None
        return vectorized(job, make_client=client, clock=clock, sleep=clock.sleep)

    return run


def left() -> int:
    return count_to_do("text", MODEL, "outstanding")


def test_documents_and_questions_have_their_prefixes_and_become_512_numbers_of_length_one(
    by_ollama: Run, ollama: FakeOllama
) -> None:
    job = by_ollama()
    assert (job.state, job.figures["vectors"], left()) == (Job.State.DONE, 2, 0), job.message
    sent = [text for path, body, _headers in ollama.asked if path == "/api/embed" for text in body["input"]]
    assert all(text.startswith("search_document: ") for text in sent)
    assert {row.embedding_source for row in TrackEmbeddings.objects.all()} == {"ollama"}
    assert serving("text").model == MODEL
    found = request_vector("something quiet")
    assert found.vector is not None
    assert sum(one * one for one in found.vector) == pytest.approx(1, abs=1e-4)
    assert ollama.asked[-1][1]["input"] == ["search_query: something quiet"]
    assert len(nearest(found.vector, kind="text", limit=5)) == 2


def test_an_older_one_that_does_not_cut_gives_the_same_vectors(by_ollama: Run, ollama: FakeOllama) -> None:
    by_ollama()
    before = {row.track_id: list(row.vector) for row in TrackEmbeddings.objects.all()}
    TrackEmbeddings.objects.all().delete()
    EmbeddingState.objects.all().delete()
    ollama.cuts = False
    by_ollama()
    for row in TrackEmbeddings.objects.all():
        assert list(row.vector) == pytest.approx(before[row.track_id], abs=1e-5)


@pytest.mark.parametrize("trouble", ["busy", "broken", "html", "few", "error"])
def test_what_passes_is_waited_for_in_the_job_itself(by_ollama: Run, ollama: FakeOllama, trouble: str) -> None:
    ollama.trouble, ollama.times = trouble, 2
    job = by_ollama()
    assert (job.state, job.figures["vectors"], left()) == (Job.State.DONE, 2, 0), job.message


@pytest.mark.parametrize("trouble", ["busy", "broken", "html", "few", "error"])
def test_one_that_stays_away_sends_the_job_back_into_the_queue_and_says_so(
    by_ollama: Run, ollama: FakeOllama, trouble: str
) -> None:
    ollama.trouble = trouble
    job = by_ollama()
    assert (job.state, job.setbacks) == (Job.State.QUEUED, 0)
    assert "Ollama is away" in job.message
    assert (left(), TrackEmbeddings.objects.count()) == (2, 0)
    ollama.trouble = ""
    assert by_ollama().state == Job.State.DONE
    assert left() == 0


def test_one_that_is_not_there_is_waited_for_as_well(by_ollama: Run, ollama: FakeOllama) -> None:
    change_encoder(url="http://127.0.0.1:1")
    job = by_ollama()
    assert job.state == Job.State.QUEUED
    assert "127.0.0.1:1" in job.message
    assert ollama_state().problem
    change_encoder(url=ollama.url)
    assert by_ollama().state == Job.State.DONE


def test_one_that_does_not_answer_in_time_is_away(ollama: FakeOllama) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("The read operation timed out", request=request)

    client = OllamaClient(ollama.url, "nomic-embed-text", transport=httpx.MockTransport(slow))
    with pytest.raises(Exception, match="timed out"):
        client.embed(["x"], prefix="")


@pytest.mark.parametrize(("trouble", "said"), [("short", "384 dimensions"), ("zeros", "without a direction")])
def test_vectors_that_do_not_fit_are_not_kept_and_the_job_says_why(
    by_ollama: Run, ollama: FakeOllama, trouble: str, said: str
) -> None:
    ollama.trouble = trouble
    job = by_ollama()
    assert job.state == Job.State.FAILED
    assert said in job.message
    assert (TrackEmbeddings.objects.count(), left()) == (0, 2)


def test_a_model_that_is_missing_is_named(by_ollama: Run, ollama: FakeOllama) -> None:
    ollama.models = ["llama3:latest"]
    job = by_ollama()
    assert (job.state, left()) == (Job.State.FAILED, 2)
    assert "nomic-embed-text" in job.message
    assert not ollama_state().has_model


@pytest.mark.parametrize("trouble", ["busy", "short"])
def test_where_it_was_chosen_the_built_in_encoder_stands_in_and_gives_way_again(
    by_ollama: Run, ollama: FakeOllama, trouble: str
) -> None:
    change_encoder(when_away="built_in")
    ollama.trouble = trouble
    job = by_ollama()
    assert job.state == Job.State.DONE, job.message
    assert job.figures["model"] == TEXT_MODEL
    settle_models()
    assert serving("text").model == TEXT_MODEL
    assert left() == 2
    ollama.trouble = ""
    assert by_ollama().state == Job.State.DONE
    settle_models()
    assert serving("text").model == MODEL
    assert set(TrackEmbeddings.objects.values_list("embedding_model", flat=True)) == {MODEL}


def test_a_text_beyond_its_context_is_cut_until_it_fits(ollama: FakeOllama) -> None:
    ollama.trouble = "strict"
    client = OllamaClient(ollama.url, "nomic-embed-text")
    assert len(client.embed(["short", "long " * 2_000], prefix="search_document: ")) == 2
    lengths = [len(text) for _path, body, _headers in ollama.asked for text in body["input"]]
    assert max(lengths) == LONGEST
    client.close()


def test_after_failures_in_a_row_nobody_asks_for_a_while(ollama: FakeOllama, clock: Clock) -> None:
    ollama.trouble = "busy"
    client = OllamaClient(ollama.url, "nomic-embed-text", clock=clock)
    for _ in range(3):
        with pytest.raises(Exception, match="busy"):
            client.embed(["x"], prefix="")
    asked = len(ollama.asked)
    with pytest.raises(Exception, match="not asked"):
        client.embed(["x"], prefix="")
    assert len(ollama.asked) == asked
    clock.now += 60
    ollama.trouble = ""
    assert len(client.embed(["x"], prefix="")) == 1
    client.close()


def test_the_token_reaches_ollama_and_is_kept_encrypted(by_ollama: Run, ollama: FakeOllama) -> None:
    change_encoder(token="open sesame")
    by_ollama()
    assert {headers.get("Authorization") for _p, _b, headers in ollama.asked} == {"Bearer open sesame"}


def test_another_model_is_made_beside_the_old_one_which_serves_until_then(by_ollama: Run, ollama: FakeOllama) -> None:
    change_encoder(encoder="built_in")
    assert by_ollama().state == Job.State.DONE
    change_encoder(encoder="ollama")
    settle_models()
    assert (serving("text").model, left()) == (TEXT_MODEL, 2)
    assert by_ollama().state == Job.State.DONE
    assert serving("text").model == TEXT_MODEL
    assert TrackEmbeddings.objects.count() == 4
    settle_models()
    assert serving("text").model == MODEL
    of_words = EmbeddingModel.objects.filter(embedding_type="text")
    assert list(of_words.values_list("name", flat=True)) == [MODEL]
    assert set(EmbeddingState.objects.values_list("embedding_model", flat=True)) == {MODEL}


def test_a_question_is_not_held_up_by_an_ollama_that_is_away(by_ollama: Run, ollama: FakeOllama) -> None:
    by_ollama()
    ollama.trouble = "busy"
    found = request_vector("something quiet")
    assert found.vector is None
    assert "Ollama" in found.note
    asked = len(ollama.asked)
    assert request_vector("something else").vector is None
    assert len(ollama.asked) == asked
