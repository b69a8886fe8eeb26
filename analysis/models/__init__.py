"""Tables of the analysis: what tracks sound like, what is measured beside it, who changed it, who is at it."""

from analysis.models.beside import TrackDescriptors, TrackLoudness, TrackWaveform
from analysis.models.features import TrackAudioFeatures
from analysis.models.history import FeatureChange
from analysis.models.work import AnalysisError, AnalysisLease

__all__ = [
    "AnalysisError",
    "AnalysisLease",
    "FeatureChange",
    "TrackAudioFeatures",
    "TrackDescriptors",
    "TrackLoudness",
    "TrackWaveform",
]
