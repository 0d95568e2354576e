"""Start to first result, memory, compile times and the size of what dlc
writes; and the vectors of other targets against their own peak.
"""
import os
import resource
import time

import convs
import nets
import shapes
import tools
from duel import CORES, Spread, Worker, duel, load

STARTS = 25


def once(command):
    """Seconds of a program that ends after its first result."""
    program = str(command[0])
    start = time.perf_counter()
    pid = os.posix_spawn(program, [str(c) for c in command], os.environ,
                         file_actions=[
                             (os.POSIX_SPAWN_OPEN, 0, os.devnull,
                              os.O_RDONLY, 0),
                             (os.POSIX_SPAWN_OPEN, 1, os.devnull,
                              os.O_WRONLY, 0)])
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit(f"{program} failed")
    return time.perf_counter() - start


def starts(net):
    """Milliseconds to the first result and most memory, in turns."""
    folder, about = nets.export(net, 1)
    programs = {"dlc": nets.Ours(net, 1, tools.COMPILERS[0], folder, about,
                                 extra=["-static"]).command}
    if tools.peers()["onnxruntime"]:
        programs["onnxruntime"] = nets.ort_command(net, folder, about, 1)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CORES[-1:])
    taken = {name: [] for name in programs}
    for _ in range(STARTS):
        for name, command in programs.items():
            taken[name].append(once(command) * 1e3)
    os.sched_setaffinity(0, allowed)
    record = {"net": net}
    for name, command in programs.items():
        worker = Worker(name, command, pages={})
        record[name] = {"ms": Spread(taken[name]).record(),
                        "kib": int(worker.ask("memory"))}
        worker.close()
    return record


def processor_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    tools.run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime +
            after.ru_stime - before.ru_stime)


def compile_times(net):
    """Processor seconds of dlc and of each C compiler; bytes of C."""
    source, options = nets.source(net, 1)
    out = tools.FOLDER / "start"
    out.mkdir(parents=True, exist_ok=True)
    line = [tools.DLC, source, "--target=native", *options, "-o",
            out / f"{net}.c"]
    record = {"net": net,
              "dlc": Spread(processor_seconds(line)
                            for _ in range(5)).median,
              "bytes": (out / f"{net}.c").stat().st_size}
    for compiler in tools.COMPILERS:
        record[compiler] = processor_seconds(
            [compiler, *tools.FLAGS, "-std=c99", "-c", out / f"{net}.c", "-o",
             out / f"{net}.o"])
    return record


# ---- targets ----

TARGETS = {"generic": ["-O3", "-march=x86-64"],
           "x86-64-v3": ["-O3", "-march=x86-64-v3"],
           "x86-64-v4": ["-O3", "-march=x86-64-v4",
                         "-mprefer-vector-width=512"],
           "x86-64-amx": ["-O3", "-march=x86-64-v4",
                          "-mprefer-vector-width=512"]}
# The implementation that is timed, where it is not the direct one.
TILED = {"x86-64-amx": "bf16x6"}


def runs_here(target):
    flags = open("/proc/cpuinfo").read().split()
    needs = {"generic": [], "x86-64-v3": ["avx2", "fma"],
             "x86-64-v4": ["avx512f", "avx512vl"],
             "x86-64-amx": ["avx512f", "avx512vl", "amx_bf16", "amx_tile"]}
    return all(n in flags for n in needs[target])


def target_share(shape, target, seconds=1.0):
    """Direct convolution's rate over the peak of the same vectors, as each C
    compiler makes it of the form that dlc expects to be the fastest."""
    path, _ = nets.source(shape.name, 1)
    _, predicted = convs.predictions(path, target)
    form = TILED.get(target) or min(("direct", "blocked"),
                                    key=predicted.get)
    workers = []
    for compiler in tools.COMPILERS:
        candidate = convs.Candidate(shape, form, 0)
        candidate.build(target, TARGETS[target], compiler)
        workers.append(Worker(compiler, candidate.command))
    peak = tools.build(tools.COMPILERS[0], "worker_limit",
                       flags=TARGETS[target])
    workers.append(Worker("flops", [peak, "flops"]))
    duel(workers, seconds, turn=0.02, rounds=10)
    record = {"target": target, "shape": shape.name, "form": form,
              "load": load(), "gflops": {}, "share": {}, "alone": {}}
    flops = workers.pop()
    for w in workers:
        record["gflops"][w.name] = shape.flops / Spread(w.times).median
        record["share"][w.name] = Spread(
            shape.flops / nets.worker_flops() * f / o
            for o, f in zip(w.times, flops.times)).record()
        record["alone"][w.name] = (shape.flops / nets.worker_flops() *
                                   min(flops.times) / min(w.times))
    for w in workers + [flops]:
        w.close()
    return record


def targets():
    for target in TARGETS:
        if runs_here(target):
            for shape in list(shapes.SINGLES)[:3]:
                yield target_share(shape, target)
