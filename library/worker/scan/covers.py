"""Pictures on their way to the server: each by its digest, its bytes kept for a while in case they are wanted."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from library.engine.tags.pictures import mime_type

MOST_BYTES = 32 << 20
MOST_CONFIRMED = 20_000
Again = Callable[[], bytes | None]


class Covers:
    """Bytes that were dropped are read again from where they came."""

    def __init__(self, largest: int, *, most_bytes: int = MOST_BYTES) -> None:
        self.largest = largest
        self.most_bytes = most_bytes
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0
        self.origins: dict[str, Again] = {}
        self.confirmed: OrderedDict[str, None] = OrderedDict()
        self.last: tuple[bytes, str, str] = (b"", "", "")

    def reference(self, content: bytes, source: str, again: Again) -> dict[str, Any] | None:
        """What the server is told of it; None for what is no picture, or too large."""
        if len(content) > self.largest:
            return None
        # The tracks of an album hold the same picture, one after the other.
        if content != self.last[0]:
            mime = mime_type(content)
            if mime is None:
                return None
            self.last = content, sha256(content).hexdigest(), mime
        _, digest, mime = self.last
        if digest not in self.confirmed:
            self.origins.setdefault(digest, again)
            self._keep(digest, self.last[0])
        return {"digest": digest, "mime_type": mime, "size": len(content), "source": source}

    def _keep(self, digest: str, content: bytes) -> None:
        if digest in self.kept:
            self.kept.move_to_end(digest)
            return
        self.kept[digest] = content
        self.size += len(content)
        while self.size > self.most_bytes and len(self.kept) > 1:
            _, dropped = self.kept.popitem(last=False)
            self.size -= len(dropped)

    def is_expected(self) -> bool:
        """Whether there are pictures of which nobody knows yet if the server has them."""
        return bool(self.origins)

    def content(self, digest: str) -> bytes | None:
        found = self.kept.get(digest)
        if found is None and digest in self.origins:
            found = self.origins[digest]()
            if found is not None and sha256(found).hexdigest() != digest:
                return None
        return found

    def confirm_all(self) -> None:
        """The server has everything that it was told of until now."""
        for digest in self.origins:
            self.confirmed[digest] = None
        while len(self.confirmed) > MOST_CONFIRMED:
            self.confirmed.popitem(last=False)
        self.origins.clear()
        self.kept.clear()
        self.size = 0
