"""Secrets at rest: unreadable without the key, readable through a change of keys."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet

from core import encryption
from core.checks import encryption_keys
from core.encryption import decrypt, encrypt
from core.errors import Unavailable

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings: Any) -> Iterator[Callable[..., None]]:
    def use(*given: str) -> None:
        settings.ENCRYPTION_KEYS = list(given)
        encryption._cipher.cache_clear()

    yield use
    encryption._cipher.cache_clear()


@pytest.mark.parametrize("text", ["", "secret", "é🐙\u202e", "x" * 100_000])
def test_what_was_encrypted_is_read_again(text: str, keys: Callable[..., None]) -> None:
    keys(NEW)
    assert decrypt(encrypt(text)) == text


def test_one_text_is_never_encrypted_alike_twice(keys: Callable[..., None]) -> None:
    keys(NEW)
    assert encrypt("secret") != encrypt("secret")


def test_an_older_key_still_reads_and_the_first_one_writes(keys: Callable[..., None]) -> None:
    keys(OLD)
    kept = encrypt("secret")
    keys(NEW, OLD)
    assert decrypt(kept) == "secret"
    written = encrypt("secret")
    keys(NEW)
    assert decrypt(written) == "secret"
    with pytest.raises(Unavailable):
        decrypt(kept)


@pytest.mark.parametrize("spoil", [lambda data: data[:-5], lambda data: b"", lambda data: data[:20] + b"A" + data[21:]])
def test_what_was_changed_is_not_read(spoil: Callable[[bytes], bytes], keys: Callable[..., None]) -> None:
    keys(NEW)
    with pytest.raises(Unavailable) as refusal:
        decrypt(spoil(encrypt("secret")))
    assert "ENCRYPTION_KEY" in refusal.value.hint


def test_spaces_around_keys_do_no_harm(keys: Callable[..., None]) -> None:
    keys(f" {NEW} ", f"\n{OLD}")
    assert decrypt(encrypt("secret")) == "secret"
    assert encryption_keys(None) == []


@pytest.mark.parametrize("key", ["", "short", "é" * 44, "A" * 44, "!" * 44])
def test_a_key_that_is_none_is_said_at_start(key: str, keys: Callable[..., None]) -> None:
    keys(NEW, key)
    assert [problem.id for problem in encryption_keys(None)] == ["soniquebay.E002"]
