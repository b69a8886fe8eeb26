"""Plots of the library's sound, and lists of tracks narrowed by it: each bar leads to exactly the tracks it counts."""

import html
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analysis.selectors.spreads import forget_spreads, spreads
from analysis.tests.sounding import analysed
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:400]
    return str(response.content.decode())


def titles(page: str) -> list[str]:
    return sorted(re.findall(r'<a class="clip under" href="/tracks/\d+/" title="([^"]*)"', page))


@pytest.fixture
def library(db: None) -> None:
    root = make_root()
    made = (
        ("slow", 60.0, "8A", 0.1, 0.2), ("edge", 120.0, "8A", 0.3, 0.3), ("fast", 122.5, "9A", 0.92, 0.9),
        ("faster", 300.0, "8B", 1.0, 1.0), ("still", None, None, 0.0, 0.0),
    )  # fmt: skip
    for title, bpm, key, energy, valence in made:
        track = make_track(title, root=root)
        analysed(track, bpm=bpm, key=key, energy=energy, valence=valence, danceability=energy)


def test_every_bar_sector_and_cell_leads_to_as_many_tracks_as_it_counts(signed_in: Client, library: None) -> None:
    page = text_of(signed_in.get("/library/sound/"))
    links = {
        html.unescape(url): html.unescape(said)
        for url, said in re.findall(r'<a href="([^"]+)"[^>]* aria-label="([^"]+)"', page)
    }
    counted = {url: said for url, said in links.items() if re.search(r": \d+ tracks?$", said)}
    assert len(counted) > 15
    for url, said in counted.items():
        count = int(said.rsplit(": ", 1)[1].split()[0])
        assert len(titles(text_of(signed_in.get(url)))) == count, (url, said)


def test_tempi_beyond_the_ends_are_counted_with_them(library: None) -> None:
    counts = spreads().of("bpm")
    assert (sum(counts), counts[4], counts[16], counts[-1]) == (4, 1, 2, 1)
    assert spreads().keys == {"8A": 2, "9A": 1, "8B": 1}
    assert sum(map(sum, spreads().grid)) == 5


def test_plots_of_a_longer_library_ask_no_more(signed_in: Client, library: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(signed_in.get("/library/sound/"))
        return sum("track_audio_features" in query["sql"] for query in queries)

    cache.clear()
    first = asked()
    assert first <= 8
    cache.clear()
    root = make_root()
    for number in range(20):
        analysed(make_track(f"More {number}", root=root))
    forget_spreads()
    assert asked() == first


def test_an_unheard_library_says_what_to_do(signed_in: Client) -> None:
    page = text_of(signed_in.get("/library/sound/"))
    assert "Nothing was analysed yet" in page
    assert 'href="/settings/analysis/"' in page


@pytest.mark.parametrize(
    ("query", "shown", "chip"),
    [
        ("bpm=110-125", ["edge", "fast"], "110–125\u00a0BPM"),
        ("bpm=170-", ["faster"], "> 170\u00a0BPM"),
        ("camelot=8A", ["edge", "slow"], "8A · A minor"),
        ("compatible=9A", ["edge", "fast", "slow"], "9A ±1 · E minor"),
        ("energy=0.66..", ["fast", "faster"], "Lively"),
        ("energy=0.2..0.5", ["edge"], "Energy 0.20–0.50"),
        ("valence=..0.25", ["slow", "still"], "Valence < 0.25"),
        ("mood=relaxed", ["edge", "fast", "faster", "slow", "still"], "Relaxed"),
    ],
)
def test_lists_are_narrowed_by_sound_and_say_so(
    signed_in: Client, library: None, query: str, shown: list[str], chip: str
) -> None:
    page = text_of(signed_in.get(f"/library/tracks/?{query}"))
    assert titles(page) == shown
    assert f'<bdi class="clip">{html.escape(chip)}</bdi>' in page


def test_the_filter_bar_offers_values_and_a_field_for_any_tempo(signed_in: Client, library: None) -> None:
    page = text_of(signed_in.get("/library/tracks/"))
    assert 'href="/library/tracks/?bpm=120-130"' in page
    assert 'href="/library/tracks/?compatible=8A"' in page
    assert 'href="/library/tracks/?mood=happy"' in page
    assert 'href="/library/tracks/?without_features=1"' in page
    assert page.count('name="bpm"') == 1
    assert 'name="valence"' not in page
    assert 'href="/library/sound/"' in page
    assert 'href="/library/sound/"' not in text_of(signed_in.get("/library/albums/"))


def test_a_count_follows_what_was_analysed_since(signed_in: Client, library: None) -> None:
    assert "2 tracks" in text_of(signed_in.get("/library/tracks/?camelot=8A"))
    analysed(make_track("new", root=make_root()), key="8A")
    assert "3 tracks" in text_of(signed_in.get("/library/tracks/?camelot=8A"))
