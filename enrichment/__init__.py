"""What other services and sidecar files know about artists, albums and tracks."""
