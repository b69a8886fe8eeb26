"""REST of the folders of music."""

from django.http import HttpRequest
from ninja import Router, Status

from core.api import FAULTS
from core.doors import Needs
from library.schemas.roots import RootCreate, RootDetail, RootPatch, RootRemoved
from library.selectors import roots as selectors
from library.services.roots import create_root, remove_root, update_root

roots = Router(tags=["folders of music"])


@roots.get("", response={200: list[RootDetail], **FAULTS}, auth=Needs("read"))
def list_roots(request: HttpRequest) -> list[RootDetail]:
    """All of them, by name."""
    return selectors.root_details()


@roots.post("", response={201: RootDetail, **FAULTS}, auth=Needs("admin"))
def add_root(request: HttpRequest, data: RootCreate) -> Status[RootDetail]:
    """Names a folder of music; nothing is ever written into it."""
    return Status(201, selectors.root_detail(create_root(**data.model_dump())))


@roots.get("/{int:root_id}", response={200: RootDetail, **FAULTS}, auth=Needs("read"))
def get_root(request: HttpRequest, root_id: int) -> RootDetail:
    return selectors.root_detail(selectors.root_by_id(root_id))


@roots.patch("/{int:root_id}", response={200: RootDetail, **FAULTS}, auth=Needs("admin"))
def change_root(request: HttpRequest, root_id: int, data: RootPatch) -> RootDetail:
    """Renames it, switches it on or off, or says where it lies now."""
    return selectors.root_detail(update_root(root_id=root_id, **data.model_dump()))


@roots.delete("/{int:root_id}", response={200: RootRemoved, **FAULTS}, auth=Needs("admin"))
def delete_root(request: HttpRequest, root_id: int) -> RootRemoved:
    """Forgets the folder. Its tracks are kept, with all that was made of them, and found again if it comes back."""
    return RootRemoved(tracks_kept=remove_root(root_id=root_id))
