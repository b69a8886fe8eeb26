"""Reads of search: what documents are made of, what is found, what was meant, what is still missing."""
