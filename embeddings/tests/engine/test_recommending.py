"""What goes with what: harmony, versions of a song, scores, choices, reasons."""

import numpy as np
import pytest

from embeddings.engine.recommending.choosing import choose
from embeddings.engine.recommending.facts import Facts, Weights
from embeddings.engine.recommending.harmony import key_fit, steps_between, tempo_apart, tempo_fit, transition_costs
from embeddings.engine.recommending.reasons import reasons_between, shown
from embeddings.engine.recommending.scoring import Wish, score
from embeddings.engine.recommending.vectors import Direction, Vectors, between
from embeddings.engine.recommending.versions import song_keys, song_of
from embeddings.tests.engine.music import DIMENSIONS, family, pool, towards, track

SOUND_ALONE = Weights(sound=1, meaning=0, harmony=0, tempo=0, novelty=0)


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("8A", "8A", 0), ("8A", "8B", 1), ("12A", "1A", 1), ("8A", "9B", 2), ("1B", "7A", 7)]
)
def test_relative_and_neighbouring_keys_are_one_step_apart(one: str, other: str, steps: int) -> None:
    assert steps_between(one, other) == steps_between(other, one) == steps
    assert key_fit(one, other) == key_fit(other, one)


def test_tempi_are_folded_by_octaves() -> None:
    assert tempo_apart(70, 140) == (0.0, 1)
    assert tempo_apart(174, 87) == (0.0, -1)
    percent, octaves = tempo_apart(120, 126) or (0, 9)
    assert (round(percent, 1), octaves) == (5.0, 0)
    assert (tempo_fit(120, 120) or 0) > (tempo_fit(60, 120) or 0) > (tempo_fit(120, 130) or 0)
    assert tempo_apart(None, 120) is None
    assert tempo_apart(0, 120) is None


def test_the_table_of_transitions_says_what_single_pairs_say() -> None:
    rows = [track(1, bpm=120, camelot="8A", energy=0.5), track(2, bpm=62, camelot="8B", energy=0.5), track(3)]
    costs = transition_costs(rows)
    assert np.allclose(costs, costs.T)
    assert costs[0, 1] == pytest.approx(0.45 * (1 - 0.85) + 0.4 * (1 - (tempo_fit(120, 62) or 0)), abs=1e-5)
    assert 0.4 < costs[0, 2] < 0.6, "the unknown is neither good nor bad"


@pytest.mark.parametrize(
    ("title", "song"),
    [
        ("Slack Tide (Remastered 2011)", "slack tide"),
        ("Slack Tide - Live at the Pier, 1999", "slack tide"),
        ("Slack Tide [Radio Edit] feat. Moss", "slack tide"),
        ("L’été indien (version acoustique)", "l ete indien"),
        ("Live and Let Die", "live and let die"),
        ("Remix", "remix"),
        ("(Everything I Do)", "everything i do"),
        ("!!!", ""),
    ],
)
def test_a_title_without_its_version_is_the_song(title: str, song: str) -> None:
    assert song_of(title) == song


def test_versions_are_of_one_artist_or_one_recording() -> None:
    def are_versions(one: Facts, other: Facts) -> bool:
        return bool(set(song_keys(one)) & set(song_keys(other)))

    one = track(1, title="Slack Tide", artist_id=5)
    assert are_versions(one, track(2, title="Slack Tide (Live)", artist_id=5))
    assert not are_versions(one, track(3, title="Slack Tide", artist_id=6))
    assert are_versions(track(4, audio_hash="h"), track(5, audio_hash="h"))
    assert not are_versions(track(6, title="!!!", artist_id=5), track(7, title="???", artist_id=5))


def test_who_is_near_everything_gains_nothing_by_it() -> None:
    """A hub has the higher cosine, and lies nearer to everything else as well."""
    rows = np.zeros((2, DIMENSIONS), np.float32)
    rows[:, 0], rows[0, 1], rows[1, 2] = (0.80, 0.78), 0.60, np.sqrt(1 - 0.78**2)
    asked = np.eye(1, DIMENSIONS, dtype=np.float32)[0]
    usual, spread = np.array([0.6, 0.2], np.float32), np.array([0.1, 0.1], np.float32)
    plain, corrected = Vectors.of(rows), Vectors.of(rows, usual, spread)
    assert np.argmax(plain.near(Direction(asked))) == 0
    assert np.argmax(corrected.near(Direction(asked, 0.2, 0.1))) == 1
    assert np.argmax(corrected.near(Direction(asked))) == 1


def test_the_same_is_one_and_the_unknown_is_unknown() -> None:
    rows = family(1, 3)
    rows[2] = 0
    near = Vectors.of(rows).near(Direction(rows[0]))
    assert near[0] == pytest.approx(1.0, abs=1e-4)
    assert np.isnan(near[2])
    assert np.isnan(Vectors.of(rows).near(None)).all()


def test_weights_decide_what_comes_first() -> None:
    sound, meaning = np.vstack([family(1, 1), family(2, 1)]), np.vstack([family(3, 1), family(4, 1)])
    facts = [track(1, bpm=90, camelot="1A"), track(2, bpm=120, camelot="8A")]
    wish = Wish(towards(sound[0]), towards(meaning[1]), follows=track(9, bpm=120, camelot="8A"))
    rows = pool(facts, sound, meaning)
    firsts = {
        name: int(
            np.argmax(
                score(
                    rows, wish, Weights(**{"sound": 0, "meaning": 0, "harmony": 0, "tempo": 0, "novelty": 0, name: 1})
                ).total
            )
        )
        for name in ("sound", "meaning", "harmony", "tempo")
    }
    assert firsts == {"sound": 0, "meaning": 1, "harmony": 1, "tempo": 1}


