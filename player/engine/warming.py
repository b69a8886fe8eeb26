"""Does everything once before children are forked: what libraries set up for themselves is shared by all then."""

from io import BytesIO

import av

from player.engine.formats import MADE
from player.engine.reading import opened
from player.engine.transcoding import transcode

RATE, SAMPLES = 44_100, 9_000


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


def warm_up() -> None:
    """A moment of silence is turned into every format."""
    file = _silence()
    for made in MADE.values():
        file.seek(0)
        with opened(file) as sound:
            transcode(sound, made, made.kbits[1], _Nowhere())


def _silence() -> BytesIO:
    file = BytesIO()
    with av.open(file, "w", format="flac") as target:
        stream = target.add_stream("flac", RATE)
        stream.layout, stream.format = "stereo", "s16"
        frame = av.AudioFrame(format="s16", layout="stereo", samples=SAMPLES)
        frame.sample_rate, frame.pts = RATE, 0
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return file
