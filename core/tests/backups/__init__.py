"""A library of their own for the tests of backups, with everything in it that must come back."""
