"""The parts of the house and what they say about themselves, in the reader's language."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.models import ApiToken

register = template.Library()

NAMES = {
    "database": gettext_lazy("Database"),
    "redis": gettext_lazy("Redis"),
    "control": gettext_lazy("Control"),
    "workers": gettext_lazy("Workers"),
    "events": gettext_lazy("Events"),
}
# Sentences that machines read in English, and people in their own language; listed here to be translated.
SAID = (
    gettext_noop("answers"),
    gettext_noop("keeps time"),
    gettext_noop("listens"),
    gettext_noop("The extension vector is missing: run migrate."),
    gettext_noop("Not heard of for 90 seconds."),
    gettext_noop("No worker was heard of for 90 seconds: jobs wait."),
    gettext_noop("There is nothing at this address."),
    gettext_noop("This request cannot be understood."),
    gettext_noop("This is not yours to see."),
    gettext_noop("This page was open for too long, or came from elsewhere."),
    gettext_noop("Go back, load it again, try again."),
    gettext_noop("Something went wrong here, and was noted in the log."),
    gettext_noop("The database is away. Nothing was lost."),
    gettext_noop("Redis is away. Nothing was lost."),
    gettext_noop("It is tried again by itself."),
    gettext_noop("There is no such job."),
    gettext_noop("It may have been cleaned away; see the list of jobs."),
    gettext_noop("There is no such token, or it was revoked already."),
    gettext_noop("This token cannot be made valid again."),
    gettext_noop("Make a new one."),
    gettext_noop("Only the owner may do this."),
    gettext_noop("This cursor is not one of ours."),
    gettext_noop("Begin again without a cursor."),
    gettext_noop("Stopped by request; what was done is kept."),
    gettext_noop("Its worker was stopped."),
    gettext_noop("No code of control runs this kind of job."),
    gettext_noop("Stopped; what was done is kept."),
    gettext_noop("Control was stopped."),
    gettext_noop("The database went away."),
    gettext_noop("Does not answer."),
    gettext_noop("It was running when the backup was made that is restored now; start it again if it is still wanted."),
)


@register.filter
def part_name(name: str) -> str:
    return str(NAMES.get(name, name))


@register.filter
def scope_name(scope: str) -> str:
    """The word that stands before the colon of its description."""
    return str(ApiToken.Scope(scope).label).partition(":")[0].strip()


@register.filter
def said(text: str) -> str:
    """The sentence in the reader's language, or as it is when nobody has translated it; brackets stay as they are."""
    sentence, bracket, detail = text.partition(" (") if text.endswith(")") else (text, "", "")
    return (_(sentence) if sentence else "") + bracket + detail
