"""What an import found odd, in sentences: how many of each kind, and the first few of them by number."""

from dataclasses import dataclass, field

import psycopg

# Kinds of leftovers that are worth a word; the rest are marks by which the split could be taken back.
WORDS = {
    "zero_vector": "vectors of zeros, which stood for a failure; there is no vector now",
    "other_length": "vectors of another length than 512; not copied",
    "broken_cover": "covers that cannot be decoded; their text is kept aside",
    "cover_is_no_picture": "covers that are no picture; their text is kept aside",
    "lost_cover": "covers of things that are not there; not copied",
    "older_cover": "covers of things that have a newer one; not copied",
    "number_unreadable": "numbers that are none; the text stays, the number is empty",
    "time_unreadable": "times of files that are none; a scan reads them anew",
    "not_a_number": "values of the sound that are no numbers (NaN); empty now",
    "merged_genre": "genres that were the same but for case or accents; one spelling stays",
    "genre_too_long": "genres of more than 200 characters; their text is kept, they are no genre",
    "long_name": "names of more than 1,000 characters; cut, the whole is kept aside",
    "namesake": "rows with the name of another and nothing to tell them apart by; merge them if they are one",
    "lost_artist": "rows whose artist is not there; they belong to Unknown Artist now",
    "lost_album": "tracks whose album is not there; they belong to none now",
    "orphan_link": "links to what is not there; dropped",
    "orphan_row": "rows of tracks that are not there; dropped",
    "orphan_cover": "covers of things that are not there",
    "duplicate_link": "links that were there several times; once now",
    "duplicate_path": "tracks with the path of another; their path is empty now",
    "duplicate_recording": "tracks with the MusicBrainz recording of another; kept",
    "nameless": "genres or tags without a name; dropped",
    "encrypted_setting": "encrypted settings; not copied, enter them anew in the settings",
    "setting": "settings; not copied, this SoniqueBay has its own",
    "other_table": "tables that have no place here; not copied",
    "other_column": "columns that have no place here; not copied",
}
NAMED = ("encrypted_setting", "setting", "other_table", "other_column")
EXAMPLES = 5


@dataclass(frozen=True)
class Found:
    kind: str
    entity: str
    field: str
    count: int
    examples: list[str]

    def __str__(self) -> str:
        what = self.entity if self.kind in NAMED else f"{self.entity} {self.field}".strip()
        more = "" if self.count <= len(self.examples) else " …"
        return f"{self.count:>9,}  {WORDS[self.kind]} ({what}: {', '.join(self.examples)}{more})"


@dataclass
class Report:
    """What there is to say afterwards."""

    rows: dict[str, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    covers: int = 0
    outside: int = 0
    jobs_failed: int = 0
    put_aside: str = ""

    def as_json(self) -> dict[str, object]:
        return {**vars(self), "found": [vars(found) for found in self.found]}


def oddities_found(new: psycopg.Connection) -> list[Found]:
    """In the order of the words above."""
    rows = new.execute(
        "SELECT kind, entity, CASE WHEN kind = ANY(%s) THEN '' ELSE field END AS field, count(*), "
        "(array_agg(CASE WHEN kind = ANY(%s) THEN field ELSE entity_id::text END ORDER BY id))[1:%s] "
        "FROM split_leftovers WHERE kind = ANY(%s) GROUP BY 1, 2, 3",
        [list(NAMED), list(NAMED), EXAMPLES, list(WORDS)],
    ).fetchall()
    found = [Found(*row) for row in rows]
    return sorted(found, key=lambda one: (list(WORDS).index(one.kind), one.entity, one.field))
