"""The rows of a batch, looked at one by one: what can be used, and why the rest cannot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from library.engine.names import folded
from library.engine.paths import joined
from library.models import LibraryRoot
from library.models.artists import UNKNOWN_ARTIST
from library.schemas.scan import AlbumTags, Credit, RefusedRow, RoleCredit, ScannedTrack

# An index holds no longer names; nobody reads them either.
LONGEST_NAME = 500
UNKNOWN_JOIN = ", "
UNKNOWN = Credit(name=UNKNOWN_ARTIST)
FEATURING = ("feat", "ft.", "ft ", "featuring", "with ")


@dataclass(slots=True)
class Known:
    """A row that a file has already."""

    id: int
    audio_hash: str
    album_id: int | None
    available: bool
    locked: frozenset[str]
    elsewhere: bool = False
    """it had another path, or none"""


@dataclass(slots=True)
class Incoming:
    """A file's track on its way into the database; what a person has locked is not looked at any more."""

    tags: ScannedTrack
    path: str
    artists: list[Credit]
    roles: list[RoleCredit]
    album: AlbumTags | None
    known: Known | None = None
    track_id: int = 0
    artist_ids: list[int] = field(default_factory=list)
    album_id: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        return self.path, self.tags.cue_index

    def is_locked(self, name: str) -> bool:
        return self.known is not None and name in self.known.locked


def read_rows(root: LibraryRoot, rows: Iterable[dict[str, Any]]) -> tuple[list[Incoming], list[RefusedRow]]:
    """Of two rows for one file the later one counts."""
    found: dict[tuple[str, int], Incoming] = {}
    refused = []
    for row in rows:
        try:
            incoming = _incoming(root, _validated(row))
        except ValidationError as error:
            refused.append(_refused(row, _reason(error)))
        except ValueError as error:
            refused.append(_refused(row, str(error)))
        else:
            found[incoming.place] = incoming
    return list(found.values()), refused


def _validated(row: dict[str, Any]) -> ScannedTrack:
    try:
        return ScannedTrack.model_validate(row)
    except ValidationError:
        # Neither half a character somewhere in a comment nor a NUL, which PostgreSQL does not take, loses a track.
        return ScannedTrack.model_validate(_whole(row))


def _whole(value: Any) -> Any:
    """Without halves of surrogate pairs, and without NUL."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "�")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {_whole(key): _whole(item) for key, item in value.items()} if isinstance(value, dict) else value


def check_place(folder: str, name: str) -> None:
    """Nothing leads out of its root."""
    if not name or "/" in name or name in {".", ".."}:
        raise ValueError("This is no file's name.")
    if folder and (not folder.endswith("/") or folder.startswith("/")):
        raise ValueError("A folder is relative to its root, and ends in a slash.")
    if folder and any(part in {"", ".", ".."} for part in folder[:-1].split("/")):
        raise ValueError("A folder leads nowhere but down.")


def _incoming(root: LibraryRoot, tags: ScannedTrack) -> Incoming:
    check_place(tags.folder, tags.name)
    return Incoming(
        tags=tags,
        path=joined(root.path, tags.folder, tags.name),
        artists=[credit for credit in tags.artists if credit.name.strip()],
        roles=[role for role in tags.roles if role.name.strip()],
        album=_album(tags.album),
    )


def _album(tags: AlbumTags | None) -> AlbumTags | None:
    """One with a title; its artists have names, or nobody knows who they are."""
    if tags is None or not tags.title.strip():
        return None
    artists = [credit for credit in tags.artists if credit.name.strip()]
    return tags if len(artists) == len(tags.artists) else tags.model_copy(update={"artists": artists or [UNKNOWN]})


def _refused(row: dict[str, Any], reason: str) -> RefusedRow:
    folder, name = row.get("folder"), row.get("name")
    return RefusedRow(folder=_shown(folder), name=_shown(name), reason=reason[:2_000])


def _shown(value: object) -> str:
    return str(_whole(value))[:4_000] if isinstance(value, str) else ""


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return str(_whole(f"{place}: {first['msg']}"))


def short_name(name: str) -> str:
    name = name.strip()
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def credit_of(credits: list[Credit], displayed: str) -> str:
    """As it is shown: what the tag says, else the names with what stands between them."""
    if displayed.strip():
        return displayed.strip()
    return "".join(f"{credit.name}{join}" for credit, join in zip(credits, joins(credits), strict=True))


def joins(credits: list[Credit]) -> list[str]:
    """What stands after each of them; after the last one nothing, unless the tag says so."""
    last = len(credits) - 1
    return [credit.join or (UNKNOWN_JOIN if place < last else "") for place, credit in enumerate(credits)]


def featured(credits: list[Credit]) -> str | None:
    """Whoever stands behind a “feat.”."""
    for place, credit in enumerate(credits[:-1]):
        if credit.join.strip().casefold().startswith(tuple(word.strip() for word in FEATURING)):
            return ", ".join(guest.name.strip() for guest in credits[place + 1 :])
    return None


def folded_credit(credits: list[Credit]) -> str:
    return ";".join(folded(credit.name) for credit in credits)
