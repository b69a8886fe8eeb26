"""Which file that has appeared is which file that is gone: moved, renamed, retagged or encoded anew; each used once."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

Key = Callable[["Facts"], Hashable | None]
DURATION_SLACK_MS = 1_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells one track from another when its path does not; `ref` is whatever the caller knows it by."""

    ref: int
    path: str
    cue_index: int = 0
    size: int | None = None
    audio_hash: str = ""
    recording: str = ""
    """its MusicBrainz id"""
    release: str = ""
    """the album's MusicBrainz id"""
    title: str = ""
    """folded, as are the two that follow"""
    artists: str = ""
    album: str = ""
    disc: int | None = None
    track: int | None = None
    duration_ms: int | None = None

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name


def by_audio(facts: Facts) -> Hashable | None:
    return (facts.audio_hash, facts.cue_index) if facts.audio_hash else None


def by_recording(facts: Facts) -> Hashable | None:
    return (facts.recording, facts.release or facts.album, facts.cue_index) if facts.recording else None


def by_tags(facts: Facts) -> Hashable | None:
    if not facts.title:
        return None
    return (facts.title, facts.artists, facts.album, facts.disc, facts.track, facts.cue_index)


def by_name(facts: Facts) -> Hashable | None:
    return (facts.name, facts.size, facts.cue_index) if facts.size else None


def by_place(facts: Facts) -> Hashable | None:
    """Encoded anew beside where it was, and without a tag that would say so."""
    return (facts.folder, facts.stem, facts.cue_index) if facts.duration_ms else None


# The surest first; the last two of them only where the length agrees.
LADDER: tuple[tuple[Key, bool], ...] = (
    (by_audio, False),
    (by_recording, True),
    (by_tags, True),
    (by_name, False),
    (by_place, True),
)


def matches(gone: Iterable[Facts], appeared: Iterable[Facts]) -> list[tuple[Facts, Facts]]:
    """Pairs of what is gone and what it is now; on every rung the most alike are paired first."""
    left = {facts.ref: facts for facts in gone}
    there = {facts.ref: facts for facts in appeared}
    found: list[tuple[Facts, Facts]] = []
    for key, with_duration in LADDER:
        for old, new in _rung(left.values(), there.values(), key, with_duration=with_duration):
            del left[old.ref], there[new.ref]
            found.append((old, new))
    return found


def _rung(
    gone: Iterable[Facts], appeared: Iterable[Facts], key: Key, *, with_duration: bool
) -> list[tuple[Facts, Facts]]:
    there: dict[Hashable, list[Facts]] = defaultdict(list)
    for facts in appeared:
        found = key(facts)
        if found is not None:
            there[found].append(facts)
    asking: dict[Hashable, list[Facts]] = defaultdict(list)
    for facts in gone:
        found = key(facts)
        if found is not None and found in there:
            asking[found].append(facts)
    return [pair for found, old in asking.items() for pair in _paired(old, there[found], with_duration=with_duration)]


def _paired(gone: Sequence[Facts], appeared: Sequence[Facts], *, with_duration: bool) -> Iterable[tuple[Facts, Facts]]:
    """Copies of one recording: whoever kept its name or its place is the likelier one."""
    candidates = sorted(
        (
            (-_likeness(old, new), old.path, new.path, old, new)
            for old in gone[:MOST_COPIES]
            for new in appeared[:MOST_COPIES]
            if not with_duration or _as_long(old, new)
        ),
        key=lambda found: found[:3],
    )
    used_old: set[int] = set()
    used_new: set[int] = set()
    for *_order, old, new in candidates:
        if old.ref not in used_old and new.ref not in used_new:
            used_old.add(old.ref)
            used_new.add(new.ref)
            yield old, new


# Hundreds of copies of one sound are silence, and each as good as another.
MOST_COPIES = 200


def _likeness(old: Facts, new: Facts) -> int:
    return (
        8 * (old.name == new.name)
        + 4 * bool(old.title and old.title == new.title)
        + 2 * bool(old.album and old.album == new.album)
        + 2 * (old.folder == new.folder)
        + (old.stem == new.stem)
        + (old.track == new.track)
    )


def _as_long(old: Facts, new: Facts) -> bool:
    if old.duration_ms is None or new.duration_ms is None:
        return True
    return abs(old.duration_ms - new.duration_ms) <= DURATION_SLACK_MS
