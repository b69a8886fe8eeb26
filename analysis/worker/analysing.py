"""The analysing parent: asks what to do, has children do it, delivers what they find, and obeys the governor."""

import gc
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from analysis.engine.version import ANALYZER_VERSION
from analysis.schemas.work import MOST_AT_ONCE, Figures, Governor, NextOut, TrackToDo
from analysis.worker.fetching import Fetcher
from analysis.worker.machine import temperature_c, usual_processes
from analysis.worker.pool import Answered, Pool
from analysis.worker.speed import Speed
from analysis.worker.talk import Talk
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.errors import NotForMe, WorkerError
from core.worker.running import RunningJob

LOOK_EVERY_S = 0.2
# How often the governor is asked while there is enough to do.
ASK_EVERY_S = 10.0
TELL_EVERY_S = 5.0
AHEAD, FETCHED_AHEAD = 4, 2
FETCH_PATIENCE_S = 60.0
# Standing still for longer is not worth the memory: the job goes back into the queue, and waits there lightly.
STAND_FOR_S = 60.0
COOLER_BY_C = 5
MOST_SKIPPED = 500
# An analyser that is too old is the last in line when its job is offered again.
OLDER_WAITS_S = 30.0
STEPS = {
    "older": "Too old",
    "paused": "Paused",
    "hours": "Outside its hours",
    "listening": "Somebody listens",
    "heat": "Cooling down",
}
Clock = Callable[[], float]


def forked_pool() -> Pool:
    """Imports the engine, here and only now, and leaves nothing for children to copy."""
    from analysis.engine.analyse import limit_threads, prepare
    from analysis.worker.listening import serve

    limit_threads()
    prepare()
    gc.collect()
    gc.freeze()
    return Pool(serve, config().api_url, config().token)


def fetching_client() -> ApiClient:
    """A file that cannot be fetched now is left for later: others wait."""
    return ApiClient(config().api_url, config().token, patience_s=FETCH_PATIENCE_S)


