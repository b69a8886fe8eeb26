"""REST of the library, a router a subject."""
