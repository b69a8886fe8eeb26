"""Writes of the queue: one command after the other, each told to everybody who looks at it."""

from player.services.queue.applying import apply_command
from player.services.queue.positions import report_position

__all__ = ["apply_command", "report_position"]
