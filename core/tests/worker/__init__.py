"""The workers' side of core: alone, against a small server of the tests' own."""
