"""GraphQL of the library: field classes that soniquebay/graphql.py composes, and `Track`, to which apps above add."""

from library.graphql.mutations import LibraryMutation
from library.graphql.peers import looked_up, together
from library.graphql.queries import LibraryQuery
from library.graphql.types import SCALARS, Album, Artist, Cover, Genre, Track

__all__ = [
    "SCALARS",
    "Album",
    "Artist",
    "Cover",
    "Genre",
    "LibraryMutation",
    "LibraryQuery",
    "Track",
    "looked_up",
    "together",
]
