"""The library's map is drawn: planned, filled point by point, settled with the names of its regions."""

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.errors import Conflict
from core.models import Job, User
from core.services.jobs import start_job
from embeddings.models import MapLayout, MapPoint, MapRegion
from embeddings.schemas.mapping import LANDMARKS, MAP_KIND, MapPlan, PointsIn, SettleIn
from embeddings.selectors.mapping import (
    landmarks_for,
    layout_by_id,
    mapped_count,
    placed_words,
    shown_map,
    unplaced_count,
)
from embeddings.selectors.neighbours import served

# From here on what was placed beside landmarks outweighs what was laid out: the map is drawn anew.
GROWN = 1.6
LANDMARKS_LEFT = 0.6
# A map of so few is drawn anew each time: there is nothing yet that anybody would have to find again.
SMALL = 200

PLACE = """
    INSERT INTO map_points
      (layout_id, track_id, x, y, sound_usual, sound_spread, meaning_usual, meaning_spread)
    SELECT %(layout)s, g.* FROM unnest(
      %(ids)s::bigint[], %(x)s::smallint[], %(y)s::smallint[], %(sound_usual)s::float8[], %(sound_spread)s::float8[],
      %(meaning_usual)s::float8[], %(meaning_spread)s::float8[]
    ) g (id, x, y, sound_usual, sound_spread, meaning_usual, meaning_spread)
    WHERE EXISTS (SELECT FROM tracks t WHERE t.id = g.id)
    ON CONFLICT (track_id, layout_id) DO UPDATE SET x = excluded.x, y = excluded.y,
      sound_usual = excluded.sound_usual, sound_spread = excluded.sound_spread,
      meaning_usual = excluded.meaning_usual, meaning_spread = excluded.meaning_spread
"""


def draw_map(*, anew: bool = False, requested_by: User | None = None) -> Job:
    """Everything anew, or what is not on it yet."""
    return start_job(kind=MAP_KIND, params={"anew": anew}, requested_by=requested_by)


def draw_outstanding() -> Job | None:
    """Where something is missing, and nobody is at it."""
    layout = shown_map()
    outstanding = mapped_count() if layout is None else unplaced_count(layout.pk) or _is_outgrown(layout)
    try:
        return draw_map() if outstanding else None
    except Conflict:
        return None


@transaction.atomic
def plan_map(*, anew: bool) -> MapPlan:
    """The map that is shown goes on, unless it was asked for anew or has outgrown what it was drawn from."""
    layout = shown_map()
    if layout is not None and not anew and not _is_outgrown(layout):
        return _plan(layout, layout, anew=False)
    MapLayout.objects.filter(shown=False).delete()
    new = MapLayout.objects.create(landmarks=landmarks_for(LANDMARKS), models_used=_models_used())
    return _plan(new, layout, anew=True)


def _is_outgrown(layout: MapLayout) -> bool:
    if layout.models_used != _models_used():
        return True
    left = MapPoint.objects.filter(layout=layout, track__in=layout.landmarks).count()
    if left < LANDMARKS_LEFT * len(layout.landmarks):
        return True
    count = mapped_count()
    return count > GROWN * layout.drawn_count or (layout.drawn_count < SMALL and count > layout.drawn_count)


def _models_used() -> dict[str, list[str]]:
    return {name: [one.kind, one.model] for name, one in served().items()}


def _plan(layout: MapLayout, before: MapLayout | None, *, anew: bool) -> MapPlan:
    """With where the landmarks lie, or lay before: a new drawing is turned so that it lies over the old one."""
    rows = list(
        MapPoint.objects.filter(layout=before, track__in=layout.landmarks)
        .order_by("track")
        .values_list("track", "x", "y")
    )
    return MapPlan(
        layout_id=layout.pk,
        anew=anew,
        landmarks=len(layout.landmarks),
        to_place=unplaced_count(layout.pk),
        ids=[row[0] for row in rows],
        x=[row[1] for row in rows],
        y=[row[2] for row in rows],
    )


def place_points(*, points: PointsIn) -> int:
    """Delivering them again changes nothing; tracks that are gone meanwhile are left out."""
    layout = layout_by_id(points.layout_id)
    with connection.cursor() as cursor:
        cursor.execute(PLACE, {**points.model_dump(exclude={"layout_id"}), "layout": layout.pk})
        taken = int(cursor.rowcount)
    MapLayout.objects.filter(pk=layout.pk).update(version=F("version") + 1, changed_at=timezone.now())
    return taken


@transaction.atomic
def settle_map(*, settled: SettleIn) -> MapLayout:
    """Names its regions and shows it; what was drawn before goes."""
    # It brings numpy, which an idle server does without.
    from embeddings.engine.charting.regions import regions_of

    layout = layout_by_id(settled.layout_id)
    points, words = placed_words(layout.pk)
    MapRegion.objects.filter(layout=layout).delete()
    MapRegion.objects.bulk_create(
        MapRegion(
            layout=layout,
            name=region.name,
            also=list(region.others),
            x=region.x,
            y=region.y,
            reach=region.reach,
            tracks=len(region.members),
        )
        for region in regions_of(points, words)
    )
    MapLayout.objects.exclude(pk=layout.pk).delete()
    if not layout.shown:
        layout.drawn_count = len(points)
    layout.shown, layout.changed_at = True, timezone.now()
    layout.version += 1
    layout.save()
    return layout
