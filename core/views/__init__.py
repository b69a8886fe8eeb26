"""The pages of the foundation: thin doors that parse, call and render."""
