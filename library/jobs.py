"""What the library asks of workers."""

from django.utils.translation import gettext_lazy as _

from core.jobs import JobKind, Queue, no_params

DEMO_LIBRARY = JobKind(
    name="library.demo_library",
    queue=Queue.COMPUTE,
    title=_("Making the demo library"),
    icon="wave",
    unit=_("pieces"),
    steps={"Composing": _("Composing")},
    figures={"music_s": _("Music")},
    check_params=no_params,
)

KINDS = [DEMO_LIBRARY]
