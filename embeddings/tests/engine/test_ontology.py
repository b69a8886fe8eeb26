"""The files of what is known: whole, without contradictions, and as large as they say."""

import tomllib
from pathlib import Path

import pytest

from embeddings.engine.documents import TrackFacts, words_of
from embeddings.engine.grammar import understand
from embeddings.engine.grammar.lexicon import load_lexicon
from embeddings.engine.grammar.profile import OF_SONG, SAID, profile_of
from embeddings.engine.ontology import artists, genres
from embeddings.engine.ontology.concepts import load_ontology
from embeddings.engine.ontology.expansion import expand
from embeddings.engine.ontology.genres import load_genres
from embeddings.engine.ontology.reading import listed, read
from embeddings.engine.ontology.songs import load_songs

DATA = Path(genres.__file__).parent / "data"
KNOWN = genres.load_genres()


def test_every_file_can_be_read() -> None:
    files = sorted(DATA.rglob("*.toml"))
    assert len(files) >= 12
    for file in files:
        with file.open("rb") as opened:
            assert tomllib.load(opened), file


def test_there_are_several_hundred_genres_and_thousands_of_artists() -> None:
    assert len(KNOWN.rows) >= 400
    assert len(artists.load_artists().known) >= 8_000


def test_what_artists_are_known_for_is_known_itself() -> None:
    ontology = load_ontology()
    kinds = {
        "genres": set(KNOWN.rows),
        "moods": set(ontology.moods),
        "instruments": set(ontology.instruments),
        "places": set(ontology.places),
        "languages": set(ontology.languages),
        "vocals": set(read("lexicon/vocals.toml")),
    }
    for artist in artists.load_artists().known.values():
        for kind, there in kinds.items():
            assert set(getattr(artist, kind)) <= there, artist


@pytest.mark.parametrize("name", sorted(KNOWN.rows))
def test_each_genre_is_sound(name: str) -> None:
    genre = KNOWN[name]
    assert all(above in KNOWN.rows for above in KNOWN.ancestors(name))
    assert name not in {top for parent in genre.parents for top in KNOWN.ancestors(parent)}
    assert genre.energy is None or 0 <= genre.energy <= 1
    assert genre.tempo is None or 30 <= genre.tempo[0] < genre.tempo[1] <= 320
    assert genre.era is None or 400 <= genre.era[0] < genre.era[1] <= 2100


@pytest.mark.parametrize(
    ("written", "name"),
    [("Hip-Hop", "hip hop"), ("r&b", "r&b"), ("DRUM N BASS", "drum and bass"), ("Trip-hop", "trip hop")],
)
def test_genres_are_found_as_people_write_them(written: str, name: str) -> None:
    assert KNOWN.named(written) == KNOWN.named(name) is not None


def test_what_is_usual_of_a_genre_has_its_reason() -> None:
    usual = expand(["Trance"], 1999)
    assert "instrumental" in usual.words or (usual.instrumental or 0) > 0.3
    assert usual.because
    assert load_ontology().moods


def test_what_is_said_of_pieces_begins_with_words_that_are_understood() -> None:
    lexicon = load_lexicon()
    songs = load_songs()
    assert len(songs) > 3000
    odd = [(name, song) for name, song in songs.known.items() if not 0 < song.energy < 1 or not song.words]
    assert not odd
    strange = [name for name, song in songs.known.items() if lexicon.concept(song.words[0]) is None]
    assert not strange


def test_a_piece_is_known_by_whoever_is_credited_and_in_every_version() -> None:
    songs = load_songs()
    birds = songs.named("Bob Marley & The Wailers", "Three Little Birds (Remastered 2001)")
    assert birds is not None
    assert "relaxed" in birds.words
    assert songs.named("bjork", "All Is Full Of Love - Live") == songs.named("Björk", "All Is Full of Love") is not None
    assert songs.named("Bob Marley", "No such song") is None
    assert songs.named("", "") is None


def test_what_is_said_of_a_track_itself_counts_more_than_what_is_known_of_the_piece() -> None:
    known = TrackFacts(title="Raining Blood", artist="Slayer")
    said = TrackFacts(title="Raining Blood", artist="Slayer", moods=("peaceful",), energy=0.2)
    assert profile_of(known).moods["aggressive"] == OF_SONG
    assert (profile_of(known).energy or 0) > 0.8
    assert profile_of(said).moods["peaceful"] == SAID
    assert profile_of(said).energy == 0.2
    assert "aggressive" in words_of(known).facets


def test_scenes_are_made_of_what_the_ontology_knows() -> None:
    scenes, uses = read("lexicon/scenes.toml"), read("lexicon/uses.toml")
    assert len(scenes) > 100
    assert not set(scenes) & set(uses)
    for name, row in scenes.items():
        assert set(listed(row["moods"])) <= set(load_ontology().moods), name
        assert set(listed(row["like"])) <= set(load_genres()), name
    assert understand("music for a car chase").chips[0].kind == "use"
    assert understand("coincé dans le métro").chips[0].kind == "use"
