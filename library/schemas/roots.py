"""Folders of music, as the APIs show and change them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from core.schemas import Strict, without_nul

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(without_nul)
]
FolderPath = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]


class RootCreate(Strict):
    path: FolderPath
    name: Name | None = None
    """the folder's own, where none is given"""
    watched: bool = True
    follow_symlinks: bool = True
    skip_nomedia: bool = False


class RootPatch(Strict):
    """What is absent stays as it is."""

    name: Name | None = None
    path: FolderPath | None = None
    """where the same folder lies now: its tracks go with it"""
    enabled: bool | None = None
    watched: bool | None = None
    follow_symlinks: bool | None = None
    skip_nomedia: bool | None = None


class RootDetail(BaseModel):
    id: int
    name: str
    path: str
    enabled: bool
    watched: bool
    follow_symlinks: bool
    skip_nomedia: bool
    last_scan_at: datetime | None
    tracks: int
    """available now"""
    missing: int
    errors: int
    scan: UUID | None
    """of the scan that waits or runs"""
    watch_problem: str = ""
    """why its changes are not noticed at once"""
    problem: str = ""
    """what is in the way, seen from the server"""


class RootRemoved(BaseModel):
    tracks_kept: Annotated[int, Field(ge=0)]
    """without a file from now on"""
