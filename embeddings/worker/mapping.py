"""Draws the library's map: landmarks laid out, everything else beside them; and measures who is near to everything."""

import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.worker.running import RunningJob
from embeddings.engine.charting.aligning import FEWEST, aligned
from embeddings.engine.charting.layout import as_whole, landmarks_of, placed, scale_of
from embeddings.engine.charting.reducing import Reduction, joined
from embeddings.engine.charting.usual import usual_similarity
from embeddings.schemas.mapping import DIMENSIONS, MOST_VECTORS, TRACK_BYTES, MapPlan, Which

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
# Against so many landmarks it is measured how near a track usually is to others.
SAMPLE = 600


class Batch:
    """Some tracks: their numbers, and where they lie in sound and in meaning."""

    def __init__(self, sent: bytes) -> None:
        count = len(sent) // TRACK_BYTES
        self.ids = np.frombuffer(sent, "<i8", count)
        halves = np.frombuffer(sent, "<f2", offset=8 * count).reshape(2, count, DIMENSIONS)
        self.sound, self.meaning = halves.astype(np.float32)

    def __len__(self) -> int:
        return len(self.ids)


class Mapping:
    """One attempt at a job."""

    def __init__(self, job: RunningJob) -> None:
        self.job = job
        self.done = 0

    def run(self) -> None:
        anew = bool(self.job.params.get("anew"))
        # Taken up again by another worker it goes on with what was begun, instead of beginning once more.
        plan = MapPlan.model_validate(self.job.api.post("/api/map/plan", {"anew": anew}))
        self.job.progress("Looking", 0, plan.to_place)
        landmarks = self._landmarks(plan)
        if landmarks is None or not plan.to_place:
            return
        self._draw(plan, landmarks)
        self.job.progress("Placing", self.done, self.done)

    def _landmarks(self, plan: MapPlan) -> Batch | None:
        batches = list(self._pages(plan, "landmarks"))
        if not batches:
            return None
        found = batches[0]
        for name in ("ids", "sound", "meaning"):
            setattr(found, name, np.concatenate([getattr(batch, name) for batch in batches]))
        return found

    def _draw(self, plan: MapPlan, landmarks: Batch) -> None:
        rows = joined(landmarks.sound, landmarks.meaning)
        reduce = Reduction.of(rows)
        lie = reduce(rows)
        known, points = _as_they_lie(plan, landmarks)
        if plan.anew:
            self.job.progress("Laying out", 0, plan.to_place, landmarks=len(landmarks))
            points = _laid_over(landmarks_of(lie), known, points)
            self._send(plan, landmarks, as_whole(points), landmarks)
        else:
            lie = lie[known]
        for batch in self._pages(plan, "rest"):
            rest = reduce(_joined_like(batch, landmarks))
            self._send(plan, batch, as_whole(placed(rest, batch.ids, lie, points)), landmarks)
        self.job.progress("Naming", self.done, self.done)
        regions = self.job.api.post("/api/map/settle", {"layout_id": plan.layout_id})
        self.job.progress("Naming", self.done, self.done, regions=len(regions))

    def _pages(self, plan: MapPlan, which: Which) -> Iterator[Batch]:
        after = 0
        while True:
            address = f"/api/map/vectors?layout_id={plan.layout_id}&which={which}&after={after}&limit={MOST_VECTORS}"
            with tempfile.TemporaryFile() as file:
                self.job.api.download(address, file)
                file.seek(0)
                batch = Batch(file.read())
            if not len(batch):
                return
            yield batch
            after = int(batch.ids[-1])

    def _send(self, plan: MapPlan, batch: Batch, points: NDArray[np.int16], landmarks: Batch) -> None:
        body: dict[str, Any] = {
            "layout_id": plan.layout_id,
            "ids": batch.ids.tolist(),
            "x": points[:, 0].tolist(),
            "y": points[:, 1].tolist(),
        }
        for side in ("sound", "meaning"):
            usual, spread = usual_similarity(
                getattr(batch, side), getattr(landmarks, side)[:: 1 + len(landmarks) // SAMPLE]
            )
            body |= {f"{side}_usual": _nullable(usual), f"{side}_spread": _nullable(spread)}
        self.job.api.post("/api/map/points", body)
        self.done += len(batch)
        self.job.progress("Placing", self.done, max(plan.to_place, self.done))


def _as_they_lie(plan: MapPlan, landmarks: Batch) -> tuple[NDArray[np.bool_], Floats]:
    """Which landmarks have a place, and where that is; one that has lost its vectors since is no landmark any more."""
    ids = np.array(plan.ids, np.int64)
    places = np.array([plan.x, plan.y], np.float32).T.reshape(len(ids), 2)
    return np.isin(landmarks.ids, ids), places[np.isin(ids, landmarks.ids)]


def _laid_over(points: Floats, known: NDArray[np.bool_], before: Floats) -> Floats:
    """Over the map before, and as large as that was while it lies within reach; a first one fills the chart."""
    if known.sum() < FEWEST:
        return points * np.float32(scale_of(points))
    turned = aligned(points, points[known], before)
    return turned * np.float32(min(1.0, scale_of(turned)))


def _joined_like(batch: Batch, landmarks: Batch) -> Floats:
    """A half that is missing is the middle of the landmarks' halves, whoever else is in the batch."""
    count = len(batch)
    sound = np.vstack([batch.sound, landmarks.sound])
    meaning = np.vstack([batch.meaning, landmarks.meaning])
    return joined(sound, meaning)[:count]


def _nullable(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 5) for value in values]
