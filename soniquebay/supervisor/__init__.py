"""`bin/up`: one command that starts everything, watches over it, and stops it together."""

import os
import sys
from collections.abc import Sequence

from soniquebay.embedded import CannotStart
from soniquebay.supervisor.arguments import understand
from soniquebay.supervisor.programs import Planner, usual_plan
from soniquebay.supervisor.run import Supervisor
from soniquebay.supervisor.screen import Screen


def main(argv: Sequence[str], planner: Planner = usual_plan) -> int:
    """0 after an orderly end, 1 with one sentence when something stands in the way."""
    screen = Screen(sys.stdout, colour=True, quiet=False)
    try:
        options = understand(argv, os.environ)
        screen = Screen(sys.stdout, colour=options.colour, quiet=options.quiet)
        Supervisor(options, screen, planner).run()
    except CannotStart as problem:
        screen.clear()
        Screen(sys.stderr, colour=True, quiet=False).problem(str(problem))
        return 1
    return 0
