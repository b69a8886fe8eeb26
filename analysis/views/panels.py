"""What the analysis adds to the pages of the apps below it."""

from analysis.views.governing import beside_job
from analysis.views.plots import way_here
from analysis.views.tables import COLUMNS
from analysis.views.track import sound_panel
from core.panels import Panel

PANELS = (
    Panel("analysis.sound", "track", "analysis/_sound.html", sound_panel, order=20),
    Panel("analysis.pause", "job", "analysis/_pause.html", beside_job, order=20),
    Panel("analysis.plots", "library", "analysis/_way_here.html", way_here, order=20),
)
__all__ = ["COLUMNS", "PANELS"]
