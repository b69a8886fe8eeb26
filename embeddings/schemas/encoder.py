"""Which encoder makes the vectors of words, as a person chooses it, and what is found where it was said to be."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from core.schemas import Strict

TEXT, AUDIO = "text", "audio"
OUR_TYPES = (TEXT, AUDIO)
TEXT_MODEL, AUDIO_MODEL = "soniquebay-text-1", "soniquebay-audio-1"
BUILT_IN, OLLAMA = "soniquebay", "ollama"
# Prefixes and dimensions are part of what a vector means: another way of asking is another model.
WAY = "p1"
USUAL_URL, USUAL_MODEL = "http://127.0.0.1:11434", "nomic-embed-text"


def checked_address(url: str) -> str:
    """A plain address of a server; none that leads to what machines say of themselves to nobody but themselves."""
    text = url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("This is no address.") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("An address begins with http:// or https:// and names a machine.")
    if parts.username or parts.password or parts.query or parts.fragment or any(c.isspace() for c in text):
        raise ValueError("An address holds no name, password, question or blank.")
    if refused_machine(host):
        raise ValueError("This address is not a server's.")
    return text


def refused_machine(host: str) -> bool:
    """Addresses that no Ollama has; the metadata of clouds lie among them."""
    try:
        found = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved


Address = Annotated[str, Field(max_length=300), AfterValidator(checked_address)]
ModelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
ChatModel = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:/-]{0,99})?$")]
WhenAway = Literal["wait", "built_in"]


class EncoderSettings(BaseModel):
    """Without a choice: the built-in encoder, by itself after scans and analyses."""

    automatic: bool = True
    """makes the vectors of what comes in or changes by itself"""
    encoder: Literal["built_in", "ollama"] = "built_in"
    url: Address = USUAL_URL
    model: ModelName = USUAL_MODEL
    when_away: WhenAway = "wait"
    chat_model: ChatModel = ""
    """proposes what was meant by a question; empty: nobody does"""

    @property
    def text_model(self) -> str:
        return TEXT_MODEL if self.encoder == "built_in" else f"{OLLAMA}/{self.model}/{WAY}"


class EncoderIn(EncoderSettings, Strict):
    """What is left out stays; an empty token forgets the old one."""

    token: Annotated[str, Field(max_length=2_000)] = ""


class EncoderOut(EncoderSettings):
    has_token: bool
    serving: dict[str, str]
    """by type, the model that answers now"""
    wanted: dict[str, str]


class OllamaState(BaseModel):
    """What a look at the server has found."""

    reached: bool
    problem: str = ""
    version: str = ""
    models: list[str] = Field(default_factory=list)
    has_model: bool = False
    has_chat_model: bool = False
