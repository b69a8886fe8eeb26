"""What lists of albums can be narrowed and ordered by."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from library.filters import conditions, values
from library.filters.registry import Filter, Sort
from library.models import Album, Track

Albums = QuerySet[Album]
SOUNDTRACKS = ("soundtrack", "ost", "bande originale", "bof")


def _of_genre(rows: Albums, text: str) -> Albums:
    """Its own genre, or that of one of its tracks."""
    meant = conditions.genres_meant(text)
    own = Album.genres.through.objects.filter(genre__in=meant).values("album")
    return rows.filter(Q(pk__in=own) | Q(pk__in=Track.objects.filter(genres__in=meant).order_by().values("album")))


def _of_artist(rows: Albums, artist_id: int) -> Albums:
    return rows.filter(pk__in=conditions.albums_of_artist(artist_id))


def _holds(**lookups: object) -> Exists:
    return Exists(Track.objects.filter(album=OuterRef("pk"), **lookups))


def _of_format(rows: Albums, kinds: list[str]) -> Albums:
    return rows.filter(_holds(file_type__in=kinds))


def _lossless(rows: Albums, wanted: bool) -> Albums:
    """Every file of it is."""
    lossy = Exists(Track.objects.filter(conditions.is_lossless("file_type", False), album=OuterRef("pk")))
    return rows.filter(_holds(file_type__isnull=False), ~lossy) if wanted else rows.filter(lossy)


def _missing(rows: Albums, wanted: bool) -> Albums:
    """Something of it is, or nothing."""
    gone = Track.objects.filter(missing_since__isnull=False, album__isnull=False).order_by().values("album")
    return rows.filter(pk__in=gone) if wanted else rows.exclude(pk__in=gone)


def _letter(rows: Albums, letter: str) -> Albums:
    return rows.filter(conditions.begins_with("sort_title", letter))


def _letter_of_artist(rows: Albums, letter: str) -> Albums:
    return rows.filter(conditions.begins_with("album_artist__sort_name", letter))


def _soundtrack(rows: Albums, wanted: bool) -> Albums:
    typed = Q(release_type__icontains="soundtrack")
    named = Q(pk__in=Album.genres.through.objects.filter(genre__name_key__in=SOUNDTRACKS).values("album"))
    return rows.filter(typed | named) if wanted else rows.exclude(typed | named)


FILTERS = [
    Filter("genre", _("Genre"), str, _of_genre),
    Filter("artist", _("Artist"), values.row_number, _of_artist),
    Filter("decade", _("Decade"), values.decade, lambda rows, span: rows.filter(conditions.within("year", span))),
    Filter("year", _("Year"), values.years, lambda rows, span: rows.filter(conditions.within("year", span))),
    Filter("support", _("Support"), conditions.support, lambda rows, kinds: rows.filter(support__in=kinds)),
    Filter("format", _("Format"), values.names, _of_format),
    Filter("lossless", _("Lossless"), values.yes_or_no, _lossless),
    Filter("missing", _("Missing"), values.yes_or_no, _missing),
    Filter("added_since", _("Added since"), values.moment, lambda rows, day: rows.filter(date_added__gte=day)),
    Filter("compilation", _("Compilation"), values.yes_or_no, lambda rows, wanted: rows.filter(compilation=wanted)),
    Filter("soundtrack", _("Soundtrack"), values.yes_or_no, _soundtrack),
    Filter("letter", _("Letter"), values.letter, _letter),
    Filter("artist_letter", _("Letter of the artist"), values.letter, _letter_of_artist),
]

SORTS = [
    Sort("title", _("Title, A to Z"), ("sort_title", "id")),
    Sort("title_desc", _("Title, Z to A"), ("-sort_title", "-id")),
    Sort("artist", _("Artist, A to Z"), ("album_artist__sort_name", "album_artist_id", "year", "sort_title", "id")),
    Sort("newest", _("Newest first"), ("-year", "-id")),
    Sort("oldest", _("Oldest first"), ("year", "id")),
    Sort("added", _("Last added first"), ("-date_added", "-id")),
    Sort("first_added", _("First added first"), ("date_added", "id")),
]
