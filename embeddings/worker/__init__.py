"""The workers' side of the embeddings. No Django."""
