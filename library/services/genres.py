"""Writes genres: one spelling each, whoever names them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Model

from core.cache import invalidate
from core.errors import Conflict, NotFound
from library.engine.names import genre_key
from library.models import Genre, Track
from library.services.intake.locking import lock_catalogue
from library.signals import tracks_changed


@transaction.atomic
def get_or_create_genres(*, names: Sequence[str]) -> list[Genre]:
    """The genre of each name, in their order; a spelling that is there already stays."""
    if not names:
        return []
    lock_catalogue()
    keys = [genre_key(name) for name in names]
    known = {genre.name_key: genre for genre in Genre.objects.filter(name_key__in=keys)}
    made: dict[str, Genre] = {}
    for name, key in zip(names, keys, strict=True):
        if key not in known:
            made.setdefault(key, Genre(name=name.strip(), name_key=key))
    if made:
        Genre.objects.bulk_create(made.values())
        invalidate("library")
    return [known.get(key) or made[key] for key in keys]


@transaction.atomic
def create_genre(*, name: str) -> Genre:
    lock_catalogue()
    there = Genre.objects.filter(name_key=genre_key(name)).first()
    if there:
        raise Conflict(f"There is already a genre called “{there.name}”.")
    return get_or_create_genres(names=[name])[0]


@transaction.atomic
def rename_genre(*, genre_id: int, name: str) -> Genre:
    lock_catalogue()
    genre = genre_to_change(genre_id)
    key = genre_key(name)
    there = Genre.objects.filter(name_key=key).exclude(pk=genre.pk).first()
    if there:
        raise Conflict(f"There is already a genre called “{there.name}”.")
    genre.name, genre.name_key = name, key
    genre.save()
    tracks_changed.send(Track, track_ids=list(genre.tracks.values_list("pk", flat=True)))
    invalidate("library")
    return genre


@transaction.atomic
def delete_genre(*, genre_id: int) -> None:
    """Only one that nothing is of."""
    genre = genre_to_change(genre_id)
    used = [("tracks", genre.tracks), ("albums", genre.albums), ("artists", genre.artists)]
    for what, rows in used:
        if rows.exists():
            raise Conflict(f"“{genre.name}” still has {what}.", hint="Give them another genre first.")
    genre.delete()
    invalidate("library")


def genre_to_change(genre_id: int) -> Genre:
    genre = Genre.objects.select_for_update().filter(pk=genre_id).first()
    if genre is None:
        raise NotFound("There is no such genre.")
    return genre


def set_genres(*, through: type[Model], column: str, names_by_row: Mapping[int, Iterable[str]]) -> None:
    """The genres of many new rows at once; rows that have genres keep them."""
    wanted = [(row, name) for row, names in names_by_row.items() for name in names]
    genres = get_or_create_genres(names=[name for _, name in wanted])
    links = {(row, genre.pk) for (row, _), genre in zip(wanted, genres, strict=True)}
    rows = [through(**{column: row, "genre_id": genre}) for row, genre in sorted(links)]
    through._default_manager.bulk_create(rows, ignore_conflicts=True)
