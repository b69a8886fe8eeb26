"""Makes rows of what files say: plain dictionaries of the wire format's `ScannedTrack`, without what is empty."""

from typing import Any

from library.engine.paths import escaped
from library.engine.tags import dates, keys, lyrics, musicbrainz, numbers, replaygain
from library.engine.tags.credits import Credit, Rules, credits_of, roles_of
from library.engine.tags.raw import Raw, Words

Row = dict[str, Any]
VARIOUS_ARTISTS = "Various Artists"
_NO = {"", "0", "false", "no", "f", "n"}
_TEXTS = (
    ("sort_title", "titlesort"),
    ("disc_subtitle", "discsubtitle"),
    ("isrc", "isrc"),
    ("language", "language"),
    ("comment", "comment"),
    ("acoustid_fingerprint", "acoustidfingerprint"),
)
_ALBUM_TEXTS = (
    ("sort", "albumsort"),
    ("version", "albumversion"),
    ("label", "label"),
    ("catalog_number", "catalognumber"),
    ("barcode", "barcode"),
    ("media", "media"),
)
MOST_GENRES = 200


def track_row(raw: Raw, *, folder: str, name: bytes, size: int, mtime_ns: int, rules: Rules) -> Row:
    """`folder` as in `walk.Folder`; words beside the file and the cover come in later."""
    row: Row = {"folder": folder, "name": escaped(name), "size": size, "mtime_ns": mtime_ns}
    _sound(row, raw)
    artists, credit = _artists(raw, rules)
    _title_and_numbers(row, raw, folder, escaped(name.rpartition(b".")[0] or name))
    if artists:
        row["artists"] = [artist.as_row() for artist in artists]
        row["credit"] = credit
    roles = roles_of(raw.values, raw.people, rules)
    if roles:
        row["roles"] = roles
    _dates(row, raw)
    _identifiers(row, raw)
    row |= replaygain.levels(raw)
    for field, of in _TEXTS:
        found = raw.values.get(of)
        if found:
            row[field] = found[0]
    _genres(row, raw, rules)
    _for_others(row, raw)
    album = album_row(raw, artists, rules)
    if album is not None:
        row["album"] = album
    return row


def _sound(row: Row, raw: Raw) -> None:
    audio = raw.audio
    row["file_type"] = audio.file_type
    if raw.audio_hash:
        row["audio_hash"] = raw.audio_hash
    for field in ("duration_ms", "bitrate", "sample_rate", "bit_depth", "channels"):
        value = getattr(audio, field)
        if value:
            row[field] = value


def _artists(raw: Raw, rules: Rules) -> tuple[list[Credit], str]:
    values = raw.values
    known = musicbrainz.identifiers(values.get("artist_id", []))
    return credits_of(values.get("artist", []), values.get("artists", []), known, values.get("artistsort", []), rules)


def _title_and_numbers(row: Row, raw: Raw, folder: str, stem: str) -> None:
    number, title = raw.first("track"), raw.first("title")
    if not title:
        of_name, title = numbers.from_file_name(stem)
        number = number or of_name
    row["title"] = title
    _number(row, "track", number)
    _number(row, "disc", raw.first("disc") or numbers.disc_of_folder(folder))


def _number(row: Row, what: str, text: str) -> None:
    shown, position = numbers.numbered(text) if text else (None, None)
    if shown:
        row[f"{what}_number"] = shown
    if position is not None:
        row[f"{what}_position"] = position


def _dates(row: Row, raw: Raw) -> None:
    written = raw.first("date", "releasedate", "originaldate")
    _, year = dates.parsed(written)
    if written and (year or written.strip("0-/. ")):
        row["year"] = written
    if year:
        row["year_number"] = year
    for field, of in (
        ("recording_date", ("recordingdate", "date")),
        ("original_date", ("originaldate",)),
        ("release_date", ("releasedate",)),
    ):
        date, _ = dates.parsed(raw.first(*of))
        if date:
            row[field] = date


