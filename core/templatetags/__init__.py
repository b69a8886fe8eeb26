"""Small pieces and readings for templates."""
