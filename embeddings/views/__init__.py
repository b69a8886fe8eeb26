"""Pages of the embeddings."""
