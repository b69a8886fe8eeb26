"""What there is to know of an album and of a piece before a single note is heard."""

from dataclasses import dataclass, field

from .score import Score


@dataclass(frozen=True)
class Album:
    title: str
    artists: tuple[str, ...]
    year: int
    discs: tuple[int, ...]
    cover: str
    label: str
    compilation: bool = False
    folder_cover: bool = True
    embedded_cover: bool = False

    @property
    def artist(self) -> str:
        return " & ".join(self.artists)

    @property
    def folder(self) -> str:
        return f"{self.artist}/{self.title}"


@dataclass(frozen=True)
class Piece:
    slug: str
    title: str
    artists: tuple[str, ...]
    album: Album
    track: int
    year: int
    genres: tuple[str, ...]
    mood: str
    energy: float
    instruments: tuple[str, ...]
    bpm: int
    key: str
    scale: str
    metre: str
    format: str
    score: Score = field(repr=False, compare=False)
    disc: int = 1
    tagged_tempo: bool = False
    tagged_key: bool = False
    replay_gain: bool = False
    lyrics: tuple[str, ...] = ()
    timed_lyrics: tuple[tuple[float, str], ...] = ()
    high_resolution: bool = False

    @property
    def seconds(self) -> float:
        return self.score.seconds(self.bpm, self.metre)

    @property
    def artist(self) -> str:
        """The artists as one line: the first, and those who join."""
        first, *others = self.artists
        return f"{first} feat. {', '.join(others)}" if others else first

    @property
    def initial_key(self) -> str:
        return self.key + ("m" if self.scale == "minor" else "")

    @property
    def opens_album(self) -> bool:
        return (self.disc, self.track) == (1, 1)

    @property
    def path(self) -> str:
        number = f"{self.disc}-{self.track:02d}" if len(self.album.discs) > 1 else f"{self.track:02d}"
        return f"{self.album.folder}/{number} {file_name(self.title)}.{self.format}"


def file_name(title: str) -> str:
    """A title as Windows, macOS and Linux all take it."""
    return "".join("-" if sign in '<>:"/\\|?*' else sign for sign in title).rstrip(". ")
