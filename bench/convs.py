"""Single convolutions: beside ONNX Runtime, and every implementation of ours
beside the chosen one on a grid of shapes.
"""
import json
import math
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import nets
import shapes
import tools
from duel import Failed, Spread, Worker, duel, load, ratio

UNITS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
HOPELESS = 5.0   # times the least prediction: not measured
NEAR = 1.10      # within a tenth of the fastest
TURN, ROUNDS = 0.004, 7  # seconds of a turn; a shape takes a fifth of a second
RECORDS = tools.RECORDS / "grid"


def singles(seconds):
    """The convolutions that have marks, beside ONNX Runtime."""
    found = []
    for shape, mark in shapes.SINGLES.items():
        try:
            record = nets.measure(shape.name, seconds=seconds)
        except Failed as e:
            print(e, flush=True)
            continue
        record["mark"] = mark
        found.append(record)
        yield record


def predictions(path, target="native"):
    """The chosen implementation, and {name: predicted nanoseconds}."""
    text = tools.run([tools.DLC, "explain", f"--target={target}", path])
    text = text[text.index("\ninfer:"):text.index("\ninit:")]
    # Not those of what the convolution became.
    text = re.split(r"^  \w+ %", text, flags=re.M)[1]
    chosen, found = None, {}
    for mark, name, value, unit in re.findall(
            r"^  ([* ]) (\S+) .* ([\d.e+]+) (ns|us|ms|s)$", text, re.M):
        found[name] = float(value) * UNITS[unit]
        chosen = name if mark == "*" else chosen
    return chosen, found


class Candidate:
    """One implementation of one shape, compiled."""

    def __init__(self, shape, name, predicted):
        self.shape, self.name, self.predicted = shape, name, predicted
        self.command = None

    def build(self, target="native", flags=None, compiler=None):
        path, _ = nets.source(self.shape.name, 1)
        c = tools.Generated(path, [f"--conv={self.name}"], target)
        s = self.shape
        about = {"x": s.sample, "y": (s.o, s.places)}
        program = tools.build(compiler or tools.COMPILERS[0],
                              "worker_infer", nets.defines_of(c, about), c,
                              flags=flags)
        table = tools.run([program, "--table"]).split()
        size = int(table[-2])
        self.command = [program, noise("w", size), noise("x", 4 * math.prod(
            s.sample))]


def noise(kind, size):
    """A raw file of normal numbers, the same ones every time."""
    path = tools.FOLDER / "noise" / f"{kind}-{size}.raw"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draw = np.random.default_rng(len(kind) + size)
        draw.standard_normal(size // 4, np.float32).tofile(path)
    return path


def disagreement(workers):
    """Largest difference between outputs, of the largest output."""
    outputs = []
    for w in workers:
        path = tools.FOLDER / "noise" / "y.raw"
        w.ask(f"write {path}")
        outputs.append(np.fromfile(path, np.float32).astype(np.float64))
    largest = max(np.abs(outputs[0]).max(), 1e-30)
    return max(float(np.abs(y - outputs[0]).max() / largest)
               for y in outputs)


def candidates(shape):
    path, _ = nets.source(shape.name, 1)
    chosen, predicted = predictions(path)
    least = min(predicted.values())
    return chosen, [Candidate(shape, name, p) for name, p in predicted.items()
                    if name == chosen or p <= HOPELESS * least]


def timed(shape, entries, seconds, again):
    """Nanoseconds of all implementations of one shape, taken in turns, and how
    far their outputs are apart; kept for as long as the programs stay, and
    with `again` added to."""
    programs = sorted(str(c.command[0]) for c in entries)
    path, old = RECORDS / f"{shape.name}.json", None
    if path.exists():
        old = json.loads(path.read_text())
        if old["programs"] != programs:
            old = None
        elif not again:
            return old
    workers = [Worker(c.name, c.command) for c in entries]
    differ = disagreement(workers)
    duel(workers, seconds, turn=TURN, rounds=ROUNDS)
    new = {"programs": programs, "differ": differ,
           "rounds": {w.name: w.times + (old["rounds"][w.name] if old else [])
                      for w in workers}}
    for w in workers:
        w.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(new))
    return new


def compare(shape, chosen, entries, seconds, again):
    """The record of one shape. Of its rounds the least counts: a neighbour that
    wants the caches only adds to a time."""
    found = timed(shape, entries, seconds, again)
    if not found["differ"] < nets.TOLERANCE:
        raise Failed(f"{shape.name}: implementations differ by "
                     f"{found['differ']:.2g}")
    times = {name: min(rounds) for name, rounds in found["rounds"].items()}
    best = min(times, key=times.get)
    return {"shape": shape.name, "flops": shape.flops, "chosen": chosen,
            "fastest": best, "differ": found["differ"],
            "loss": times[chosen] / times[best], "times": times,
            "predicted": {c.name: c.predicted for c in entries}}


def grid(count, seconds, again):
    """A record for each shape, after everything has been compiled."""
    work = [(s, *candidates(s)) for s in shapes.grid(count)]
    with ThreadPoolExecutor(len(tools.os.sched_getaffinity(0))) as pool:
        list(pool.map(Candidate.build,
                      [c for _, _, entries in work for c in entries]))
    for shape, chosen, entries in work:
        try:
            yield compare(shape, chosen, entries, seconds, again)
        except Failed as e:
            print(e, flush=True)


def summary(records):
    """How good the choices and the predictions are."""
    errors = [math.log(r["predicted"][n] / r["times"][n])
              for r in records for n in r["times"]]
    middle = Spread(errors).median
    return {"shapes": len(records), "hopeless": HOPELESS,
            "near": sum(r["loss"] <= NEAR for r in records) / len(records),
            "worst": max(r["loss"] for r in records),
            "chosen": {n: sum(r["chosen"] == n for r in records)
                       for n in sorted({r["chosen"] for r in records})},
            "fastest": {n: sum(r["fastest"] == n for r in records)
                        for n in sorted({r["fastest"] for r in records})},
            "scale": math.exp(middle),
            "error": math.exp(Spread(
                abs(e - middle) for e in errors).median) - 1,
            "load": load()}
