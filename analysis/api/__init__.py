"""REST of the analysis, a subject a module."""
