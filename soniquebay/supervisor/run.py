"""The course of things: start everything, keep it running, stop it in order."""

import fcntl
import os
import shlex
import time

from core.environment import home as usual_home
from soniquebay.embedded import CannotStart, Home
from soniquebay.embedded.home import keep_small
from soniquebay.supervisor import checks
from soniquebay.supervisor.addresses import page_addresses
from soniquebay.supervisor.arguments import Options
from soniquebay.supervisor.familiar import is_familiar, remember
from soniquebay.supervisor.interrupts import Interrupts, StopRequested
from soniquebay.supervisor.jobs_view import JobsView
from soniquebay.supervisor.leftovers import end_leftovers, forget_processes, note_processes
from soniquebay.supervisor.loopback import get
from soniquebay.supervisor.preparation import Preparation, Prepared
from soniquebay.supervisor.programs import Plan, Planner, Program, Stores
from soniquebay.supervisor.screen import BOLD, DIM, Screen
from soniquebay.supervisor.stores import StoreKeeper
from soniquebay.supervisor.watched import RunningProgram, Watched

HEALTHY_WITHIN_S = 180.0
BROKEN_FOR_S = 10.0
TRIES_BEFORE_HEALTHY = 3
SHRINK_LOGS_EVERY_S = 60.0


class Supervisor:
    """One run of `up`, from the first check to the last process."""

    def __init__(self, options: Options, screen: Screen, planner: Planner) -> None:
        self._options = options
        self._screen = screen
        self._planner = planner
        self._home = Home(options.home)
        self._interrupts = Interrupts()
        self._keeper: StoreKeeper | None = None
        self._services: list[RunningProgram] = []
        self._watched: list[Watched] = []
        self._lock: int | None = None
        self._is_ours = False

    def run(self) -> None:
        """Returns after an orderly end; raises CannotStart when there was no beginning."""
        self._interrupts.install()
        try:
            self._start()
            self._watch()
        except StopRequested:
            pass
        finally:
            self._interrupts.begin_ending()
            self._stop()
            self._interrupts.uninstall()

    def _start(self) -> None:
        began = time.monotonic()
        self._check()
        self._keeper = StoreKeeper(self._home, self._screen, self._interrupts, web_port=self._options.port)
        stores = self._keeper.start(self._pause)
        self._watched += self._keeper.watched
        self._announce(stores)
        plan = self._planner(self._options, self._home, stores)
        web, *others = plan.services
        if is_familiar(self._home, stores):
            self._launch(web)
        prepared = self._prepare(plan)
        remember(self._home, stores)
        for program in (web, *others):
            self._launch(program)
        self._await_health()
        self._greet(prepared, time.monotonic() - began)

    def _check(self) -> None:
        checks.check_platform()
        checks.check_music(self._options.music)
        is_new = not self._home.secrets.exists()
        self._home.make()
        self._take_lock()
        checks.check_space(self._home.path)
        checks.check_files()
        if left := end_leftovers(self._home):
            self._screen.say(f"{self._screen.good} Ended {left} processes that an earlier run had left behind")
        checks.check_port(self._options.host, self._options.port)
        if is_new:
            self._screen.say(f"{self._screen.good} Home {self._screen.paint(DIM, f'{self._home.path}, secrets made')}")

    def _take_lock(self) -> None:
        lock = os.open(self._home.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            running = self._home.announced()
            at = f" at {running['API_URL']} (process {running['pid']})" if "API_URL" in running else ""
            raise CannotStart(
                f"SoniqueBay already runs on {self._home.path}{at}. Stop that one with Ctrl-C, "
                "or start a second library with --home DIR --port N."
            ) from None
        self._lock = lock
        self._is_ours = True

    def _announce(self, stores: Stores) -> None:
        self._home.announce(
            {
                "DATABASE_URL": stores.database_url,
                "REDIS_URL": stores.redis_url,
                "API_URL": self._options.api_url,
                "pid": os.getpid(),
            }
        )

    def _prepare(self, plan: Plan) -> Prepared:
        step = self._screen.step("Database")
        prepared = Preparation(self._home, plan.prepare, step).run(self._interrupts, self._screen.draw)
        step.done()
        return prepared

    def _launch(self, program: Program) -> None:
        if program.title in [service.title for service in self._services]:
            return
        service = RunningProgram(self._home, program)
        watched = Watched(service)
        with self._interrupts.shield():
            self._services.append(service)
            self._watched.append(watched)
            watched.launch()
        self._note()

    def _note(self) -> None:
        running = [service.process.pid for service in self._services if service.process is not None]
        note_processes(self._home, running)

    def _await_health(self) -> None:
        titles = [service.title for service in self._services]
        step = self._screen.step(", ".join(titles))
        web = self._watched[-len(self._services)]
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while (status := self._health()) != 200:
            self._look_after()
            if status == 500:
                # It answers and is broken: more of the same will not mend it.
                deadline = min(deadline, time.monotonic() + BROKEN_FOR_S)
            if web.failures >= TRIES_BEFORE_HEALTHY or time.monotonic() > deadline:
                raise CannotStart(
                    f"{web.runner.title} does not come up; the reasons are in {web.runner.log_name()}. "
                    "Your data were kept."
                )
            self._pause(0.05)
        step.done()

    def _health(self) -> int | None:
        answer = get(f"{self._options.api_url}/health")
        return answer[0] if answer else None

    def _greet(self, prepared: Prepared, taken_s: float) -> None:
        screen = self._screen
        first, *others = page_addresses(self._options.host, self._options.port)
        screen.say("")
        screen.insist(f"  SoniqueBay is ready  {screen.paint(BOLD, first)}")
        for address in others:
            screen.insist(f"  from other devices   {address}")
        if prepared.owner_path:
            link = first.rstrip("/") + prepared.owner_path
            screen.insist(f"  your one-time link   {screen.paint(BOLD, link)}")
        if self._options.home != usual_home():
            command = f"SONIQUEBAY_HOME={shlex.quote(str(self._options.home))} bin/manage"
            screen.say(f"  its commands         {screen.paint(DIM, f'{command} help')}")
        screen.say(f"  {screen.paint(DIM, f'started in {taken_s:.1f} s · Ctrl-C stops everything')}")
        screen.say("")

    def _watch(self) -> None:
        """Until somebody asks for the end."""
        token = self._home.kept_secret("terminal_token") or ""
        jobs = None
        if self._screen.is_live or self._options.demo:
            jobs = JobsView(self._screen, self._options.api_url, token)
        shrink_at = time.monotonic() + SHRINK_LOGS_EVERY_S
        while True:
            self._look_after()
            if jobs is not None:
                jobs.look()
            if time.monotonic() > shrink_at:
                shrink_at = time.monotonic() + SHRINK_LOGS_EVERY_S
                for log in (self._home.path / "logs").glob("*.log"):
                    keep_small(log)
            self._pause(1.0)

    def _look_after(self) -> None:
        changed = False
        for watched in self._watched:
            before = watched.runner.process
            with self._interrupts.shield():
                news = watched.look()
            changed = changed or watched.runner.process is not before
            if news:
                self._screen.warn(news)
        if changed:
            self._note()

    def _pause(self, seconds: float) -> None:
        self._screen.draw()
        self._interrupts.sleep(seconds)

    def _stop(self) -> None:
        """Those who speak to others go before those whom they speak to: a worker hands its job back to the web."""
        if not self._is_ours:
            return
        self._screen.clear()
        running = [watched for watched in self._watched if watched.runner.process is not None]
        if running:
            self._screen.say("Stopping; a second Ctrl-C makes it quick.")
        web, others = self._services[:1], self._services[1:]
        for service in others:
            service.ask_to_stop()
        for service in (*others, *web):
            service.stop(self._interrupts.in_a_hurry)
        if self._keeper is not None:
            for server in self._keeper.servers():
                server.stop(self._interrupts.in_a_hurry)
        forget_processes(self._home)
        self._home.withdraw()
        if running:
            self._screen.say(f"{self._screen.good} Stopped; everything is kept in {self._home.path}")
        if self._lock is not None:
            os.close(self._lock)
