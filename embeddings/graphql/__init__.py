"""GraphQL of the embeddings: field classes that soniquebay/graphql.py composes."""

from embeddings.graphql.mutations import EmbeddingsMutation
from embeddings.graphql.queries import EmbeddingsQuery
from embeddings.graphql.recommending import RecommendingQuery

__all__ = ["EmbeddingsMutation", "EmbeddingsQuery", "RecommendingQuery"]
