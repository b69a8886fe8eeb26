"""Corrections: what they change, what the next scan finds, and that taking them back leaves no trace."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.forms.models import model_to_dict

from core.errors import Conflict, InvalidInput, NotFound
from core.models import User
from library.engine.names import artist_key
from library.models import (
    Album,
    AlbumKey,
    Artist,
    ArtistKey,
    ArtistSplit,
    Correction,
    Cover,
    SearchDocument,
    SearchName,
    SearchWord,
    Track,
    TrackArtist,
)
from library.selectors import curation
from library.services.curation.albums import merge_albums, split_album
from library.services.curation.artists import Part, keep_whole, merge_artists, split_artist
from library.services.curation.edits import edit_tags
from library.services.curation.pictures import choose_cover
from library.services.curation.undoing import undo_correction
from library.signals import artists_merged, tracks_changed
from library.tests.factories import make_album, make_artist, make_cover, make_genre, make_root, make_track

pytestmark = pytest.mark.django_db


def everything() -> dict[str, Any]:
    """All rows of the library but corrections, what search makes of the rows, and the times of writing."""
    found: dict[str, Any] = {}
    for model in apps.get_app_config("library").get_models():
        if model not in {Correction, SearchDocument, SearchName, SearchWord}:
            rows = {row.pk: {**model_to_dict(row), "m2m": _links(row)} for row in model._default_manager.all()}
            found[model.__name__] = rows
    return found


def _links(row: Any) -> dict[str, list[int]]:
    fields = [field for field in row._meta.many_to_many if field.remote_field.through._meta.auto_created]
    return {field.name: sorted(getattr(row, field.name).values_list("pk", flat=True)) for field in fields}


def credits_of(track: Track) -> list[tuple[str, str]]:
    rows = track.track_artists.filter(role="artist").select_related("artist").order_by("position")
    return [(row.artist.name, row.join_phrase) for row in rows]


def undo_last() -> None:
    undo_correction(correction_id=Correction.objects.latest("pk").pk)


def test_merged_artists_keep_everything_and_are_found_under_both_names(listener: User) -> None:
    kept, gone = make_artist("The Beatles"), make_artist("Beatles")
    album, track = make_album("Help!", gone), make_track("Help!", gone)
    duet = make_track("Duet", kept)
    TrackArtist.objects.create(track=duet, artist=gone, role="artist", position=1)
    gone.genres.add(make_genre("Beat"))
    merge_artists(kept_id=kept.pk, gone_ids=[gone.pk], user_id=listener.pk)
    track.refresh_from_db()
    album.refresh_from_db()
    assert (track.track_artist, track.artist_credit, album.album_artist) == (kept, "The Beatles", kept)
    assert credits_of(duet) == [("The Beatles", "")]
    assert ArtistKey.objects.get(key=artist_key("Beatles")).artist == kept
    assert [genre.name for genre in kept.genres.all()] == ["Beat"]
    assert not Artist.objects.filter(pk=gone.pk).exists()


def test_upper_apps_hear_of_a_merge_before_the_rows_go() -> None:
    kept, gone = make_artist(), make_artist()
    heard: list[Any] = []

    def hear(merges: list[Any], **_: Any) -> None:
        heard.extend((merge, Artist.objects.filter(pk=merge.gone_id).exists()) for merge in merges)

    artists_merged.connect(hear)
    try:
        merge_artists(kept_id=kept.pk, gone_ids=[gone.pk], user_id=None)
    finally:
        artists_merged.disconnect(hear)
    assert [(merge.kept_id, merge.gone_id, there) for merge, there in heard] == [(kept.pk, gone.pk, True)]


def test_search_hears_which_tracks_changed() -> None:
    kept, gone = make_artist(), make_artist()
    track = make_track(artist=gone)
    heard: list[int] = []

    def hear(track_ids: list[int], **_: Any) -> None:
        heard.extend(track_ids)

    tracks_changed.connect(hear)
    try:
        merge_artists(kept_id=kept.pk, gone_ids=[gone.pk], user_id=None)
    finally:
        tracks_changed.disconnect(hear)
    assert heard == [track.pk]


def test_a_merge_of_artists_is_taken_back_without_a_trace() -> None:
    kept, gone = make_artist("Moss"), make_artist("MOSS!")
    track = make_track("Low Tide", gone, make_album("Tides", gone))
    TrackArtist.objects.create(track=track, artist=kept, role="artist", position=1)
    make_cover(gone)
    gone.genres.add(make_genre("Ambient"))
    before = everything()
    merge_artists(kept_id=kept.pk, gone_ids=[gone.pk], user_id=None)
    assert everything() != before
    undo_last()
    assert everything() == before


def test_a_merge_needs_all_that_it_names() -> None:
    artist = make_artist()
    with pytest.raises(NotFound):
        merge_artists(kept_id=artist.pk, gone_ids=[10**9], user_id=None)
    with pytest.raises(InvalidInput):
        merge_artists(kept_id=artist.pk, gone_ids=[artist.pk], user_id=None)
    assert not Correction.objects.exists()


def test_a_name_that_stands_for_two_becomes_two_at_its_place() -> None:
    moss = make_artist("Moss")
    both, third = make_artist("Moss feat. Fern"), make_artist("Lichen")
    track = make_track("Trio", both)
    TrackArtist.objects.filter(track=track).update(join_phrase=" & ")
    TrackArtist.objects.create(track=track, artist=third, role="artist", position=1)
    people = split_artist(artist_id=both.pk, parts=[Part("Moss", " feat. "), Part("Fern")], user_id=None)
    assert people[0] == moss
    assert credits_of(track) == [("Moss", " feat. "), ("Fern", " & "), ("Lichen", "")]
    track.refresh_from_db()
    assert track.track_artist == moss
    split = ArtistSplit.objects.get()
    assert (split.key, [part["name"] for part in split.parts]) == ("moss feat fern", ["Moss", "Fern"])


def test_a_split_is_taken_back_without_a_trace() -> None:
    both = make_artist("Moss & Fern")
    make_track("One", both, make_album("Two", both))
    before = everything()
    split_artist(artist_id=both.pk, parts=[Part("Moss", " & "), Part("Fern")], user_id=None)
    undo_last()
    assert everything() == before


@pytest.mark.parametrize("names", [["Moss"], ["Moss", "moss"], ["", " "], []])
def test_a_split_needs_two_different_artists(names: list[str]) -> None:
    artist = make_artist("Moss & Fern")
    with pytest.raises(InvalidInput):
        split_artist(artist_id=artist.pk, parts=[Part(name) for name in names], user_id=None)


def test_merged_albums_hold_all_tracks_and_lead_scans_to_the_one_that_stays() -> None:
    kept, gone = make_album("Low Tide"), make_album("Low Tide (disc 2)")
    track = make_track(album=gone)
    keys = set(AlbumKey.objects.values_list("key", flat=True))
    make_cover(gone)
    before = everything()
    merge_albums(kept_id=kept.pk, gone_ids=[gone.pk], user_id=None)
    track.refresh_from_db()
    assert track.album == kept
    assert set(AlbumKey.objects.filter(album=kept).values_list("key", flat=True)) == keys
    assert Cover.objects.get(entity_type="album").entity_id == kept.pk
    undo_last()
    assert everything() == before


def test_tracks_of_another_album_leave_and_no_scan_returns_them() -> None:
    album = make_album("Greatest Hits")
    first, second = make_track(album=album), make_track(album=album)
    before = everything()
    fresh = split_album(album_id=album.pk, track_ids=[second.pk], title="Other Hits", user_id=None)
    second.refresh_from_db()
    assert (second.album, second.locked_fields) == (fresh, ["album"])
    assert [row.artist for row in fresh.album_artists.all()] == [album.album_artist]
    first.refresh_from_db()
    assert first.album == album
    undo_last()
    assert everything() == before


def test_an_album_is_not_emptied_by_a_split() -> None:
    album = make_album()
    track = make_track(album=album)
    for chosen in ([], [track.pk]):
        with pytest.raises(InvalidInput):
            split_album(album_id=album.pk, track_ids=chosen, title="New", user_id=None)


def test_corrected_tags_are_locked_and_come_back() -> None:
    tracks = [make_track(genres=["Rock"]) for _ in range(3)]
    before = everything()
    jazz = make_genre("Jazz")
    changes = {"title": "Été", "year": "1999", "genres": [jazz]}
    assert edit_tags(model=Track, ids=[track.pk for track in tracks], changes=changes, user_id=None) == 3
    track = Track.objects.get(pk=tracks[0].pk)
    assert (track.title, track.sort_title, track.year) == ("Été", "ete", "1999")
    assert set(track.locked_fields) == {"title", "sort_title", "year", "genres"}
    assert list(track.genres.all()) == [jazz]
    undo_last()
    jazz.delete()
    assert everything() == before


def test_fields_of_the_file_are_not_corrected() -> None:
    track = make_track()
    for changes in ({"path": "/etc/passwd"}, {"audio_hash": "x"}, {}):
        with pytest.raises(InvalidInput):
            edit_tags(model=Track, ids=[track.pk], changes=changes, user_id=None)


def test_an_edit_costs_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    tracks = [make_track() for _ in range(30)]
    # Sixteen of its own, and search.
    with django_assert_max_num_queries(30):
        edit_tags(model=Track, ids=[track.pk for track in tracks], changes={"year": "2001"}, user_id=None)


def test_a_chosen_picture_is_locked() -> None:
    album = make_album()
    shown, other = make_cover(album, source="folder"), make_cover(album, source="embedded", shown=False)
    before = everything()
    choose_cover(cover_id=other.pk, user_id=None)
    assert Cover.objects.get(shown=True).pk == other.pk
    assert Album.objects.get().locked_fields == ["cover"]
    undo_last()
    assert everything() == before
    assert Cover.objects.get(shown=True).pk == shown.pk


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    keep_whole(name="Earth, Wind & Fire", user_id=None)
    undo_last()
    with pytest.raises(Conflict):
        undo_last()
    with pytest.raises(NotFound):
        undo_correction(correction_id=10**9)


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_others_build_on_is_refused_whole() -> None:
    kept, gone = make_artist(), make_artist()
    make_track(artist=gone)
    merge_artists(kept_id=kept.pk, gone_ids=[gone.pk], user_id=None)
    first = Correction.objects.get()
    third = make_artist()
    merge_artists(kept_id=third.pk, gone_ids=[kept.pk], user_id=None)
    assert Track.objects.get().track_artist == third
    undo_last()
    undo_correction(correction_id=first.pk)
    assert Track.objects.get().track_artist_id == gone.pk
    assert connection.connection is not None


def test_a_rule_shows_what_it_would_touch_before_it_does() -> None:
    make_track(artist=make_artist("Moss & Fern"))
    make_artist("Moss")
    make_artist("Earth, Wind & Fire")
    found = curation.splittings([" & "])
    assert [(row.artist.name, row.tracks) for row in found] == [("Moss & Fern", 1), ("Earth, Wind & Fire", 0)]
    assert found[0].parts == [("Moss", " & "), ("Fern", "")]
    keep_whole(name="Earth, Wind & Fire", user_id=None)
    assert [row.artist.name for row in curation.splittings([" & "])] == ["Moss & Fern"]
    assert curation.splittings([]) == []


def test_the_same_audio_twice_is_shown_together() -> None:
    root = make_root()
    pair = [make_track(root=root, audio_hash="same") for _ in range(2)]
    make_track(root=root, audio_hash="other")
    make_track(audio_hash="same")
    ((digest, tracks),) = curation.duplicate_groups()
    assert (digest, {track.pk for track in tracks}) == ("same", {track.pk for track in pair})


def test_nearly_the_same_names_are_found() -> None:
    make_artist("Björk")
    make_artist("Bjork")
    make_artist("Moss")
    assert [[artist.name for artist in group] for group in curation.namesakes()] == [["Björk", "Bjork"]]
