"""The demo library's files."""

from pydantic import BaseModel


class DemoFileOut(BaseModel):
    """A file of the demo library, as it lies on the server."""

    path: str
    size: int
    mtime_ns: int
    location: str
    """where it lies on the server's disk: a worker on the same machine may read it there; empty for others"""

    def elsewhere(self) -> "DemoFileOut":
        return self.model_copy(update={"location": ""})
