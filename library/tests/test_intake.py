"""What becomes of a batch: rows in the database, once, whatever they hold."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Superseded
from library.models import (
    Album,
    AlbumArtist,
    Artist,
    ArtistKey,
    ArtistSplit,
    Genre,
    Lyrics,
    ScanAbsence,
    ScanError,
    ScanFolder,
    Track,
    TrackArtist,
)
from library.models.artists import UNKNOWN_ARTIST
from library.services.statements import execute
from library.signals import ImportedTrack, tracks_changed, tracks_imported
from library.tests.factories import make_artist, make_root, scanned_track
from library.tests.scans import Scan

pytestmark = pytest.mark.usefixtures("no_delivery")
MBID = "11111111-1111-4111-8111-111111111111"
OTHER_MBID = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def scan(db: None) -> Scan:
    return Scan(make_root())


def heard(signal: Any) -> list[dict[str, Any]]:
    """What a signal has told from now on."""
    told: list[dict[str, Any]] = []

    def hear(sender: Any, signal: Any, **words: Any) -> None:
        told.append(words)

    signal.connect(hear, weak=False)
    return told


def changed_rows() -> dict[str, int]:
    """By where they lie, which every write of a row changes."""
    tables = ("tracks", "albums", "artists", "track_artists", "track_genres", "covers", "scan_folders", "lyrics")
    return {table: hash(tuple(execute(f"SELECT ctid::text FROM {table} ORDER BY 1", {}))) for table in tables}


def test_a_file_becomes_a_track_with_its_artists_album_and_genres(scan: Scan) -> None:
    out = scan.send(scanned_track("a.flac", title="Ebb", duration_ms=181_600, genres=["Ambient", "ambient", "Drone"]))
    assert (out.new, out.refused) == (1, [])
    track = Track.objects.get()
    assert (track.title, track.artist_credit, track.duration, track.duration_ms) == ("Ebb", "Moss", 182, 181_600)
    assert (track.path, track.folder) == (f"{scan.root.path}/Moss/Low Tide/a.flac", "Moss/Low Tide/")
    assert track.available
    assert track.album is not None
    assert (track.album.title, track.album.album_artist.name, track.track_artist.name) == ("Low Tide", "Moss", "Moss")
    assert {genre.name for genre in track.genres.all()} == {"Ambient", "Drone"}
    assert {genre.name for genre in track.album.genres.all()} == {"Ambient", "Drone"}


def test_the_same_batch_again_changes_no_row(scan: Scan) -> None:
    rows = [scanned_track(lyrics={"text": "la"}, cover=picture("a"), album=None) for _ in range(3)]
    rows += [scanned_track() for _ in range(3)]
    digests = [{"path": "Moss/Low Tide/", "digest": "d"}]
    scan.send(*rows, folders=digests)
    before = changed_rows()
    out = scan.send(*rows, folders=digests)
    assert (out.new, out.changed, out.unchanged, out.returned) == (0, 0, 6, 0)
    assert changed_rows() == before


def test_a_changed_file_changes_its_row_and_no_other(scan: Scan) -> None:
    rows = [scanned_track() for _ in range(3)]
    scan.send(*rows)
    before = dict(execute("SELECT id, ctid::text FROM tracks", {}))
    out = scan.send(*[row | {"title": "Anew", "mtime_ns": 5} if row is rows[1] else row for row in rows])
    assert (out.new, out.changed, out.unchanged) == (0, 1, 2)
    after = dict(execute("SELECT id, ctid::text FROM tracks", {}))
    assert sorted(before) == sorted(after)
    assert sum(before[pk] != after[pk] for pk in before) == 1, "where a row lies tells whether it was written"
    assert Track.objects.get(title="Anew").file_mtime_ns == 5


@pytest.mark.parametrize(
    "bad",
    [
        {"size": -1},
        {"duration_ms": "long"},
        {"name": "../x.flac"},
        {"name": ""},
        {"folder": "a/../../b/"},
        {"folder": "/etc/"},
        {"folder": "no slash"},
        {"year_number": 2**40},
        {"replaygain_track_gain": float("nan")},
        {"unheard_of": 1},
        {"cover": {"digest": "x", "mime_type": "image/png", "size": 1, "source": "embedded"}},
    ],
)
def test_a_bad_row_loses_no_other_and_is_remembered(scan: Scan, bad: dict[str, Any]) -> None:
    row = scanned_track("bad.flac") | bad
    out = scan.send(scanned_track(), row, scanned_track())
    assert out.new == Track.objects.count() == 2
    assert len(out.refused) == 1
    assert out.refused[0].reason
    if row["name"] == "bad.flac" and row["folder"] == "Moss/Low Tide/":
        assert ScanError.objects.get().path.endswith("bad.flac")


def test_what_only_the_database_refuses_is_found_by_halving(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A constraint that nobody foresaw, on row 37 of 100."""
    execute("ALTER TABLE tracks ADD CONSTRAINT nobody_foresaw CHECK (title <> 'Boom')", {})
    rows = [scanned_track() for _ in range(100)]
    rows[37]["title"] = "Boom"
    out = scan.send(*rows)
    assert (out.new, Track.objects.count()) == (99, 99)
    assert [row.name for row in out.refused] == [rows[37]["name"]]
    assert "nobody_foresaw" in out.refused[0].reason


