"""Wire format of the library: plain Pydantic, shared by the server and its workers."""
