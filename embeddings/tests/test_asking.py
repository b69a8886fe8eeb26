"""Questions in words: what is understood, what answers, what may be taken away; also without any vector."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from analysis.models import TrackAudioFeatures
from embeddings.schemas.vectors import EmbeddingIn
from embeddings.selectors.asking import ask
from embeddings.services.encoder import change_encoder
from embeddings.services.serving import note_model
from embeddings.services.writing import create_or_update
from embeddings.tests.ollama import FakeOllama
from library.models import Track
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_artist, make_track

pytestmark = pytest.mark.django_db
Api = Callable[[str], Client]
JSON = "application/json"


@pytest.fixture
def tracks(db: None) -> dict[str, Track]:
    made = {
        "calm": make_track("Music for Airports", make_artist("Brian Eno"), genres=["Ambient"], year_number=1978),
        "loud": make_track("Raining Blood", make_artist("Slayer"), genres=["Thrash Metal"], year_number=1986),
        "dance": make_track("Blue Monday", make_artist("New Order"), genres=["Synthpop"], year_number=1983),
        "opera": make_track("Nessun dorma", make_artist("Luciano Pavarotti"), genres=["Opera"], year_number=1972),
    }
    refresh_search_documents(track_ids=[track.pk for track in made.values()])
    return made


def first(text: str, **more: object) -> int:
    return ask(None, text, **more).items[0].track.id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("something calm to fall asleep", "calm"),
        ("musique calme pour dormir", "calm"),
        ("aggressive metal", "loud"),
        ("du métal violent des années 80", "loud"),
        ("synthpop from the eighties", "dance"),
        ("un air d'opéra", "opera"),
        ("nesun dorma", "opera"),
        ("blue monday new order", "dance"),
    ],
)
def test_questions_are_answered_without_any_vector(tracks: dict[str, Track], text: str, name: str) -> None:
    assert first(text) == tracks[name].pk


def test_what_was_understood_is_named_and_may_be_taken_away(tracks: dict[str, Track]) -> None:
    found = ask(None, "metal from the eighties")
    assert {(chip.kind, chip.value) for chip in found.chips} == {("genre", "metal"), ("decade", "1980s")}
    assert found.items[0].track.id == tracks["loud"].pk
    genre = next(chip.id for chip in found.chips if chip.kind == "genre")
    less = ask(None, "metal from the eighties", without=[genre, "mood:unknown"])
    assert [chip.kind for chip in less.chips] == ["decade"]
    assert less.without == [genre]
    assert {one.track.id for one in less.items[:2]} == {tracks["loud"].pk, tracks["dance"].pk}


def test_an_answer_says_why_also_where_the_genre_is_the_reason(tracks: dict[str, Track]) -> None:
    found = ask(None, "calm music from 1978").items[0]
    assert {one.kind for one in found.reasons} >= {"mood", "years"}
    assert "from 1978" in [one.text for one in found.reasons]


def test_what_was_measured_is_asked_for_too(tracks: dict[str, Track]) -> None:
    TrackAudioFeatures.objects.create(track=tracks["dance"], bpm=130.0, energy=0.8, camelot_key="8A")
    found = ask(None, "around 130 bpm")
    assert found.items[0].track.id == tracks["dance"].pk
    assert "130 beats a minute" in [one.text for one in found.items[0].reasons]


def test_vectors_help_where_there_are_some(tracks: dict[str, Track]) -> None:
    from embeddings.engine.text import Words, load_encoder

    note_model(kind="text", model="soniquebay-text-1", source="soniquebay")
    words = {"calm": "ambient, calm, ocean waves", "loud": "thrash", "dance": "synthpop", "opera": "opera"}
    for name, facets in words.items():
        vector = [float(one) for one in load_encoder().encode([Words(facets, tracks[name].title)])[0]]
        data = EmbeddingIn(vector=vector, embedding_type="text", embedding_model="soniquebay-text-1")
        create_or_update(track_id=tracks[name].pk, data=data)
    assert first("waves of the ocean") == tracks["calm"].pk


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "\0", "🎺", "x" * 900, "'; DROP TABLE tracks --", "%s %(x)s", "not not not"]
)
def test_whatever_is_asked_is_no_error(tracks: dict[str, Track], api: Api, text: str) -> None:
    answer = api("read").get("/api/ask", {"q": text})
    assert answer.status_code == 200, answer.content


def test_pages_and_facets(tracks: dict[str, Track], api: Api) -> None:
    client = api("read")
    page = client.get("/api/ask?q=music from the eighties&limit=1").json()
    assert page["count"] >= 2
    rest = client.get(f"/api/ask?q=music from the eighties&limit=1&cursor={page['next_cursor']}").json()
    assert rest["items"][0]["track"]["id"] != page["items"][0]["track"]["id"]
    assert {"1980"} <= {one["key"] for one in page["facets"]["decade"]}
    narrowed = client.get("/api/ask?q=music from the eighties&decade=1970").json()
    assert {one["track"]["id"] for one in narrowed["items"]} <= {tracks["calm"].pk, tracks["opera"].pk}
    assert client.get("/api/ask?q=x&cursor=abc").status_code == 422
    assert client.get("/api/ask?q=x&decade=abc").status_code == 422


def test_a_question_costs_the_same_whatever_the_library_holds(
    tracks: dict[str, Track], django_assert_max_num_queries: Callable[..., object]
) -> None:
    ask(None, "calm metal from the eighties")
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        ask(None, "calm metal from the eighties")


def test_graphql_asks_the_same(tracks: dict[str, Track], api: Api) -> None:
    query = '{ ask(query: "aggressive metal") { chips { id kind } items { track { title } reasons { text } } count } }'
    answer = api("read").post("/api/graphql", {"query": query}, JSON).json()
    assert answer["data"]["ask"]["items"][0]["track"]["title"] == "Raining Blood", answer


def test_a_language_model_proposes_chips_that_the_grammar_knows(tracks: dict[str, Track], ollama: FakeOllama) -> None:
    ollama.models = ["llama3:latest"]
    ollama.chat_answer = {
        "chips": [{"kind": "genre", "value": "thrash metal"}, {"kind": "mood", "value": "blubberish"}]
    }
    change_encoder(url=ollama.url, chat_model="llama3")
    found = ask(None, "what the neighbours hate")
    assert [(chip.value, chip.proposed) for chip in found.chips if chip.proposed] == [("thrash metal", True)]
    assert found.items[0].track.id == tracks["loud"].pk
    assert found.notes == []
    chip = next(chip for chip in found.chips if chip.proposed)
    assert not [one for one in ask(None, "what the neighbours hate", without=[chip.id]).chips if one.proposed]


@pytest.mark.parametrize("said", [{"chips": "no"}, {"chips": [{"kind": "weather", "value": "x"}]}, {}])
def test_a_language_model_that_says_something_else_is_not_heard_and_that_is_said(
    tracks: dict[str, Track], ollama: FakeOllama, said: dict[str, object]
) -> None:
    ollama.models = ["llama3:latest"]
    ollama.chat_answer = json.loads(json.dumps(said))
    change_encoder(url=ollama.url, chat_model="llama3")
    found = ask(None, "aggressive metal")
    assert found.items[0].track.id == tracks["loud"].pk
    assert "without it" in found.notes[0]


def test_the_page_shows_chips_answers_and_the_way_back(tracks: dict[str, Track], signed_in: Client) -> None:
    assert signed_in.get("/ask/").status_code == 200
    page = signed_in.get("/ask/", {"q": "aggressive metal"}).content.decode()
    assert "Raining Blood" in page
    assert "without=genre%3Ametal" in page
    taken = signed_in.get("/ask/", {"q": "aggressive metal", "without": "genre:metal", "decade": "1980"})
    assert taken.status_code == 200
    assert signed_in.get("/ask/", {"q": "x", "decade": "abc"}).status_code == 422
    assert signed_in.get("/ask/", {"q": "zzzzqqq"}).status_code == 200


def test_the_page_of_settings_tells_how_it_stands(tracks: dict[str, Track], signed_in: Client) -> None:
    assert "Make what is missing" in signed_in.get("/settings/meaning/").content.decode()
    form = {"encoder": "ollama", "url": "http://127.0.0.1:1", "model": "nomic-embed-text", "when_away": "wait"}
    assert signed_in.post("/settings/meaning/", form).status_code == 302
    assert "cannot be reached" in signed_in.get("/settings/meaning/").content.decode()
    wrong = signed_in.post("/settings/meaning/", {**form, "url": "http://169.254.169.254"})
    assert wrong.status_code == 422
    assert signed_in.post("/settings/meaning/start/", {"what": "outstanding"}).status_code == 302


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("like Jolene but happier", "Jolene"),
        ("something like so what but sadder", "so what"),
        ("comme Ne me quitte pas, en moins triste", "Ne me quitte pas"),
        ("Three Little Birds but darker", "Three Little Birds"),
        ("j’adore Zombie de Fela, mais plus calme", "Zombie de Fela"),
        ("something like bohemain rapsody but shorter", "bohemain rapsody"),
    ],
)
def test_a_title_is_understood_as_what_the_answer_should_be_like(db: None, text: str, said: str) -> None:
    made = [
        make_track("Jolene", make_artist("Dolly Parton"), genres=["Country"]),
        make_track("So What", make_artist("Miles Davis"), genres=["Modal Jazz"]),
        make_track("Ne me quitte pas", make_artist("Jacques Brel"), genres=["Chanson"]),
        make_track("Three Little Birds (Remastered)", make_artist("Bob Marley"), genres=["Reggae"]),
        make_track("Zombie", make_artist("Fela Kuti & Africa 70"), genres=["Afrobeat"]),
        make_track("Bohemian Rhapsody", make_artist("Queen"), genres=["Rock"]),
    ]
    refresh_search_documents(track_ids=[track.pk for track in made])
    chips = {chip.kind: chip.text for chip in ask(None, text).chips}
    assert chips["track_like"] == said


def test_what_is_like_a_track_is_not_that_track_nor_another_version_of_it(db: None) -> None:
    parton = make_artist("Dolly Parton")
    itself = make_track("Jolene", parton, genres=["Country"])
    again = make_track("Jolene (Live)", parton, genres=["Country"])
    near = make_track("Coat of Many Colors", parton, genres=["Country"])
    far = make_track("Raining Blood", make_artist("Slayer"), genres=["Thrash Metal"])
    refresh_search_documents(track_ids=[itself.pk, again.pk, near.pk, far.pk])
    found = ask(None, "songs like Jolene but calmer")
    assert found.items[0].track.id == near.pk
    assert not {itself.pk, again.pk} & {one.track.id for one in found.items}
    taken = next(chip.id for chip in found.chips if chip.kind == "track_like")
    assert {itself.pk, again.pk} & {
        one.track.id for one in ask(None, "songs like Jolene but calmer", without=[taken]).items
    }


def test_words_that_mean_something_are_no_titles(db: None) -> None:
    refresh_search_documents(
        track_ids=[make_track("Happy", genres=["Pop"]).pk, make_track("Summer", genres=["Pop"]).pk]
    )
    assert not [
        chip
        for text in ("happy but slow", "like a summer evening")
        for chip in ask(None, text).chips
        if chip.kind == "track_like"
    ]
