"""Variables: each wrong value is one sentence that names it; files, running servers and defaults in their order."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core import environment as env
from core.environment import BadVariable


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("V", "V_FILE", "WORKER_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SONIQUEBAY_HOME", str(tmp_path))
    return tmp_path


def in_home(home: Path, name: str, text: str) -> Path:
    place = home / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)
    return place


def said_of(call: Callable[[], object]) -> str:
    with pytest.raises(BadVariable) as refusal:
        call()
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert sentence.startswith(("V", "/"))
    return sentence


WRONG: dict[str, tuple[str, Callable[[], object], str]] = {
    "a word for a number": ("many", lambda: env.whole("V", 1), "V='many' is not a whole number."),
    "a fraction for a number": ("1.5", lambda: env.whole("V", 1), "V='1.5' is not a whole number."),
    "too small": ("0", lambda: env.whole("V", 1, least=1), "V=0 must be at least 1."),
    "too large": ("9", lambda: env.whole("V", 1, least=1, most=8), "V=9 must be at most 8."),
    "neither yes nor no": ("maybe", lambda: env.switch("V", default=False), "V='maybe' is neither yes nor no."),
    "no option": ("loud", lambda: env.choice("V", "a", options=("a", "b")), "V='loud' is none of a, b."),
    "a wrong scheme": (
        "mysql://u:pw@h/d",
        lambda: env.address("V", schemes=("postgresql", "postgres"), hint="Use ours."),
        "V must begin with postgresql:// or postgres://. Use ours.",
    ),
    "a port that cannot be": (
        "redis://:pw@h:port/0",
        lambda: env.address("V", schemes=("redis",), hint="Use ours."),
        "V holds a port or a host that cannot be. Use ours.",
    ),
    "a port out of range": (
        "redis://h:99999",
        lambda: env.address("V", schemes=("redis",), hint="Use ours."),
        "V holds a port or a host that cannot be. Use ours.",
    ),
    "a host that cannot be": (
        "redis://[::1",
        lambda: env.address("V", schemes=("redis",), hint="Use ours."),
        "V holds a port or a host that cannot be. Use ours.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_one_sentence(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, read, sentence = WRONG[case]
    monkeypatch.setenv("V", value)
    assert said_of(read) == sentence


@pytest.mark.parametrize("value", ["mysql://u:hunter2@h/d", "redis://:hunter2@h:port"])
def test_a_password_in_an_address_is_not_repeated(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", value)
    assert "hunter2" not in said_of(lambda: env.address("V", schemes=("redis",), hint=""))


def test_what_is_required_is_asked_for_with_a_hint() -> None:
    assert said_of(lambda: env.required("V", "Set it.")) == "V is not set. Set it."


def test_values_of_each_type_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", " 5")
    assert env.whole("V", 1, least=1, most=5) == 5
    for word, meant in {"YES": True, "on": True, "1": True, "No": False, "off": False, "FALSE": False}.items():
        monkeypatch.setenv("V", word)
        assert env.switch("V", default=not meant) is meant
    monkeypatch.setenv("V", " a, b ,,c ")
    assert env.words("V", []) == ["a", "b", "c"]
    monkeypatch.setenv("V", "Debug")
    assert env.choice("V", "INFO", options=("DEBUG", "INFO")) == "DEBUG"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V", "")
    assert env.optional("V") is None
    assert (env.text("V", "d"), env.whole("V", 3), env.switch("V", default=True), env.words("V", ["w"])) == (
        "d",
        3,
        True,
        ["w"],
    )


def test_a_file_holds_the_value(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("V_FILE", str(in_home(home, "v", " secret\n")))
    assert env.required("V", "") == "secret"
    monkeypatch.setenv("V", "nearer")
    assert env.required("V", "") == "nearer"


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"", "is empty"), (b"\xff\xfe", "no text")])
def test_a_file_that_holds_none_is_no_reason_to_go_on(
    content: bytes | None, said: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home / "v"
    if content is not None:
        place.write_bytes(content)
    monkeypatch.setenv("V_FILE", str(place))
    sentence = said_of(lambda: env.text("V", "default"))
    assert f"V_FILE={place}" in sentence
    assert said in sentence.replace("is not a text file", "no text")


def test_the_servers_that_run_say_where_they_are(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_home(home, "run/servers.json", json.dumps({"V": "redis://running", "N": 5}))
    assert env.optional("V") == "redis://running"
    assert env.optional("N") is None
    monkeypatch.setenv("V", "redis://mine")
    assert env.optional("V") == "redis://mine"


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '"V"', '{"V": null}'])
def test_servers_that_left_rubbish_say_nothing(content: str, home: Path) -> None:
    in_home(home, "run/servers.json", content)
    assert env.optional("V") is None


def test_a_secret_comes_from_the_home_and_says_how_to_make_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "start once with bin/up" in said_of(lambda: env.secret("V", "v"))
    assert "For a bin/up --home DIR, set SONIQUEBAY_HOME=DIR." in said_of(lambda: env.secret("V", "v"))
    in_home(home, "secrets/v", "\n")
    assert "V is not set" in said_of(lambda: env.secret("V", "v"))
    in_home(home, "secrets/v", "kept\n")
    assert env.secret("V", "v") == "kept"
    monkeypatch.setenv("V", "given")
    assert env.secret("V", "v") == "given"


def test_a_kept_token_is_empty_where_none_was_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.secret_file("worker_token") == ""
    in_home(home, "secrets/worker_token", "kept")
    assert env.secret_file("worker_token") == "kept"
    monkeypatch.setenv("WORKER_TOKEN_FILE", str(in_home(home, "secrets/other", "other")))
    assert env.secret_file("worker_token") == "other"


def test_data_lie_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SONIQUEBAY_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert env.home() == tmp_path / "soniquebay"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert env.home() == tmp_path / ".local/share/soniquebay"
    monkeypatch.setenv("SONIQUEBAY_HOME", "~/there")
    assert env.home() == tmp_path / "there"
