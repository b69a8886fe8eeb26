"""A person's choice of how hard the analysis works, and the word that somebody listens."""

from typing import Any

from django.core.cache import cache
from django.db import transaction
from pydantic import ValidationError

from analysis.schemas.governor import GovernorSettings
from analysis.selectors.governor import GOVERNOR, LISTENING, governor_settings
from analysis.services.starting import start_outstanding
from core.errors import InvalidInput
from core.services.settings import write_setting

# Whoever plays says so again before that.
LISTENING_S = 90


def change_governor(**chosen: Any) -> GovernorSettings:
    """What is given is changed; what it makes possible begins after the commit."""
    try:
        found = GovernorSettings.model_validate({**governor_settings().model_dump(), **chosen})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{place or 'settings'}: {first['msg']}", field=place) from None
    write_setting(key=GOVERNOR, value=found.model_dump())
    transaction.on_commit(start_outstanding, robust=True)
    return found


def pause_analysis() -> GovernorSettings:
    """Running jobs stop within seconds, and wait; nothing is lost."""
    return change_governor(paused=True)


def resume_analysis() -> GovernorSettings:
    return change_governor(paused=False)


def note_listening(*, listening: bool = True) -> None:
    """Somebody plays music from this machine (or has stopped): the analysis yields to them."""
    if listening:
        cache.set(LISTENING, True, LISTENING_S)
    else:
        cache.delete(LISTENING)
