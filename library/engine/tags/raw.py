"""What a file says, before anybody has made sense of it: the same shape for every format."""

from dataclasses import dataclass, field
from functools import lru_cache

Values = dict[str, list[str]]
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@dataclass(slots=True)
class Audio:
    file_type: str
    duration_ms: int | None = None
    bitrate: int | None = None
    sample_rate: int | None = None
    bit_depth: int | None = None
    channels: int | None = None


@dataclass(slots=True)
class Picture:
    kind: int
    """as ID3 numbers them; 3 is the front of the album"""
    data: bytes


@dataclass(slots=True)
class Words:
    """Lyrics as a tag holds them."""

    text: str
    synced: bool = False
    language: str = ""


@dataclass(slots=True)
class Raw:
    audio: Audio
    values: Values = field(default_factory=dict)
    """by the names of `names.py`, cleaned, never empty"""
    pictures: list[Picture] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)
    """what somebody did, and who, from lists of pairs"""
    gains: dict[str, float] = field(default_factory=dict)
    """what is not text: RVA2"""
    rating: int | None = None
    is_joined: bool = False
    """several values may have been joined by a slash into one: ID3v2.3"""
    doubtful: list[tuple[str, int, str]] = field(default_factory=list)
    """values that claim to be Latin-1 and hold more than ASCII: names, places in `values`, and the text as it came"""
    audio_hash: str = ""

    def add(self, name: str, value: str) -> None:
        """Cleans it, and takes it apart at NULs, which some formats and many programs put between values."""
        if "\0" in value:
            for part in value.split("\0"):
                self.add(name, part)
            return
        text = cleaned(value)
        if text:
            values = self.values.get(name)
            if values is None:
                self.values[name] = [text]
            elif len(values) < MOST_VALUES:
                values.append(text)

    def fill(self, other: "Raw") -> None:
        """Takes over what only another block of tags in the same file says."""
        for name, values in other.values.items():
            self.values.setdefault(name, values)
        self.pictures = self.pictures or other.pictures
        self.words = self.words or other.words
        self.people = self.people or other.people
        self.gains = self.gains or other.gains
        self.rating = self.rating if self.rating is not None else other.rating

    def first(self, *names: str) -> str:
        for name in names:
            found = self.values.get(name)
            if found:
                return found[0]
        return ""

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])


MOST_VALUES = 1000
LONGEST = 20_000


def cleaned(text: str) -> str:
    """Without blanks around it, and without what neither JSON nor PostgreSQL can hold."""
    text = text.strip()
    if not text.isprintable():
        text = _without_control_characters(text)
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip()


def _without_control_characters(text: str) -> str:
    kept = "".join(
        char if char.isprintable() or char in "\n\t" else "�" if "\ud800" <= char <= "\udfff" else _in_place_of(char)
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    # A name of nothing but zero width is no name.
    return "" if not kept.strip(ZERO_WIDTH + " \n\t") else kept.strip()


@lru_cache(256)
def _in_place_of(char: str) -> str:
    """Other kinds of space stay, as do joiners, which some scripts need; control characters go."""
    return char if char.isspace() and char > "\x7f" else char if char in ZERO_WIDTH or char > "\xff" else ""
