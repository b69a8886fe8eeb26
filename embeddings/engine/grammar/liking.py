""" "Like Miles Davis but calmer": the names after "like" and "comme", where they are names."""

from collections.abc import Callable, Iterator, Sequence

from embeddings.engine.grammar.asked import Chip, Liked
from embeddings.engine.grammar.spans import Piece
from embeddings.engine.ontology.artists import load_artists
from embeddings.engine.ontology.spelling import Token

MOST_WORDS = 6
# Titles are longer than names.
MOST_OF_A_TITLE = 8
# "Three Little Birds but darker", "j'adore Zombie, mais plus doux": what stands before these is liked.
TURNING = frozenset({"but", "mais", "only"})
SAYING_MORE = frozenset({"more", "less", "than"})
# So many words of the lexicon may be a title that nothing says is one.
LONG_FOR_A_PHRASE = 3
ENDING = SAYING_MORE | {"barrier", "negation", "exclusion"}
JOINING = frozenset({"or", "and", "ou", "et"})


Names = Callable[[Sequence[str]], tuple[int, Liked] | None]
"""Of some phrases the one that names a track of the library best: its place, and the track."""


def nobody(_phrases: Sequence[str]) -> None:
    return None


def likings(
    text: str, found: list[Token], parts: list[Piece], names: Names
) -> tuple[list[Chip], list[Liked], list[Piece]]:
    """Who and what is named to be like, and the pieces without them."""
    chips: list[Chip] = []
    liked: list[Liked] = []
    left: list[Piece] = []
    at = 0
    while at < len(parts):
        if parts[at].meaning.kind != "like":
            left.append(parts[at])
            at += 1
            continue
        artists = list(_names(text, found, parts, at + 1))
        track = _track(text, found, parts, at + 1, names)
        if track and (not artists or track[1].end >= artists[-1][0].end + _is_artist(artists[-1][0])):
            liked.append(track[0])
            chips.append(track[1])
            at = _behind(found, parts, track[1].end, at)
        elif artists:
            chips += [chip for chip, _end in artists]
            at = artists[-1][1]
        else:
            left.append(parts[at])
            at += 1
    if not chips and (turned := _turned(text, found, left, names)):
        this, chip = turned
        return [chip], [this], [part for part in left if not _within(found, part, chip)]
    return chips, liked, left


def _is_artist(chip: Chip) -> bool:
    return load_artists().meant(chip.value) is not None


def _track(text: str, found: list[Token], parts: list[Piece], at: int, names: Names) -> tuple[Liked, Chip] | None:
    """A title that begins here, however it goes on."""
    if at >= len(parts):
        return None
    start = parts[at].first
    last = min(len(found), start + MOST_OF_A_TITLE)
    ends = [
        end
        for end in range(start + 1, last + 1)
        if not _a_phrase(text, found, parts, start, end) or _turns(found, parts, end)
    ]
    return _named(text, found, [(start, end) for end in ends], names)


def _turned(text: str, found: list[Token], parts: list[Piece], names: Names) -> tuple[Liked, Chip] | None:
    """A title that ends where the request turns to what should be otherwise."""
    turn = next(
        (
            part.first
            for part in parts
            if part.meaning.kind in SAYING_MORE
            or (part.meaning.kind == "barrier" and found[part.first].text in TURNING)
        ),
        0,
    )
    starts = [
        start for start in range(max(0, turn - MOST_OF_A_TITLE), turn) if not _a_phrase(text, found, parts, start, turn)
    ]
    return _named(text, found, [(start, turn) for start in starts], names)


def _named(text: str, found: list[Token], spans: list[tuple[int, int]], names: Names) -> tuple[Liked, Chip] | None:
    best = names([text[found[start].start : found[end - 1].end] for start, end in spans]) if spans else None
    if best is None:
        return None
    place, track = best
    start, end = found[spans[place][0]].start, found[spans[place][1] - 1].end
    return track, Chip("track_like", track.value, text[start:end], False, 1.0, start, end)


def _turns(found: list[Token], parts: list[Piece], end: int) -> bool:
    """ "Like so what but sadder": what stands between these two is a name, whatever its words mean."""
    return any(part.first == end and found[part.first].text in TURNING for part in parts)


def _a_phrase(text: str, found: list[Token], parts: list[Piece], start: int, end: int) -> bool:
    """A few words that all mean something: "a summer evening" is no title."""
    inside = [part for part in parts if start <= part.first < end]
    return (
        end - start <= LONG_FOR_A_PHRASE
        and all(part.meaning.kind != "unknown" for part in inside)
        and not any(text[found[part.first].start].isupper() and part.meaning.kind != "filler" for part in inside)
    )


def _behind(found: list[Token], parts: list[Piece], end: int, at: int) -> int:
    """The place of the first piece that begins behind a span of the text."""
    return next((place for place in range(at + 1, len(parts)) if found[parts[place].first].start >= end), len(parts))


def _within(found: list[Token], part: Piece, chip: Chip) -> bool:
    return found[part.first].start < chip.end and found[part.last - 1].end > chip.start


def _names(text: str, found: list[Token], parts: list[Piece], at: int) -> Iterator[tuple[Chip, int]]:
    """One name after the other, as long as each is joined to the one before."""
    while at < len(parts):
        end = _name_end(text, found, parts, at)
        if end is None:
            return
        start, stop = found[parts[at].first].start, found[parts[end - 1].last - 1].end
        yield Chip("artist_like", _artist(text[start:stop]), text[start:stop], False, 1.0, start, stop), end
        joined = end < len(parts) and found[parts[end].first].text in JOINING
        if not joined and not (
            found[parts[end - 1].last - 1].stop and end < len(parts) and _known(text, found, parts, end)
        ):
            return
        at = end + 1 if joined else end


def _artist(name: str) -> str:
    known = load_artists().meant(name)
    return known.name if known else name


def _name_end(text: str, found: list[Token], parts: list[Piece], at: int) -> int | None:
    """Behind the longest name that is known; else behind the words that mean nothing else."""
    if known := _known(text, found, parts, at):
        return known
    end = at
    while end < len(parts) and end - at < MOST_WORDS and _of_a_name(text, found, parts, at, end):
        end += 1
        if found[parts[end - 1].last - 1].stop:
            break
    return (
        end
        if any(parts[place].meaning.kind == "unknown" for place in range(at, end))
        or _capitals(text, found, parts, at, end)
        else None
    )


def _of_a_name(text: str, found: list[Token], parts: list[Piece], at: int, place: int) -> bool:
    piece = parts[place]
    if piece.meaning.kind in ENDING or (place > at and found[piece.first].text in JOINING):
        return False
    if piece.meaning.kind == "unknown":
        return True
    return text[found[piece.first].start].isupper() or (
        piece.meaning.kind == "filler" and place == at and found[piece.first].text in {"the", "les", "la", "le"}
    )


def _capitals(text: str, found: list[Token], parts: list[Piece], at: int, end: int) -> bool:
    return (
        end > at
        and not text.isupper()
        and all(text[found[parts[place].first].start].isupper() for place in range(at, end))
    )


def _known(text: str, found: list[Token], parts: list[Piece], at: int) -> int | None:
    for end in range(min(len(parts), at + MOST_WORDS), at, -1):
        name = text[found[parts[at].first].start : found[parts[end - 1].last - 1].end]
        artist = (
            load_artists().meant(name)
            if any(parts[p].meaning.kind == "unknown" for p in range(at, end))
            else load_artists().named(name)
        )
        if artist:
            return end
    return None
