"""What lists of artists can be narrowed and ordered by."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from library.filters import conditions, values
from library.filters.registry import Filter, Sort
from library.models import Album, AlbumArtist, Artist, Track, TrackArtist

Artists = QuerySet[Artist]


def _of_genre(rows: Artists, text: str) -> Artists:
    """Their own genre, or that of one of their tracks."""
    meant = conditions.genres_meant(text)
    own = Artist.genres.through.objects.filter(genre__in=meant).values("artist")
    return rows.filter(
        Q(pk__in=own) | Q(pk__in=Track.objects.filter(genres__in=meant).order_by().values("track_artist"))
    )


def _has_albums(rows: Artists, wanted: bool) -> Artists:
    """Somebody's name stands on an album, and not only on tracks."""
    own = Exists(Album.objects.filter(album_artist=OuterRef("pk")))
    shared = Exists(AlbumArtist.objects.filter(artist=OuterRef("pk")))
    return rows.filter(own | shared) if wanted else rows.filter(~own, ~shared)


def _in_role(rows: Artists, role: str) -> Artists:
    return rows.filter(Exists(TrackArtist.objects.filter(artist=OuterRef("pk"), role=role)))


def _role(text: str) -> str:
    return TrackArtist.Role(text.strip().lower()).value


def _letter(rows: Artists, letter: str) -> Artists:
    return rows.filter(conditions.begins_with("sort_name", letter))


FILTERS = [
    Filter("genre", _("Genre"), str, _of_genre),
    Filter("has_albums", _("With albums"), values.yes_or_no, _has_albums),
    Filter("role", _("Role"), _role, _in_role),
    Filter("added_since", _("Added since"), values.moment, lambda rows, day: rows.filter(date_added__gte=day)),
    Filter("letter", _("Letter"), values.letter, _letter),
]

SORTS = [
    Sort("name", _("Name, A to Z"), ("sort_name", "id")),
    Sort("name_desc", _("Name, Z to A"), ("-sort_name", "-id")),
    Sort("added", _("Last added first"), ("-date_added", "-id")),
    Sort("first_added", _("First added first"), ("date_added", "id")),
]
