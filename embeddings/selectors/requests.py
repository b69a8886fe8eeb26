"""What somebody asks becomes a vector, by the model that answers now: here and now, without a worker."""

import struct
from dataclasses import dataclass

from django.utils.translation import gettext as _

from embeddings.engine.ollama import OllamaError
from embeddings.models import DIMENSIONS
from embeddings.schemas.encoder import OLLAMA, TEXT, TEXT_MODEL
from embeddings.selectors.encoders import encoder_settings, serving
from embeddings.selectors.ollama import vector_of_request


@dataclass(frozen=True)
class RequestVector:
    """None where nothing of the request means anything to the model, or the model is away; then it is said."""

    vector: list[float] | None
    note: str = ""


def request_vector(text: str) -> RequestVector:
    """For vectors of type text."""
    model = serving(TEXT).model
    if model == TEXT_MODEL:
        return RequestVector(_built_in(text))
    chosen = encoder_settings()
    if not model.startswith(f"{OLLAMA}/") or chosen.text_model != model:
        return RequestVector(None, _("The encoder of the present vectors is not there any more."))
    try:
        held = vector_of_request(text, chosen)
    except OllamaError as error:
        said = _("Ollama did not answer: this was found by words and sound alone.")
        return RequestVector(None, f"{said} {error}")
    return RequestVector(list(struct.unpack(f"<{DIMENSIONS}f", held)))


def _built_in(text: str) -> list[float] | None:
    """Loaded with the first question: until then the web does without numpy and the table of words."""
    from embeddings.engine.text import load_encoder

    found = load_encoder().encode_request([text])[0]
    return None if not found.any() else [float(value) for value in found]
