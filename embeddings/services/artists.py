"""Where artists lie: the mean direction of their tracks, written where it is another one."""

from collections.abc import Sequence

from library.services.statements import execute

MEANS = """
    SELECT l.artist_id, e.embedding_type, e.embedding_model, max(e.embedding_source) AS source,
      avg(e.vector) AS vector, count(*) AS tracks
    FROM track_artists l JOIN track_embeddings e ON e.track_id = l.track_id
    WHERE l.role = 'artist' {narrowed} GROUP BY 1, 2, 3
"""
WRITE = """
    WITH means AS MATERIALIZED ({means}), written AS (
      INSERT INTO artist_embeddings AS kept (artist_id, embedding_type, embedding_model, embedding_source, vector,
        tracks, date_added, date_modified)
      SELECT artist_id, embedding_type, embedding_model, source, l2_normalize(vector), tracks, now(), now()
      FROM means WHERE vector_norm(vector) > 1e-6 ORDER BY artist_id
      ON CONFLICT (artist_id, embedding_type, embedding_model) DO UPDATE SET vector = excluded.vector,
        embedding_source = excluded.embedding_source, tracks = excluded.tracks, date_modified = excluded.date_modified
      WHERE kept.vector IS DISTINCT FROM excluded.vector OR kept.tracks <> excluded.tracks
      RETURNING 1
    ), gone AS (
      DELETE FROM artist_embeddings k WHERE {among} k.tracks > 0 AND NOT EXISTS (
        SELECT 1 FROM means m WHERE m.artist_id = k.artist_id AND m.embedding_type = k.embedding_type
          AND m.embedding_model = k.embedding_model AND vector_norm(m.vector) > 1e-6)
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
"""
OF_TRACKS = (
    "SELECT DISTINCT artist_id FROM track_artists WHERE role = 'artist' AND track_id = ANY(%(tracks)s::bigint[])"
)


def settle_artists() -> int:
    """All of them; how many lie elsewhere now."""
    statement = WRITE.format(means=MEANS.format(narrowed=""), among="")
    return int(execute(statement, {})[0][0])


def settle_artists_of(*, track_ids: Sequence[int]) -> int:
    """Those who made these tracks."""
    return settle_these(artist_ids=[artist for (artist,) in execute(OF_TRACKS, {"tracks": list(track_ids)})])


def settle_these(*, artist_ids: Sequence[int]) -> int:
    if not artist_ids:
        return 0
    means = MEANS.format(narrowed="AND l.artist_id = ANY(%(artists)s::bigint[])")
    statement = WRITE.format(means=means, among="k.artist_id = ANY(%(artists)s::bigint[]) AND")
    return int(execute(statement, {"artists": list(artist_ids)})[0][0])
