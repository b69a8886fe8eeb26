"""What a walk lists, what it passes over, and how it goes on when something is in its way."""

import os
import sys
from pathlib import Path
from typing import Any

from library.engine.walk import Folder, Walk, count_audio


def put(root: Path, *names: str | bytes) -> None:
    for name in names:
        path = os.path.join(bytes(root), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"x")


def walked(root: Path, after: str | None = None, **options: bool) -> list[Folder]:
    chosen = {"follow_symlinks": True, "skip_nomedia": False} | options
    return [folder for folder in Walk(bytes(root), **chosen).folders(after) if folder.matters()]


def listed(root: Path, **options: bool) -> list[str]:
    folders = walked(root, None, **options)
    return [folder.path + os.fsdecode(entry[0]) for folder in folders for entry in folder.audio]


def test_folders_come_in_the_order_of_their_paths_bytes(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a/x.mp3",
        "a b/x.mp3",
        "a/b/x.mp3",
        "a-/x.mp3",
        "B/x.mp3",
        "é/x.mp3",
        b"\xe9/x.mp3",
        "x.mp3",
        "a0/x.mp3",
    )
    paths = [folder.path for folder in walked(tmp_path)]
    assert paths == sorted(paths, key=str.encode)
    assert len(paths) == 9


def test_a_walk_goes_on_behind_a_place(tmp_path: Path) -> None:
    put(tmp_path, *(f"{a}/{b}/{c}.mp3" for a in "abc" for b in "abc" for c in "ab"), "b/x.mp3", "b/b b/x.mp3")
    everything = [folder.path for folder in walked(tmp_path)]
    for place in [*everything, "", "b/ab/", "zzz/"]:
        rest = [folder.path for folder in walked(tmp_path, after=place)]
        assert rest == [path for path in everything if path > place]


def test_suffixes_decide_in_any_case(tmp_path: Path) -> None:
    put(tmp_path, "a.MP3", "b.Flac", "c.txt", "mp3", "d.m4a.part", "e.opus", "f.DSF")
    assert listed(tmp_path) == ["a.MP3", "b.Flac", "e.opus", "f.DSF"]


def test_hidden_things_and_rubbish_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, ".hidden/a.mp3", ".a.mp3", "._a.mp3", "@eaDir/a.mp3", "$RECYCLE.BIN/a.mp3", "#snapshot/a.mp3")
    put(tmp_path, "lost+found/a.mp3", ".git/a.mp3", "@Recycle/a.mp3", "@Recently-Snapshot/a.mp3", "#recycle/a.mp3")
    put(tmp_path, "System Volume Information/a.mp3", ".streams/a.mp3")
    assert listed(tmp_path) == []


def test_an_album_may_begin_with_dots(tmp_path: Path) -> None:
    put(tmp_path, ".../a.mp3", "..Baby One More Time/b.mp3")
    assert listed(tmp_path) == ["..Baby One More Time/b.mp3", ".../a.mp3"][::-1]


def test_an_empty_ignore_file_means_everything_below(tmp_path: Path) -> None:
    put(tmp_path, "no/a.mp3", "no/b/c.mp3", "yes/a.mp3")
    (tmp_path / "no" / ".ndignore").touch()
    assert listed(tmp_path) == ["yes/a.mp3"]


def test_ignore_files_speak_git_s_language(tmp_path: Path) -> None:
    put(tmp_path, "live/a.mp3", "b/demo.mp3", "b/keep demo.mp3", "b/x.flac", "c/d/old/e.mp3")
    (tmp_path / ".ndignore").write_text("# what nobody hears\nlive/\n*demo.mp3\n!keep*\n/c/**/old\n[broken\n")
    assert listed(tmp_path) == ["b/keep demo.mp3", "b/x.flac"]


def test_a_nearer_ignore_file_takes_back(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3", "b/x.mp3")
    (tmp_path / ".ndignore").write_text("*.mp3\n")
    (tmp_path / "b" / ".ndignore").write_text("!x.mp3\n")
    assert listed(tmp_path) == ["b/x.mp3"]


def test_nomedia_counts_only_where_asked(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3", "a/b/x.mp3", "c/x.mp3", "a/.nomedia")
    assert len(listed(tmp_path)) == 3
    assert listed(tmp_path, skip_nomedia=True) == ["c/x.mp3"]


def test_pipes_and_sockets_are_no_files(tmp_path: Path) -> None:
    put(tmp_path, "a.mp3")
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "link.mp3").symlink_to("pipe.mp3")
    assert listed(tmp_path) == ["a.mp3"]


def test_names_of_any_bytes_are_listed(tmp_path: Path) -> None:
    put(tmp_path, b"caf\xe9.mp3", "new\nline.mp3", "x" * 251 + ".mp3", "Beyonce\u0301.mp3", "Beyonc\u00e9.mp3")
    assert len(listed(tmp_path)) == 5


def test_forty_levels_are_walked(tmp_path: Path) -> None:
    place = "/".join("d" * 40 for _ in range(40))
    put(tmp_path, f"{place}/deep.mp3")
    assert listed(tmp_path) == [f"{place}/deep.mp3"]


# --- links -----------------------------------------------------------------------------------------------------------


def test_links_to_what_is_listed_anyway_are_no_second_copy(tmp_path: Path) -> None:
    put(tmp_path, "b/x.mp3")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "c.mp3").symlink_to("b/x.mp3")
    assert listed(tmp_path) == ["b/x.mp3"]


