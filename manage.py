#!/usr/bin/env python
"""Django's command line; `up` is answered before Django is loaded, so that the supervisor stays small."""

import os
import sys

from core.environment import BadVariable
from soniquebay.embedded import CannotStart


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soniquebay.settings")
    if sys.argv[1:2] == ["up"]:
        from soniquebay import supervisor

        return supervisor.main(sys.argv[2:])

    from django.core.management import execute_from_command_line

    from soniquebay.alone import stores_of_our_own

    try:
        with stores_of_our_own():
            execute_from_command_line(sys.argv)
    except (BadVariable, CannotStart) as problem:
        print(f"manage.py: {problem}", file=sys.stderr)  # noqa: T201 (a command line speaks)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
