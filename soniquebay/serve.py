"""The web process: Daphne with our application. HTTPS is spoken by the proxy in front, where there is one."""

import sys

from soniquebay.lean import leave_out_tls

# Long answers and live listeners are cut after three seconds: the person waits for the prompt.
DAPHNE = ("-v", "0", "--application-close-timeout", "3")


def main(arguments: list[str]) -> None:
    leave_out_tls()
    # Twisted looks for TLS as it is imported.
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run([*DAPHNE, *arguments, "soniquebay.asgi:application"])


if __name__ == "__main__":
    main(sys.argv[1:])
