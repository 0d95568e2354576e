"""`make bench`: measures dlc beside its peers, writes docs/benchmarks.md.

    bench/run.py [ONLY ...] [--seconds=S] [--no-write]

ONLY names parts (nets, two-cores, batch32, ...) or networks. What a part
found is kept in build/bench/records; the page is made of all records there.
"""
import argparse
import sys
import time

import convs
import duel
import instructions
import kernels
import nets
import page
import start
import steps
import tools
import train


def show(record):
    times = record["times"]
    line = f"{record['net']:13} b{record['batch']:<3} t{record['threads']}"
    for name, t in times.items():
        line += f"  {name} {t['median'] / 1e3:9.1f} us"
    for name, r in record["ratios"].items():
        line += f"  {name} {r['median']:.2f} [{r['low']:.2f} {r['high']:.2f}]"
    if "scaling" in record:
        line += f"  two cores over one {page.spread_text(record['scaling'])}"
    line += f"  share {record['limits']['share']['median']:.2f}"
    line += f"  load {record['load'][1]:.1f}"
    print(line, flush=True)


def available():
    return [n for n in nets.NETS
            if (tools.BENCH / "models" / f"{n}.dl").exists()]


def part_nets(only, seconds, batch=1, threads=1):
    part = {(1, 1): "nets", (1, 2): "two-cores", (32, 1): "batch32"}
    name = part[batch, threads]
    old = {r["net"]: r for r in tools.load_record(name) or []}
    for net in available():
        if only and net not in only:
            continue
        try:
            old[net] = nets.measure(net, batch, threads, seconds,
                                    with_torch=batch == 1 and threads == 1)
            show(old[net])
        except duel.Failed as e:
            print(f"{net}: {e}", flush=True)
    tools.save_record(name, [old[n] for n in nets.NETS if n in old])


def part_amx(only, seconds):
    """Networks with --target=x86-64-amx, where the machine has tiles."""
    if not start.runs_here("x86-64-amx"):
        print("amx: this machine has no tiles")
        return
    old = {r["net"]: r for r in tools.load_record("amx") or []}
    for net in [n for n in available() if n in (only or page.AMX_MARKS)]:
        try:
            old[net] = nets.measure(net, seconds=seconds, target="x86-64-amx")
            show(old[net])
        except duel.Failed as e:
            print(f"{net}: {e}", flush=True)
    tools.save_record("amx", [old[n] for n in nets.NETS if n in old])


def part_train(only, seconds, threads=1):
    name = "train" if threads == 1 else "train-two-cores"
    old = {r["net"]: r for r in tools.load_record(name) or []}
    for net in train.TASKS:
        if only and net not in only:
            continue
        try:
            old[net] = train.measure(net, threads, seconds)
            show(old[net])
        except duel.Failed as e:
            print(f"{net}: {e}", flush=True)
    tools.save_record(name, [old[n] for n in train.TASKS if n in old])


def part_singles(_, seconds):
    found = []
    for record in convs.singles(seconds):
        show(record)
        found.append(record)
    tools.save_record("singles", found)


def part_kernels(seconds):
    found = tools.load_record("kernels") or {}
    for part, peer in (("products", "openblas"), ("transforms", "fftw")):
        if not tools.peers()[peer]:
            print(f"kernels: no {part} without {peer}")
            continue
        found[part] = []
        for record in getattr(kernels, part)(seconds):
            show(record)
            found[part].append(record)
    tools.save_record("kernels", found)


def part_grid(count, seconds, again):
    found = []
    for r in convs.grid(count, seconds, again):
        found.append(r)
        times = "  ".join(f"{n} {t / 1e3:.1f} ({r['predicted'][n] / 1e3:.1f})"
                          for n, t in r["times"].items())
        print(f"{r['shape']:36} {r['loss']:.2f} {r['chosen']}: {times}",
              flush=True)
    tools.save_record("grid", {"records": found,
                               "summary": convs.summary(found)})
    print(convs.summary(found), flush=True)


def part_start():
    first, built = [], []
    for net in [n for n in ("lenet", "googlenet") if n in available()]:
        first.append(start.starts(net))
        print(first[-1], flush=True)
    for net in available():
        built.append(start.compile_times(net))
        print(built[-1], flush=True)
    tools.save_record("start", {"first": first, "built": built})


def part_targets():
    found = []
    for r in start.targets():
        found.append(r)
        print(r, flush=True)
    tools.save_record("targets", found)


def part_steps(only):
    for net in only or available():
        steps.show(net)


def part_instructions(only):
    for net in only or available():
        instructions.show(net)


def part_train_steps(only):
    for net in only or train.TASKS:
        steps.show_train(net)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("only", nargs="*")
    p.add_argument("--seconds", type=float, default=6.0)
    p.add_argument("--grid", type=int, default=200,
                   help="how many shapes of the grid")
    p.add_argument("--again", action="store_true",
                   help="add rounds to what is kept of the grid")
    p.add_argument("--no-write", action="store_true")
    p.add_argument("--compilers", default="gcc,clang")
    p.add_argument("--no-torch", action="store_true")
    a = p.parse_args()
    tools.COMPILERS[:] = [c for c in tools.COMPILERS
                          if c in a.compilers.split(",")]
    tools.LEFT_OUT.update(["torch"] if a.no_torch else [])
    for line in tools.missing_peers():
        print(line)
    parts = {"nets": lambda o: part_nets(o, a.seconds),
             "two-cores": lambda o: part_nets(o, a.seconds, threads=2),
             "batch32": lambda o: part_nets(o, a.seconds, batch=32),
             "amx": lambda o: part_amx(o, a.seconds),
             "singles": lambda o: part_singles(o, min(a.seconds, 3)),
             "kernels": lambda _: part_kernels(min(a.seconds, 3)),
             "train": lambda o: part_train(o, a.seconds),
             "train-two-cores": lambda o: part_train(o, a.seconds, 2),
             "grid": lambda o: part_grid(a.grid, 0.1, a.again),
             "start": lambda _: part_start(),
             "targets": lambda _: part_targets(),
             "steps": part_steps, "train-steps": part_train_steps,
             "instructions": part_instructions}
    names = [n for n in a.only if n not in parts]
    chosen = [n for n in a.only if n in parts] or list(parts)[:-3]
    for part in chosen:
        began = time.monotonic()
        parts[part](names)
        print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)
    if not a.no_write:
        page.write()


if __name__ == "__main__":
    sys.exit(main())
