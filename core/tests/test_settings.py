"""Choices made in the web: kept, replaced, and encrypted where they are secrets."""

import pytest

from core.models import Setting
from core.selectors import secret_setting, setting
from core.services.settings import write_secret_setting, write_setting

pytestmark = pytest.mark.django_db
SECRET = "s3cret of a service"


@pytest.mark.parametrize("value", [True, 0, "", "text", ["a", 1], {"a": None}, None])
def test_a_choice_is_read_as_it_was_written(value: object) -> None:
    write_setting(key="k", value=value)
    assert setting("k", default="never") == value


def test_a_choice_that_was_never_made_has_its_default() -> None:
    assert setting("k", default=5) == 5
    assert secret_setting("k") is None


def test_the_last_choice_counts() -> None:
    write_setting(key="k", value=1)
    write_setting(key="k", value=2)
    assert setting("k") == 2
    assert Setting.objects.count() == 1


def test_a_secret_is_kept_so_that_the_table_does_not_tell_it() -> None:
    write_secret_setting(key="k", secret=SECRET)
    row = Setting.objects.get()
    assert secret_setting("k") == SECRET
    assert row.value is None
    assert SECRET.encode() not in bytes(row.secret or b"")
    assert setting("k") is None, "a secret is no choice to be shown"


def test_an_empty_secret_forgets_the_old_one() -> None:
    write_secret_setting(key="k", secret=SECRET)
    write_secret_setting(key="k", secret="")
    assert secret_setting("k") is None
    assert not Setting.objects.exists()


def test_a_choice_replaces_a_secret() -> None:
    write_secret_setting(key="k", secret=SECRET)
    write_setting(key="k", value=1)
    assert secret_setting("k") is None
