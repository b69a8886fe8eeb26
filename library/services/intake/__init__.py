"""Takes in what scans have read: a batch at a time, a handful of statements for all of its rows."""

from library.services.intake.batch import take_batch
from library.services.intake.locking import lock_catalogue

__all__ = ["lock_catalogue", "take_batch"]
