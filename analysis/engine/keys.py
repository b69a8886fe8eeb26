"""Musical keys as files name them (Am, F#m, A minor, 8A, 1m), in one spelling, with their place on Camelot's wheel."""

import re
from dataclasses import dataclass

# Camelot's wheel, from 1 to 12, by the names that players of instruments use.
MAJOR = ("B", "F#", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E")
MINOR = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "Db")
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "H": 11}
SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
NOTE = re.compile(r"([A-Ha-h])\s*([#♯b♭]?)\s*(.*)")
CAMELOT = re.compile(r"0?(1[0-2]|[1-9])\s*([AB])", re.IGNORECASE)
OPEN_KEY = re.compile(r"0?(1[0-2]|[1-9])\s*([MD])", re.IGNORECASE)
MINOR_WORDS = {"m", "mol", "min", "minor", "moll", "mineur"}
MAJOR_WORDS = {"", "maj", "major", "dur", "majeur", "d"}


@dataclass(frozen=True)
class Key:
    key: str
    """the tonic: C, F#, Bb"""
    scale: str
    """major or minor"""
    camelot: str


def parsed_key(text: str) -> Key | None:
    """None for what is no key: a song without one is tagged "o", and some tags hold anything."""
    text = text.strip()
    if found := CAMELOT.fullmatch(text):
        return _at(int(found[1]), found[2].upper())
    if found := OPEN_KEY.fullmatch(text):
        # Open Key counts from C major, which is Camelot's eighth hour.
        return _at((int(found[1]) + 6) % 12 + 1, "A" if found[2].lower() == "m" else "B")
    return _note(text)


def _note(text: str) -> Key | None:
    found = NOTE.fullmatch(text)
    if not found:
        return None
    said = found[3].strip()
    word = said if said in {"m", "M"} else said.casefold()
    minor = word in MINOR_WORDS
    if not minor and word not in MAJOR_WORDS | {"M"}:
        return None
    tonic = (STEPS[found[1].upper()] + SIGNS[found[2]]) % 12
    names = MINOR if minor else MAJOR
    hour = next(place for place, name in enumerate(names, start=1) if _tonic(name) == tonic)
    return _at(hour, "A" if minor else "B")


def _tonic(name: str) -> int:
    return (STEPS[name[0]] + SIGNS[name[1:]]) % 12


def _at(hour: int, letter: str) -> Key:
    names = MINOR if letter == "A" else MAJOR
    return Key(key=names[hour - 1], scale="minor" if letter == "A" else "major", camelot=f"{hour}{letter}")
