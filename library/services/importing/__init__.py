"""Takes over the library of the first SoniqueBay: built beside the live one, split, compared, and only then exchanged.

building → source, tables (what is read, in which words) → copying, keeping (what stays of the live one), telling
"""
