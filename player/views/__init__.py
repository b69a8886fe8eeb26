"""The player's pages, and what it adds to the pages of others."""
