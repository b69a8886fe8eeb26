"""Pure computing of the embeddings: what words and sounds mean, without a network and without a database."""