def test_a_receiver_that_cannot_take_a_row_loses_no_other(scan: Scan) -> None:
    def refuse(sender: Any, tracks: list[ImportedTrack], **kwargs: Any) -> None:
        if any(track.bpm == 66 for track in tracks):
            raise ValueError("66 is no tempo here")

    tracks_imported.connect(refuse)
    try:
        out = scan.send(scanned_track(), scanned_track(bpm=66), scanned_track())
    finally:
        tracks_imported.disconnect(refuse)
    assert (out.new, [row.reason for row in out.refused]) == (2, ["66 is no tempo here"])


@pytest.mark.parametrize(
    "title",
    [
        "a\x00b",
        "half a pair \ud83d",
        "\u202eevil\u202c",
        "<script>alert(1)</script>",
        "x" * 20_000,
        "é" * 19_000,
        "'; --",
    ],
)
def test_hostile_text_is_text(scan: Scan, title: str) -> None:
    row = scanned_track(title=title, artist=title[:400] + "!", album=title[:300] + "?", genres=[title], comment=title)
    out = scan.send(row)
    assert (out.new, out.refused) == (1, [])
    track = Track.objects.select_related("album", "track_artist").get()
    assert track.title[:5] == title.replace("\x00", "�").replace("\ud83d", "�")[:5]
    assert len(track.sort_title) <= 200


def test_a_name_too_long_for_an_index_is_cut_and_not_refused(scan: Scan) -> None:
    noise = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(19_000))
    out = scan.send(scanned_track(title=noise, artist=noise, album=noise, genres=[noise]))
    assert (out.new, out.refused) == (1, [])
    assert Artist.objects.get().name.endswith("…")


def test_artists_keep_their_order_their_join_phrases_and_their_roles(scan: Scan) -> None:
    artists = [{"name": "Ada", "join": " feat. "}, {"name": "Bo", "join": " & "}, {"name": "Cy"}, {"name": "Ada"}]
    roles = [
        {"role": "composer", "name": "Bo"},
        {"role": "performer", "name": "Cy", "detail": "cello"},
        {"role": "performer", "name": "Cy", "detail": "voice"},
        {"role": "tea maker", "name": "Dee"},
    ]
    scan.send(scanned_track(artist=artists, roles=roles, credit="Ada feat. Bo & Cy"))
    track = Track.objects.get()
    credits = track.track_artists.select_related("artist").order_by("role", "position")
    found = [(c.role, c.artist.name, c.join_phrase, c.detail) for c in credits]
    assert found == [
        ("artist", "Ada", " feat. ", ""),
        ("artist", "Bo", " & ", ""),
        ("artist", "Cy", ", ", ""),
        ("composer", "Bo", "", ""),
        ("performer", "Cy", "", "cello"),
        ("performer", "Cy", "", "voice"),
        ("performer", "Dee", "", "tea maker"),
    ]
    assert (track.artist_credit, track.featured_artists) == ("Ada feat. Bo & Cy", "Bo, Cy, Ada")
    scan.send(scanned_track(artist=[{"name": "Cy", "join": " / "}, {"name": "Ada"}]) | named_like(track))
    assert [c.artist.name for c in track.track_artists.order_by("position")] == ["Cy", "Ada"]


def named_like(track: Track) -> dict[str, Any]:
    return {"folder": track.folder, "name": (track.path or "").rsplit("/", 1)[-1]}


def test_nobody_is_the_unknown_artist(scan: Scan) -> None:
    scan.send(scanned_track(artist=[], album=None), scanned_track(artist=[{"name": "  "}], album=None))
    assert {track.track_artist.name for track in Track.objects.all()} == {UNKNOWN_ARTIST}


