"""Pieces of tracks for browsers that append them: each one is asked for by itself, and none is kept."""

from collections import OrderedDict

from player.engine.asking import Answer
from player.engine.orders import Order
from player.schemas.streaming import PieceFormat
from player.selectors.streaming import Playable
from player.services.transcoding import MadeAnswer, ask_for

RESUMES_KEPT = 1024
KBITS = 160


class Resumes:
    """Where the frames of MP3 files begin: pieces are asked for in order, and none need be looked for then."""

    def __init__(self) -> None:
        self._places: OrderedDict[tuple[str, str, float], tuple[int, int]] = OrderedDict()

    def note(self, playing: Playable, at_ms: float, place: list[int] | None) -> None:
        if place:
            self._places[(str(playing.path), playing.state, playing.begin_ms + at_ms)] = (place[0], place[1])
            while len(self._places) > RESUMES_KEPT:
                self._places.popitem(last=False)

    def at(self, playing: Playable, at_ms: float) -> tuple[int, int] | None:
        return self._places.get((str(playing.path), playing.state, playing.begin_ms + at_ms))


resumes = Resumes()


def cut_piece(*, playing: Playable, from_ms: float, for_ms: float, kind: PieceFormat) -> MadeAnswer:
    order = Order(
        "cut" if kind == "copy" else "opus",
        str(playing.path),
        begin_ms=playing.begin_ms,
        end_ms=playing.end_ms,
        from_ms=from_ms,
        for_ms=for_ms,
        resume=resumes.at(playing, from_ms),
        kbits=KBITS,
    )
    answer = ask_for(order)
    resumes.note(playing, answer.head["to_ms"], answer.head["resume"])
    return MadeAnswer(answer, _headers(answer))


def _headers(answer: Answer) -> dict[str, str]:
    head = answer.head
    headers = {
        "Content-Type": head["mime"],
        "Content-Length": str(head["size"]),
        "Cache-Control": "private, no-cache",
        "X-Piece-From-Ms": repr(head["from_ms"]),
        "X-Piece-To-Ms": repr(head["to_ms"]),
    }
    return {**headers, "X-Piece-Last": "1"} if head["last"] else headers
