"""Takes in what scans have read."""