def _identifiers(row: Row, raw: Raw) -> None:
    for field, of in (
        ("musicbrainz_id", "recording_id"),
        ("musicbrainz_trackid", "track_id"),
        ("musicbrainz_albumid", "album_id"),
        ("musicbrainz_artistid", "artist_id"),
        ("musicbrainz_albumartistid", "albumartist_id"),
    ):
        values = raw.values.get(of)
        found = musicbrainz.identifier(values) if values else None
        if found:
            row[field] = found


def _genres(row: Row, raw: Raw, rules: Rules) -> None:
    for field, of in (("genres", "genre"), ("moods", "mood")):
        values = raw.values.get(of)
        if values:
            apart = rules.genre.split(values[0]) if len(values) == 1 else list(dict.fromkeys(values))
            row[field] = apart[:MOST_GENRES]


def _for_others(row: Row, raw: Raw) -> None:
    """What the file says of other apps' subjects."""
    bpm = keys.tempo(raw.all("bpm"))
    key = keys.key(raw.all("key"))
    rating = raw.rating if raw.rating is not None else keys.rating(raw.first("fmpsrating"), raw.first("rating"))
    for field, value in (("bpm", bpm), ("key", key), ("rating", rating)):
        if value is not None:
            row[field] = value
    words = lyrics.best(raw.words)
    if words is not None:
        row["lyrics"] = words_row(words, "tags")


def words_row(words: Words, source: str) -> Row:
    row: Row = {"text": words.text, "source": source}
    if words.synced:
        row["synced"] = True
    if words.language:
        row["language"] = words.language
    return row


# --- the album -------------------------------------------------------------------------------------------------------


def is_compilation(raw: Raw) -> bool:
    return raw.first("compilation").lower() not in _NO


def various_artists() -> list[Row]:
    return [{"name": VARIOUS_ARTISTS, "musicbrainz_id": musicbrainz.VARIOUS_ARTISTS}]


def album_row(raw: Raw, artists: list[Credit], rules: Rules) -> Row | None:
    """Without an album's artist it is that of the track, until its whole folder is known: see `folders`."""
    title = raw.first("album")
    if not title:
        return None
    album: Row = {"title": title}
    compilation = is_compilation(raw)
    if compilation:
        album["compilation"] = True
    makers, credit = _album_artists(raw, rules)
    if makers:
        album |= {"artists": [maker.as_row() for maker in makers], "credit": credit}
    elif compilation:
        album |= {"artists": various_artists(), "credit": VARIOUS_ARTISTS}
    else:
        first = artists[0]._replace(join="").as_row() if artists else {"name": ""}
        album |= {"artists": [first], "credit": first["name"]}
    _album_facts(album, raw)
    return album


def has_album_artist(raw: Raw) -> bool:
    return bool(raw.values.get("albumartist") or raw.values.get("albumartists") or is_compilation(raw))


def _album_artists(raw: Raw, rules: Rules) -> tuple[list[Credit], str]:
    values = raw.values
    known = musicbrainz.identifiers(values.get("albumartist_id", []))
    sorts = values.get("albumartistsort", [])
    return credits_of(values.get("albumartist", []), values.get("albumartists", []), known, sorts, rules)


def _album_facts(album: Row, raw: Raw) -> None:
    written = raw.first("releasedate", "date")
    date, year = dates.parsed(written)
    if year:
        album |= {"year": written, "year_number": year, "release_date": date}
    _, original = dates.parsed(raw.first("originaldate"))
    if original:
        album["original_year"] = original
    for field, of in _ALBUM_TEXTS:
        texts = raw.values.get(of)
        if texts:
            album[field] = texts[0]
    kinds = raw.all("releasetype")
    if kinds:
        album["release_type"] = "; ".join(kinds)
    for field, of in (("musicbrainz_albumid", "album_id"), ("musicbrainz_releasegroupid", "releasegroup_id")):
        values = raw.values.get(of)
        found = musicbrainz.identifier(values) if values else None
        if found:
            album[field] = found