def test_a_row_known_by_name_takes_the_id_that_its_files_have_now(scan: Scan) -> None:
    scan.send(scanned_track(artist="Moss"))
    scan.send(scanned_track(artist=[{"name": "MOSS", "musicbrainz_id": MBID}]))
    assert Artist.objects.get().musicbrainz_artistid == MBID


def test_namesakes_are_told_apart_by_their_ids_and_a_bare_name_means_the_first(scan: Scan) -> None:
    one, other = {"name": "Moss", "musicbrainz_id": MBID}, {"name": "Moss", "musicbrainz_id": OTHER_MBID}
    scan.send(*(scanned_track(artist=[who], album=None) for who in (one, other, {"name": "moss"})))
    assert Artist.objects.count() == 2
    bare = ArtistKey.objects.get(key="name:moss").artist
    assert bare.musicbrainz_artistid == MBID
    assert Track.objects.filter(track_artist=bare).count() == 2


def test_merged_artists_stay_merged(scan: Scan) -> None:
    kept = make_artist("Moss")
    ArtistKey.objects.create(key="name:the moss", artist=kept)
    scan.send(scanned_track(artist="The Moss"))
    assert Artist.objects.get() == kept


def test_a_persons_word_takes_a_name_apart(scan: Scan) -> None:
    parts = [{"name": "Ada", "join": " & "}, {"name": "Bo"}]
    ArtistSplit.objects.create(key="ada and bo", name="Ada & Bo", parts=parts)
    scan.send(scanned_track(artist="Ada & Bo"))
    credits = Track.objects.get().track_artists.order_by("position")
    assert [(c.artist.name, c.join_phrase) for c in credits] == [("Ada", " & "), ("Bo", "")]
    assert [a.artist.name for a in AlbumArtist.objects.order_by("position")] == ["Ada", "Bo"]


def album(title: str = "Low Tide", artist: str = "Moss", **more: Any) -> dict[str, Any]:
    return {"title": title, "artists": [{"name": artist}], **more}


def test_albums_of_one_title_are_told_apart_by_artist_and_version(scan: Scan) -> None:
    hits = [album("Hits"), album("Hits", "Queen"), album("Hits", version="Deluxe"), album("hits")]
    scan.send(*(scanned_track(folder=f"{n}/", album=tags) for n, tags in enumerate(hits)))
    assert Album.objects.count() == 3


def test_discs_in_two_folders_and_years_of_single_tracks_are_one_album(scan: Scan) -> None:
    rows = [
        scanned_track(folder="Moss/Low Tide/CD1/", album=album(year="2001")),
        scanned_track(folder="Moss/Low Tide/CD1/", album=album(year="2001")),
        scanned_track(folder="Moss/Low Tide/CD2/", album=album(year="1999")),
    ]
    scan.send(*rows)
    assert Album.objects.get().release_year == "2001"
    scan.send(scanned_track(folder="Moss/Low Tide/CD2/", album=album(year="2003")))
    assert Album.objects.count() == 1


def test_the_same_title_in_other_folders_and_years_is_another_edition(scan: Scan) -> None:
    scan.send(scanned_track(folder="a/", album=album("Weezer", year="1994")))
    scan.send(scanned_track(folder="b/", album=album("Weezer", year="2001")))
    assert Album.objects.count() == 2


def test_an_album_whose_files_are_all_retagged_keeps_its_number(scan: Scan) -> None:
    rows = [scanned_track() for _ in range(3)]
    scan.send(*rows)
    before = Album.objects.get()
    retagged = album("Low Tide (Remaster)", "Moss & Friends", year="2011", musicbrainz_albumid=MBID)
    scan.send(*(row | {"album": retagged, "mtime_ns": 7} for row in rows))
    after = Album.objects.get()
    assert (after.pk, after.title, after.musicbrainz_albumid) == (before.pk, "Low Tide (Remaster)", MBID)
    scan.send(scanned_track(folder="elsewhere/"))
    assert Album.objects.count() == 2, "what is tagged like the old one is not the new one"


def test_an_album_that_its_last_file_has_left_goes_and_its_artist_with_it(scan: Scan) -> None:
    row, other = scanned_track(artist="Solo"), scanned_track(artist="Moss", album="High Tide", folder="h/")
    scan.send(row, other)
    scan.send(row | {"artists": other["artists"], "album": other["album"], "mtime_ns": 7})
    assert Album.objects.get().title == "High Tide"
    assert Artist.objects.get().name == "Moss"


def test_an_album_that_somebody_put_on_a_shelf_stays_without_files(scan: Scan) -> None:
    row, other = scanned_track(), scanned_track(album="High Tide", folder="h/")
    scan.send(row, other)
    Album.objects.filter(title="Low Tide").update(discogs_id="123")
    scan.send(row | {"album": other["album"], "mtime_ns": 7})
    assert Album.objects.count() == 2


