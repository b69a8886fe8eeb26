"""Recommendations as the API answers them: tracks and artists with all that their rows show, reasons in words."""

from collections.abc import Sequence

from embeddings.engine.recommending.reasons import Reason
from embeddings.schemas.recommending import ReasonOut, RecommendedOut, SimilarArtistOut
from embeddings.selectors.recommending import Recommended
from embeddings.selectors.words import reason_text, sentence
from library.models import Track
from library.selectors.artists import artist_rows
from library.selectors.outs import artist_outs, track_outs
from library.selectors.tracks import track_rows


def recommended_outs(found: Sequence[Recommended]) -> list[RecommendedOut]:
    """In their order; what was deleted meanwhile is left out."""
    rows = tracks_of(found)
    outs = {out.id: out for out in track_outs(list(rows.values()))}
    return [
        RecommendedOut(
            track=outs[one.track_id],
            score=one.score,
            parts=dict(one.parts),
            reasons=reason_outs(one.reasons),
            sentence=sentence(one.reasons),
        )
        for one in found
        if one.track_id in outs
    ]


def artist_recommended_outs(found: Sequence[Recommended]) -> list[SimilarArtistOut]:
    rows = artist_rows().filter(pk__in=[one.track_id for one in found])
    outs = {out.id: out for out in artist_outs(list(rows))}
    return [
        SimilarArtistOut(
            artist=outs[one.track_id],
            score=one.score or 0.0,
            parts=dict(one.parts),
            reasons=reason_outs(one.reasons),
            sentence=sentence(one.reasons),
        )
        for one in found
        if one.track_id in outs
    ]


def tracks_of(found: Sequence[Recommended]) -> dict[int, Track]:
    """Rows by their numbers."""
    return {row.pk: row for row in track_rows().filter(pk__in=[one.track_id for one in found])}


def reason_outs(reasons: Sequence[Reason]) -> list[ReasonOut]:
    return [ReasonOut(kind=one.kind, values=dict(one.values), text=reason_text(one)) for one in reasons]
