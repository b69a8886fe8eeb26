"""What somebody asks for, in French or in English, understood by rules alone: the same words always mean the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from embeddings.engine.grammar.asked import Asked, Chip, Kind
from embeddings.engine.grammar.lexicon import LANGUAGES, Meaning, load_lexicon
from embeddings.engine.grammar.liking import Names, likings, nobody
from embeddings.engine.grammar.spans import Piece, pieces
from embeddings.engine.grammar.wording import worded
from embeddings.engine.ontology.spelling import Token, composed

LONGEST_REQUEST = 400
STRONG, WEAK = 1.5, 0.6
# How many words without a meaning of their own a "no" reaches over.
REACH = 3
COMPARED = frozenset({"mood", "tempo", "energy", "instrument", "vocals", "use", "genre"})
COMPARATIVES = {
    "faster": ("tempo", "fast"),
    "quicker": ("tempo", "fast"),
    "slower": ("tempo", "slow"),
    "calmer": ("mood", "calm"),
    "softer": ("mood", "calm"),
    "quieter": ("mood", "calm"),
    "mellower": ("mood", "calm"),
    "gentler": ("mood", "calm"),
    "sadder": ("mood", "sad"),
    "happier": ("mood", "happy"),
    "darker": ("mood", "dark"),
    "heavier": ("mood", "aggressive"),
    "harder": ("mood", "aggressive"),
    "louder": ("mood", "powerful"),
    "warmer": ("mood", "warm"),
    "funkier": ("mood", "funky"),
    "groovier": ("mood", "groovy"),
    "dreamier": ("mood", "dreamy"),
    "weirder": ("mood", "weird"),
    "angrier": ("mood", "angry"),
    "livelier": ("energy", "energetic"),
    "punchier": ("energy", "energetic"),
    "bouncier": ("energy", "energetic"),
    "peppier": ("energy", "energetic"),
    "brighter": ("mood", "happy"),
    "gloomier": ("mood", "gloomy"),
    "rawer": ("mood", "raw"),
    "sexier": ("mood", "sensual"),
    "jazzier": ("genre", "jazz"),
    "rockier": ("genre", "rock"),
    "bluesier": ("genre", "blues"),
    "folkier": ("genre", "folk"),
    "poppier": ("genre", "pop"),
    "colder": ("mood", "cold"),
    "sunnier": ("mood", "sunny"),
    "moodier": ("mood", "introspective"),
    "deeper": ("mood", "introspective"),
    "chiller": ("mood", "relaxed"),
    "smoother": ("mood", "smooth"),
    "sweeter": ("mood", "tender"),
    "rougher": ("mood", "raw"),
    "longer": ("length", "long"),
    "shorter": ("length", "short"),
    "catchier": ("mood", "catchy"),
    "dancier": ("use", "dancing"),
    "trippier": ("mood", "spacey"),
    "cheerier": ("mood", "happy"),
    "spacier": ("mood", "spacey"),
}


def understand(
    text: str, *, languages: Sequence[str] = LANGUAGES, now: int | None = None, names: Names = nobody
) -> Asked:
    """The chips in the order of the request; each names the words it came from. `names`: of the library's tracks."""
    text = composed(text)[:LONGEST_REQUEST]
    found, parts = pieces(text, load_lexicon(tuple(languages)), now or datetime.now(UTC).year)
    parts = [_comparative(found, piece) for piece in parts]
    likes, liked, parts = likings(text, found, parts, names)
    chips = [*likes, *_chips(text, found, parts)]
    chips = _distinct(sorted(chips, key=lambda chip: chip.start))
    rest = " ".join(
        text[found[piece.first].start : found[piece.last - 1].end] for piece in parts if piece.meaning.kind == "unknown"
    )
    liking = ", ".join(chip.value for chip in chips if chip.kind == "artist_like" and not chip.negated) or None
    return Asked(tuple(chips), rest, worded(chips, rest), liking, tuple(liked))


def _comparative(found: list[Token], piece: Piece) -> Piece:
    """ "Calmer" is "more calm"."""
    word = found[piece.first].text
    if piece.last - piece.first == 1 and word in COMPARATIVES:
        return replace(piece, meaning=Meaning("than", " ".join(COMPARATIVES[word])), sure=1.0)
    return piece


def _chips(text: str, found: list[Token], parts: list[Piece]) -> Iterator[Chip]:
    """Read from left to right, with what is being denied, compared or stressed."""
    state = _State()
    for piece in parts:
        token = found[piece.first]
        if token.minus and piece.meaning.concept:
            state.deny("negation", 1)
        if piece.meaning.kind == "unknown" or not piece.meaning.concept:
            state.hear(piece)
        elif chip := _chip(text, found, piece, state):
            yield chip
        if found[piece.last - 1].stop:
            state.stop()


def _chip(text: str, found: list[Token], piece: Piece, state: "_State") -> Chip:
    kind, value = piece.meaning.kind, piece.meaning.value
    negated, weight, compared = state.denied(kind), piece.sure * state.weight, state.compared
    if kind == "than":
        wide, value = value.split(" ", 1)
        kind, compared = ("than", compared) if wide in {"mood", "tempo", "energy"} else (wide, compared)
    elif compared and kind in COMPARED:
        kind = "than" if kind in {"mood", "tempo", "energy"} else kind
    if compared == "less":
        negated = not negated
    if kind == "vocals" and value in {"sung", "instrumental"} and negated:
        value, negated = ("instrumental" if value == "sung" else "sung"), False
    state.said(kind)
    start, end = found[piece.first].start, found[piece.last - 1].end
    return Chip(cast(Kind, kind), value, text[start:end], negated, round(weight, 3), start, end)


class _State:
    """What the words so far do to the next concept."""

    def __init__(self) -> None:
        self.denying = ""
        self.reach = 0
        self.kind = ""
        self.weight = 1.0
        self.compared = ""

    def deny(self, cue: str, reach: int = REACH) -> None:
        self.denying, self.reach, self.kind = cue, reach, ""

    def hear(self, piece: Piece) -> None:
        cue = piece.meaning.kind
        if cue in {"negation", "exclusion"}:
            self.deny(cue)
        elif cue == "barrier":
            self.stop(wholly=True)
        elif cue in {"strong", "weak"}:
            self.weight = STRONG if cue == "strong" else WEAK
        elif cue in {"more", "less"}:
            self.compared = cue
        elif cue == "unknown":
            self.reach -= 1
            self.weight, self.compared = 1.0, ""

    def denied(self, kind: str) -> bool:
        """A "no" reaches the concepts of the kind that it met first: "no drums or bass, happy" wants it happy."""
        if not self.denying or self.reach <= 0:
            return False
        if self.kind and self.kind != kind:
            self.denying = ""
            return False
        return True

    def said(self, kind: str) -> None:
        self.kind = kind
        self.weight, self.compared = 1.0, ""

    def stop(self, *, wholly: bool = False) -> None:
        """ "Anything but jazz, blues" goes on after the comma; "no jazz, blues" does not."""
        self.weight, self.compared = 1.0, ""
        if wholly or self.denying == "negation":
            self.denying = ""


def _distinct(chips: list[Chip]) -> list[Chip]:
    """Said twice is said once, with more weight."""
    found: dict[tuple[str, str, bool], Chip] = {}
    for chip in chips:
        key = (chip.kind, chip.value, chip.negated)
        found[key] = replace(found[key], weight=max(found[key].weight, chip.weight)) if key in found else chip
    return list(found.values())
