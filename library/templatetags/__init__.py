"""Pieces that pages of other apps show of the library."""
