"""How long a second start takes until /health answers 200."""

from statistics import median

from bench.stack import fresh_home, started

BOUND_S = 8.0
RUNS = 5


def run() -> bool:
    with fresh_home() as home:
        with started(home) as (_pid, first_s):
            pass
        seconds = []
        for _ in range(RUNS):
            with started(home) as (_pid, taken_s):
                seconds.append(taken_s)
    typical = median(seconds)
    print("start, to /health 200")
    print(f"  first start (initdb, migrations, static files)  {first_s:6.2f} s")
    told = ", ".join(f"{taken_s:.2f}" for taken_s in sorted(seconds))
    print(f"  second start, median of {RUNS}                       {typical:6.2f} s   all: {told}")
    print(f"  bound                                           {BOUND_S:6.2f} s   ratio {typical / BOUND_S:.2f}")
    return typical <= BOUND_S
