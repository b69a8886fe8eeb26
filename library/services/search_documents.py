"""Writes what search looks at: set by set, in the transaction of what has changed."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.cache import invalidate
from library.engine.documents import LONGEST_NAME, Document, Said
from library.engine.words import name_of, words_of
from library.models import SearchName
from library.selectors.search.sources import Names, Sources, TrackSource, sources_of
from library.services.statements import Record, execute

GROUP = "search"
SET = 1000
SHORTEST_KNOWN = 3
# Times of synced lyrics, and what else stands in brackets there.
LRC = re.compile(r"\[[^\]\n]{0,200}\]|<[\d:.]{4,12}>")

DOCUMENTS = Record(
    "made", {"track_id": "bigint", "title": "text", "words": "jsonb", "document": "text", "lyrics": "text"}
)
NAMES = Record("made", {"kind": "text", "entity_id": "bigint", "name": "text", "document": "text"})
WORDS = Record("made", {"word": "text", "of_names": "boolean"})
WRITE_DOCUMENTS = f"""
    INSERT INTO search_documents (track_id, title, words, document, lyrics, date_modified)
    SELECT track_id, title, words, document::tsvector, lyrics::tsvector, %(as_of)s
    FROM {DOCUMENTS}
    ON CONFLICT (track_id) DO UPDATE SET
        title = excluded.title, words = excluded.words, document = excluded.document,
        lyrics = excluded.lyrics, date_modified = excluded.date_modified
"""  # noqa: S608
# Only what differs is touched: two scans do not wait for each other over a genre that both of them know.
WRITE_NAMES = f"""
    INSERT INTO search_names (kind, entity_id, name, document, tracks)
    SELECT made.kind, made.entity_id, made.name, made.document::tsvector, 0
    FROM {NAMES}
    LEFT JOIN search_names known ON known.kind = made.kind AND known.entity_id = made.entity_id
    WHERE known.id IS NULL OR known.name <> made.name OR known.document IS DISTINCT FROM made.document::tsvector
    ORDER BY made.kind, made.entity_id
    ON CONFLICT (kind, entity_id) DO UPDATE SET name = excluded.name, document = excluded.document
    RETURNING kind, entity_id
"""  # noqa: S608
WRITE_WORDS = f"""
    INSERT INTO search_words (word, of_names, documents)
    SELECT made.word, made.of_names, 1
    FROM {WORDS}
    LEFT JOIN search_words known ON known.word = made.word
    WHERE known.word IS NULL
    ORDER BY made.word
    ON CONFLICT (word) DO NOTHING
