"""A track as the grammar sees it: how much it is of each kind, from what is said, measured, and usual of its genres."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from embeddings.engine.documents import TrackFacts, artist_of, expected, song_of
from embeddings.engine.grammar.lexicon import load_lexicon
from embeddings.engine.ontology.concepts import load_ontology
from embeddings.engine.ontology.expansion import Expansion
from embeddings.engine.ontology.genres import Range

# What is said of this very track counts wholly; what is usual of an artist or a genre counts less.
OF_SONG = 0.8
OF_ARTIST = 0.85
OF_GENRE = 0.6
OF_MEASURES = 0.9
SAID = 1.0
Weights = dict[str, float]


@dataclass(frozen=True)
class Profile:
    """Numbers from 0 to 1 by canonical names; None where nothing is known."""

    genres: Mapping[str, float]
    moods: Mapping[str, float]
    instruments: Mapping[str, float]
    vocals: Mapping[str, float]
    uses: Mapping[str, float]
    languages: Mapping[str, float]
    places: Mapping[str, float]
    instrumental: float | None
    energy: float | None
    tempo: Range | None
    years: Range | None
    duration_s: float | None
    camelot: str
    artist: str

    @property
    def own_genres(self) -> list[str]:
        """What it is said to be, without what that is a kind of in part."""
        return [name for name, share in self.genres.items() if share >= 1.0]


def profile_of(facts: TrackFacts) -> Profile:
    usual = expected(facts)
    said = _said(facts)
    artist = artist_of(facts)
    places = _joined(said["region"], _each(artist.places if artist else (), OF_ARTIST), _scaled(usual.places, OF_GENRE))
    languages = _joined(
        said["language"], _each(artist.languages if artist else (), OF_ARTIST), _scaled(usual.languages, OF_GENRE)
    )
    moods = _joined(
        said["mood"],
        _measured_moods(facts),
        _each(artist.moods if artist else (), OF_ARTIST),
        _scaled(usual.moods, OF_GENRE),
    )
    vocals = _joined(said["vocals"], _each(artist.vocals if artist else (), OF_ARTIST), _scaled(usual.vocals, OF_GENRE))
    return Profile(
        genres=_joined(said["genre"], dict(usual.genres)),
        moods=moods,
        instruments=_joined(
            said["instrument"],
            _each(artist.instruments if artist else (), OF_ARTIST),
            _scaled(usual.instruments, OF_GENRE),
        ),
        vocals=vocals,
        uses=_joined(said["use"], _scaled(usual.uses, OF_GENRE)),
        languages=languages,
        places=places,
        instrumental=_instrumental(facts, vocals, usual),
        energy=_energy(facts, said, usual),
        tempo=(facts.bpm, facts.bpm) if facts.bpm else usual.tempo,
        years=(float(facts.year), float(facts.year)) if facts.year else usual.era,
        duration_s=facts.duration_ms / 1000 if facts.duration_ms else None,
        camelot=facts.camelot,
        artist=facts.artist,
    )


def _said(facts: TrackFacts) -> dict[str, Weights]:
    """Tags and moods of other programs, each as the kind that it is."""
    found: dict[str, Weights] = {kind: {} for kind in KINDS}
    song = song_of(facts)
    labels = dict.fromkeys(song.words, OF_SONG) if song else {}
    labels |= dict.fromkeys((*facts.moods, *facts.tags, *((facts.language,) if facts.language else ())), SAID)
    for label, weight in labels.items():
        meaning = load_lexicon().concept(label)
        if meaning is not None and meaning.kind in found:
            found[meaning.kind][meaning.value] = max(weight, found[meaning.kind].get(meaning.value, 0.0))
    return found


KINDS = ("genre", "mood", "instrument", "vocals", "use", "language", "region", "tempo", "energy")


def _each(names: Iterable[str], weight: float) -> Weights:
    return dict.fromkeys(names, weight)


def _scaled(weights: Mapping[str, float], share: float) -> Weights:
    return {name: weight * share for name, weight in weights.items()}


def _joined(*many: Weights) -> Weights:
    found: Weights = {}
    for weights in many:
        for name, weight in weights.items():
            found[name] = max(found.get(name, 0.0), weight)
    return found


def _measured_moods(facts: TrackFacts) -> Weights:
    return {mood: OF_MEASURES * score for mood, score in facts.mood_scores.items() if mood in load_ontology().moods}


def _instrumental(facts: TrackFacts, vocals: Weights, usual: Expansion) -> float | None:
    """Who is heard singing is believed before the genre."""
    if facts.instrumental is not None:
        return facts.instrumental
    if vocals.get("instrumental", 0) >= OF_ARTIST:
        return vocals["instrumental"]
    singing = max((weight for voice, weight in vocals.items() if voice != "instrumental"), default=0.0)
    return 1 - singing if singing >= OF_ARTIST else usual.instrumental


def _energy(facts: TrackFacts, said: dict[str, Weights], usual: Expansion) -> float | None:
    if facts.energy is not None:
        return facts.energy
    if song := song_of(facts):
        return song.energy
    moods = load_ontology().moods
    heard = [moods[mood].energy for mood in said["mood"]]
    heard += [sum(load_ontology().energies[name]) / 2 for name in said["energy"]]
    if not heard:
        return usual.energy
    mean = sum(heard) / len(heard)
    return mean if usual.energy is None else (2 * mean + usual.energy) / 3
