"""Every hard path does what its entry says."""

import json
from pathlib import Path

import pytest

from library.engine.paths import escaped
from library.tests.nasty import Nasty
from library.tests.worker.conftest import Scanning
from library.tests.worker.scan_server import ScanServer

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def nasty(music: Path) -> Nasty:
    return Nasty(music)


def named(server: ScanServer) -> set[str]:
    return {folder + name for folder, name in server.failed}


def test_each_case_has_the_fate_that_it_deserves(nasty: Nasty, server: ScanServer, scanned: Scanning) -> None:
    server.plan["root"]["skip_nomedia"] = True
    scanned()
    assert server.finish["state"] == "done", server.finish["message"]
    fates = {
        "indexed": lambda name: name in server.names() and name not in named(server),
        "error": lambda name: name in named(server) and name not in server.names(),
        "passed": lambda name: name not in named(server) | server.names(),
        "either": lambda name: (name in named(server)) != (name in server.names()),
    }
    wrong = [case for case in nasty.cases if not fates[case.fate](escaped(case.place))]
    assert wrong == []
    assert len(nasty.cases) > 90
    assert server.names() <= {escaped(case.place) for case in nasty.of("indexed", "either")}
    assert all(len(error["reason"]) > 10 for error in server.failed.values())
    figures = server.finish["metrics"]
    assert figures["errors"] == len(server.failed)
    assert figures["new"] == len(server.tracks)


def test_a_second_scan_finds_nothing_to_do(nasty: Nasty, server: ScanServer, scanned: Scanning) -> None:
    scanned().next_job()
    scanned()
    assert server.finish["state"] == "done"
    assert server.batches == []
    assert server.finish["metrics"]["new"] == 0


def test_what_the_hard_texts_become(nasty: Nasty, server: ScanServer, scanned: Scanning) -> None:
    scanned()
    json.dumps(list(server.tracks.values()), allow_nan=False).encode()

    def row(place: str) -> dict[str, object]:
        folder, _, name = place.rpartition("/")
        (found,) = server.tracks[f"{folder}/", name]
        return found

    assert row("texts/nul.mp3")["title"] == "A"
    assert row("texts/none.mp3")["title"] == "none"
    assert row("texts/blank.mp3")["title"] == "blank"
    assert row("texts/zero width.mp3")["title"] == "zero width"
    assert row("texts/control.mp3")["title"] == "ab"
    assert row("texts/no mark.mp3")["title"] == "Jóga"
    assert (row("numbers/side.mp3")["track_number"], row("numbers/side.mp3")["track_position"]) == ("A1", 101)
    for name in ("huge", "negative", "words"):
        assert row(f"numbers/{name}.mp3")["track_position"] is None
    assert (row("numbers/year.mp3")["year"], row("numbers/year.mp3")["year_number"]) == ("MMXX", None)
    assert row("numbers/zero.mp3")["year"] is None
    assert (row("numbers/bpm.mp3")["bpm"], row("numbers/fraction.mp3")["bpm"]) == (128.0, 141.7)
    assert row("numbers/key.mp3")["key"] is None
    assert row("numbers/gain.mp3")["replaygain_track_gain"] is None
    assert row("numbers/ids.mp3")["musicbrainz_albumid"] is None
    assert len(str(row("heavy/title.mp3")["title"])) == 20_000
    assert row("heavy/cover.mp3")["cover"] is None
    assert row("names/latin ␛e9␛e8.mp3")["title"] == "Latin-1"