class Analysing:
    """One attempt at a job."""

    def __init__(
        self,
        job: RunningJob,
        *,
        make_pool: Callable[[], Pool] = forked_pool,
        make_api: Callable[[], ApiClient] = fetching_client,
        temperature: Callable[[], float | None] = temperature_c,
        clock: Clock = time.monotonic,
        stand_for_s: float = STAND_FOR_S,
        ask_every_s: float = ASK_EVERY_S,
    ) -> None:
        self.job, self.talk = job, Talk(job)
        self.make_pool, self.temperature, self.clock = make_pool, temperature, clock
        self.stand_for_s, self.ask_every_s = stand_for_s, ask_every_s
        self.pool: Pool | None = None
        self.queue: deque[TrackToDo] = deque()
        self.results: list[tuple[TrackToDo, dict[str, Any]]] = []
        self.skipped: set[int] = set()
        self.given: dict[int, TrackToDo] = {}
        self.figures = Figures.model_validate(job.checkpoint.get("figures", {}))
        self.fetcher = Fetcher(make_api)
        self.speed = Speed(clock)
        self.governor: Governor | None = None
        self.remaining: int | None = None
        self.parts = 1
        self.none_left = False
        self.asked_at = 0.0
        self.standing_since: float | None = None
        self.why_standing = ""
        self.item = ""
        self.told: tuple[Any, ...] = ()
        self.told_at = 0.0

    def run(self) -> None:
        try:
            self._tell("Asking")
            while not self._is_over():
                self._go_round()
            self._tell("Listening")
        finally:
            if self.pool:
                self.pool.close()
            self.fetcher.close()

    def _is_over(self) -> bool:
        return self.none_left and not self.queue and not self.results and not (self.pool and self.pool.busy())

    def _go_round(self) -> None:
        self.job.go_on()
        if self._should_ask():
            self._ask()
        self._regulate()
        self._feed()
        self._collect()
        self._deliver()
        self._tell(STEPS.get(self.why_standing, "Listening" if self.pool else "Asking"))

    # --- what to do --------------------------------------------------------------------------------------------------

    def _should_ask(self) -> bool:
        waited = self.clock() - self.asked_at
        if self.governor is None:
            return True
        if self.governor.pause:
            return waited >= min(self.governor.retry_in_s, self.ask_every_s)
        hungry = not self.none_left and not self.why_standing and len(self.queue) < self._processes()
        return hungry or waited >= self.ask_every_s

    def _ask(self) -> None:
        held = [track.track_id for track in (*self.queue, *(self.pool.busy() if self.pool else []))]
        holding = [*held, *(track.track_id for track, _said in self.results), *self.skipped]
        standing = bool(self.why_standing)
        wanted = 0 if standing else max(0, min(MOST_AT_ONCE, AHEAD * self._processes() - len(self.queue)))
        answer = self.talk.next(wanted, holding)
        self.asked_at = self.clock()
        self.remaining = answer.remaining + len(holding) - len(self.skipped)
        self._hear(answer, asked_for=wanted)

    def _hear(self, answer: NextOut, *, asked_for: int) -> None:
        self.governor = answer.governor
        self.parts = answer.parts
        self.queue.extend(answer.tracks)
        if answer.tracks:
            self.none_left = False
        elif asked_for and not answer.governor.pause:
            self.none_left = True

    def _processes(self) -> int:
        chosen = self.governor.processes if self.governor else None
        return chosen or usual_processes()

    # --- how hard ----------------------------------------------------------------------------------------------------

    def _regulate(self) -> None:
        self.why_standing = self._reason_to_stand()
        self.speed.stand(bool(self.why_standing))
        if not self.why_standing:
            self.standing_since = None
            if self.pool:
                self.pool.release()
            return
        self.standing_since = self.standing_since or self.clock()
        stood = self.clock() - self.standing_since
        if self.pool:
            self.pool.hold()
            if stood >= self.stand_for_s:
                self._give_back()
        elif self.why_standing == "older" and stood >= min(self.stand_for_s, OLDER_WAITS_S):
            self._give_back()

    def _reason_to_stand(self) -> str:
        assert self.governor  # noqa: S101 - it was asked before
        if self.governor.pause:
            return self.governor.pause
        hottest = self.governor.max_temperature_c
        now = self.temperature() if hottest else None
        if hottest is None or now is None:
            return ""
        # Once it stands, it stands until the machine is clearly cooler.
        limit = hottest - COOLER_BY_C if self.why_standing == "heat" else hottest
        return "heat" if now >= limit else ""

    def _give_back(self) -> None:
        if self.why_standing == "older":
            raise NotForMe(f"The analyser of {config().name} is older than the server's: update that worker.")
        raise NotForMe("It waits, and has given its memory back meanwhile.")

    # --- children ----------------------------------------------------------------------------------------------------

    def _feed(self) -> None:
        if self.why_standing or not (self.queue or self.pool):
            return
        assert self.governor  # noqa: S101 - it was asked before
        if self.pool is None:
            self.speed.note(self.figures.done, self.figures.music_s)
            self.pool = self.make_pool()
        # None that would have nothing to do; those that are there may get something again.
        useful = max(len(self.pool.children), len(self.queue) + len(self.pool.busy()))
        self.pool.adjust(min(self._processes(), useful), self.governor.nice)
        self.fetcher.want(list(self.queue)[: self._processes() + FETCHED_AHEAD])
        while self.queue and self.pool.idle() and (found := self.fetcher.found(self.queue[0])):
            track = self.queue.popleft()
            if isinstance(found, str):
                self.fetcher.let_go(track)
                self._skip(track, found)
                continue
            self.item = track.title
            self.given[track.track_id] = track
            self.pool.begin(found)

    def _collect(self) -> None:
        if self.pool is None:
            time.sleep(LOOK_EVERY_S)
            return
        for answered in (*self.pool.wait(LOOK_EVERY_S), *self.pool.watch()):
            self._take(answered)

    def _take(self, answered: Answered) -> None:
        copied, said = answered
        track = self.given.pop(copied.track_id, copied)
        if "again" in said:
            self.queue.appendleft(track)
            return
        self.fetcher.let_go(track)
        if "skipped" in said:
            self._skip(track, said["skipped"])
        else:
            self.results.append((track, said))

    def _skip(self, track: TrackToDo, reason: str) -> None:
        """Its file is away: nobody gets it again from this job, but the next one may."""
        self.skipped.add(track.track_id)
        self.job.error(track.location or track.title or str(track.track_id), reason)
        if len(self.skipped) >= MOST_SKIPPED:
            raise WorkerError(
                f"{MOST_SKIPPED} files in a row cannot be reached: is the disk with the music there? The rest was kept."
            )

    # --- what comes of it --------------------------------------------------------------------------------------------

    def _deliver(self) -> None:
        if not self.results:
            return
        sent = self.results[:MOST_AT_ONCE]
        analysed = [said["analysed"] for _track, said in sent if "analysed" in said]
        failed = [_failed(track, said["failed"]) for track, said in sent if "failed" in said]
        answer = self.talk.deliver(analysed, failed)
        del self.results[: len(sent)]
        for track, said in sent:
            if track.track_id in answer.outdated:
                continue
            self.remaining = max(0, self.remaining - 1) if self.remaining else self.remaining
            if reason := answer.refused.get(track.track_id) or said.get("failed"):
                self.job.error(track.location or track.title or str(track.track_id), reason)
        self.figures = answer.figures
        self.speed.note(self.figures.done, self.figures.music_s)

    def _tell(self, step: str) -> None:
        """Only what is new, and the time that is left now and then: a word costs the server something."""
        news = (step, self.figures.done, self.remaining, self.item, len(self.pool.children) if self.pool else 0)
        if news == self.told and self.clock() - self.told_at < TELL_EVERY_S:
            return
        self.told, self.told_at = news, self.clock()
        left = None if self.remaining is None else -(-self.remaining // self.parts)
        total = None if left is None else self.figures.done + left
        metrics: dict[str, Any] = {**self.figures.model_dump(), **self.speed.figures(left), "item": self.item}
        metrics["music_s"] = round(self.figures.music_s)
        metrics["processes"] = len(self.pool.children) if self.pool else 0
        if self.remaining is not None:
            metrics["left"] = self.remaining
        self.job.progress(step, self.figures.done, total, **metrics)


def _failed(track: TrackToDo, reason: str) -> dict[str, Any]:
    told = {name: getattr(track, name) for name in ("track_id", "file_size", "file_mtime_ns")}
    return {**told, "version": ANALYZER_VERSION, "reason": reason}
