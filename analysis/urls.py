"""Addresses of the analysis' pages."""

from django.urls import path

from analysis.views import governing, plots, track

urlpatterns = [
    path("library/sound/", plots.plots, name="library_sound"),
    path("tracks/<int:track_id>/sound/", track.sound, name="sound_of_track"),
    path("tracks/<int:track_id>/sound/analyse/", track.analyse, name="analyse_track"),
    path("tracks/<int:track_id>/sound/<str:field>/<str:do>/", track.change, name="change_sound"),
    path("tracks/<int:track_id>/sound/changes/<int:change_id>/take-back/", track.take_back, name="take_back_sound"),
    path("settings/analysis/", governing.governing, name="analysis"),
    path("settings/analysis/pause/", governing.pause, name="pause_analysis"),
    path("settings/analysis/resume/", governing.resume, name="resume_analysis"),
    path("settings/analysis/start/", governing.start, name="start_analysis"),
    path("settings/analysis/again/", governing.again, name="analyse_again"),
    path("settings/analysis/errors/", governing.errors, name="analysis_errors"),
]
