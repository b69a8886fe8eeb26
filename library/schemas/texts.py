"""Texts and numbers of the library as they are sent: short enough for an index, without what PostgreSQL cannot hold."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from core.schemas import without_nul

# An entry of an index holds 2,704 bytes, and a character up to four.
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(without_nul)
]
Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)]
Words = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(without_nul)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=2_500), AfterValidator(without_nul)]
Fingerprint = Annotated[str, StringConstraints(max_length=200_000), AfterValidator(without_nul)]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Year = Annotated[int, Field(ge=0, le=9999)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Small = Annotated[int, Field(ge=0, le=32_767)]
Bytes = Annotated[int, Field(ge=0, le=2**63 - 1)]

MOST_AT_ONCE = 1_000
"""rows of one batch"""
