"""Curation in the admin: forms that show what they would do, and do it through the services."""

import pytest
from django.test import Client
from django.urls import reverse

from library.models import Album, Artist, Correction, Track
from library.tests.factories import make_album, make_artist, make_genre, make_root, make_track

HOSTILE = "<script>alert(1)</script>"


def read(client: Client, name: str, *args: int, query: str = "") -> str:
    answer = client.get(reverse(f"admin:{name}", args=args) + query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_artists_are_merged_after_a_look(signed_in: Client) -> None:
    kept, gone = make_artist("Moss"), make_artist(HOSTILE)
    make_track(artist=kept)
    ids = f"?ids={kept.pk},{gone.pk}"
    page = read(signed_in, "library_artist_merge", query=ids)
    assert "&lt;script&gt;alert(1)" in page
    assert HOSTILE not in page
    assert signed_in.post(reverse("admin:library_artist_merge") + ids, {"kept": kept.pk}).status_code == 302
    assert list(Artist.objects.values_list("name", flat=True)) == ["Moss"]
    correction = Correction.objects.get()
    assert HOSTILE not in read(signed_in, "library_correction_change", correction.pk)
    signed_in.post(reverse("admin:library_correction_undo", args=[correction.pk]))
    assert Artist.objects.count() == 2


def test_the_list_leads_to_the_merge(signed_in: Client) -> None:
    artists = [make_artist(), make_artist()]
    chosen = {"action": "merge_chosen", "_selected_action": [artist.pk for artist in artists]}
    answer = signed_in.post(reverse("admin:library_artist_changelist"), chosen)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:library_artist_merge"))


def test_a_split_shows_the_tracks_that_it_would_touch(signed_in: Client) -> None:
    artist = make_artist("Moss feat. Fern")
    make_track("Low Tide", artist)
    page = read(signed_in, "library_artist_split", artist.pk)
    assert "Low Tide" in page
    assert 'value="Fern"' in page
    parts = {"name": ["Moss", "Fern", ""], "join": [" feat. ", "", ""]}
    signed_in.post(reverse("admin:library_artist_split", args=[artist.pk]), parts)
    assert Track.objects.get().track_artist.name == "Moss"


def test_a_refused_split_says_why_and_changes_nothing(signed_in: Client) -> None:
    artist = make_artist("Moss")
    answer = signed_in.post(reverse("admin:library_artist_split", args=[artist.pk]), {"name": ["Moss"], "join": [""]})
    assert "Name at least two different artists." in answer.content.decode()
    assert not Correction.objects.exists()


def test_the_workbench_applies_a_rule_to_the_chosen_names_alone(signed_in: Client) -> None:
    apart, whole, left = (make_artist(name) for name in ("Moss & Fern", "Simon & Garfunkel", "A & B"))
    make_track(artist=apart)
    query = "?at=+%26+"
    assert "Simon" in read(signed_in, "library_artist_workbench", query=query)
    chosen = {"apart": [apart.pk], "whole": [whole.pk]}
    signed_in.post(reverse("admin:library_artist_workbench") + query, chosen)
    assert Track.objects.get().track_artist.name == "Moss"
    page = read(signed_in, "library_artist_workbench", query=query)
    assert "Simon" not in page
    assert left.name.replace("&", "&amp;") in page


def test_albums_are_merged_and_split(signed_in: Client) -> None:
    album, other = make_album("One"), make_album("Two")
    first, second = make_track(album=album), make_track(album=other)
    ids = f"?ids={album.pk},{other.pk}"
    read(signed_in, "library_album_merge", query=ids)
    signed_in.post(reverse("admin:library_album_merge") + ids, {"kept": album.pk})
    assert set(Track.objects.values_list("album", flat=True)) == {album.pk}
    read(signed_in, "library_album_split", album.pk)
    given = {"track": [second.pk], "title": "Two again", "version": ""}
    signed_in.post(reverse("admin:library_album_split", args=[album.pk]), given)
    assert Album.objects.get(title="Two again").tracks.get() == second
    assert album.tracks.get() == first


def test_a_form_corrects_what_was_changed_and_locks_it(signed_in: Client) -> None:
    track = make_track("Lo Tide", genres=["Rock"])
    address = reverse("admin:library_track_change", args=[track.pk])
    form = signed_in.get(address).context["adminform"].form
    given = {name: value for name, value in form.initial.items() if value is not None and name in form.fields}
    genres = [genre.pk for genre in given.pop("genres")]
    answer = signed_in.post(address, {**given, "genres": genres, "title": "Low Tide"})
    assert answer.status_code == 302
    track.refresh_from_db()
    assert (track.title, set(track.locked_fields)) == ("Low Tide", {"title", "sort_title"})
    assert [genre.name for genre in track.genres.all()] == ["Rock"]


@pytest.mark.parametrize("model", ["artist", "album", "track", "correction", "artistsplit", "scanerror", "libraryroot"])
def test_lists_answer_and_nothing_is_deleted_here(signed_in: Client, model: str) -> None:
    make_track(HOSTILE, album=make_album(HOSTILE), root=make_root())
    page = read(signed_in, f"library_{model}_changelist")
    assert HOSTILE not in page
    assert "delete_selected" not in page


def test_duplicates_and_namesakes_are_listed(signed_in: Client) -> None:
    root = make_root()
    for title in ("First", "Second"):
        make_track(title, root=root, audio_hash="same")
    make_artist("Björk")
    make_artist("Bjork")
    assert "Second" in read(signed_in, "library_track_duplicates")
    assert "Björk" in read(signed_in, "library_artist_namesakes")
    assert read(signed_in, "library_genre_changelist")
    assert make_genre("Ambient").name in read(signed_in, "library_genre_changelist")


def test_what_is_gone_is_said(signed_in: Client) -> None:
    for name in ("library_artist_split", "library_album_split", "library_album_covers"):
        assert signed_in.get(reverse(f"admin:{name}", args=[10**9])).status_code == 404
