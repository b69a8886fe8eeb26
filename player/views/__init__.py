"""Pages of the player, and what it adds to those of others."""
