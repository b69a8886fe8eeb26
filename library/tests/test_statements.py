"""Rows that travel with a statement arrive as they were."""

import json
from typing import Any

import pytest
from django.db import DataError

from library.services.statements import Record, array, execute

HARD = [
    "plain",
    "",
    "null",
    "NULL",
    "{a,b}",
    'she said "no"',
    "back\\slash",
    "\\n is two characters",
    "\\\\u0041",
    "a\nline, a\ttab, a\rreturn, a\bbell, a\fform",
    "\x01\x1f\x7f",
    "Björk 東京 🎵",
    "' ; DROP TABLE tracks; --",
    "%s %(r.text)s",
    None,
]


@pytest.mark.django_db
def test_texts_of_all_kinds_arrive_as_they_are() -> None:
    rows = Record("r", {"number": "int", "text": "text"})
    sent = [{"number": number, "text": text} for number, text in enumerate(HARD)]
    assert [text for (text,) in execute(f"SELECT text FROM {rows} ORDER BY number", rows.of(sent))] == HARD
    ((found,),) = execute("SELECT %(texts)s::text[]", {"texts": array(HARD)})
    assert found == HARD


@pytest.mark.django_db
def test_every_type_arrives_and_what_is_not_named_is_null() -> None:
    rows = Record("r", {"whole": "bigint", "part": "float8", "truth": "boolean", "thing": "jsonb"})
    thing = {"a": [10**30, 'two "2"', None, "line\nend\\"], "b": {"c": 0.5}}
    sent: list[dict[str, Any]] = [{"whole": 2**62, "part": -1e-9, "truth": True, "thing": thing}, {"truth": False}]
    first, second = execute(f"SELECT whole, part, truth, thing::text FROM {rows}", rows.of(sent))
    assert (*first[:3], json.loads(first[3])) == (2**62, -1e-9, True, thing)
    assert second == (None, None, False, None)


@pytest.mark.django_db
def test_no_rows_are_no_rows() -> None:
    rows = Record("r", {"number": "int"})
    assert execute(f"SELECT number FROM {rows}", rows.of([])) == []


@pytest.mark.django_db(transaction=True)
def test_what_no_text_can_hold_is_an_error_of_data() -> None:
    with pytest.raises(DataError):
        execute("SELECT %(texts)s::text[]", {"texts": array(["a\x00b"])})
    with pytest.raises(DataError):
        execute("SELECT %(numbers)s::bigint[]", {"numbers": array([2**80])})
