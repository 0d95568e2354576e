"""Programs timed in turns on one core: A B C A B C ...

Each is a process that waits for its turn (worker.h), so only one works at a
time, in the same minute, at the same clock, beside the same neighbours. The
time of a turn is the median over its runs; ratios are taken within a round.

With one thread the time is the processor's, which other programs on the
machine do not count in; with more it is that of the clock on the wall.

All of them ask for huge pages, so that no time depends on how many pages of
4 KiB the processor remembers, which it shares with its neighbours.
"""
import os
import statistics
import subprocess
import time

CORES = sorted(os.sched_getaffinity(0))
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Failed(Exception):
    """A worker ended: its message."""


class Worker:
    """One program: answers a line for each line."""

    def __init__(self, name, command, threads=1, pages=HUGE_PAGES):
        cores = set(CORES[-threads:])
        env = dict(os.environ, OMP_NUM_THREADS=str(threads),
                   OMP_PROC_BIND="true", OPENBLAS_NUM_THREADS=str(threads),
                   **pages)
        self.name, self.threads = name, threads
        self.cpu, self.wall, self.runs = [], [], 0
        self.process = subprocess.Popen(
            [str(c) for c in command], stdin=subprocess.PIPE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
            preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.ready_ns = float(self._answer().split()[1])

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            said = self.process.stderr.read().strip().splitlines()
            raise Failed(f"{self.name}: " + (said[-1] if said else "ended"))
        return line

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def turn(self, seconds):
        cpu, wall, runs = self.ask(f"time {seconds:g}").split()
        self.cpu.append(float(cpu))
        self.wall.append(float(wall))
        self.runs += int(runs)

    @property
    def times(self):
        """Nanoseconds a run, one for each round."""
        return self.cpu if self.threads == 1 else self.wall

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Spread:
    """Median, quartiles and the least."""

    def __init__(self, values):
        values = sorted(values)
        self.count, self.least = len(values), values[0]
        self.median = statistics.median(values)
        self.low = values[(len(values) - 1) // 4]
        self.high = values[len(values) - 1 - (len(values) - 1) // 4]

    def record(self):
        return {"median": self.median, "low": self.low, "high": self.high,
                "least": self.least, "rounds": self.count}


def duel(workers, seconds, turn=0.03, rounds=20):
    """Rounds until both `seconds` and the number of rounds are reached, but
    never for more than three times the seconds (three rounds at least)."""
    start = time.monotonic()
    done = 0
    while True:
        for worker in workers:
            worker.turn(turn)
        done += 1
        spent = time.monotonic() - start
        if done >= 3 and (spent > 3 * seconds or
                          (spent >= seconds and done >= rounds)):
            return


def ratio(theirs, ours):
    """How many times faster ours is: one ratio a round."""
    return Spread(t / o for t, o in zip(theirs.times, ours.times))


def load():
    """Programs that want a core, over the last minute, for each core."""
    return os.getloadavg()[0] / len(CORES)