def test_a_silent_file_does_not_unsay_what_others_say_of_the_album(scan: Scan) -> None:
    scan.send(scanned_track(album=album(label="Sea", media='12" Vinyl')), scanned_track(album=album(label="Sea")))
    scan.send(scanned_track(album=album()))
    found = Album.objects.get()
    assert (found.label, found.support) == ("Sea", "Vinyl")


def test_what_a_person_has_locked_no_scan_changes(scan: Scan) -> None:
    row = scanned_track(lyrics={"text": "mine"}, year="2001", year_number=2001)
    scan.send(row)
    track = Track.objects.get()
    mine = ["title", "artists", "album", "genres", "lyrics", "year"]
    Track.objects.update(locked_fields=mine, title="Mine", artist_credit="Mine")
    scan.send(
        row
        | {"title": "Theirs", "artists": [{"name": "They"}], "album": album("Their Album"), "genres": ["Their Genre"]}
        | {"lyrics": {"text": "theirs"}, "year": "1900", "year_number": 1900, "bitrate": 1, "comment": "new"}
    )
    track.refresh_from_db()
    assert (track.title, track.artist_credit, track.year, track.year_number) == ("Mine", "Mine", "2001", 2001)
    assert track.album is not None
    assert (track.album.title, [genre.name for genre in track.genres.all()]) == ("Low Tide", ["Ambient"])
    assert Lyrics.objects.get().text == "mine"
    assert (track.bitrate, track.comment) == (1, "new"), "what is not locked follows the file"
    assert not Artist.objects.filter(name="They").exists()
    assert not Album.objects.filter(title="Their Album").exists()


def test_a_locked_album_keeps_its_title(scan: Scan) -> None:
    row = scanned_track(album=album(musicbrainz_albumid=MBID, label="Sea"))
    scan.send(row)
    Album.objects.update(title="Mine", locked_fields=["title"])
    scan.send(row | {"mtime_ns": 7, "album": album("Theirs", musicbrainz_albumid=MBID, label="Land")})
    found = Album.objects.get()
    assert (found.title, found.label) == ("Mine", "Land")


def test_genres_have_one_spelling_and_leave_albums_with_their_last_track(scan: Scan) -> None:
    row = scanned_track(genres=["Hip-Hop"])
    scan.send(row, scanned_track(genres=["hip hop", "R&B"]))
    assert {genre.name for genre in Genre.objects.all()} == {"Hip-Hop", "R&B"}
    scan.send(row | {"genres": ["Jazz"], "mtime_ns": 7})
    scan.send(*(named_like(t) | scanned_track() | named_like(t) | {"genres": ["Jazz"]} for t in Track.objects.all()))
    assert {genre.name for genre in Album.objects.get().genres.all()} == {"Jazz"}


def test_words_of_a_person_stay_and_those_of_a_file_follow_it(scan: Scan) -> None:
    row, other = scanned_track(lyrics={"text": "one", "synced": True}), scanned_track(lyrics={"text": "two"})
    scan.send(row, other)
    Lyrics.objects.filter(text="two").update(source="manual", text="by hand")
    scan.send(row | {"lyrics": None}, other | {"lyrics": {"text": "changed"}})
    assert Lyrics.objects.get().text == "by hand"


def picture(letter: str) -> dict[str, Any]:
    return {"digest": letter * 64, "mime_type": "image/jpeg", "size": 1000, "source": "embedded"}


def test_errors_are_remembered_until_their_file_is_read_or_gone(scan: Scan) -> None:
    place = {"folder": "Moss/Low Tide/", "name": "a.flac"}
    out = scan.send(
        errors=[{**place, "size": 5, "mtime_ns": 6, "reason": "cut short"}, {**place, "name": "b", "reason": "x"}]
    )
    assert out.refused == []
    error = ScanError.objects.get(path__endswith="a.flac")
    assert (error.size, error.mtime_ns, error.reason) == (5, 6, "cut short")
    scan.send(errors=[{**place, "size": 5, "mtime_ns": 6, "reason": "cut short"}])
    assert ScanError.objects.get(pk=error.pk).seen_at == error.seen_at, "nothing new is not written"
    scan.send(scanned_track("a.flac"), gone=[{**place, "name": "b"}])
    assert not ScanError.objects.exists()