def test_links_in_rings_end(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3")
    (tmp_path / "a" / "self").symlink_to(".")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "round.mp3").symlink_to("round.mp3")
    assert listed(tmp_path) == ["a/x.mp3"]


def test_links_to_what_is_hidden_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path, ".store/album/x.mp3", ".store/one.flac")
    (tmp_path / "album").symlink_to(".store/album")
    (tmp_path / "again").symlink_to(".store/album")
    (tmp_path / "song").symlink_to(".store/one.flac")
    (tmp_path / ".store" / "album" / "ring").symlink_to("../album")
    assert listed(tmp_path) == ["song", "again/x.mp3"]
    assert listed(tmp_path, follow_symlinks=False) == []


def test_links_that_lead_out_are_named_and_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "music/a.mp3", "elsewhere/b.mp3", "elsewhere/c/d.mp3")
    (tmp_path / "music" / "b.mp3").symlink_to("../elsewhere/b.mp3")
    (tmp_path / "music" / "c").symlink_to("../elsewhere/c")
    (tmp_path / "music" / "passwd").symlink_to("/etc/passwd")
    (folder,) = walked(tmp_path / "music")
    assert [entry[0] for entry in folder.audio] == [b"a.mp3"]
    assert {trouble.name for trouble in folder.troubles} == {b"b.mp3", b"c"}
    assert all("leads out" in trouble.reason for trouble in folder.troubles)


def test_a_broken_link_is_trouble_only_if_it_promised_music(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to("nowhere.mp3")
    (tmp_path / "b").symlink_to("nowhere")
    (folder,) = walked(tmp_path)
    assert [(trouble.name, "nowhere" in trouble.reason) for trouble in folder.troubles] == [(b"a.mp3", True)]


def test_a_root_may_be_a_link_itself(tmp_path: Path) -> None:
    put(tmp_path, "music/a.mp3")
    (tmp_path / "here").symlink_to("music")
    assert listed(tmp_path / "here") == ["a.mp3"]


# --- what is in the way ----------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_listed_is_named_and_the_walk_goes_on(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3", "b/x.mp3")
    # A path that is longer than the system allows can only be made step by step.
    here = os.open(tmp_path / "a", os.O_RDONLY)
    for _ in range(25):
        os.mkdir("n" * 200, dir_fd=here)
        below = os.open("n" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    folders = {folder.path: folder for folder in walked(tmp_path)}
    (refused,) = [folder for folder in folders.values() if not folder.readable]
    assert "File name too long" in refused.troubles[0].reason
    assert folders["b/"].audio


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3", "b/x.mp3")
    walk = Walk(bytes(tmp_path), follow_symlinks=True, skip_nomedia=False)
    folders = walk.folders()
    next(folders)
    os.remove(tmp_path / "b" / "x.mp3")
    (tmp_path / "b").rmdir()
    assert [folder.path for folder in folders] == ["a/"]
    assert walk.vanished == ["b/"]


# --- digests ---------------------------------------------------------------------------------------------------------


def digest(root: Path) -> str:
    return next(Walk(bytes(root), follow_symlinks=True, skip_nomedia=False).folders()).digest


def test_everything_that_matters_is_in_the_digest_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, "a.mp3")
    seen = {digest(tmp_path)}

    def differs() -> bool:
        before = len(seen)
        seen.add(digest(tmp_path))
        return len(seen) > before

    assert not differs()
    for name in ("cover.jpg", "a.lrc", "a.cue", ".ndignore"):
        (tmp_path / name).write_text("*.wav")
        assert differs(), name
    os.utime(tmp_path / "a.mp3", ns=(1, 1))
    assert differs()
    os.utime(tmp_path / "cover.jpg", ns=(1, 1))
    assert differs()
    (tmp_path / "notes.doc").touch()
    (tmp_path / "below").mkdir()
    put(tmp_path, "below/b.mp3")
    assert not differs()


def test_the_digest_does_not_depend_on_the_order_of_the_disk(tmp_path: Path) -> None:
    for name, order in (("a", range(50)), ("b", reversed(range(50)))):
        for number in order:
            put(tmp_path, f"{name}/{number}.mp3")
            os.utime(tmp_path / name / f"{number}.mp3", ns=(number, number))
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_a_walk_opens_no_file(tmp_path: Path) -> None:
    put(tmp_path, *(f"{album}/{track}.flac" for album in "abc" for track in range(9)), "a/cover.jpg", "b/1.lrc")
    opened: list[Any] = []
    watching = True

    def note(event: str, arguments: Any) -> None:
        if watching and event == "open":
            opened.append(arguments)

    sys.addaudithook(note)
    assert len(listed(tmp_path)) == 27
    watching = False
    assert opened == []


def test_counting_ahead_counts_what_will_be_found(tmp_path: Path) -> None:
    put(tmp_path, "a/x.mp3", "a/y.flac", "b/c/z.ogg", ".h/x.mp3", "cover.jpg", "@eaDir/x.mp3")
    assert count_audio(bytes(tmp_path)) == 3
