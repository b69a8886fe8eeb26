"""Vectors of tracks and artists: search by meaning and by sound, recommendations that say why."""
