"""The files of what is known: whole, without contradictions, and as large as they say."""

import tomllib
from pathlib import Path

import pytest

from embeddings.engine.ontology import artists, genres
from embeddings.engine.ontology.concepts import load_ontology
from embeddings.engine.ontology.expansion import expand

DATA = Path(genres.__file__).parent / "data"
KNOWN = genres.load_genres()


def test_every_file_can_be_read() -> None:
    files = sorted(DATA.rglob("*.toml"))
    assert len(files) >= 12
    for file in files:
        with file.open("rb") as opened:
            assert tomllib.load(opened), file


def test_there_are_several_hundred_genres_and_a_thousand_artists() -> None:
    assert len(KNOWN.rows) >= 400
    assert len(artists.load_artists().known) >= 1_000


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
