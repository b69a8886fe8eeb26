"""The demo library as Home shows it: what lies there already, and the button that makes the rest."""

from typing import Any

from django import template
from django.template import Context

from core.selectors import jobs
from library.engine.demo import PIECES
from library.jobs import DEMO_LIBRARY
from library.selectors.demo import demo_place

register = template.Library()


@register.inclusion_tag("library/_demo.html", takes_context=True)
def demo_first_step(context: Context) -> dict[str, Any]:
    """Looks at the files themselves: the history of jobs is cleared away, and a restored one may never have had it."""
    made = sum(demo_place(piece.path).is_file() for piece in PIECES)
    return {
        "made": made,
        "total": len(PIECES),
        "is_whole": made == len(PIECES),
        "is_being_made": jobs(state="active", kind=DEMO_LIBRARY.name).exists(),
        "kind": DEMO_LIBRARY.name,
        "may_choose": context["request"].user.is_superuser,
        "csrf_token": context.get("csrf_token"),
    }
