"""What only a folder as a whole can tell: an album's artist that no file names, an encoding that all files share."""

from collections.abc import Iterable

from library.engine.tags import encodings
from library.engine.tags.raw import Raw, cleaned
from library.engine.tags.rows import VARIOUS_ARTISTS, Row, various_artists

LEAST_TO_AGREE = 2


def agree_on_album_artist(rows: Iterable[Row]) -> None:
    """Rows of one folder whose files name no album artist, and are no compilation.

    Where all tracks of an album have the same first artist it is his. Where they differ, and each has a place of its
    own, it is one album of several; otherwise it is several albums that happen to have the same title.
    """
    albums: dict[str, list[Row]] = {}
    for row in rows:
        if "album" in row:
            albums.setdefault(row["album"]["title"].casefold(), []).append(row)
    for tracks in albums.values():
        firsts = {row["album"]["artists"][0]["name"].casefold() for row in tracks}
        places = {(row.get("disc_position"), row.get("track_position")) for row in tracks}
        if len(firsts) > 1 and len(places) == len(tracks) and all(place[1] for place in places):
            for row in tracks:
                row["album"] |= {"artists": various_artists(), "credit": VARIOUS_ARTISTS, "compilation": True}


def shared_encoding(raws: Iterable[Raw]) -> str | None:
    """Of texts that claim to be Latin-1, if at least two files of a folder have such, and all agree on it."""
    doubtful = [raw for raw in raws if raw.doubtful]
    if len(doubtful) < LEAST_TO_AGREE:
        return None
    texts = [text for raw in doubtful for _, _, text in raw.doubtful]
    if not any(encodings.looks_foreign(text) for text in texts):
        return None
    try:
        return encodings.guessed(text.encode("latin-1") for text in texts)
    except UnicodeEncodeError:
        return None


def read_again_as(raw: Raw, encoding: str) -> None:
    """Puts right what was taken for Latin-1."""
    for name, place, text in raw.doubtful:
        values = raw.values.get(name, [])
        if place < len(values):
            values[place] = cleaned(text.encode("latin-1").decode(encoding, "replace"))
    raw.doubtful = []
