"""Languages as files write them."""

import pytest

from embeddings.engine.codes import NAMES, language_named
from embeddings.engine.ontology import load_ontology


@pytest.mark.parametrize(
    ("written", "name"),
    [("fra", "french"), ("ENG", "english"), ("fr-FR", "french"), ("eng; fra", "english"), ("xxx", ""), ("", "")],
)
def test_codes_are_named_and_what_nobody_knows_says_nothing(written: str, name: str) -> None:
    assert language_named(written) == name


def test_names_are_those_of_the_ontology() -> None:
    assert set(NAMES.values()) <= set(load_ontology().languages)
    assert language_named("Occitan") == "occitan"
