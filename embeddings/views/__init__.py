"""Pages of the embeddings, and their pieces of other apps' pages."""
