"""Wire format of the analysis: plain Pydantic, shared by the server and its workers."""
