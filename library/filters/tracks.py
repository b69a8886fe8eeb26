"""What lists of tracks can be narrowed and ordered by, as far as the library itself knows."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from library.filters import conditions, values
from library.filters.registry import Filter, Sort
from library.models import Track, TrackArtist

Tracks = QuerySet[Track]


def _of_genre(rows: Tracks, text: str) -> Tracks:
    through = Track.genres.through.objects.filter(track=OuterRef("pk"), genre__in=conditions.genres_meant(text))
    return rows.filter(Exists(through))


def _of_artist(rows: Tracks, artist_id: int) -> Tracks:
    return rows.filter(pk__in=conditions.tracks_of_artist(artist_id))


def _with_part_of(rows: Tracks, artist_id: int) -> Tracks:
    return rows.filter(pk__in=TrackArtist.objects.filter(artist=artist_id).order_by().values("track"))


def _within(rows: Tracks, span: values.Years) -> Tracks:
    return rows.filter(conditions.within("year_number", span))


def _missing(rows: Tracks, wanted: bool) -> Tracks:
    return rows.filter(missing_since__isnull=not wanted)


def _letter(rows: Tracks, letter: str) -> Tracks:
    return rows.filter(conditions.begins_with("sort_title", letter))


def _letter_of_artist(rows: Tracks, letter: str) -> Tracks:
    return rows.filter(conditions.begins_with("track_artist__sort_name", letter))


FILTERS = [
    Filter("genre", _("Genre"), str, _of_genre),
    Filter("artist", _("Artist"), values.row_number, _of_artist),
    Filter("contributor", _("With a part of"), values.row_number, _with_part_of),
    Filter("album", _("Album"), values.row_number, lambda rows, number: rows.filter(album=number)),
    Filter("root", _("Folder of music"), values.row_number, lambda rows, number: rows.filter(root=number)),
    Filter("decade", _("Decade"), values.decade, _within),
    Filter("year", _("Year"), values.years, _within),
    Filter("support", _("Support"), conditions.support, lambda rows, kinds: rows.filter(album__support__in=kinds)),
    Filter("format", _("Format"), values.names, lambda rows, kinds: rows.filter(file_type__in=kinds)),
    Filter(
        "lossless", _("Lossless"), values.yes_or_no,
        lambda rows, wanted: rows.filter(conditions.is_lossless("file_type", wanted)),
    ),
    Filter("missing", _("Missing"), values.yes_or_no, _missing),
    Filter("added_since", _("Added since"), values.moment, lambda rows, day: rows.filter(date_added__gte=day)),
    Filter(
        "compilation", _("On a compilation"), values.yes_or_no,
        lambda rows, wanted: rows.filter(album__compilation=wanted),
    ),
    Filter("letter", _("Letter"), values.letter, _letter),
    Filter("artist_letter", _("Letter of the artist"), values.letter, _letter_of_artist),
]  # fmt: skip

ON_ALBUM = ("album_id", "disc_position", "track_position", "id")
SORTS = [
    Sort("title", _("Title, A to Z"), ("sort_title", "id")),
    Sort("title_desc", _("Title, Z to A"), ("-sort_title", "-id")),
    Sort("artist", _("Artist, A to Z"), ("track_artist__sort_name", "track_artist_id", "album__sort_title", *ON_ALBUM)),
    Sort("album", _("Album, in order"), ON_ALBUM),
    Sort("newest", _("Newest first"), ("-year_number", "-id")),
    Sort("oldest", _("Oldest first"), ("year_number", "id")),
    Sort("added", _("Last added first"), ("-date_added", "-id")),
    Sort("first_added", _("First added first"), ("date_added", "id")),
    Sort("shortest", _("Shortest first"), ("duration_ms", "id")),
    Sort("longest", _("Longest first"), ("-duration_ms", "-id")),
]  # fmt: skip
