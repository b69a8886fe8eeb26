"""GraphQL of the analysis: field classes that soniquebay/graphql.py composes, and what it adds to `Track`."""

from analysis.graphql.mutations import AnalysisMutation
from analysis.graphql.queries import AnalysisQuery
from analysis.graphql.types import TrackSound

__all__ = ["AnalysisMutation", "AnalysisQuery", "TrackSound"]
