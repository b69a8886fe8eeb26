"""What the chips of a question mean in this library: its own genres, and the artists that it knows."""

from collections.abc import Sequence

from core.cache import cached
from embeddings.engine.grammar import Asked, Chip
from embeddings.engine.ontology import load_genres
from embeddings.models import ArtistEmbedding
from embeddings.schemas.encoder import TEXT
from embeddings.selectors.encoders import serving
from library.engine.words import name_of, namesakes
from library.models import Genre, SearchName
from library.selectors.counts import LIBRARY

MOST_LIKED = 3


def genres_meant(chips: Sequence[Chip]) -> list[int]:
    """Genres of the library that are what somebody asked for, or kinds of it."""
    wanted = {chip.value for chip in chips if chip.kind == "genre" and not chip.negated}
    if not wanted:
        return []
    return [pk for pk, kinds in cached(LIBRARY, "genres:kinds", _kinds) if wanted & kinds]


def _kinds() -> list[tuple[int, frozenset[str]]]:
    known = load_genres()
    return [
        (pk, frozenset(above for one in known.resolved([name]) for above in known.ancestors(one)))
        for pk, name in Genre.objects.values_list("pk", "name")
    ]


def liked_vectors(asked: Asked) -> list[list[float]]:
    """Where the artists lie that the answer should be like, as far as they are here."""
    names = [chip.value for chip in asked.chips if chip.kind == "artist_like" and not chip.negated][:MOST_LIKED]
    if not names:
        return []
    same = sorted({one for name in names for one in namesakes(name_of(name))})
    artists = SearchName.objects.filter(kind=SearchName.Kind.ARTIST, name__in=same).values("entity_id")
    rows = ArtistEmbedding.objects.filter(
        artist__in=artists, embedding_type=TEXT, embedding_model=serving(TEXT).model
    ).order_by("-tracks", "pk")
    return [[float(value) for value in row.vector] for row in rows[:MOST_LIKED]]
