"""What a track is, in words for the encoder: what its files and others say, and what the ontology adds."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from embeddings.engine.ontology.artists import Artist, load_artists
from embeddings.engine.ontology.expansion import Expansion, decade, expand
from embeddings.engine.ontology.genres import load_genres
from embeddings.engine.ontology.songs import Song, load_songs
from embeddings.engine.text import MODEL, Words

# Says that words are made otherwise than before: all of them are embedded again.
EDITION = "2"
SURE = 0.55
NOBODY_SINGS = 0.8


@dataclass(frozen=True)
class TrackFacts:
    """What is known of a track; empty and None are unknown."""

    title: str = ""
    artist: str = ""
    album: str = ""
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    year: int | None = None
    bpm: float | None = None
    camelot: str = ""
    energy: float | None = None
    valence: float | None = None
    danceability: float | None = None
    acoustic: float | None = None
    instrumental: float | None = None
    mood_scores: Mapping[str, float] = field(default_factory=dict)
    """0 to 1, by the ontology's names of moods"""
    duration_ms: int | None = None
    language: str = ""
    compilation: bool = False


def artist_of(facts: TrackFacts) -> Artist | None:
    return load_artists().credited(facts.artist) if facts.artist else None


def song_of(facts: TrackFacts) -> Song | None:
    return load_songs().named(facts.artist, facts.title) if facts.artist and facts.title else None


def expected(facts: TrackFacts) -> Expansion:
    """What its genres let expect; and those of a well-known artist, where its own say little or nothing."""
    artist = artist_of(facts)
    return expand((*facts.genres, *(_added(facts.genres, artist.genres) if artist else ())), facts.year)


def _added(own: Sequence[str], of_artist: Sequence[str]) -> Iterator[str]:
    """Beside "Rock" all that the artist is known for; beside "Ambient" only kinds of it: a narrow tag is believed."""
    known = load_genres()
    names = known.resolved(own)
    narrow = [name for name in names if known[name].parents]
    for genre in of_artist:
        if not narrow or any(name in known.ancestors(kind) for name in narrow for kind in known.in_tag(genre)):
            yield genre


def words_of(facts: TrackFacts) -> Words:
    """What is said comes before what is guessed; names stand apart."""
    song = song_of(facts)
    known = song.words if song else ()
    said = [*facts.genres, *facts.moods, *facts.tags, *known, *_measured(facts), *_of_artist(artist_of(facts))]
    guessed = expected(facts).words
    facets = ", ".join(dict.fromkeys(part for part in (*said, guessed) if part))
    return Words(facets=facets, names=". ".join(part for part in (facts.title, facts.artist, facts.album) if part))


def digest(words: Words) -> str:
    """Equal while nothing has changed that the vector is made of."""
    parts = "\x1f".join((MODEL, EDITION, words.facets, words.names))
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


def _measured(facts: TrackFacts) -> Iterator[str]:
    yield from (mood for mood, score in facts.mood_scores.items() if score >= SURE)
    if facts.instrumental is not None and facts.instrumental >= NOBODY_SINGS:
        yield "instrumental"
    if facts.language:
        yield facts.language
    if facts.year:
        yield decade(facts.year)


def _of_artist(artist: Artist | None) -> Iterator[str]:
    if artist is not None:
        yield from (*artist.moods, *artist.instruments, *artist.places, *artist.languages)
        yield from (f"{voice} vocals" if voice in {"female", "male"} else voice for voice in artist.vocals)