def test_gone_files_are_noted_and_not_yet_missing(scan: Scan) -> None:
    rows = [scanned_track(), scanned_track()]
    scan.send(*rows)
    scan.send(gone=[{"folder": rows[0]["folder"], "name": rows[0]["name"]}])
    assert Track.objects.filter(available=True).count() == 2
    assert ScanAbsence.objects.get().job_id == scan.job.pk
    scan.send(rows[0])
    assert not ScanAbsence.objects.exists(), "it came back before the scan ended"


def test_a_folder_has_its_digest_only_once_it_is_delivered(scan: Scan) -> None:
    scan.send(scanned_track())
    assert ScanFolder.objects.get().digest == ""
    scan.send(folders=[{"path": "Moss/Low Tide/", "digest": "d1", "files": 3}])
    folder = ScanFolder.objects.get()
    assert (folder.digest, folder.files) == ("d1", 3)
    scan.send(scanned_track())
    assert ScanFolder.objects.get().digest == "d1"


def test_a_cue_sheets_tracks_are_told_apart_and_those_it_lost_are_absent(scan: Scan) -> None:
    sheet = [scanned_track("image.flac", cue_index=n, size=9, mtime_ns=9, audio_hash="h") for n in (1, 2, 3)]
    assert scan.send(*sheet).new == 3
    assert scan.send(*sheet[:2]).unchanged == 2
    assert ScanAbsence.objects.get().track.cue_index == 3


def test_a_track_without_a_root_is_taken_up_by_its_path(scan: Scan) -> None:
    scan.send(scanned_track("a.flac"))
    before = Track.objects.get()
    Track.objects.update(root=None, available=False)
    assert scan.send(scanned_track("a.flac")).returned == 1
    after = Track.objects.get()
    assert (after.pk, after.root_id, after.available) == (before.pk, scan.root.pk, True)


def test_what_others_need_is_told_once_for_the_batch(scan: Scan) -> None:
    imported, changed = heard(tracks_imported), heard(tracks_changed)
    row = scanned_track(bpm=120.5, key="Am", rating=8)
    scan.send(row, scanned_track())
    assert len(imported) == len(changed) == 1
    told = {track.track_id: track for track in imported[0]["tracks"]}
    assert set(told) == set(changed[0]["track_ids"]) == set(Track.objects.values_list("pk", flat=True))
    first = next(track for track in told.values() if track.bpm)
    assert (first.bpm, first.key, first.rating, first.created, first.audio_changed) == (120.5, "Am", 8, True, False)
    scan.send(row | {"audio_hash": "another", "mtime_ns": 7})
    assert [(t.created, t.audio_changed) for t in imported[1]["tracks"]] == [(False, True)]


def test_an_attempt_that_is_over_is_told_so(scan: Scan) -> None:
    scan.attempt = 7
    with pytest.raises(Superseded):
        scan.send(scanned_track())
    assert not Track.objects.exists()


def test_as_many_queries_for_two_hundred_files_as_for_two(scan: Scan) -> None:
    def queries(rows: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            scan.send(*rows)
        return len(captured)

    def files(count: int) -> list[dict[str, Any]]:
        return [
            scanned_track(
                artist=f"A{n % 7}", album=f"B{n % 7}", folder=f"{n % 7}/", cover=picture("a"), genres=[f"G{n % 5}"]
            )
            for n in range(count)
        ]

    scan.send(*files(20))
    few, many = files(2), files(200)
    # Search reads the words of a few at once, and leaves those of many to its job.
    assert 45 >= queries(few) >= queries(many), "new files"
    assert queries(few) == queries(many) <= 45, "unchanged files"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shuffle", [False, True])
def test_two_batches_at_once_make_every_name_once(shuffle: bool) -> None:
    """Of the same artists, albums and genres, in opposite orders, from two workers."""
    scans = [Scan(make_root()), Scan(make_root())]
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def work(scan: Scan, order: Callable[[list[int]], list[int]]) -> None:
        try:
            start.wait()
            for turn in range(4):
                names = order(list(range(30)))
                scan.send(
                    *(
                        scanned_track(
                            artist=f"A{n}", album=f"B{n}", folder=f"{n}/", genres=[f"G{n % 3}"], name=f"{turn}.mp3"
                        )
                        for n in names
                    )
                )
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    orders: list[Callable[[list[int]], list[int]]] = [list, (lambda names: names[::-1]) if shuffle else list]
    threads = [threading.Thread(target=work, args=pair) for pair in zip(scans, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (Artist.objects.count(), Album.objects.count(), Genre.objects.count()) == (30, 30, 3)
    assert (Track.objects.count(), TrackArtist.objects.count()) == (240, 240)
