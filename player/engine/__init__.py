"""Computing of the player: what files hold, pieces of them, other formats of them; no Django, no network."""
