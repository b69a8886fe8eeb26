"""What the player computes: places in an order, shuffling, whether a listen counts."""
