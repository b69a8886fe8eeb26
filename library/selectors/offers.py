"""What filters can be asked for here: the genres, decades and formats that the library holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.cache import cached
from library.filters.values import LOSSLESS
from library.models import Album, Artist, Genre, LibraryRoot, Track
from library.selectors.counts import LIBRARY, library_counts

Offer = Sequence[tuple[str, str | Promise]]
MOST_GENRES = 120
YES = "1"


def _genres() -> Offer:
    def look() -> list[tuple[str, str]]:
        rows = Genre.objects.order_by("name_key").values_list("pk", "name")[:MOST_GENRES]
        return [(str(pk), name) for pk, name in rows]

    return cached(LIBRARY, "offers:genre", look)


def _decades() -> Offer:
    def look() -> list[int]:
        years = Album.objects.filter(year__isnull=False).order_by().annotate(decade=F("year") / 10 * 10)
        return sorted(set(years.values_list("decade", flat=True)), reverse=True)

    return [(str(decade), _("%(decade)ss") % {"decade": decade}) for decade in cached(LIBRARY, "offers:decade", look)]


def _formats() -> Offer:
    def look() -> list[str]:
        return sorted(filter(None, Track.objects.order_by().values_list("file_type", flat=True).distinct()))

    return [(kind, kind.upper()) for kind in cached(LIBRARY, "offers:format", look)]


def _supports() -> Offer:
    return [choice for choice in Album.Support.choices if choice[0] != Album.Support.UNKNOWN]


def _yes() -> Offer:
    return [(YES, "")]


def _missing() -> Offer:
    return _yes() if library_counts()["missing"] else []


def _lossless() -> Offer:
    return _yes() if LOSSLESS & {kind for kind, _label in _formats()} else []


# In the order in which they stand above a list; one that offers nothing today is not shown.
OFFERS: dict[str, Callable[[], Offer]] = {
    "genre": _genres,
    "decade": _decades,
    "support": _supports,
    "format": _formats,
    "lossless": _lossless,
    "compilation": _yes,
    "has_albums": _yes,
    "missing": _missing,
}
# Of these a value can be typed as well.
TYPED: set[str] = set()
# These are reached from elsewhere (a plot, an artist's page), and shown while they are on.
QUIET: set[str] = set()
# How a value that is on is said, where it was not on offer.
WORDS: dict[str, Callable[[str], str]] = {}


def register_offers(
    offers: Mapping[str, Callable[[], Offer]],
    *,
    words: Mapping[str, Callable[[str], str]],
    typed: Iterable[str] = (),
    quiet: Iterable[str] = (),
) -> None:
    """Called by the apps above for the filters that they add."""
    OFFERS.update(offers)
    TYPED.update(typed)
    QUIET.update(quiet)
    WORDS.update(words)


def named(name: str, value: str) -> str:
    """What a row is called that an address names by its number."""
    models = {"artist": Artist, "contributor": Artist, "album": Album, "root": LibraryRoot, "genre": Genre}
    if name not in models or not value.isascii() or not value.isdigit() or len(value) > 18:
        return ""
    row = models[name]._default_manager.filter(pk=int(value)).first()
    return str(row or "")
