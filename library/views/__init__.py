"""Pages and files of the library, a subject a module."""
