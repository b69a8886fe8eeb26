"""Wire format of the embeddings: plain Pydantic, shared by the server and its workers."""
