"""The workers' side of the embeddings: fetch facts, encode, send vectors."""
