"""PostgreSQL and Redis: our own side by side, or the owner's, looked at first."""

import os
import subprocess
import sys
from collections.abc import Callable

from soniquebay.embedded import CannotStart, Home, Postgres, Redis
from soniquebay.embedded.server import LOOK_EVERY_S, Server
from soniquebay.supervisor.interrupts import Interrupts
from soniquebay.supervisor.programs import CHECKOUT, Stores
from soniquebay.supervisor.screen import Screen, Step
from soniquebay.supervisor.watched import RunningServer, Watched


class StoreKeeper:
    """Decides which servers are ours, starts them and knows their addresses."""

    def __init__(self, home: Home, screen: Screen, interrupts: Interrupts, *, web_port: int) -> None:
        self._screen = screen
        self._interrupts = interrupts
        self._theirs = Stores(os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
        self.postgres = None if self._theirs.database_url else Postgres(home)
        # The port after the web's, so that workers elsewhere have one to remember.
        self.redis = None if self._theirs.redis_url else Redis(home, first_port=web_port + 1)
        self.watched: list[Watched] = []
        self._waiting: list[tuple[Server, Step]] = []

    def start(self, pause: Callable[[float], None]) -> Stores:
        if self._theirs.database_url or self._theirs.redis_url:
            self._check_theirs(pause)
        # Redis first: it gets ready while PostgreSQL's data are looked at, or made.
        for server in self.servers():
            server.while_waiting = lambda: self._look(pause)
            self._waiting.append(self._launch(server))
        while self._waiting:
            self._look(pause)
        return Stores(
            self.postgres.url if self.postgres else self._theirs.database_url,
            self.redis.url if self.redis else self._theirs.redis_url,
        )

    def servers(self) -> list[Server]:
        """Those that are ours, in the order of starting and of stopping."""
        return [server for server in (self.redis, self.postgres) if server is not None]

    def _look(self, pause: Callable[[float], None]) -> None:
        for server, step in list(self._waiting):
            if server.is_ready():
                step.done()
                self._waiting.remove((server, step))
            else:
                step.state = server.state()
        pause(LOOK_EVERY_S)

    def _launch(self, server: Server) -> tuple[Server, Step]:
        step = self._screen.step(server.title)
        step.state = "making its data" if not (server.folder / "data").exists() and server is self.postgres else ""
        self._screen.draw(now=True)
        watched = Watched(RunningServer(server))
        self.watched.append(watched)
        server.prepare()
        with self._interrupts.shield():
            server.spawn()
        return server, step

    def _check_theirs(self, pause: Callable[[float], None]) -> None:
        named = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
        step = self._screen.step(f"Servers of yours ({', '.join(named)})")
        look = subprocess.Popen(
            [sys.executable, "-m", "soniquebay.supervisor.external"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=CHECKOUT,
            env={
                **os.environ,
                "CHECK_DATABASE_URL": self._theirs.database_url,
                "CHECK_REDIS_URL": self._theirs.redis_url,
            },
        )
        try:
            while look.poll() is None:
                pause(0.05)
        finally:
            look.kill()
            sentence = look.communicate()[0].decode(errors="replace").strip()
        if look.returncode != 0:
            raise CannotStart(sentence or "The servers that DATABASE_URL and REDIS_URL name could not be looked at.")
        step.done()
