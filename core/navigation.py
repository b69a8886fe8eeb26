"""What the rail and the phone's bar lead to; apps above register their own entries when they start."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PHONE_PLACES = 5


@dataclass(frozen=True)
class NavItem:
    """A page that can be reached from everywhere."""

    name: str
    url_name: str
    icon: str
    label: str | Promise
    order: int
    key: str = ""
    """the letter that leads here after g"""
    shortcut: str = ""
    """the key that leads here by itself"""
    paths: tuple[str, ...] = ()
    """beginnings of other addresses that belong to this entry"""

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def holds(self, path: str) -> bool:
        """Whether an address lies in this part of the house; the root holds only itself."""
        begins = tuple(address for address in (self.url, *self.paths) if address != "/")
        return path == self.url or path.startswith(begins)


@dataclass(frozen=True)
class SettingsTab:
    """One of the pages under Settings."""

    url_name: str
    label: str | Promise
    order: int
    owner_only: bool = False
    pages: tuple[str, ...] = ()
    """names of other addresses under this tab"""

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.url_name, *self.pages)


SETTINGS = NavItem("settings", "settings", "settings", _("Settings"), order=1000, key="s")
_items: dict[str, NavItem] = {}
_tabs: dict[str, SettingsTab] = {}


def register(*items: NavItem) -> None:
    """Called by each app's AppConfig.ready; a second entry of the same name takes the place of the first."""
    for item in items:
        _items[item.name] = item


def register_tabs(*tabs: SettingsTab) -> None:
    """Adds pages to Settings, as `register` does to the rail."""
    for tab in tabs:
        _tabs[tab.url_name] = tab


def settings_tabs(*, for_owner: bool) -> list[SettingsTab]:
    return sorted((tab for tab in _tabs.values() if for_owner or not tab.owner_only), key=lambda tab: tab.order)


def items() -> list[NavItem]:
    """The entries of the rail, from top to bottom, without the settings at its foot."""
    return sorted(_items.values(), key=lambda item: (item.order, item.name))


def phone_items() -> tuple[list[NavItem], list[NavItem]]:
    """What stands in the phone's bar, and what does not fit and waits under “More”."""
    every = [*items(), SETTINGS]
    if len(every) <= PHONE_PLACES:
        return every, []
    return every[: PHONE_PLACES - 1], every[PHONE_PLACES - 1 :]


register(
    NavItem("home", "home", "home", _("Home"), order=0, key="h"),
    NavItem("activity", "activity", "activity", _("Activity"), order=900, key="a"),
)
register_tabs(
    SettingsTab("settings", _("Account"), order=0, pages=("password",)),
    SettingsTab("tokens", _("API tokens"), order=20),
    SettingsTab("invitations", _("Invitations"), order=30, owner_only=True),
    SettingsTab("about", _("About"), order=100),
)
