"""Several pictures in one body: each with its length before it, in eight bytes."""

from collections.abc import Iterable

LENGTH_BYTES = 8


def bundled(contents: Iterable[bytes]) -> bytes:
    return b"".join(part for content in contents for part in (len(content).to_bytes(LENGTH_BYTES, "big"), content))


def unbundled(body: bytes) -> list[bytes]:
    """Raises ValueError for what does not end where its lengths say."""
    found, at = [], 0
    while at < len(body):
        begin = at + LENGTH_BYTES
        at = begin + int.from_bytes(body[at:begin], "big")
        if begin > len(body) or at > len(body):
            raise ValueError("It breaks off.")
        found.append(body[begin:at])
    return found
