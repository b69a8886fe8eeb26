"""A request in the English words that documents are written in, with what the ontology adds to them."""

from collections.abc import Iterable, Iterator

from embeddings.engine.grammar.asked import Chip
from embeddings.engine.ontology.artists import load_artists
from embeddings.engine.ontology.concepts import load_ontology
from embeddings.engine.ontology.expansion import strongest
from embeddings.engine.ontology.genres import load_genres

NEAR_MOODS = 2
NEAR = 0.7
MOST = 3


def worded(chips: Iterable[Chip], rest: str) -> str:
    """What is unwanted is left out: an encoder knows no "no"."""
    said = [word for chip in chips if not chip.negated for word in _words(chip)]
    return ", ".join(dict.fromkeys([*said, *([rest] if rest else [])]))


def _words(chip: Chip) -> Iterator[str]:
    if chip.kind == "genre":
        genre = load_genres()[chip.value]
        yield from (genre.name, *genre.parents[:1], *genre.moods[:2])
    elif chip.kind in {"mood", "than"} and chip.value in load_ontology().moods:
        near = load_ontology().moods[chip.value].near
        yield from (chip.value, *(mood for mood in strongest(near, NEAR_MOODS) if near[mood] >= NEAR))
    elif chip.kind == "use":
        use = load_ontology().uses[chip.value]
        yield from (chip.value, *use.moods[:MOST], *use.like[:MOST])
    elif chip.kind == "vocals":
        yield {"female": "female vocals", "male": "male vocals", "sung": "vocals"}.get(chip.value, chip.value)
    elif chip.kind == "artist_like":
        yield from _artist_words(chip.value)
    elif (
        chip.kind in {"decade", "instrument", "tempo", "than", "energy", "language", "region"}
        and not chip.value[0].isdigit()
    ) or chip.kind == "decade":
        yield chip.value


def _artist_words(name: str) -> Iterator[str]:
    artist = load_artists().meant(name)
    if artist is None:
        return
    yield from (*artist.genres[:MOST], *artist.moods[:MOST], *artist.instruments[:2])
    yield from (mood for name in artist.genres[:1] for mood in load_genres()[name].moods[:MOST])
