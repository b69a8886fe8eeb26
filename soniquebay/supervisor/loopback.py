"""One small GET to our own web: http.client would add six megabytes to a process that runs for years."""

import json
import socket
from contextlib import closing
from urllib.parse import urlsplit

PATIENCE_S = 2.0
LARGEST_ANSWER = 1_000_000


def get(url: str, *, token: str = "") -> tuple[int, bytes] | None:
    """Status and body; None when nobody answers. HTTP/1.0 asks for an answer without chunks."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    lines = [f"GET {path} HTTP/1.0", f"Host: {parts.netloc}", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    try:
        with closing(socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE_S)) as peer:
            peer.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
            answer = b""
            while (block := peer.recv(65536)) and len(answer) < LARGEST_ANSWER:
                answer += block
    except OSError:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return (int(words[1]), body) if len(words) > 1 and words[1].isdigit() else None


def get_json(url: str, *, token: str = "") -> object | None:
    """The body of a 200, understood; None for everything else."""
    return understood(get(url, token=token))


def understood(answer: tuple[int, bytes] | None) -> object | None:
    """What an answer says, if it is a 200 and JSON."""
    if answer is None or answer[0] != 200:
        return None
    try:
        said: object = json.loads(answer[1])
    except ValueError:
        return None
    return said
