"""Wire format of the player: plain Pydantic."""
