"""The pictures of what is merged, and which of several is shown."""

from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When

from core.cache import invalidate
from core.errors import NotFound
from library.models import Album, Artist, Cover, Track
from library.selectors.covers import PRIORITY
from library.services.covers import give_cover, store_cover
from library.services.curation.journal import Journal
from library.services.thumbnails import start_thumbnails

ENTITIES: dict[str, Any] = {"track": Track, "album": Album, "artist": Artist}


def move_covers(journal: Journal, *, entity_type: str, kept_id: int, gone: "QuerySet[Cover]") -> None:
    """What the one that stays has no picture for comes from the ones that go."""
    theirs = Cover.objects.filter(entity_type=entity_type, entity_id=kept_id)
    taken = set(theirs.values_list("source", flat=True))
    movers = {cover.source: cover.pk for cover in gone.order_by("-pk") if cover.source not in taken}
    moving = Cover.objects.filter(pk__in=movers.values())
    rest = gone.exclude(pk__in=movers.values())
    journal.changing(moving, "entity_id", "shown")
    journal.deleting(rest)
    rest.delete()
    moving.update(entity_id=kept_id, shown=False)
    if moving and not theirs.filter(shown=True).exists():
        _show_best(theirs)


@transaction.atomic
def choose_cover(*, cover_id: int, user_id: int | None) -> Cover:
    """A person's choice: it stays when better sources appear."""
    cover = Cover.objects.select_for_update().filter(pk=cover_id, image__isnull=False).first()
    if cover is None:
        raise NotFound("There is no such picture.")
    siblings = Cover.objects.filter(entity_type=cover.entity_type, entity_id=cover.entity_id)
    journal = Journal()
    journal.changing(siblings.filter(shown=True), "shown")
    siblings.filter(shown=True).update(shown=False)
    journal.changing(siblings.filter(pk=cover.pk), "shown")
    siblings.filter(pk=cover.pk).update(shown=True)
    _lock(journal, cover)
    journal.changed.reverse()
    journal.keep(kind="cover", title=f"Another picture for {cover.entity_type} {cover.entity_id}", user_id=user_id)
    invalidate("library")
    return cover


def give_own(*, entity_type: str, entity_id: int, content: bytes, user_id: int | None) -> Cover:
    """A picture that a person brings along is shown before all others."""
    image = store_cover(content=content)
    with transaction.atomic():
        cover = give_cover(entity_type=entity_type, entity_id=entity_id, source=Cover.Source.MANUAL, image=image)
        cover = choose_cover(cover_id=cover.pk, user_id=user_id)
    start_thumbnails()
    return cover


def _lock(journal: Journal, cover: Cover) -> None:
    model = ENTITIES[cover.entity_type]
    row = model.objects.filter(pk=cover.entity_id)
    found = row.first()
    if found is not None and "cover" not in found.locked_fields:
        journal.changing(row, "locked_fields")
        row.update(locked_fields=[*found.locked_fields, "cover"])


def _show_best(covers: "QuerySet[Cover]") -> None:
    place = Case(
        *(When(source=source, then=Value(number)) for number, source in enumerate(PRIORITY)),
        default=Value(len(PRIORITY)),
        output_field=IntegerField(),
    )
    best = covers.filter(image__isnull=False).order_by(place, "pk").first()
    if best is not None:
        covers.filter(pk=best.pk).update(shown=True)
