"""One attempt at making vectors: fetch what is known of tracks, encode it, send what came of it, until none is left."""

import base64
import time
from collections.abc import Callable
from typing import Any

from core.worker.errors import ApiRefused, Cancelled, NotForMe, WorkerError
from core.worker.running import RunningJob
from embeddings.engine.ollama import OllamaAway, OllamaRefuses
from embeddings.schemas.encoder import OLLAMA
from embeddings.schemas.work import MOST_AT_ONCE, TYPES, Encoder, NextOut, OurType, ResultsOut
from embeddings.worker.encoders import BuiltIn, Encoded, Ollama, Sound
from embeddings.worker.ollama import OllamaClient

STOPPED = "Stopped by request; what was done is kept."
STEPS: dict[OurType, str] = {"text": "Words", "audio": "Sound"}
# Waiting for longer, it goes back into the queue, so that others get their turn.
WAIT_FOR_S, LOOK_EVERY_S, ASK_AGAIN_S = 60.0, 0.2, 5.0
# What somebody has to put right is not asked for ever: the schedule comes back to it.
OLLAMA_AT_ONCE = 64
FIGURES = ("vectors", "unchanged", "without", "refused")


class Vectorizing:
    def __init__(
        self,
        job: RunningJob,
        *,
        make_client: Callable[[Encoder], OllamaClient] = lambda one: OllamaClient(one.url, one.name, one.token),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        wait_for_s: float = WAIT_FOR_S,
    ) -> None:
        self.job, self.make_client = job, make_client
        self.clock, self.sleep, self.wait_for_s = clock, sleep, wait_for_s
        kept: Any = job.checkpoint.get("figures") or {}
        self.figures: dict[str, int] = {name: int(kept.get(name, 0)) for name in FIGURES}
        self.encoders: dict[str, Any] = {}
        self.before = sum(self.figures.values())
        self.remaining: dict[OurType, int] = {}
        self.instead = False
        self.waited_since: float | None = None
        self.model = ""

    def run(self) -> None:
        self._tell("Asking")
        for kind in TYPES:
            self._next(kind, 0, limit=1)
        for kind in TYPES:
            self._make(kind)
        self._tell(STEPS[TYPES[-1]])

    def _make(self, kind: OurType) -> None:
        after = 0
        while True:
            batch = self._next(kind, after)
            tracks = batch.sounds if kind == "audio" else batch.words
            if not tracks:
                return
            try:
                encoded = self._encoder(batch.encoder, kind).encode(tracks)
            except OllamaAway as error:
                self._bear(batch.encoder, str(error))
                # Where somebody else stands in now, the list begins anew.
                after = 0 if self.instead else after
                continue
            except OllamaRefuses as error:
                self._give_up(batch.encoder, str(error))
                after = 0
                continue
            self.waited_since = None
            self._send(kind, batch, encoded)
            after = max(track.track_id for track in tracks)

    def _next(self, kind: OurType, after: int, *, limit: int = MOST_AT_ONCE) -> NextOut:
        if kind == "text" and self.model.startswith(f"{OLLAMA}/"):
            limit = min(limit, OLLAMA_AT_ONCE)
        body = {**self._who(), "type": kind, "after": after, "limit": limit, "instead": self.instead}
        answer = NextOut.model_validate(self.job.api.post("/api/embeddings/next", {**body, "count": after == 0}))
        if answer.cancel:
            raise Cancelled(STOPPED)
        if kind == "text":
            self.model = answer.encoder.model
        if answer.remaining is not None:
            self.remaining[kind] = answer.remaining
        return answer

    def _encoder(self, told: Encoder, kind: OurType) -> Any:
        """Made when it is first needed; another choice of somebody's takes effect with the next batch."""
        key = f"{kind} {told.model} {told.url} {told.token}"
        if key not in self.encoders:
            self.encoders[key] = self._made(told, kind)
        return self.encoders[key]

    def _made(self, told: Encoder, kind: OurType) -> Any:
        if kind == "audio":
            return self._known(Sound(), told)
        if told.source == OLLAMA:
            return Ollama(self.make_client(told), told.model)
        return self._known(BuiltIn(), told)

    def _known(self, encoder: Any, told: Encoder) -> Any:
        if encoder.model != told.model:
            raise WorkerError(f"This worker makes vectors of {encoder.model}, and not of {told.model}: update it.")
        return encoder

    # --- an Ollama that is away --------------------------------------------------------------------------------------

    def _bear(self, told: Encoder, reason: str) -> None:
        """Waits for it a while, or lets the built-in encoder stand in, as was chosen; what was asked is not lost."""
        if told.when_away == "built_in":
            self.instead = True
            self._tell("Standing in for Ollama", reason=reason)
            return
        self.waited_since = self.waited_since if self.waited_since is not None else self.clock()
        until = min(self.clock() + ASK_AGAIN_S, self.waited_since + self.wait_for_s)
        while self.clock() < until:
            self._tell("Waiting for Ollama", reason=reason)
            self.sleep(LOOK_EVERY_S)
        if self.clock() >= self.waited_since + self.wait_for_s:
            raise NotForMe(f"Ollama is away, and is waited for: {reason}")

    def _give_up(self, told: Encoder, reason: str) -> None:
        """It would say the same tomorrow; whoever runs it has to do something."""
        if told.when_away != "built_in":
            raise WorkerError(f"Ollama cannot do it: {reason} What is missing is kept in mind.")
        self.job.error(told.name or told.model, reason)
        self.instead = True
        self._tell("Standing in for Ollama", reason=reason)

    # --- what comes of it --------------------------------------------------------------------------------------------

    def _send(self, kind: OurType, batch: NextOut, encoded: list[Encoded]) -> None:
        made = [{"track_id": one.track_id, "digest": one.digest, "vector": one.vector} for one in encoded if one.vector]
        none = [
            {"track_id": one.track_id, "digest": one.digest, "reason": one.problem} for one in encoded if one.problem
        ]
        same = [one.track_id for one in encoded if not one.vector and not one.problem]
        body = {
            **self._who(),
            "type": kind,
            "model": batch.encoder.model,
            "source": batch.encoder.source,
            "at": batch.at.isoformat(),
            "made": [{**one, "vector": _base64(one["vector"])} for one in made],
            "same": same,
            "none": none,
        }
        try:
            answer = ResultsOut.model_validate(self.job.api.post("/api/embeddings/results", body))
        except ApiRefused as error:
            if error.code != "invalid_input":
                raise
            # Somebody has chosen another encoder meanwhile: what was made for the old one is not needed.
            return
        for track, reason in answer.refused.items():
            self.job.error(str(track), reason)
        self._count(answer.kept, len(same), len(none), len(answer.refused))
        self._tell(STEPS[kind])
        if answer.cancel:
            raise Cancelled(STOPPED)

    def _count(self, *counts: int) -> None:
        for name, count in zip(FIGURES, counts, strict=True):
            self.figures[name] += count

    def _tell(self, step: str, *, reason: str = "") -> None:
        done = sum(self.figures.values())
        total = max(done, self.before + sum(self.remaining.values())) if self.remaining else None
        more = {"reason": reason[:300]} if reason else {}
        checkpoint: Any = {"figures": dict(self.figures)}
        self.job.progress(step, done, total, checkpoint=checkpoint, model=self.model, **self.figures, **more)

    def _who(self) -> dict[str, Any]:
        return {"job_id": str(self.job.id), "attempt": self.job.attempt}


def _base64(held: Any) -> str:
    return base64.b64encode(held).decode()
