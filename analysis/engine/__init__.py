"""Computing of the analysis: no Django, no network."""
