"""The player's tables: what is played next, on which device, and what was heard."""

from player.models.devices import Device
from player.models.listens import Listen
from player.models.queue import PlayQueue, QueueCommand, QueueEntry

__all__ = ["Device", "Listen", "PlayQueue", "QueueCommand", "QueueEntry"]
