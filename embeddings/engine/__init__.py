"""Computing of the embeddings: no Django, no network."""
