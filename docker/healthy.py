"""A container's health check: whether the web answers, and whether it has lately heard of the part that is named."""

import json
import os
import sys
from urllib.request import urlopen


def main() -> int:
    part = sys.argv[1]
    with urlopen(f"{os.environ['API_URL']}/health", timeout=8) as answer:  # noqa: S310 (an address of ours)
        health = json.load(answer)
    if part == "web":
        return 0
    found = [known for known in health["parts"] if known["name"] == part and known["ok"]]
    name = os.environ.get("WORKER_NAME", "")
    return 0 if found and name in found[0]["detail"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
