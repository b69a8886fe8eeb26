"""Pictures: their bytes kept once, given to tracks, albums and artists, and which of several is shown."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import F, Func, Value

from core.cache import invalidate
from core.errors import InvalidInput, NotFound
from library.engine import cover_files
from library.models import Album, Artist, Cover, CoverImage, Track
from library.selectors.covers import PRIORITY
from library.services.statements import execute

MODELS: dict[str, type[Track] | type[Album] | type[Artist]] = {"track": Track, "album": Album, "artist": Artist}
# In two steps, since no thing may show two pictures even for a moment; whoever chose one by hand has locked it.
RANKED = """
    WITH ranked AS (
        SELECT c.id, c.shown, c.image_id IS NOT NULL AND row_number() OVER (
            PARTITION BY c.entity_id
            ORDER BY c.image_id IS NULL, coalesce(array_position(%(priority)s::text[], c.source::text), 99), c.id
        ) = 1 AS best
        FROM covers c WHERE c.entity_type = %(kind)s AND c.entity_id = ANY(%(ids)s)
          AND NOT EXISTS (SELECT 1 FROM {table} e WHERE e.id = c.entity_id AND 'cover' = ANY(e.locked_fields))
    )
"""
HIDE = "UPDATE covers SET shown = false FROM ranked WHERE covers.id = ranked.id AND ranked.shown AND NOT ranked.best"
SHOW = "UPDATE covers SET shown = true FROM ranked WHERE covers.id = ranked.id AND ranked.best AND NOT ranked.shown"


def store_cover(*, content: bytes, digest: str = "") -> CoverImage:
    """Keeps a picture's bytes under their digest, each picture once; a wrong digest or no picture is refused."""
    if len(content) > cover_files.LARGEST_COVER:
        raise InvalidInput(f"A cover has at most {cover_files.LARGEST_COVER:,} bytes.", field="body")
    if digest and cover_files.digest_of(content) != digest:
        raise InvalidInput("These bytes have another digest: they were changed on their way.", field="digest")
    try:
        found, mime_type = cover_files.store_cover(settings.MEDIA_ROOT, content)
    except ValueError as error:
        raise InvalidInput(str(error), hint="JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF are.", field="body") from None
    image, made = CoverImage.objects.get_or_create(
        digest=found, defaults={"mime_type": mime_type, "size": len(content)}
    )
    if not made and (image.mime_type, image.size) != (mime_type, len(content)):
        image.mime_type, image.size = mime_type, len(content)
        image.save(update_fields=["mime_type", "size"])
    return image


def store_covers(*, contents: list[bytes]) -> tuple[list[str], int]:
    """Many at once: the digests of those that are kept, and how many are no pictures."""
    kept: dict[str, tuple[str, int]] = {}
    refused = 0
    for content in contents:
        try:
            if len(content) > cover_files.LARGEST_COVER:
                raise ValueError(f"A cover has at most {cover_files.LARGEST_COVER:,} bytes.")
            digest, mime_type = cover_files.store_cover(settings.MEDIA_ROOT, content)
        except ValueError:
            refused += 1
        else:
            kept[digest] = mime_type, len(content)
    rows = [CoverImage(digest=digest, mime_type=mime, size=size) for digest, (mime, size) in kept.items()]
    CoverImage.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["digest"], update_fields=["mime_type", "size"]
    )
    return list(kept), refused


@transaction.atomic
def give_cover(
    *, entity_type: str, entity_id: int, source: str, image: CoverImage | None = None, url: str | None = None
) -> Cover:
    """One picture of each source; the best of them is shown."""
    if source not in Cover.Source.values:
        raise InvalidInput(f"A cover's source is one of {', '.join(Cover.Source.values)}.", field="source")
    if not _model(entity_type).objects.filter(pk=entity_id).exists():
        raise NotFound(f"There is no such {entity_type}.")
    values = {"image": image, "url": url, "mime_type": image.mime_type if image else None}
    cover, _made = Cover.objects.update_or_create(
        entity_type=entity_type, entity_id=entity_id, source=source, defaults=values
    )
    show_best(entity_type, [entity_id])
    invalidate("library")
    cover.refresh_from_db()
    return cover


@transaction.atomic
def take_cover_away(*, cover_id: int) -> None:
    """The next best one is shown; the bytes go when nobody has needed them for a day."""
    cover = Cover.objects.filter(pk=cover_id).first()
    if cover is None:
        raise NotFound("There is no such cover.")
    cover.delete()
    if cover.shown:
        # Whoever chose it has now chosen that it goes.
        rows = _model(cover.entity_type).objects.filter(pk=cover.entity_id)
        rows.update(locked_fields=Func(F("locked_fields"), Value("cover"), function="array_remove"))
    show_best(cover.entity_type, [cover.entity_id])
    invalidate("library")


def show_best(entity_type: str, ids: Collection[int]) -> None:
    """Of several pictures the one whose source counts most."""
    if not ids:
        return
    ranked = RANKED.format(table=_model(entity_type)._meta.db_table)
    values = {"priority": list(PRIORITY), "kind": entity_type, "ids": list(ids)}
    execute(ranked + HIDE, values)
    execute(ranked + SHOW, values)


def _model(entity_type: str) -> type[Track] | type[Album] | type[Artist]:
    try:
        return MODELS[entity_type]
    except KeyError:
        raise InvalidInput("A cover is of a track, an album or an artist.", field="entity_type") from None
