"""What lists of genres can be narrowed and ordered by."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from library.filters import conditions, values
from library.filters.registry import Filter, Sort
from library.models import Genre


def _letter(rows: QuerySet[Genre], letter: str) -> QuerySet[Genre]:
    return rows.filter(conditions.begins_with("name_key", letter))


FILTERS = [Filter("letter", _("Letter"), values.letter, _letter)]

SORTS = [
    Sort("name", _("Name, A to Z"), ("name_key", "id")),
    Sort("name_desc", _("Name, Z to A"), ("-name_key", "-id")),
    Sort("added", _("Last added first"), ("-date_added", "-id")),
]
