"""What everybody who looks at a queue is told, in the order in which it happened."""

from player.events.inbox import InOrder
from player.events.telling import address_of, tell_change, tell_devices, tell_position, tell_to_look

__all__ = ["InOrder", "address_of", "tell_change", "tell_devices", "tell_position", "tell_to_look"]
