"""The library's side of workers: against a small server of the tests' own that speaks the scan's protocol."""
