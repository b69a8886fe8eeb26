"""What the player adds to the pages of the apps below it."""

from core.panels import ColumnSet, Panel
from player.views.actions import columns, one, several
from player.views.playing import resume

ACTIONS = "player/_actions.html"
PANELS = (
    Panel("player.album", "album-actions", ACTIONS, several("album"), order=10),
    Panel("player.artist", "artist-actions", ACTIONS, several("artist"), order=10),
    Panel("player.genre", "genre-actions", ACTIONS, several("genre"), order=10),
    Panel("player.track", "track-actions", ACTIONS, one, order=10),
    Panel("player.resume", "home", "player/_resume.html", resume, order=10),
)
COLUMNS = (
    ColumnSet("player.album", "album", columns, order=40),
    ColumnSet("player.tracks", "tracks", columns, order=40),
)
