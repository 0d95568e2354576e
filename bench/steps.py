"""Where the time of a network goes: `bench/run.py steps NETWORK`, and of a
training step, with one thread and with two: `bench/run.py train-steps NETWORK`.

A clock is read before every step of the generated function, which its
comments mark; the least time of each step over many runs is shown, with its
rate where the comment counts multiply-adds.
"""
import re

import numpy as np

import nets
import tools
import train
from duel import Worker

CLOCK = """
#include <time.h>
double bench_step_ns[STEPS];
static void bench_step(int finished)
{
    static double last;
    struct timespec t;
    clock_gettime(CLOCK, &t);
    double now = (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
    if (finished >= 0 && (bench_step_ns[finished] == 0 ||
                          now - last < bench_step_ns[finished]))
        bench_step_ns[finished] = now - last;
    clock_gettime(CLOCK, &t);
    last = (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
"""


def body_of(text, function):
    """Where the body of a generated entry begins and ends."""
    head = re.search(rf"^int {function}\([^;]*?\)\n{{\n", text, re.M)
    return head.end(), text.index("\n}\n", head.end())


def one_line(comment):
    return re.sub(r"\s*\n\s*\*?\s*", " ", comment).strip(" */")


def instrument(text, function, clock="CLOCK_PROCESS_CPUTIME_ID"):
    """(C with the clock read between steps, the steps' comments)."""
    begin, end = body_of(text, function)
    before_entry = text.rindex(f"\nint {function}(", 0, begin) + 1
    body = text[begin:end]
    comments = []

    def before(found):
        comments.append(one_line(found.group(1)))
        return f"    bench_step({len(comments) - 2});\n{found.group(0)}"
    body = re.sub(r"^    (/\* [\w./]+:\d+ .*?\*/)$", before, body,
                  flags=re.M | re.S)
    at = body.rindex("    return ")
    body = f"{body[:at]}    bench_step({len(comments) - 1});\n{body[at:]}"
    clock = f"#define STEPS {len(comments)}\n#define CLOCK {clock}\n" + CLOCK
    return (f"#define _POSIX_C_SOURCE 200809L\n{text[:before_entry]}{clock}"
            f"{text[before_entry:begin]}{body}{text[end:]}"), comments


def multiply_adds(comment):
    found = re.search(r"([\d,]+) multiply-adds", comment)
    return int(found.group(1).replace(",", "")) if found else 0


def measure(net, batch=1, compiler=None, seconds=2.0):
    """[(nanoseconds, comment)], and the peak in operations a nanosecond."""
    folder, about = nets.export(net, batch)
    compiler = compiler or tools.COMPILERS[0]
    ours = nets.Ours(net, batch, compiler, folder, about)
    text, comments = instrument(ours.c.c.read_text(),
                                f"{ours.c.name}_infer")
    ours.c.c = ours.c.c.with_suffix(".steps.c")
    ours.c.c.write_text(text)
    defines = nets.defines_of(ours.c, about) + [f"-DSTEPS={len(comments)}"]
    program = tools.build(compiler, "worker_infer", defines, ours.c)
    worker = Worker("steps", [program] + ours.command[1:])
    peak = nets.limits()[1][0]
    worker.turn(seconds)
    peak.turn(0.1)
    path = folder / "steps.raw"
    worker.ask(f"write {path}")
    rate = nets.worker_flops() / peak.cpu[0]
    for w in (worker, peak):
        w.close()
    return list(zip(np.fromfile(path, np.float64), comments)), rate


def show(net, batch=1, compiler=None, count=None):
    steps, peak = measure(net, batch, compiler)
    total = sum(ns for ns, _ in steps)
    print(f"{net}, batch {batch}: {total / 1e3:.1f} us in {len(steps)} steps; "
          f"peak {peak:.0f} GFLOP/s")
    for ns, comment in sorted(steps, reverse=True)[:count]:
        work = 2 * batch * multiply_adds(comment)
        share = f"{work / ns / peak:5.0%}" if work else "     "
        print(f"{ns / total:6.1%} {ns / 1e3:9.1f} us {share} of peak  "
              f"{comment}")


def train_worker(net, compiler, threads):
    """A training step with the clock in it, and the steps' comments."""
    folder, _ = nets.export(net, 1)
    paths, inputs = train.data(net)
    c, extra = train.generated(net, threads)
    text, comments = instrument(c.c.read_text(), f"{c.name}_step",
                                "CLOCK_MONOTONIC")
    c.c = c.c.with_suffix(".steps.c")
    c.c.write_text(text)
    extra.append(f"-DSTEPS={len(comments)}")
    command = train.command(net, c, compiler, folder, paths, inputs, extra)
    return Worker(f"{threads}", command, threads), comments


def show_train(net, compiler=None, seconds=3.0, count=None):
    """Steps of a training step: one thread, two, and how the two compare."""
    compiler = compiler or tools.COMPILERS[0]
    made = [train_worker(net, compiler, t) for t in (1, 2)]
    peak = nets.limits()[1][0]
    path = tools.FOLDER / "train" / "steps.raw"
    found = []
    for _ in range(5):
        for worker, _ in made:
            worker.turn(seconds / 5)
        peak.turn(0.1)
    for worker, comments in made:
        worker.ask(f"write {path}")
        found.append(dict(zip(comments, np.fromfile(path, np.float64))))
        worker.close()
    rate = nets.worker_flops() / min(peak.cpu)
    peak.close()
    one, two = found
    print(f"{net}: {sum(one.values()) / 1e6:.3f} ms with one thread, "
          f"{sum(two.values()) / 1e6:.3f} with two; peak {rate:.0f} GFLOP/s")
    for comment in sorted(one, key=one.get, reverse=True)[:count]:
        ns, work = one[comment], 2 * multiply_adds(comment)
        share = f"{work / ns / rate:4.0%}" if work else "    "
        other = two.get(comment)  # two threads may take another algorithm
        print(f"{ns / 1e3:9.1f} us {work / ns:5.0f} GFLOP/s {share}, two "
              "threads " + (f"{other / 1e3:9.1f} us {ns / other:4.2f}"
                            if other else "differ") + f"  {comment}")
