"""When two names are the same: folding for search and keys, sorting, the keys of artists, albums and genres."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

# Letters that no decomposition takes apart, as people type them who have no such key.
LETTERS = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
        "ŋ": "n", "ŧ": "t", "ĸ": "k", "&": " and ", "ƒ": "f", "№": "no",
    }
)  # fmt: skip
# Accents, and the points of Hebrew and Arabic; the signs of Indian, Thai and Japanese writing are letters.
MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# What is left out, as if it were not written: apostrophes, and characters that cannot be seen.
SILENT = re.compile("['’‘‛ʼʻ`´′\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+")
# What stands between words.
BETWEEN = re.compile(r"[^\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+|_+")
SPACE = re.compile(r"\s+")
PLAIN = re.compile(r"[^a-z0-9]+")

ARTICLES = ("the ", "a ", "an ", "le ", "la ", "les ", "los ", "las ", "el ", "der ", "das ")
FRENCH_ELISION = re.compile(r"^l['’]", re.IGNORECASE)
LONGEST_KEY = 400
LONGEST_SORT = 200


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """Without case, accents and punctuation: what two spellings of one name have in common."""
    if text.isascii():
        found = PLAIN.sub(" ", text.lower().replace("'", "").replace("`", "").replace("&", " and ")).strip()
    else:
        plain = unicodedata.normalize("NFKD", SILENT.sub("", text).casefold())
        plain = unicodedata.normalize("NFC", MARKS.sub("", plain).casefold().translate(LETTERS))
        found = SPACE.sub(" ", BETWEEN.sub(" ", plain)).strip()
    # Names of nothing but signs (+/-, !!!, ???) stay what they are.
    return found or SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("\x00", "")).strip()


@lru_cache(maxsize=8_192)
def sort_key(name: str, sort_tag: str = "") -> str:
    """What lists are sorted by: the tag that says so, else the name with its article at the end."""
    if sort_tag:
        key = folded(sort_tag)
    else:
        key = folded(name)
        if FRENCH_ELISION.match(name):
            key = f"{key[1:]} l"
        else:
            article = next((word for word in ARTICLES if key.startswith(word) and len(key) > len(word)), "")
            key = f"{key[len(article) :]} {article}".strip()
    return key[:LONGEST_SORT]


@lru_cache(maxsize=8_192)
def as_mbid(text: str | None) -> str:
    """A MusicBrainz id as it is usually written; empty for what is none."""
    if not text:
        return ""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return ""


def artist_key(name: str, musicbrainz_artistid: str | None = None) -> str:
    """Under which a scan finds an artist again."""
    known = as_mbid(musicbrainz_artistid)
    return f"mb:{known}" if known else bounded(f"name:{folded(name)}")


def album_key(
    artists: Iterable[str], title: str, *, version: str = "", date: str = "", musicbrainz_albumid: str | None = None
) -> str:
    """Under which a scan finds an album again; `date` is that of the release, or its year."""
    known = as_mbid(musicbrainz_albumid)
    return f"mb:{known}" if known else f"{album_stem(artists, title, version=version)}{date.strip()[:20]}"


def album_stem(artists: Iterable[str], title: str, *, version: str = "") -> str:
    """The key without its date: what editions of different years have in common."""
    names = ";".join(folded(artist) for artist in artists)
    return bounded(f"tags:{names}|{folded(title)}|{folded(version)}|")


def bounded(key: str) -> str:
    """An index holds no long texts; what is cut off is told apart by its digest."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 70]}#{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}|"


def genre_key(name: str) -> str:
    """One spelling each."""
    return bounded(folded(name))
