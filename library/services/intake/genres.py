"""Finds the genres and moods that files name, and makes those that are new."""

from collections.abc import Iterable

from library.engine.names import genre_key
from library.services.intake.incoming import Incoming, short_name
from library.services.statements import Record, execute, new_ids

ROWS = Record("r", {"id": "bigint", "name": "text", "key": "text"})
INSERT = f"""
    INSERT INTO genres (id, name, name_key, date_added, date_modified)
    SELECT id, name, key, now(), now() FROM {ROWS}
    ON CONFLICT DO NOTHING
"""  # noqa: S608
INSERT_MOODS = "INSERT INTO mood_tags (name) SELECT unnest(%(names)s::text[]) ON CONFLICT DO NOTHING"


def genres_for(rows: Iterable[Incoming]) -> dict[str, int]:
    """By key; a genre is called what the first file called it."""
    names: dict[str, str] = {}
    for row in rows:
        for name in row.tags.genres:
            if name.strip():
                names.setdefault(genre_key(short_name(name)), short_name(name))
    found = _known(names)
    new = sorted(names.keys() - found.keys())
    if new:
        numbers = new_ids("genres", len(new))
        made = [{"id": id_, "name": names[key], "key": key} for key, id_ in zip(new, numbers, strict=True)]
        execute(INSERT, ROWS.of(made))
        found = _known(names)
    return found


def _known(names: dict[str, str]) -> dict[str, int]:
    if not names:
        return {}
    return dict(execute("SELECT name_key, id FROM genres WHERE name_key = ANY(%(keys)s)", {"keys": list(names)}))


def moods_for(rows: Iterable[Incoming]) -> dict[str, int]:
    """By their names in small letters."""
    names = sorted({mood_name(name) for row in rows for name in row.tags.moods if name.strip()})
    if not names:
        return {}
    execute(INSERT_MOODS, {"names": names})
    return dict(execute("SELECT name, id FROM mood_tags WHERE name = ANY(%(names)s)", {"names": names}))


def mood_name(name: str) -> str:
    return short_name(name).lower()
