"""The music, a module for each album: nothing but data."""
