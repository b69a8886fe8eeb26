"""Who made it: names taken apart where they may be, kept whole where they must be, with what stands between them.

`ARTISTS` beats `ARTIST`, and the number of MusicBrainz ids is the number of artists. What is left is one string, which
is split only at what nobody has in a name; "&", "," and a bare "/" are in too many names to be trusted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# Where the number of artists is known, and only there, these may stand between them as well.
IF_THE_NUMBER_FITS = (" & ", ", ", " and ", " et ", " und ", " + ", " x ", " vs. ", " vs ", " with ", " / ", "/", ";")
FEATURING = (" feat. ", " feat ", " ft. ", " ft ", " featuring ")
BETWEEN = ", "
Texts = tuple[str, ...]


class Credit(NamedTuple):
    name: str
    join: str
    identifier: str | None
    sort: str

    def as_row(self) -> dict[str, str]:
        row = {"name": self.name}
        if self.join:
            row["join"] = self.join
        if self.identifier:
            row["musicbrainz_id"] = self.identifier
        if self.sort:
            row["sort"] = self.sort
        return row


class Separators:
    """Cuts at some strings, but not within the names that are exceptions."""

    def __init__(self, separators: Iterable[str], exceptions: Iterable[str]) -> None:
        cuts = sorted({separator for separator in separators if separator.strip()}, key=len, reverse=True)
        kept = sorted({name for name in exceptions if name.strip()}, key=len, reverse=True)
        either = [rf"(?P<keep>(?<!\w)(?:{'|'.join(re.escape(name) for name in kept)})(?!\w))"] if kept else []
        either += [f"(?P<cut>{'|'.join(re.escape(cut) for cut in cuts)})"] if cuts else []
        self.pattern = re.compile("|".join(either), re.IGNORECASE) if cuts else None

    def split(self, text: str) -> list[str]:
        """The parts that are not blank; the whole if nothing else is left."""
        if self.pattern is None:
            return [text]
        parts, begin = [], 0
        for match in self.pattern.finditer(text):
            if match.lastgroup == "cut":
                parts.append(text[begin : match.start()].strip())
                begin = match.end()
        parts.append(text[begin:].strip())
        return _once([part for part in parts if part]) or [text]


@dataclass(frozen=True)
class Rules:
    """At what names are taken apart; see `library.schemas.scan.SplitRules`."""

    artist: Separators
    role: Separators
    genre: Separators
    counted: Separators
    featuring: Separators

    @classmethod
    def of(
        cls, *, artist: Iterable[str], role: Iterable[str], genre: Iterable[str], exceptions: Iterable[str]
    ) -> "Rules":
        usual, whole = list(artist), list(exceptions)
        return cls(
            artist=Separators(usual, whole),
            role=Separators(role, whole),
            genre=Separators(genre, whole),
            counted=Separators([*usual, *FEATURING, *IF_THE_NUMBER_FITS], whole),
            featuring=Separators([cut for cut in usual if cut.lower() in FEATURING], whole),
        )


def credits_of(
    shown: list[str], listed: list[str], identifiers: list[str], sorts: list[str], rules: Rules
) -> tuple[list[Credit], str]:
    """The artists, and the string under which they are shown together."""
    credits, credit = _credits_of(tuple(shown), tuple(listed), tuple(identifiers), tuple(sorts), rules)
    return [*credits], credit


@lru_cache(256)
def _credits_of(
    shown: Texts, listed: Texts, identifiers: Texts, sorts: Texts, rules: Rules
) -> tuple[tuple[Credit, ...], str]:
    """An album's artists stand in each of its tracks, which come one after the other."""
    names = _once(_names(shown, listed, len(identifiers), rules))
    if not names:
        return (), ""
    credit = shown[0] if len(shown) == 1 else ""
    joins = _joins(credit, names) if credit else None
    if joins is None:
        joins = [BETWEEN] * (len(names) - 1) + [""]
        credit = credit or BETWEEN.join(names)
    known: list[str | None] = [*identifiers] if len(identifiers) == len(names) else [None] * len(names)
    if len(identifiers) == 1:
        # Some programs write the first artist's alone.
        known[0] = identifiers[0]
    ordered: Sequence[str] = sorts if len(sorts) == len(names) else [""] * len(names)
    return tuple(Credit(*parts) for parts in zip(names, joins, known, ordered, strict=True)), credit


