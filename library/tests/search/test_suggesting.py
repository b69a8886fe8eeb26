"""What is offered below a search field while somebody types."""

import pytest
from pytest_django import DjangoAssertNumQueries

from library.models import Album
from library.selectors.search.suggestions import suggest
from library.tests.factories import make_cover


def offered(typed: str) -> list[tuple[str, str]]:
    return [(item.kind, item.text) for item in suggest(typed).items]


def test_names_and_titles_are_offered_from_the_first_letters(cast: None) -> None:
    assert offered("rad")[0] == ("artist", "Radiohead")
    assert ("album", "Abbey Road") in offered("abb")
    assert ("track", "Creep") in offered("cre")
    assert ("genre", "Chanson française") in offered("chans")


def test_a_single_letter_begins_names(cast: None) -> None:
    assert ("artist", "Zaz") in offered("z")


def test_each_says_who_made_it_and_what_it_looks_like(cast: None) -> None:
    album = Album.objects.get(title="Abbey Road")
    cover = make_cover(album)
    item = next(item for item in suggest("abbey").items if item.kind == "album")
    assert (item.id, item.detail, item.cover) == (album.pk, "The Beatles", cover.image_id)


def test_many_songs_leave_room_for_the_artist(cast: None) -> None:
    kinds = [kind for kind, _ in offered("beatles")]
    assert kinds.count("artist") == 2
    assert kinds.count("track") <= 5


def test_a_slip_is_forgiven_and_said(cast: None) -> None:
    found = suggest("raido")
    assert found.meant == "radiohead"
    assert found.items[0].text == "Radiohead"


@pytest.mark.parametrize(("typed", "queries"), [("radio", 1), ("raidohead", 3), ("xyzzyplugh", 2), ("", 0)])
def test_it_takes_three_queries_at_most(
    typed: str, queries: int, cast: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(queries):
        suggest(typed)


@pytest.mark.parametrize("typed", ["\x00", "&|!", "'", "%", "x" * 10_000, "\ud800", "東", "🎵", '"'])
def test_hostile_text_is_only_text(typed: str, cast: None) -> None:
    suggest(typed)
