"""What people ask, in two languages: each thing understood, nothing that is not there."""

import pytest

from embeddings.engine.grammar import understand

REQUESTS = [
    ("musique calme pour dormir", "mood:calm use:sleep"),
    ("calm music to fall asleep", "mood:calm use:sleep"),
    ("dark techno 90s", "mood:dark genre:techno decade:1990s"),
    ("du rock énervé des années 90 sans voix", "genre:rock mood:angry decade:1990s vocals:instrumental"),
    ("like Miles Davis but calmer", "artist_like:Miles Davis than:calm"),
    ("comme Air en plus rapide", "artist_like:Air than:fast"),
    ("songs in A minor around 120 bpm", "key:8A tempo:115-125"),
    ("en la mineur", "key:8A"),
    ("chanson française des années soixante", "genre:chanson decade:1960s"),
    ("not too fast", "-tempo:fast"),
    ("sauf metal", "-genre:metal"),
    ("anything but jazz", "-genre:jazz"),
    ("quand il pleut", "use:rain"),
    ("female singer, jazz, before 1960", "vocals:female genre:jazz years:-1959"),
    ("entre 1990 et 1995", "years:1990-1995"),
    ("plus de 10 minutes", "length:600-"),
    ("reggea for the beach", "genre:reggae use:beach"),
    ("de la musique malienne", "region:mali"),
    ("pour courir", "use:running"),
    ("tubes 80", "decade:1980s"),
    ("hits of the last few years", "years:2017-"),
    ("jazz moderne", "genre:jazz years:1999-"),
    ("drum nd bass", "genre:drum and bass"),
    ("trip hopp", "genre:trip hop"),
    ("electronic music you can't dance to", "genre:electronic -use:dancing"),
    ("t'aurais pas un truc joyeux ?", "mood:happy"),
]


def said(text: str) -> set[str]:
    return {f"{'-' if chip.negated else ''}{chip.kind}:{chip.value}" for chip in understand(text, now=2024).chips}


@pytest.mark.parametrize(("text", "wanted"), REQUESTS)
def test_requests_are_understood(text: str, wanted: str) -> None:
    # Names of artists have spaces of their own.
    chips = said(text)
    assert all(chip in wanted for chip in chips)
    assert len(" ".join(sorted(chips)).split()) == len(wanted.split())


@pytest.mark.parametrize("text", ["radiohead", "stromae formidabl", "", "   ", "🎵"])
def test_names_are_left_to_the_search_of_words(text: str) -> None:
    asked = understand(text)
    assert not [chip for chip in asked.chips if chip.kind != "artist_like"]
    assert asked.rest == " ".join(text.split()) or not text.strip() or text == "🎵"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dark techno from the 90s", "du techno sombre des années 90"),
        ("sad piano", "piano triste"),
        ("to study", "pour réviser"),
        ("fast", "rapide"),
    ],
)
def test_both_languages_mean_the_same(one: str, other: str) -> None:
    assert said(one) == said(other) != set()


def test_a_chip_knows_where_it_stood() -> None:
    text = "Du jazz calme, s’il te plaît"
    for chip in understand(text).chips:
        assert text[chip.start : chip.end].lower() == chip.text.lower()


def test_the_same_every_time() -> None:
    for text, _wanted in REQUESTS:
        assert understand(text) == understand(text)


def test_a_text_without_end_is_answered() -> None:
    assert understand("calm " * 400).chips
