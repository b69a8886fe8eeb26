"""A person's choice of the encoder."""

from typing import Any

from django.db import transaction
from pydantic import ValidationError

from core.cache import invalidate
from core.errors import InvalidInput
from core.services.settings import write_secret_setting, write_setting
from embeddings.schemas.encoder import EncoderSettings
from embeddings.selectors.encoders import ENCODER, GROUP, TOKEN, encoder_settings
from embeddings.services.tending import start_tending


def change_encoder(*, token: str | None = None, **chosen: Any) -> EncoderSettings:
    """What is given is changed; another model makes its vectors beside the old ones, which serve until then."""
    before = encoder_settings()
    try:
        found = EncoderSettings.model_validate({**before.model_dump(), **chosen})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise InvalidInput(f"{place or 'settings'}: {message}", field=place) from None
    with transaction.atomic():
        write_setting(key=ENCODER, value=found.model_dump())
        if token is not None:
            write_secret_setting(key=TOKEN, secret=token)
        elif found.url != before.url:
            # Whoever is at another address is told no secret of the old one.
            write_secret_setting(key=TOKEN, secret="")
        invalidate(GROUP)
        transaction.on_commit(start_tending, robust=True)
    return found
