"""How the library is shown: covers, credits, times, and what pages of other apps show of it."""