"""  # noqa: S608


def refresh_search_documents(*, track_ids: Collection[int]) -> int:
    """Writes the words of these tracks, and of the artists, albums and genres that they name; how many there were."""
    ids = sorted(set(track_ids))
    written = 0
    for start in range(0, len(ids), SET):
        with transaction.atomic():
            # Of before it was read: what is written meanwhile is newer than its words, and will be found to be.
            as_of = timezone.now()
            sources = sources_of(tracks=ids[start : start + SET])
            _write(sources, as_of)
        written += len(sources.tracks)
    return written


def refresh_search_names(
    *, artist_ids: Iterable[int] = (), album_ids: Iterable[int] = (), genre_ids: Iterable[int] = ()
) -> Names:
    """Writes names, takes out those of what is gone, and says which of them are other ones than before."""
    asked = Names(set(artist_ids), set(album_ids), set(genre_ids))
    with transaction.atomic():
        sources = sources_of(artists=asked.artists, albums=asked.albums, genres=asked.genres)
        changed = _write(sources, timezone.now())
        gone = Names(
            asked.artists - sources.artists.keys(),
            asked.albums - sources.albums.keys(),
            asked.genres - sources.genres.keys(),
        )
        for kind, ids in gone.by_kind().items():
            if ids:
                SearchName.objects.filter(kind=kind, entity_id__in=ids).delete()
    return changed


def _write(sources: Sources, as_of: datetime) -> Names:
    """Says which names are other ones than before."""
    writing = Writing(sources)
    changed = Names()
    if sources.tracks:
        execute(WRITE_DOCUMENTS, {"as_of": as_of, **DOCUMENTS.of(writing.documents())})
    for kind, pk in execute(WRITE_NAMES, NAMES.of(writing.names())):
        changed.by_kind()[kind].add(pk)
    execute(WRITE_WORDS, WORDS.of(writing.new_words()))
    invalidate(GROUP)
    return changed


class Writing:
    """Makes documents out of sources; each name is taken apart once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.artists = {pk: Said.of(name) for pk, name in sources.artists.items()}
        self.albums = {pk: Said.of(f"{album.title} {album.version}") for pk, album in sources.albums.items()}
        self.genres = {pk: Said.of(name) for pk, name in sources.genres.items()}
        self.tags = {tag: Said.of(tag) for tag in {tag for track in sources.tracks.values() for tag in track.tags}}
        self.titles: set[str] = set()

    def documents(self) -> list[dict[str, object]]:
        """The rows of WRITE_DOCUMENTS."""
        # In the order of their keys, as two writers of the same tracks must take them.
        return [self._document(pk, track) for pk, track in sorted(self.sources.tracks.items())]

    def _document(self, pk: int, track: TrackSource) -> dict[str, object]:
        title = Said.of(track.title)
        self.titles.update(word.text for word in title.words)
        artists = [self.artists[artist] for artist in track.artists if artist in self.artists]
        genres = [self.genres[genre] for genre in track.genres if genre in self.genres]
        tags = [self.tags[tag] for tag in track.tags]
        album = self.albums.get(track.album or 0)
        document = Document()
        document.add_all("A", title, *artists, *([Said.of(track.featured)] if track.featured else []))
        document.add_all("B", *([album] if album else []), *self._other_people(track))
        document.add_all("C", *genres, *tags, *self._years(track))
        said = str(document)
        sung = words_of(LRC.sub(" ", track.lyrics)) if track.lyrics else []
        document.add(sung, "D")
        words = {
            "title": title.folded,
            "artists": " ".join(artist.folded for artist in artists),
            "album": album.folded if album else "",
            "genres": " ".join(genre.folded for genre in genres),
            "tags": " ".join(tag.folded for tag in tags),
            "lyrics": len(sung),
        }
        return {
            "track_id": pk,
            "title": name_of(track.title)[:LONGEST_NAME],
            "words": {source: said for source, said in words.items() if said},
            "document": said,
            "lyrics": str(document) if sung else None,
        }

    def _other_people(self, track: TrackSource) -> list[Said]:
        album = self.sources.albums.get(track.album or 0)
        people = dict.fromkeys([*track.others, *(album.artists if album else ())])
        return [self.artists[pk] for pk in people if pk not in track.artists and pk in self.artists]

    def _years(self, track: TrackSource) -> list[Said]:
        album = self.sources.albums.get(track.album or 0)
        return [Said.of(str(year)) for year in {track.year, album.year if album else None} if year]

    def names(self) -> list[dict[str, object]]:
        """The rows of WRITE_NAMES."""
        sources = self.sources
        artists = (
            self._name(
                SearchName.Kind.ARTIST, pk, name, self.artists[pk], map(Said.of, sources.other_names.get(pk, ()))
            )
            for pk, name in sources.artists.items()
        )
        albums = (
            self._name(
                SearchName.Kind.ALBUM,
                pk,
                album.title,
                self.albums[pk],
                [self.artists[artist] for artist in album.artists if artist in self.artists],
            )
            for pk, album in sources.albums.items()
        )
        genres = (
            self._name(SearchName.Kind.GENRE, pk, name, self.genres[pk], ()) for pk, name in sources.genres.items()
        )
        return [*artists, *albums, *genres]

    def _name(self, kind: str, pk: int, name: str, said: Said, also: Iterable[Said]) -> dict[str, object]:
        document = Document()
        document.add_all("A", said)
        document.add_all("B", *(other for other in also if other.folded != said.folded))
        return {"kind": kind, "entity_id": pk, "name": name_of(name)[:LONGEST_NAME], "document": str(document)}

    def new_words(self) -> list[dict[str, object]]:
        """The rows of WRITE_WORDS: words that may be new, and whether they are of names."""
        named = _texts(*self.artists.values(), *self.albums.values())
        rest = _texts(*self.genres.values(), *self.tags.values()) | self.titles
        return [{"word": word, "of_names": word in named} for word in named | rest if is_for_correction(word)]


def _texts(*said: Said) -> set[str]:
    return {word.text for one in said for word in one.words}


def is_for_correction(word: str) -> bool:
    """Numbers and single letters are meant as they stand; pairs of a script without spaces are no words."""
    return len(word) >= SHORTEST_KNOWN and word.isalpha()
