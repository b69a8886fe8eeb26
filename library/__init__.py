"""Roots, artists, albums, tracks, genres and covers, and the scan that fills them."""
