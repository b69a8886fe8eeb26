"""The encoders as a worker uses them, built in or Ollama: all answer with bytes, or with the reason for none."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from embeddings.engine import audio, text
from embeddings.engine.documents import digest, words_of
from embeddings.engine.facts import read_facts
from embeddings.engine.ollama import DOCUMENT
from embeddings.engine.sound import digest_of_sound
from embeddings.schemas.work import TrackSound, TrackWords
from embeddings.worker.ollama import OllamaClient

NO_WORDS = "None of its words means anything to the model."
NO_SOUND = "Its sound cannot be read."


@dataclass(frozen=True)
class Encoded:
    """Of one track: a vector, or why there is none; neither, where it is the same as before."""

    track_id: int
    digest: str
    vector: bytes = b""
    problem: str = ""


class WordsEncoder(Protocol):
    model: str

    def encode(self, tracks: Sequence[TrackWords]) -> list[Encoded]: ...


def _changed(tracks: Sequence[TrackWords]) -> tuple[list[Encoded], list[tuple[int, str, Any]]]:
    same: list[Encoded] = []
    changed: list[tuple[int, str, Any]] = []
    for track in tracks:
        words = words_of(read_facts(track.facts))
        mark = digest(words)
        if mark == track.digest:
            same.append(Encoded(track.track_id, mark))
        else:
            changed.append((track.track_id, mark, words))
    return same, changed


class BuiltIn:
    """The encoder of words that is shipped."""

    model = text.MODEL

    def __init__(self) -> None:
        self.encoder = text.load_encoder()

    def encode(self, tracks: Sequence[TrackWords]) -> list[Encoded]:
        done, changed = _changed(tracks)
        vectors: Any = self.encoder.encode([words for _pk, _mark, words in changed]) if changed else []
        done += [_of(pk, mark, vector, NO_WORDS) for (pk, mark, _words), vector in zip(changed, vectors, strict=True)]
        return done


class Ollama:
    """The encoder that somebody runs beside it."""

    def __init__(self, client: OllamaClient, model: str) -> None:
        self.client, self.model = client, model

    def encode(self, tracks: Sequence[TrackWords]) -> list[Encoded]:
        done, changed = _changed(tracks)
        said = [(pk, mark, _text(words)) for pk, mark, words in changed]
        done += [Encoded(pk, mark, problem=NO_WORDS) for pk, mark, words in said if not words]
        wanted = [(pk, mark, words) for pk, mark, words in said if words]
        vectors = self.client.embed([words for _pk, _mark, words in wanted], prefix=DOCUMENT)
        done += [Encoded(pk, mark, vector) for (pk, mark, _words), vector in zip(wanted, vectors, strict=True)]
        return done


def _text(words: Any) -> str:
    """What is said of it first, then what it is called: what does not fit is cut at the end."""
    return f"{words.facets}. {words.names}".strip(" .")


class Sound:
    """The encoder of what the analysis has measured."""

    model = audio.MODEL

    def encode(self, tracks: Sequence[TrackSound]) -> list[Encoded]:
        heard = [(track, base64.b64decode(track.descriptors)) for track in tracks]
        marked = [(track, held, digest_of_sound(held, track.version)) for track, held in heard]
        done = [Encoded(track.track_id, mark) for track, _held, mark in marked if mark == track.digest]
        read = [(track.track_id, mark, _numbers(held)) for track, held, mark in marked if mark != track.digest]
        done += [Encoded(pk, mark, problem=NO_SOUND) for pk, mark, held in read if held is None]
        usable = [(pk, mark, held) for pk, mark, held in read if held is not None]
        if usable:
            vectors = audio.encode(np.stack([held for _pk, _mark, held in usable]))
            done += [_of(pk, mark, vector, NO_SOUND) for (pk, mark, _h), vector in zip(usable, vectors, strict=True)]
        return done


def _numbers(held: bytes) -> Any:
    if len(held) != 2 * audio.DESCRIPTORS:
        return None
    found = np.frombuffer(held, "<f2").astype(np.float32)
    return found if np.isfinite(found).all() else None


def _of(pk: int, mark: str, vector: Any, problem: str) -> Encoded:
    found = np.asarray(vector, np.float32)
    if not np.isfinite(found).all() or not found.any():
        return Encoded(pk, mark, problem=problem)
    return Encoded(pk, mark, found.astype("<f4").tobytes())
