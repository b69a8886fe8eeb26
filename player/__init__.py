"""Streaming, the shared queue, playlists, listens and their analytics."""
