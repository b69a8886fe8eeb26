"""What the chips of a question mean in this library: its own genres, and the artists that it knows."""

from collections.abc import Iterable, Iterator, Sequence

from core.cache import cached
from embeddings.engine.grammar import Asked, Chip
from embeddings.engine.ontology import expand, load_genres, load_ontology
from embeddings.engine.ontology.artists import load_artists
from embeddings.models import ArtistEmbedding, TrackEmbeddings
from embeddings.schemas.encoder import TEXT
from embeddings.selectors.encoders import serving
from library.engine.words import name_of, namesakes
from library.models import Genre, SearchName
from library.selectors.counts import LIBRARY

MOST_LIKED = 3
SAID_BY_GENRES = frozenset(
    {"genre", "mood", "than", "use", "instrument", "vocals", "language", "region", "artist_like", "track_like"}
)
USUAL, NEARLY = 0.5, 0.7


def genres_meant(asked: Asked) -> dict[int, list[int]]:
    """By the place of each chip, the genres of the library that are what it asks for, or usually have it."""
    wanted = {place: chip for place, chip in enumerate(asked.chips) if not chip.negated}
    if not any(chip.kind in SAID_BY_GENRES for chip in wanted.values()):
        return {}
    known = cached(LIBRARY, "genres:kinds", _kinds)
    found = {place: [pk for pk, kinds in known if _meant(chip, asked) & kinds] for place, chip in wanted.items()}
    return {place: genres for place, genres in found.items() if genres}


def _meant(chip: Chip, asked: Asked) -> set[tuple[str, str]]:
    """With the moods that are nearly the same; of a use and of who and what is liked, the genres."""
    kind, value = str(chip.kind), chip.value
    if kind == "track_like":
        own = {name for one in asked.liked if one.value == value for name in one.profile.own_genres}
        return {("genre", name) for name in load_genres().narrowest(sorted(own))}
    if kind == "artist_like":
        artist = load_artists().meant(value)
        return {("genre", name) for name in load_genres().narrowest(artist.genres if artist else ())}
    ontology = load_ontology()
    moods = ontology.moods
    if kind == "use":
        return {(kind, value), *(("genre", name) for name in ontology.uses[value].like)}
    if kind == "than" and value in moods:
        kind = "mood"
    near = moods[value].near if kind == "mood" and value in moods else {}
    return {(kind, value), *(("mood", mood) for mood, share in near.items() if share >= NEARLY)}


def _kinds() -> list[tuple[int, frozenset[tuple[str, str]]]]:
    return [(pk, frozenset(_of_genre(name))) for pk, name in Genre.objects.values_list("pk", "name")]


def _of_genre(name: str) -> Iterator[tuple[str, str]]:
    known = load_genres()
    for one in known.resolved([name]):
        yield from (("genre", above) for above in known.ancestors(one))
    usual = expand([name])
    kinds = {"mood": usual.moods, "use": usual.uses, "instrument": usual.instruments, "vocals": usual.vocals}
    kinds |= {"language": usual.languages, "region": usual.places}
    for kind, weights in kinds.items():
        yield from ((kind, value) for value, weight in weights.items() if weight >= USUAL)


def liked_vectors(asked: Asked) -> list[list[float]]:
    """Where the tracks and the artists lie that the answer should be like, as far as they are here."""
    return [*_of_tracks([one.track_id for one in asked.liked]), *_of_artists(asked)]


def _of_tracks(numbers: Sequence[int]) -> list[list[float]]:
    if not numbers:
        return []
    rows = TrackEmbeddings.objects.filter(
        track__in=numbers, embedding_type=TEXT, embedding_model=serving(TEXT).model
    ).order_by("track")
    return [_numbers(row.vector) for row in rows[:MOST_LIKED]]


def _of_artists(asked: Asked) -> list[list[float]]:
    names = [chip.value for chip in asked.chips if chip.kind == "artist_like" and not chip.negated][:MOST_LIKED]
    if not names:
        return []
    same = sorted({one for name in names for one in namesakes(name_of(name))})
    artists = SearchName.objects.filter(kind=SearchName.Kind.ARTIST, name__in=same).values("entity_id")
    rows = ArtistEmbedding.objects.filter(
        artist__in=artists, embedding_type=TEXT, embedding_model=serving(TEXT).model
    ).order_by("-tracks", "pk")
    return [_numbers(row.vector) for row in rows[:MOST_LIKED]]


def _numbers(vector: Iterable[float]) -> list[float]:
    return [float(value) for value in vector]
