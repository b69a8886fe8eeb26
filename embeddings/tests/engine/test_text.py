"""Words: near in direction is near in meaning, in English and in French, misspelt too."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.engine.data import make_text
from embeddings.engine.text import TABLE, TextEncoder, Words, load_encoder
from embeddings.engine.words import pieces, plain, words

ENCODER = load_encoder()


def likeness(one: str, other: str) -> float:
    first, second = ENCODER.encode_request([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("request_", "nearer", "farther"),
    [
        ("calm", "peaceful", "aggressive"),
        ("musique calme pour dormir", "sleep, calm, ambient", "thrash metal, aggressive"),
        ("chansons tristes", "sad, melancholic", "happy, party"),
        ("guitare saturée", "distorted guitar, hard rock", "harpsichord, baroque"),
        ("pour courir", "running, workout", "sleep, lullaby"),
        ("music for a rainy day", "rainy day, melancholic", "beach, summer"),
        ("années soixante", "1960s", "2010s"),
        ("chanteuse africaine", "african, female vocals", "german, male vocals"),
        ("psychedelik", "psychedelic", "baroque"),
        ("melancholique", "melancholic", "festive"),
    ],
)
def test_what_means_the_same_is_nearer(request_: str, nearer: str, farther: str) -> None:
    assert likeness(request_, nearer) > likeness(request_, farther) + 0.05


def test_case_and_accents_say_nothing() -> None:
    assert words("L’Été à Évian, ŒUVRE Straße") == ["l", "ete", "a", "evian", "oeuvre", "strasse"]
    assert plain("ÅNGSTRÖM") == "angstrom"
    assert likeness("Mélancolie", "MELANCOLIE") == pytest.approx(1.0, abs=1e-6)


def test_vectors_are_of_length_one_and_the_same_every_time() -> None:
    tracks = [Words("jazz, calm", "So What Miles Davis"), Words("metal", "Raining Blood Slayer")]
    first, again = ENCODER.encode(tracks), TextEncoder().encode(tracks)
    assert first.shape == (2, 512)
    assert first.dtype == np.float32
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(first, again)


def test_one_more_in_the_batch_changes_nothing() -> None:
    tracks = [Words(f"genre {number}, calm piano", f"Title {number}") for number in range(300)]
    assert np.allclose(ENCODER.encode(tracks)[299], ENCODER.encode(tracks[299:])[0], atol=1e-6)


def test_names_say_little() -> None:
    metal = Words("death metal, aggressive", "Peaceful Calm Lullaby")
    quiet = Words("ambient, calm", "Death and Destruction")
    found = ENCODER.encode([metal, quiet]) @ ENCODER.encode_request(["calm music to sleep"])[0]
    assert found[1] > found[0]


@pytest.mark.parametrize("text", ["", "   ", "!!! …", "\x00", "🎵🎵"])
def test_what_has_no_known_word_has_no_vector(text: str) -> None:
    assert not ENCODER.encode_request([text]).any()
    assert not ENCODER.encode([Words(text, text)]).any()
    assert ENCODER.encode_request([]).shape == (0, 512)


def test_a_text_without_end_is_cut() -> None:
    assert ENCODER.encode_request(["calm " * 100_000]).any()


def test_the_table_is_small_and_says_whose_it_is() -> None:
    assert TABLE.stat().st_size < 7_000_000
    assert "Apache" in (TABLE.parent / "LICENSE-text-1.txt").read_text(encoding="utf-8")


class TestMaking:
    """The steps of the maker, on a language of six words."""

    TOKENS = ("the", "calm", "loud", "pea", "##ce", "!")
    MEANINGS = np.random.default_rng(5).normal(size=(6, 12)).astype(np.float32)

    def test_signs_of_directions_do_not_depend_on_the_library(self) -> None:
        names, one = make_text.reduced(self.TOKENS, self.MEANINGS, 4)
        _names, other = make_text.reduced(self.TOKENS, self.MEANINGS.copy(order="F"), 4)
        assert names == list(self.TOKENS[:5])
        assert one.shape == (5, 4)
        assert np.allclose(one, other, atol=1e-4)

    def test_common_words_count_little_and_those_of_music_more(self) -> None:
        weighed = make_text.weighed(
            ["the", "calm", "loud"], np.ones((3, 2), np.float32), frozenset({"calm"}), frozenset({"the"})
        )
        assert weighed[0, 0] < weighed[2, 0] < weighed[1, 0] == pytest.approx(make_text.RAISED)

    def test_french_words_mean_what_they_say_and_their_forms_share_a_row(self) -> None:
        lines, table = make_text.with_french(
            self.TOKENS[:5], self.MEANINGS[:5], {("calme", "calmes"): "calm", ("fort",): "loud"}
        )
        assert lines[5:] == ["calme calmes", "fort"]
        assert np.allclose(table[5] / np.linalg.norm(table[5]), self.MEANINGS[1] / np.linalg.norm(self.MEANINGS[1]))

    def test_a_word_that_both_languages_have_means_both(self) -> None:
        lines, table = make_text.with_french(self.TOKENS[:5], self.MEANINGS[:5], {("loud",): "calm"})
        assert len(lines) == 5
        assert table[2] @ self.MEANINGS[1] > self.MEANINGS[2] @ self.MEANINGS[1]
        assert table[2] @ self.MEANINGS[2] > self.MEANINGS[1] @ self.MEANINGS[2]

    def test_what_is_written_is_what_is_read(self, tmp_path: Path) -> None:
        lines = [*self.TOKENS[:5], "calme calmes"]
        make_text.written(tmp_path / "t.npz", lines, self.MEANINGS, ["the"], ["calme"])
        made = TextEncoder(tmp_path / "t.npz")
        read = made.values * made.scales[:, None]
        assert np.allclose(read, self.MEANINGS, atol=np.abs(self.MEANINGS).max() / 100)
        assert pieces("peace", made.known) == [3, 4]
        assert made.known["calme"] == made.known["calmes"] == 5
        assert made.quiet == {"the"}

    def test_it_makes_the_same_file_each_time(self, tmp_path: Path) -> None:
        files = [tmp_path / "one.npz", tmp_path / "other.npz"]
        for file in files:
            make_text.written(file, self.TOKENS, self.MEANINGS, ["the"], ["calm"])
        assert files[0].read_bytes() == files[1].read_bytes()


class TestLexicon:
    HELD = make_text.french()
    FORMS = tuple(form for forms in HELD for form in forms)

    def test_it_is_large_and_says_each_word_once(self) -> None:
        assert len(self.FORMS) > 2_500
        assert len(set(self.FORMS)) == len(self.FORMS)

    def test_its_words_are_as_the_encoder_reads_them(self) -> None:
        assert not [form for form in self.FORMS if words(form) != [form]]
        assert not [said for said in self.HELD.values() if not all(pieces(word, ENCODER.known) for word in words(said))]

    def test_the_table_was_made_with_it(self) -> None:
        assert not [form for form in self.FORMS if form not in ENCODER.known]


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("saxaphone", "saxophone"),
        ("mandollin", "mandolin"),
        ("aggresive", "aggressive"),
        ("electornic", "electronic"),
        ("guitarre", "guitare"),
        ("calm", None),
        ("jazz", None),
        ("modal", None),
        ("xylopohne", "xylophone"),
    ],
)
def test_one_mistake_is_seen_through(misspelt: str, meant: str | None) -> None:
    assert ENCODER.spelling.meant(misspelt) == meant
    if meant:
        assert likeness(misspelt, meant) > 0.85


def test_words_that_only_ask_are_not_heard() -> None:
    assert not ENCODER.encode_request(["voudrais"]).any()
    assert likeness("je voudrais quelque chose de calme", "calme") > 0.9
