"""The pictures of a batch: a track's own, from which its album's is taken, and those that lie in folders."""

from collections.abc import Iterable

from django.conf import settings

from library.engine.cover_files import found_original
from library.models import LibraryRoot
from library.schemas.scan import CoverRef, FolderCover
from library.services.covers import show_best
from library.services.intake.incoming import Incoming
from library.services.statements import Record, execute

IMAGE = Record("r", {"digest": "text", "mime_type": "text", "size": "int"})
IMAGES = f"""
    INSERT INTO cover_images (digest, mime_type, size, color_1, color_2, problem, date_added)
    SELECT digest, mime_type, size, '', '', '', now()
    FROM {IMAGE}
    ON CONFLICT DO NOTHING
"""  # noqa: S608
OF_TRACKS = Record(
    "r", {"track": "bigint", "digest": "text", "source": "text", "mime_type": "text", "shown": "boolean"}
)
# Pictures of the track itself that its file does not hold any more.
FORGET = f"""
    DELETE FROM covers c WHERE c.entity_type = 'track' AND c.entity_id = ANY(%(tracks)s) AND c.source = 'embedded'
      AND NOT EXISTS (SELECT 1 FROM {OF_TRACKS} WHERE r.track = c.entity_id AND r.source = c.source)
    RETURNING c.entity_id
"""  # noqa: S608
INSERT = f"""
    INSERT INTO covers (entity_type, entity_id, source, image_id, mime_type, shown, date_added, date_modified)
    SELECT 'track', track, source, digest, mime_type, shown, now(), now() FROM {OF_TRACKS}
    ON CONFLICT (entity_type, entity_id, source)
    DO UPDATE SET image_id = excluded.image_id, mime_type = excluded.mime_type, date_modified = now()
    WHERE covers.image_id IS DISTINCT FROM excluded.image_id
    RETURNING entity_id
"""  # noqa: S608
# The first track that has one lends it to the album.
OF_ALBUMS = """
    INSERT INTO covers (entity_type, entity_id, source, image_id, mime_type, shown, date_added, date_modified)
    SELECT DISTINCT ON (t.album_id) 'album', t.album_id, 'embedded', c.image_id, c.mime_type, false, now(), now()
    FROM tracks t JOIN covers c ON c.entity_type = 'track' AND c.entity_id = t.id AND c.source = 'embedded'
    WHERE t.album_id = ANY(%(albums)s) AND t.available
    ORDER BY t.album_id, t.disc_position NULLS LAST, t.track_position NULLS LAST, t.id
    ON CONFLICT (entity_type, entity_id, source)
    DO UPDATE SET image_id = excluded.image_id, mime_type = excluded.mime_type, date_modified = now()
    WHERE covers.image_id IS DISTINCT FROM excluded.image_id
"""
FORGET_ALBUMS = """
    DELETE FROM covers c WHERE c.entity_type = 'album' AND c.source = 'embedded' AND c.entity_id = ANY(%(albums)s)
      AND NOT EXISTS (
        SELECT 1 FROM tracks t JOIN covers o ON o.entity_type = 'track' AND o.entity_id = t.id
            AND o.source = 'embedded' WHERE t.album_id = c.entity_id AND t.available
      )
"""
# A folder of many albums' single tracks has a picture of none of them.
MOST_ALBUMS_OF_A_FOLDER = 3
OF_FOLDER = Record("r", {"folder": "text", "digest": "text"})
REMEMBER = f"""
    INSERT INTO scan_folders (root_id, path, digest, files, picture)
    SELECT %(root)s, folder, '', 0, digest FROM {OF_FOLDER}
    ON CONFLICT (root_id, path) DO UPDATE SET picture = excluded.picture
    WHERE scan_folders.picture IS DISTINCT FROM excluded.picture
"""  # noqa: S608
# An album may lie in several folders, of which only one was looked into now.
OF_FOLDERS = f"""
    INSERT INTO covers (entity_type, entity_id, source, image_id, mime_type, shown, date_added, date_modified)
    SELECT DISTINCT ON (t.album_id) 'album', t.album_id, 'folder', i.digest, i.mime_type, false, now(), now()
    FROM tracks t JOIN scan_folders f ON f.root_id = t.root_id AND f.path = t.folder COLLATE "C"
    JOIN cover_images i ON i.digest = f.picture
    WHERE t.available AND t.album_id = ANY(%(albums)s) AND (
        SELECT count(DISTINCT o.album_id) FROM tracks o
        WHERE o.root_id = f.root_id AND o.folder = f.path AND o.available
    ) <= {MOST_ALBUMS_OF_A_FOLDER}
    ORDER BY t.album_id, f.path
    ON CONFLICT (entity_type, entity_id, source)
    DO UPDATE SET image_id = excluded.image_id, mime_type = excluded.mime_type, date_modified = now()
    WHERE covers.image_id IS DISTINCT FROM excluded.image_id
    RETURNING entity_id
"""  # noqa: S608