def test_novelty_and_familiarity_are_two_ends_of_one_thing() -> None:
    rows = pool([track(1), track(2, plays=20, days_since=2.0, loved=True)])
    assert int(np.argmax(score(rows, Wish(), Weights(0, 0, 0, 0, novelty=1)).total)) == 0
    assert int(np.argmax(score(rows, Wish(), Weights(0, 0, 0, 0, 0, familiarity=1)).total)) == 1
    assert score(rows, Wish(), Weights(0, 0, 0, 0, 0, 0)).total.shape == (2,)


def test_the_same_album_the_same_hands_and_long_mixes_are_damped() -> None:
    sound = np.repeat(family(1, 1), 4, axis=0)
    base = track(9, artist_id=5, album_id=7)
    facts = [
        track(1),
        track(2, artist_id=5),
        track(3, artist_id=5, album_id=7),
        track(4, duration_ms=75 * 60_000),
    ]
    total = score(pool(facts, sound), Wish(towards(sound[0]), like=[base]), SOUND_ALONE).total
    assert total[0] > total[1] > total[2] > total[3]
    among_mixes = Wish(towards(sound[0]), like=[track(9, duration_ms=60 * 60_000)])
    assert score(pool(facts, sound), among_mixes, SOUND_ALONE).total[3] == pytest.approx(total[0])


def test_no_song_comes_twice_and_nobody_fills_the_list() -> None:
    sound = family(1, 12, spread=0.1)
    facts = [track(number, artist_id=5, album_id=1) for number in range(8)]
    facts += [track(8, title="Piece 0 (Live)", artist_id=5), *(track(number) for number in range(9, 12))]
    rows = pool(facts, sound)
    chosen = choose(rows, score(rows, Wish(towards(sound[0])), SOUND_ALONE), 6)
    artists = [facts[one.place].artist_id for one in chosen]
    assert artists.count(5) <= 3
    assert len({song_of(facts[one.place].title) for one in chosen}) == 6


def test_what_was_heard_never_comes_and_a_short_pool_gives_a_short_list() -> None:
    sound = family(1, 4)
    facts = [track(number) for number in range(4)]
    rows = pool(facts, sound)
    scores = score(rows, Wish(towards(sound[0])), SOUND_ALONE)
    heard = [facts[0], track(99, title="Piece 1 (Remix)", artist_id=1001)]
    assert {facts[one.place].track_id for one in choose(rows, scores, 10, never=heard)} == {2, 3}
    assert choose(pool([]), score(pool([]), Wish(), SOUND_ALONE), 5) == []


def test_diversity_takes_from_more_than_one_corner() -> None:
    asked, aside = family(1, 1)[0], family(2, 1)[0]
    sound = np.vstack([*[asked + 0.3 * aside] * 10, asked - 0.4 * aside])
    sound /= np.linalg.norm(sound, axis=1, keepdims=True)
    facts = [track(number) for number in range(11)]
    rows = pool(facts, sound)
    scores = score(rows, Wish(towards(asked)), SOUND_ALONE)
    alike = {one.place for one in choose(rows, scores, 4, sameness=0.0)}
    diverse = {one.place for one in choose(rows, scores, 4, sameness=0.9)}
    assert 10 not in alike
    assert 10 in diverse


def test_reasons_are_data_the_strongest_first() -> None:
    one = track(1, bpm=120, camelot="8A", genres=("Shoegaze", "Rock"), moods=("nocturnal",), acoustic=0.9, energy=0.2)
    other = track(2, bpm=61.5, camelot="9A", genres=("Shoegaze",), moods=("nocturnal",), acoustic=0.8, energy=0.25)
    found = reasons_between(one, other, {"sound": 0.8, "meaning": 0.9})
    by_kind = {reason.kind: reason.values for reason in found}
    assert by_kind["key"] == {"from": "8A", "to": "9A", "relation": "neighbour", "steps": 1}
    assert by_kind["tempo"]["apart"] == 3.0
    assert by_kind["tempo"]["octaves"] == -1
    assert by_kind["genres"]["names"] == ["Shoegaze"]
    assert by_kind["energy"] == {"level": "low"}
    assert {"acoustic", "new", "moods", "sound"} <= set(by_kind)
    assert [reason.weight for reason in found] == sorted((reason.weight for reason in found), reverse=True)
    assert "meaning" not in {reason.kind for reason in shown(found)}


def test_nothing_known_gives_no_reason_but_that_it_is_new() -> None:
    assert [reason.kind for reason in reasons_between(track(1), track(2), {})] == ["new"]
    forgotten = track(3, plays=9, days_since=400.0)
    assert [reason.kind for reason in reasons_between(None, forgotten, {"sound": None})] == ["forgotten"]


def test_way_points_lie_on_the_sphere_and_opposites_have_a_way_too() -> None:
    one, other = family(1, 1)[0], family(2, 1)[0]
    points = between(one, other, [0.25, 0.5, 0.75])
    assert [float(np.linalg.norm(point)) for point in points] == pytest.approx([1, 1, 1], abs=1e-4)
    assert points[1] @ one == pytest.approx(float(points[1] @ other), abs=1e-4)
    assert np.isfinite(between(one, -one, [0.5])[0]).all()
    assert np.isfinite(between(one, one, [0.5])[0]).all()
