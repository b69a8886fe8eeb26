"""The workers' side of the foundation: takes jobs from the broker, speaks to the server over HTTP, knows no Django."""
