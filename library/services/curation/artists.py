"""Several names for one artist become one; one name for several artists becomes several."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from core.cache import invalidate
from core.errors import InvalidInput, NotFound
from library.engine.names import artist_key, folded, sort_key
from library.models import Album, AlbumArtist, Artist, ArtistKey, ArtistSplit, Cover, Track, TrackArtist
from library.services.curation.journal import Journal
from library.services.curation.pictures import move_covers
from library.signals import Merged, artists_merged, tracks_changed

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Part:
    """One of the artists behind a name, and what stands between it and the next."""

    name: str
    join: str = ""


@transaction.atomic
def merge_artists(*, kept_id: int, gone_ids: Collection[int], user_id: int | None) -> Artist:
    """Everything of the ones that go belongs to the one that stays; their names in files lead to it from now on."""
    gone_ids = sorted(set(gone_ids) - {kept_id})
    found = {row.pk: row for row in Artist.objects.select_for_update().filter(pk__in=[kept_id, *gone_ids])}
    if kept_id not in found or len(found) != len(gone_ids) + 1:
        raise NotFound("One of these artists is not there any more.")
    if not 0 < len(gone_ids) <= MOST_AT_ONCE:
        raise InvalidInput(f"Choose 2 to {MOST_AT_ONCE + 1} artists to merge.")
    kept, journal = found[kept_id], Journal()
    gone = Artist.objects.filter(pk__in=gone_ids)
    touched = tracks_with(gone_ids)
    artists_merged.send(sender=Artist, merges=[Merged(kept_id=kept_id, gone_id=pk) for pk in gone_ids])
    _rename_credits(journal, kept, [found[pk].name for pk in gone_ids], gone_ids)
    _give(journal, Track.objects.filter(track_artist__in=gone_ids), "track_artist", kept_id)
    _give(journal, Album.objects.filter(album_artist__in=gone_ids), "album_artist", kept_id)
    _give(journal, ArtistKey.objects.filter(artist__in=gone_ids), "artist", kept_id)
    _give_credits(journal, kept_id, gone_ids)
    _take_genres(journal, kept, gone_ids)
    covers = Cover.objects.filter(entity_type=Cover.Entity.ARTIST, entity_id__in=gone_ids)
    move_covers(journal, entity_type=Cover.Entity.ARTIST, kept_id=kept_id, gone=covers)
    journal.deleting(gone)
    gone.delete()
    names = ", ".join(found[pk].name for pk in gone_ids)
    journal.keep(kind="merge artists", title=f"{names} → {kept.name}", user_id=user_id)
    _changed(touched)
    return kept


@transaction.atomic
def split_artist(*, artist_id: int, parts: Sequence[Part], user_id: int | None) -> list[Artist]:
    """The name stands for these artists, in the tracks that are here and in those that scans will bring."""
    artist = Artist.objects.select_for_update().filter(pk=artist_id).first()
    if artist is None:
        raise NotFound("This artist is not there any more.")
    parts = [Part(part.name.strip(), part.join) for part in parts if part.name.strip()]
    if len({folded(part.name) for part in parts}) != len(parts) or len(parts) < 2:
        raise InvalidInput("Name at least two different artists.", field="parts")
    journal = Journal()
    _note_split(journal, artist, parts)
    people = [_artist_named(journal, part.name) for part in parts]
    touched = tracks_with([artist_id])
    for rows, owner in ((TrackArtist.objects, "track"), (AlbumArtist.objects, "album")):
        _replace(journal, rows.filter(artist=artist_id), owner, people, parts)
    journal.changing(Track.objects.filter(track_artist=artist_id), "track_artist")
    Track.objects.filter(track_artist=artist_id).update(track_artist=people[0])
    journal.changing(Album.objects.filter(album_artist=artist_id), "album_artist")
    Album.objects.filter(album_artist=artist_id).update(album_artist=people[0])
    names = ", ".join(person.name for person in people)
    journal.keep(kind="split artist", title=f"{artist.name} → {names}", user_id=user_id)
    _changed(touched)
    return people


@transaction.atomic
def keep_whole(*, name: str, user_id: int | None) -> ArtistSplit:
    """A name that no rule may take apart, such as “Earth, Wind & Fire”."""
    journal = Journal()
    split = _write_split(journal, name, [])
    journal.keep(kind="keep whole", title=name, user_id=user_id)
    return split


def tracks_with(artist_ids: Collection[int]) -> list[int]:
    """Tracks in which these artists have any part, or whose album is theirs."""
    credited = TrackArtist.objects.filter(artist__in=artist_ids).values_list("track_id", flat=True)
    own = Track.objects.filter(track_artist__in=artist_ids).values_list("pk", flat=True)
    albums = Track.objects.filter(album__album_artists__artist__in=artist_ids).values_list("pk", flat=True)
    return sorted({*credited, *own, *albums})


def _give(journal: Journal, rows: "QuerySet[Any]", field: str, kept_id: int) -> None:
    journal.changing(rows, field)
    rows.update(**{f"{field}_id": kept_id})


def _give_credits(journal: Journal, kept_id: int, gone_ids: Collection[int]) -> None:
    """Where the one that stays is credited already, the other credit goes."""
    for model, same in ((TrackArtist, ("track_id", "role", "detail")), (AlbumArtist, ("album_id",))):
        theirs = set(model.objects.filter(artist=kept_id).values_list(*same))
        double: list[int] = []
        single: list[int] = []
        for pk, *place in model.objects.filter(artist__in=gone_ids).order_by("pk").values_list("pk", *same):
            (double if tuple(place) in theirs else single).append(pk)
            theirs.add(tuple(place))
        journal.deleting(model.objects.filter(pk__in=double))
        model.objects.filter(pk__in=double).delete()
        _give(journal, model.objects.filter(pk__in=single), "artist", kept_id)


def _rename_credits(journal: Journal, kept: Artist, names: list[str], gone_ids: Collection[int]) -> None:
    """What is shown follows where it was nothing but the old name."""
    for model, field in ((Track, "track_artist"), (Album, "album_artist")):
        rows = model.objects.filter(artist_credit__in=names, **{f"{field}__in": gone_ids})
        journal.changing(rows, "artist_credit")
        rows.update(artist_credit=kept.name)


def _take_genres(journal: Journal, kept: Artist, gone_ids: Collection[int]) -> None:
    journal.changing(Artist.objects.filter(pk=kept.pk), "genres")
    kept.genres.add(*Artist.genres.through.objects.filter(artist__in=gone_ids).values_list("genre_id", flat=True))


def _note_split(journal: Journal, artist: Artist, parts: Sequence[Part]) -> None:
    _write_split(journal, artist.name, [{"name": part.name, "join": part.join} for part in parts])


def _write_split(journal: Journal, name: str, parts: list[dict[str, str]]) -> ArtistSplit:
    before = ArtistSplit.objects.filter(key=folded(name))
    journal.deleting(before)
    before.delete()
    split = ArtistSplit.objects.create(key=folded(name), name=name, parts=parts)
    journal.making([split])
    return split


def _artist_named(journal: Journal, name: str) -> Artist:
    key = ArtistKey.objects.select_related("artist").filter(key=artist_key(name)).first()
    if key is not None:
        return key.artist
    artist = Artist.objects.create(name=name, sort_name=sort_key(name))
    journal.making([artist, ArtistKey.objects.create(key=artist_key(name), artist=artist)])
    return artist


def _replace(
    journal: Journal, rows: "QuerySet[Any]", owner: str, people: Sequence[Artist], parts: Sequence[Part]
) -> None:
    """One credit becomes several at its place; those that follow move on."""
    credits = list(rows)
    journal.deleting(rows)
    rows.delete()
    _make_room(journal, rows.model, owner, credits, len(people) - 1)
    made = [_credit(old, owner, place, person, parts[place]) for old in credits for place, person in enumerate(people)]
    model = rows.model
    owners = [getattr(old, f"{owner}_id") for old in credits]
    theirs = set(model.objects.filter(**{f"{owner}__in": owners}).values_list(f"{owner}_id", "artist_id"))
    fresh = [row for row in made if (getattr(row, f"{owner}_id"), row.artist_id) not in theirs]
    journal.making(model.objects.bulk_create(fresh))


def _make_room(journal: Journal, model: Any, owner: str, credits: Sequence[Any], by: int) -> None:
    """Those behind a credit that becomes several stand further back."""
    places = {(old.position, getattr(old, "role", None)) for old in credits}
    for position, role in places:
        owners = [
            getattr(old, f"{owner}_id")
            for old in credits
            if (old.position, getattr(old, "role", None)) == (position, role)
        ]
        behind = model.objects.filter(**{f"{owner}__in": owners}, position__gt=position)
        behind = behind.filter(role=role) if role else behind
        journal.changing(behind, "position")
        behind.update(position=F("position") + by)


def _credit(old: Any, owner: str, place: int, person: Artist, part: Part) -> Any:
    last = part.join or ""
    given = {f"{owner}_id": getattr(old, f"{owner}_id"), "artist": person, "position": old.position + place}
    if isinstance(old, TrackArtist):
        given |= {"role": old.role, "detail": old.detail}
    return type(old)(join_phrase=last or (old.join_phrase if not part.join else ""), **given)


def _changed(track_ids: list[int]) -> None:
    tracks_changed.send(sender=Artist, track_ids=track_ids)
    invalidate("library")
