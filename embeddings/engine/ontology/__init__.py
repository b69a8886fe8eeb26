"""What is known of music: genres, moods, uses, instruments, places, artists, as data that a person can extend."""

from embeddings.engine.ontology.concepts import Ontology, load_ontology
from embeddings.engine.ontology.expansion import Expansion, Reason, expand
from embeddings.engine.ontology.genres import Genre, Genres, load_genres

__all__ = ["Expansion", "Genre", "Genres", "Ontology", "Reason", "expand", "load_genres", "load_ontology"]
