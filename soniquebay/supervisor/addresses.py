"""The addresses under which this machine is found at home."""

import fcntl
import socket
import struct
from contextlib import closing

from soniquebay.supervisor.arguments import EVERY_ADDRESS

SIOCGIFADDR = 0x8915
# Networks between containers: true addresses of this machine that no phone can reach.
INNER = ("lo", "docker", "br-", "veth", "virbr", "cni", "flannel")


def page_addresses(host: str, port: int) -> list[str]:
    """This machine first, then how others reach it."""
    if host not in {EVERY_ADDRESS, "::", ""}:
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}/"]
    return [f"http://{name}:{port}/" for name in ("localhost", *_own_addresses())]


def _own_addresses() -> list[str]:
    found = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        for _, name in socket.if_nameindex():
            if name.startswith(INNER):
                continue
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found
