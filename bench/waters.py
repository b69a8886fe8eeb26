"""A made-up library for measuring recommendation: scenes with a sound, tags that tell of it roughly, artists, albums.

Each track comes from one scene, which no tag names: a genre holds several scenes, some tracks carry a wrong genre, some
none. Tempo, key and energy follow the scene and the album. A twentieth are versions of another track.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import Facts

Floats = NDArray[np.float32]
DIMENSIONS = 512
SCENES = 24
TRACKS_AN_ALBUM, ALBUMS_AN_ARTIST = 8, 3
WRONG_GENRE, NO_GENRE, VERSIONS = 0.12, 0.08, 0.05
# How unequally tracks have something of their own: what has little of it is near to everything, as wallpaper is.
OWN = 0.3
GENRES = (
    "Ambient", "Shoegaze", "Dub", "Techno", "House", "Chanson", "Jazz", "Folk", "Metal", "Soul", "Noise", "Opera",
)  # fmt: skip
KEYS = tuple(f"{hour}{letter}" for hour in range(1, 13) for letter in "AB")


@dataclass(frozen=True)
class Waters:
    """The library: facts, both vectors, and the scene that each track comes from."""

    facts: list[Facts]
    sound: Floats
    meaning: Floats
    scenes: NDArray[np.int64]


def made(count: int, seed: int = 11) -> Waters:
    chance = np.random.default_rng(seed)
    albums = -(-count // TRACKS_AN_ALBUM)
    artists = -(-albums // ALBUMS_AN_ARTIST)
    scene_of_artist = chance.integers(SCENES, size=artists)
    album = np.arange(count) // TRACKS_AN_ALBUM
    artist = album // ALBUMS_AN_ARTIST
    scenes = scene_of_artist[artist]
    sound = _vectors(chance, scenes, artist, album, common=0.9)
    meaning = _vectors(chance, scenes // 2, artist, album, common=0.7)
    return Waters(_facts(chance, scenes, artist, album), sound, meaning, scenes)


def _vectors(
    chance: np.random.Generator,
    scenes: NDArray[np.int64],
    artist: NDArray[np.int64],
    album: NDArray[np.int64],
    common: float,
) -> Floats:
    """What all have in common, then the scene, the artist, the album, and what is the track's own: much or little."""
    count = len(scenes)
    rows = common * _directions(chance, 1) + 0.7 * _directions(chance, int(scenes.max()) + 1)[scenes]
    rows = rows + 0.4 * _directions(chance, int(artist.max()) + 1)[artist]
    rows = rows + 0.25 * _directions(chance, int(album.max()) + 1)[album]
    rows = rows + chance.lognormal(0.0, OWN, size=(count, 1)) * _directions(chance, count)
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def _directions(chance: np.random.Generator, count: int) -> Floats:
    rows = chance.normal(size=(count, DIMENSIONS))
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def _facts(
    chance: np.random.Generator,
    scenes: NDArray[np.int64],
    artist: NDArray[np.int64],
    album: NDArray[np.int64],
) -> list[Facts]:
    tempo_of = chance.uniform(70, 165, size=SCENES)
    energy_of = chance.uniform(0.1, 0.9, size=SCENES)
    key_of_album = chance.integers(24, size=int(album.max()) + 1)
    decade_of_artist = chance.choice([1960, 1970, 1980, 1990, 2000, 2010], size=int(artist.max()) + 1)
    found: list[Facts] = []
    for number, scene in enumerate(scenes):
        is_version = found and chance.random() < VERSIONS and found[-1].artist_id == int(artist[number]) + 1
        key = int(key_of_album[album[number]] + chance.integers(-3, 4)) % 24
        found.append(
            Facts(
                track_id=number + 1,
                title=f"{found[-1].title} (Live)" if is_version else f"Piece {number + 1}",
                artist_id=int(artist[number]) + 1,
                album_id=int(album[number]) + 1,
                duration_ms=int(chance.uniform(140, 420)) * 1000,
                bpm=round(float(tempo_of[scene] * np.exp(chance.normal(0, 0.06)) * chance.choice([1, 1, 1, 2])), 1),
                camelot=KEYS[key],
                energy=float(np.clip(energy_of[scene] + chance.normal(0, 0.12), 0, 1)),
                year=int(decade_of_artist[artist[number]] + chance.integers(10)),
                genres=_genres(chance, int(scene)),
            )
        )
    return found


def _genres(chance: np.random.Generator, scene: int) -> tuple[str, ...]:
    told = chance.random()
    if told < NO_GENRE:
        return ()
    if told < NO_GENRE + WRONG_GENRE:
        return (str(chance.choice(GENRES)),)
    return (GENRES[scene % len(GENRES)],)
