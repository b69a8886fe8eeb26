"""The pages of the library: thin doors that parse, call and render."""
