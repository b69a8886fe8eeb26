"""Foundation: accounts, tokens, jobs, events and the worker's side; knows no other app."""
