"""Which encoder is wanted, which model answers now, and what is still to be done for either."""

from dataclasses import dataclass

from pydantic import ValidationError

from core.cache import cached
from core.encryption import decrypt
from core.models import Setting
from core.selectors import setting
from embeddings.models import EmbeddingModel
from embeddings.schemas.encoder import (
    AUDIO,
    AUDIO_MODEL,
    BUILT_IN,
    OLLAMA,
    TEXT,
    TEXT_MODEL,
    EncoderOut,
    EncoderSettings,
)
from embeddings.schemas.work import Encoder, OurType

ENCODER, TOKEN = "embeddings.encoder", "embeddings.ollama_token"
GROUP = "embeddings"


def encoder_settings() -> EncoderSettings:
    """As they were chosen; what cannot be understood is as if nothing had been."""
    try:
        return EncoderSettings.model_validate(setting(ENCODER, {}) or {})
    except ValidationError:
        return EncoderSettings()


def ollama_token() -> str:
    row = Setting.objects.filter(pk=TOKEN).first()
    return decrypt(bytes(row.secret)) if row is not None and row.secret else ""


def wanted_model(kind: OurType, chosen: EncoderSettings | None = None) -> str:
    """By which the tracks are to be known."""
    return AUDIO_MODEL if kind == AUDIO else (chosen or encoder_settings()).text_model


def encoder_for(kind: OurType, *, instead: bool = False) -> Encoder:
    """What a worker is told; with where Ollama is and how to be let in, where it is Ollama's work."""
    chosen = encoder_settings()
    if kind == AUDIO:
        return Encoder(model=AUDIO_MODEL, source=BUILT_IN)
    if chosen.encoder == "built_in" or (instead and chosen.when_away == "built_in"):
        return Encoder(model=TEXT_MODEL, source=BUILT_IN)
    return Encoder(
        model=chosen.text_model,
        source=OLLAMA,
        url=chosen.url,
        name=chosen.model,
        token=ollama_token(),
        when_away=chosen.when_away,
    )


@dataclass(frozen=True)
class Serving:
    """The model that answers for a type, and whether it has an index."""

    kind: str
    model: str
    indexed: bool


def serving(kind: str, model: str | None = None) -> Serving:
    """Of a type that none of our encoders makes, the model with the most vectors answers."""
    if model is not None:
        return next(
            (one for one in known_models() if (one.kind, one.model) == (kind, model)), Serving(kind, model, False)
        )
    return serving_by_type().get(kind) or Serving(kind, _usual(kind), False)


def known_models() -> list[Serving]:
    return cached(GROUP, "models", _known_models)


def _known_models() -> list[Serving]:
    rows = EmbeddingModel.objects.order_by("embedding_type", "pk")
    return [Serving(row.embedding_type, row.name, bool(row.index_name)) for row in rows]


def serving_by_type() -> dict[str, Serving]:
    return cached(GROUP, "serving", _serving_by_type)


def _serving_by_type() -> dict[str, Serving]:
    rows = EmbeddingModel.objects.filter(serving=True)
    return {row.embedding_type: Serving(row.embedding_type, row.name, bool(row.index_name)) for row in rows}


def _usual(kind: str) -> str:
    from embeddings.selectors.vectors import most_used_model

    usual = {TEXT: TEXT_MODEL, AUDIO: AUDIO_MODEL}
    return usual.get(kind) or most_used_model(kind)


def encoder_out() -> EncoderOut:
    chosen = encoder_settings()
    kinds: tuple[OurType, ...] = ("text", "audio")
    return EncoderOut(
        **chosen.model_dump(),
        has_token=Setting.objects.filter(pk=TOKEN, secret__isnull=False).exists(),
        serving={kind: one.model for kind, one in serving_by_type().items()},
        wanted={kind: wanted_model(kind, chosen) for kind in kinds},
    )
