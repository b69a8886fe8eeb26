"""When two tracks are one song: the same recording, or its remaster, live version, remix or edit by the same artist."""

import re
import unicodedata
from functools import lru_cache

from embeddings.engine.recommending.facts import Facts

# What stands behind a title and says which version it is; French as it is written in French editions.
KINDS = (
    r"remaster(?:ed|isé|isée)?|re-?master|live|en public|en concert|unplugged|acoustic|acoustique|demo|démo|maquette|"
    r"remix|re-?mix(?:ed)?|mix|edit|version|radio|single|album|extended|instrumental|karaoke|mono|stereo|stéréo|bonus|"
    r"alternat\w*|outtake|take|prise|session|sessions|rehearsal|original|explicit|clean|deluxe|anniversary|reprise|dub|"
    r"re-?recorded|orchestral|a ?cappella|taylor'?s version"
)
BRACKETED = re.compile(rf"\s*[(\[{{][^)\]}}]*\b(?:{KINDS})\b[^)\]}}]*[)\]}}]", re.IGNORECASE)
DASHED = re.compile(rf"\s+[-–—:/]\s+[^-–—]*\b(?:{KINDS})\b.*$", re.IGNORECASE)
GUESTS = re.compile(r"\s*[(\[]?\b(?:feat|ft|featuring|avec)\b\.?\s[^)\]]*[)\]]?", re.IGNORECASE)
NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=16_384)
def song_of(title: str) -> str:
    """The title without what says which version of the song it is; of a title that is nothing else, all of it."""
    bare = GUESTS.sub("", DASHED.sub("", BRACKETED.sub("", title)))
    return _folded(bare) or _folded(title)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return NO_LETTER.sub(" ", "".join(sign for sign in decomposed if not unicodedata.combining(sign))).strip()


def song_keys(track: Facts) -> tuple[object, ...]:
    """Two tracks that share one of these are versions of one song."""
    song = song_of(track.title)
    keys: list[object] = [track.audio_hash] if track.audio_hash else []
    return (*keys, (track.artist_id, song)) if song else tuple(keys)
