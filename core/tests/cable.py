"""A cable between a client and Redis, to be pulled out in tests."""

import socket
import threading
from contextlib import suppress


class Cable:
    """Forwards TCP; pulled out it refuses and cuts, frozen it accepts and stays silent."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._plugged = threading.Event()
        self._plugged.set()
        self._frozen = False
        self._open: set[socket.socket] = set()
        self._server: socket.socket | None = None
        self.port = 0

    def __enter__(self) -> "Cable":
        self._listen()
        return self

    def __exit__(self, *error: object) -> None:
        self.pull_out()

    def pull_out(self) -> None:
        server, self._server = self._server, None
        if server:
            _end(server)
        self._cut()

    def freeze(self) -> None:
        self._plugged.clear()

    def plug_in(self) -> None:
        if not self._plugged.is_set():
            self._plugged.set()
            self._cut()
        if self._server is None:
            self._listen()

    def _cut(self) -> None:
        for end in list(self._open):
            _end(end)

    def _listen(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(65536):
                self._plugged.wait()
                sink.sendall(block)
        for end in (source, sink):
            self._open.discard(end)
            _end(end)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
