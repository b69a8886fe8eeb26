"""GraphQL of the player: field classes that soniquebay/graphql.py composes, and what it adds to `Track`."""

from player.graphql.mutations import PlayerMutation
from player.graphql.queries import PlayerQuery
from player.graphql.types import TrackListening

__all__ = ["PlayerMutation", "PlayerQuery", "TrackListening"]
