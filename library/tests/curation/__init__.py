"""Merging, splitting, editing, and taking it back."""
