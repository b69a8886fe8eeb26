"""How much of a request's body Daphne takes in, and in what pieces.

It keeps all of it, on the disk once it is long, before Django has asked whose it is: without a bound, anybody who
reaches the port could fill the disk.
"""

from io import BytesIO
from typing import Any

from daphne import http_protocol

# Above what any door takes.
LARGEST_BODY = 32 * 1024 * 1024
# What Django would keep in memory in any case need not go by way of the disk.
SHORT_BODY = 2_500_000
# To Django it goes in pieces, each with a message of its own: of 8 kB, unless it is told otherwise.
PIECE = 1 << 20
REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # daphne has no types
    """Refuses by what is announced, and by what comes when nothing was announced."""

    taken = 0
    refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.server.request_buffer_size = PIECE

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        if length is not None and length <= SHORT_BODY:
            self.content = BytesIO()
        if length is not None and length > LARGEST_BODY:
            self.refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self.taken += len(data)
        if self.taken > LARGEST_BODY:
            self.refuse()
        if not self.refused:
            super().handleContentChunk(data)

    def refuse(self) -> None:
        if not self.refused:
            self.refused = True
            self.channel.transport.write(REFUSAL)
            self.channel.loseConnection()

    def requestReceived(self, *line: Any) -> None:
        if not self.refused:
            super().requestReceived(*line)