ALBUMS_IN = """
    SELECT DISTINCT album_id FROM tracks
    WHERE root_id = %(root)s AND folder = ANY(%(folders)s) AND available AND album_id IS NOT NULL
"""
FORGET_OF_FOLDERS = """
    DELETE FROM covers c WHERE c.entity_type = 'album' AND c.source = 'folder' AND c.entity_id = ANY(%(albums)s)
      AND NOT EXISTS (
        SELECT 1 FROM tracks t
        LEFT JOIN scan_folders f ON f.root_id = t.root_id AND f.path = t.folder COLLATE "C"
        WHERE t.album_id = c.entity_id AND t.available AND f.picture IS DISTINCT FROM ''
      )
    RETURNING c.entity_id
"""


def write_track_covers(rows: list[Incoming]) -> None:
    """Each track's own picture, and from them those of their albums."""
    refs = [(row, row.tags.cover) for row in rows if row.tags.cover]
    known = [row.track_id for row in rows if row.known]
    if not refs and not known:
        return
    note_images(ref for _row, ref in refs)
    found = [
        {
            "track": row.track_id,
            "digest": ref.digest,
            "source": ref.source,
            "mime_type": ref.mime_type,
            "shown": row.known is None,
        }
        for row, ref in refs
    ]
    values = OF_TRACKS.of(found)
    gone = execute(FORGET, {**values, "tracks": known}) if known else []
    written = execute(INSERT, values) if found else []
    touched = {number for (number,) in gone + written}
    show_best("track", touched & set(known))
    lost = {number for (number,) in gone}
    _write_album_covers(
        {row.album_id for row in rows if row.album_id and (row.track_id in touched or _came(row))},
        {album for row in rows if (album := _left(row, lost))},
    )


def _came(row: Incoming) -> bool:
    return row.known is not None and row.known.album_id != row.album_id


def _left(row: Incoming, lost: set[int]) -> int | None:
    """The album that may have shown this track's picture until now."""
    if row.known and (row.track_id in lost or _came(row)):
        return row.known.album_id
    return None


def _write_album_covers(pictured: set[int], left: set[int]) -> None:
    if left:
        execute(FORGET_ALBUMS, {"albums": list(left)})
    if pictured | left:
        execute(OF_ALBUMS, {"albums": list(pictured | left)})
        show_best("album", pictured | left)


def write_folder_covers(root: LibraryRoot, covers: list[FolderCover]) -> None:
    """A picture in a folder is that of the albums in it, for as long as it lies there."""
    if not covers:
        return
    note_images(entry.cover for entry in covers if entry.cover)
    found = {entry.folder: entry.cover.digest if entry.cover else "" for entry in covers}
    values = OF_FOLDER.of([{"folder": folder, "digest": digest} for folder, digest in found.items()])
    execute(REMEMBER, {**values, "root": root.pk})
    albums = {"albums": [number for (number,) in execute(ALBUMS_IN, {"root": root.pk, "folders": list(found)})]}
    touched = execute(OF_FOLDERS, albums) + execute(FORGET_OF_FOLDERS, albums)
    show_best("album", {number for (number,) in touched})


def note_images(refs: Iterable[CoverRef]) -> None:
    """Their bytes may come later: what refers to them can be written now."""
    images = {ref.digest: {"digest": ref.digest, "mime_type": ref.mime_type, "size": ref.size} for ref in refs}
    if images:
        execute(IMAGES, IMAGE.of(list(images.values())))


def wanted(digests: Iterable[str]) -> list[str]:
    """Those whose bytes are not here."""
    return [digest for digest in dict.fromkeys(digests) if found_original(settings.MEDIA_ROOT, digest) is None]
