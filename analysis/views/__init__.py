"""Pages of the analysis, and its pieces of other apps' pages."""