def _names(shown: Texts, listed: Texts, known: int, rules: Rules) -> Sequence[str]:
    if len(listed) > 1:
        return listed
    if len(listed) == 1:
        return _taken_apart(listed[0], shown, known, rules)
    if len(shown) != 1:
        return shown
    if known == 0:
        return rules.artist.split(shown[0])
    return rules.featuring.split(shown[0]) if known == 1 else _counted(shown[0], known, rules)


def _taken_apart(name: str, shown: Texts, known: int, rules: Rules) -> list[str]:
    """A list that a program had to write as one string, with a slash or a semicolon between."""
    if known > 1:
        return _counted(name, known, rules)
    parts = [part.strip() for part in re.split("[/;]", name) if part.strip()]
    displayed = " ".join(shown).casefold()
    if known or len(parts) < 2 or name.casefold() in displayed:
        return [name]
    return parts if all(part.casefold() in displayed for part in parts) else [name]


def _counted(text: str, known: int, rules: Rules) -> list[str]:
    usual = rules.artist.split(text)
    if len(usual) == known:
        return usual
    # A program's own joint before what may be part of a name.
    for apart in (text.split("/"), text.split(";"), rules.counted.split(text)):
        if len(apart) == known and all(part.strip() for part in apart):
            return [part.strip() for part in apart]
    return usual


def _joins(credit: str, names: list[str]) -> list[str] | None:
    """What stands behind each name in what is shown; None if they are not all there, in this order."""
    text, at, ends, starts = credit.casefold(), 0, [], []
    if len(text) != len(credit):
        return [""] if len(names) == 1 else None
    for name in names:
        start = text.find(name.casefold(), at)
        if start < 0:
            return None
        at = start + len(name)
        starts.append(start)
        ends.append(at)
    return [credit[end:start] for end, start in zip(ends, starts[1:], strict=False)] + [credit[ends[-1] :]]


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names)) if len(names) > 1 else [*names]


# --- roles -----------------------------------------------------------------------------------------------------------

ROLES = (
    "composer", "lyricist", "conductor", "performer", "remixer", "producer", "arranger", "engineer", "mixer", "djmixer",
    "writer",
)  # fmt: skip
_SPOKEN = {"mix": "mixer", "mixing": "mixer", "dj-mix": "djmixer", "dj mix": "djmixer", "remix": "remixer"}
_INSTRUMENT = re.compile(r"(?P<name>.+?)\s*\((?P<detail>[^()]+)\)$")


def roles_of(values: dict[str, list[str]], people: list[tuple[str, str]], rules: Rules) -> list[dict[str, str]]:
    """Everybody else who had a part in it, each once in each part."""
    found: dict[tuple[str, str, str], None] = {}
    for role in ROLES:
        names = values.get(role)
        if names:
            for name in rules.role.split(names[0]) if len(names) == 1 else names:
                found[_performer(name) if role == "performer" else (role, name, "")] = None
    for part, name in people:
        found[_spoken(part, name)] = None
    return [
        {"role": role, "name": name, "detail": detail} if detail else {"role": role, "name": name}
        for role, name, detail in found
        if name
    ]


def _performer(text: str) -> tuple[str, str, str]:
    match = _INSTRUMENT.match(text)
    return ("performer", match["name"], match["detail"]) if match else ("performer", text, "")


def _spoken(part: str, name: str) -> tuple[str, str, str]:
    """A list of pairs names parts by any word; what is none of ours is an instrument."""
    word = part.strip().lower()
    role = _SPOKEN.get(word, word)
    return (role, name, "") if role in ROLES else ("performer", name, part.strip())
