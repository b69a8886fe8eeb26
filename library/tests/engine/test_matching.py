"""Which file that has appeared is which that is gone."""

from typing import Any

from library.engine.matching import Facts, matches


def facts(ref: int, path: str = "", **more: Any) -> Facts:
    given = {"title": f"title {ref}", "artists": "moss", "album": "low tide", "duration_ms": 1000 * ref, "size": ref}
    return Facts(ref=ref, path=path or f"/m/{ref}.flac", **{**given, **more})


def pairs(gone: list[Facts], appeared: list[Facts]) -> list[tuple[int, int]]:
    return [(old.ref, new.ref) for old, new in matches(gone, appeared)]


def test_the_same_sound_is_the_same_track_whatever_else_has_changed() -> None:
    old = facts(1, audio_hash="h")
    new = facts(2, "/elsewhere/x.flac", audio_hash="h", title="other", artists="other", album="other")
    assert pairs([old], [new]) == [(1, 2)]


def test_each_is_used_once_and_copies_go_to_whom_they_resemble() -> None:
    gone = [facts(1, "/a/one.flac", audio_hash="h"), facts(2, "/b/two.flac", audio_hash="h")]
    new = [facts(3, "/c/two.flac", audio_hash="h"), facts(4, "/c/one.flac", audio_hash="h")]
    assert sorted(pairs(gone, new)) == [(1, 4), (2, 3)]
    assert pairs(gone, new[:1]) == [(2, 3)]


def test_encoded_anew_it_is_found_by_its_recording_or_by_its_tags() -> None:
    tags: dict[str, Any] = {"title": "ebb", "album": "low tide", "disc": 1, "track": 3}
    assert pairs([facts(1, duration_ms=180_000, **tags)], [facts(2, duration_ms=180_700, **tags)]) == [(1, 2)]
    assert pairs([facts(1, duration_ms=180_000, **tags)], [facts(2, duration_ms=190_000, **tags)]) == []
    one: dict[str, Any] = {"recording": "r", "release": "a", "duration_ms": 9}
    assert pairs([facts(1, **one)], [facts(2, title="ebb (2011)", **one)]) == [(1, 2)]
    assert pairs([facts(1, **one)], [facts(2, **{**one, "release": "b"})]) == [], "on another album it is another track"


def test_without_any_tag_a_name_and_a_size_or_a_place_and_a_length_will_do() -> None:
    bare: dict[str, Any] = {"title": "", "artists": "", "album": ""}
    assert pairs([facts(1, "/a/x.mp3", size=5, **bare)], [facts(2, "/b/x.mp3", size=5, **bare)]) == [(1, 2)]
    old = facts(1, "/a/x.wav", duration_ms=5_000, **bare)
    assert pairs([old], [facts(2, "/a/x.flac", duration_ms=5_100, **bare)]) == [(1, 2)]
    assert pairs([old], [facts(2, "/b/x.flac", duration_ms=5_100, **bare)]) == []


def test_a_cue_sheets_tracks_do_not_take_each_others_place() -> None:
    gone = [facts(n, "/a/image.flac", audio_hash="h", cue_index=n) for n in (1, 2)]
    new = [facts(n + 2, "/b/image.flac", audio_hash="h", cue_index=n) for n in (2, 1)]
    assert sorted(pairs(gone, new)) == [(1, 3), (2, 4)]
