# No chain of calls in generated C takes 2 KiB of stack at -O2, and none has a size
# that is only known at run time; what <math.h> takes is its own. Steps of two
# examples here, with --all (continuous integration) every entry of every example.
# RUN: %python %s
import re
import sys
import tempfile

import contract

LIMIT = 2048
WHOLE = "--all" in sys.argv
EXAMPLES = (contract.ALL if WHOLE
            else ["lenet5_relu", "stream"])
OPTIONS = [] if WHOLE else ["--entries=step"]
NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')


def read(text):
    """Frames in bytes and calls, from gcc's call graph."""
    frames, calls = {}, {}
    for title, label in NODE.findall(text):
        m = re.search(r"(\d+) bytes \((\w[\w,]*)\)", label)
        if m and m[2] not in ("static", "dynamic,bounded"):
            sys.exit(f"{title}: {m[0]}")
        frames[title] = int(m[1]) if m else 0
    for caller, callee in EDGE.findall(text):
        calls.setdefault(caller, set()).add(callee)
    return frames, calls


def deepest(title, frames, calls, above=()):
    """(bytes, chain of functions) of the deepest chain from a function."""
    if title in above:
        sys.exit(f"recursion: {' -> '.join((*above, title))}")
    best = (0, ())
    for callee in calls.get(title, ()):
        best = max(best, deepest(callee, frames, calls, (*above, title)))
    size = frames.get(title, 0)
    # a call pushes the address it returns to
    return size + 8 + best[0], (title.split(":")[-1], *best[1])


def main():
    worst = (0, ())
    flags = [*contract.STRICT, "-O2", "-fstack-usage", "-fcallgraph-info=su"]
    with tempfile.TemporaryDirectory() as folder:
        for name, obj in contract.compile_all(
                folder, flags, EXAMPLES, OPTIONS).items():
            frames, calls = read(obj.with_suffix(".ci").read_text())
            if len(frames) < 10:
                sys.exit(f"{name}: no call graph")
            most = max(deepest(f, frames, calls) for f in frames)
            print(f"{name}: {most[0]} bytes: {' -> '.join(most[1])}")
            worst = max(worst, most)
    print(f"largest: {worst[0]} bytes of {LIMIT}")
    sys.exit(0 if 0 < worst[0] < LIMIT else 1)


main()
