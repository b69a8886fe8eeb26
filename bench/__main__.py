"""Chooses a benchmark by its name, runs it, and fails when it exceeds its bound."""

import sys
from collections.abc import Callable

from bench import analysis, api, ask, memory, recommend, scan, start, stream, vectorizing, vectors

BENCHMARKS: dict[str, Callable[[], bool]] = {
    "analysis": analysis.run,
    "api": api.run,
    "memory": memory.run,
    "recommend": recommend.run,
    "scan": scan.run_small,
    "scan-large": scan.run_large,
    "start": start.run,
    "stream": stream.run,
    "vectorize": vectorizing.run,
    "vectors": vectors.run,
}


def main(names: list[str]) -> int:
    if names[:1] == ["ask"]:
        return 0 if ask.run(names[1:]) else 1
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown or not names:
        print(f"usage: bin/bench ask|{'|'.join(BENCHMARKS)} …   ({', '.join(unknown) or 'nothing'} is none of these)")
        return 2
    results = [BENCHMARKS[name]() for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
