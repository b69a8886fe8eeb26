"""Who made something, in order, and how that is shown; the first one is kept on the row as well, for lists."""

from collections.abc import Sequence

from django.db import connection

from library.models import AlbumArtist, Artist, TrackArtist

BETWEEN = ", "
LAST = " & "
# A credit that was spelt by a tag ("Moss vs. Fern") is only rewritten where a name in it changes.
ALBUMS = """
    UPDATE albums SET artist_credit = said.credit FROM (
        SELECT c.album_id, string_agg(a.name || c.join_phrase, '' ORDER BY c.position, c.id) AS credit
        FROM album_artist c JOIN artists a ON a.id = c.artist_id
        WHERE c.album_id IN (SELECT album_id FROM album_artist WHERE artist_id = %(artist)s)
        GROUP BY c.album_id
    ) said WHERE albums.id = said.album_id
"""
TRACKS = """
    UPDATE tracks SET artist_credit = said.credit FROM (
        SELECT c.track_id, string_agg(a.name || c.join_phrase, '' ORDER BY c.position, c.id) AS credit
        FROM track_artists c JOIN artists a ON a.id = c.artist_id
        WHERE c.role = 'artist'
        AND c.track_id IN (SELECT track_id FROM track_artists WHERE artist_id = %(artist)s AND role = 'artist')
        GROUP BY c.track_id
    ) said WHERE tracks.id = said.track_id
"""


def rewrite_credits_of(*, artist_id: int) -> None:
    """After a change of name: wherever it is shown."""
    with connection.cursor() as cursor:
        cursor.execute(ALBUMS, {"artist": artist_id})
        cursor.execute(TRACKS, {"artist": artist_id})


def joins(count: int) -> list[str]:
    """What stands behind each name: Moss, Fern & Reed."""
    return [(LAST if place == count - 2 else BETWEEN) if place < count - 1 else "" for place in range(count)]


def credit_of(artists: Sequence[Artist]) -> str:
    return "".join(artist.name + join for artist, join in zip(artists, joins(len(artists)), strict=True))


def album_credits(album_id: int, artists: Sequence[Artist]) -> list[AlbumArtist]:
    return [
        AlbumArtist(album_id=album_id, artist=artist, position=place, join_phrase=join)
        for place, (artist, join) in enumerate(zip(artists, joins(len(artists)), strict=True))
    ]


def track_credits(track_id: int, artists: Sequence[Artist]) -> list[TrackArtist]:
    return [
        TrackArtist(track_id=track_id, artist=artist, position=place, join_phrase=join)
        for place, (artist, join) in enumerate(zip(artists, joins(len(artists)), strict=True))
    ]


def once_each(artists: Sequence[Artist]) -> list[Artist]:
    """In their order, nobody twice."""
    return list(dict.fromkeys(artists))
