"""Computing of the player: pieces and other formats of files, places in an order, what counts. No Django."""
