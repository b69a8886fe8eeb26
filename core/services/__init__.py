"""Writes of the foundation, by subject: jobs, accounts, tokens, settings, workers."""
