"""REST of the player, a subject a module."""
