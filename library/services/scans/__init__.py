"""Scans: started, and led through the walk."""

from library.services.scans.folders import check_folders
from library.services.scans.starting import start_scans

__all__ = ["check_folders", "start_scans"]
