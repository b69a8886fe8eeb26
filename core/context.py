"""What every page's frame needs: where we are, and where one can go."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from core import navigation
from core.navigation import NavItem, SettingsTab

# The light of dusk, until a cover that plays brings its own.
AMBIENT = "#98727c"


@dataclass(frozen=True)
class Frame:
    """The frame around a page at one address; it asks no store for anything."""

    path: str
    ambient: str = AMBIENT
    entries: list[NavItem] = field(default_factory=navigation.items)
    is_owner: bool = False

    @property
    def section(self) -> str:
        """The name of the entry to which this address belongs."""
        held = [item for item in (*self.entries, navigation.SETTINGS) if item.holds(self.path)]
        return max(held, key=lambda item: len(item.url)).name if held else ""

    @property
    def tabs(self) -> list[NavItem]:
        return navigation.phone_items()[0]

    @property
    def more(self) -> list[NavItem]:
        return navigation.phone_items()[1]

    @property
    def settings_tabs(self) -> list[SettingsTab]:
        return navigation.settings_tabs(for_owner=self.is_owner)

    @property
    def shortcuts(self) -> list[NavItem]:
        """Entries that a key leads to by itself."""
        return [item for item in self.entries if item.shortcut]

    @property
    def keyed(self) -> list[NavItem]:
        """Entries that a key leads to."""
        return [item for item in (*self.entries, navigation.SETTINGS) if item.key]


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(path=request.path, is_owner=_is_owner(request))}


def _is_owner(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_superuser)
